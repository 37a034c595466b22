/* Reading the takes of the library: files to clips on the canonical body, cut into units. */
#ifndef MOMUI_TRAIN_CORPUS_MOVES_TAKES_H
#define MOMUI_TRAIN_CORPUS_MOVES_TAKES_H

#include "train/corpus/moves/units.h"

/* Reads every listed take that is in the folder. */
momu_status momui_takes_read(momui_units *units, const char *folder, momui_corpus_report report,
                             void *user, momu_error *error);

#endif
