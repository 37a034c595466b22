/* The manifest, corpus.json: what all pairs are together. */
#ifndef MOMUI_TRAIN_CORPUS_MANIFEST_H
#define MOMUI_TRAIN_CORPUS_MANIFEST_H

#include "train/corpus/corpus_folder.h"

/* Sums up the facts of `count` pairs as they are in the folder, and writes FOLDER/corpus.json. The
 * facts alone decide, so that a run in parts says the same as one at a stretch. */
momu_status momui_manifest_write(const momui_synthesis_context *synthesis,
                                 const momui_corpus_mark marks[MOMUI_CORPUS_MARKS], size_t count,
                                 momui_corpus_summary *summary, momu_error *error);

#endif
