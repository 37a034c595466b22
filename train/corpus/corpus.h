/* momu corpus: hours of pairs of dance and music whose beats are true. docs/formats.md describes
 * the folder. */
#ifndef MOMUI_TRAIN_CORPUS_CORPUS_H
#define MOMUI_TRAIN_CORPUS_CORPUS_H

#include "train/corpus/corpus_options.h"

/* Makes the corpus, or continues it: it keeps the pairs that are there. Every pair is a function of
 * the seed and its own number alone. Errors: ARGUMENT (another corpus is in the folder, nothing to
 * make it from), NOT_FOUND (soundfont, moves, music), IO (with the path; no half pair is left),
 * CANCELLED. */
momu_status momui_corpus_make(momui_memory *memory, const momui_corpus_options *options,
                              momui_corpus_summary *summary, momu_error *error);

#endif
