/* The manifest, corpus.json: totals over all pairs. */
#ifndef MOMUI_TRAIN_CORPUS_MANIFEST_H
#define MOMUI_TRAIN_CORPUS_MANIFEST_H

#include "train/corpus/corpus_folder.h"

/* Sums up the annotations of `count` pairs in the folder and writes FOLDER/corpus.json. Only the
 * annotations count, so that a run in parts writes the same as an uninterrupted one. */
momu_status momui_manifest_write(const momui_synthesis_context *synthesis,
                                 const momui_corpus_mark marks[MOMUI_CORPUS_MARKS], size_t count,
                                 momui_corpus_summary *summary, momu_error *error);

#endif
