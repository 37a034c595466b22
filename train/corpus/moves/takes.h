/* Takes on their way into the library. */
#ifndef MOMUI_TRAIN_CORPUS_MOVES_TAKES_H
#define MOMUI_TRAIN_CORPUS_MOVES_TAKES_H

#include "train/corpus/moves/units.h"

/* Reads every known take of the folder that is there. */
momu_status momui_takes_read(momui_units *units, const char *folder, momui_corpus_report report,
                             void *user, momu_error *error);
/* Cuts a take at its arrests. `bad` (frames of the take's clip): not to be used. */
momu_status momui_take_cut(momui_units *units, int32_t take, const uint8_t *bad, momu_error *error);

#endif
