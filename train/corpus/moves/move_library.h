/* The library of motion capture: every listed take of a folder, cut into units. */
#ifndef MOMUI_TRAIN_CORPUS_MOVES_MOVE_LIBRARY_H
#define MOMUI_TRAIN_CORPUS_MOVES_MOVE_LIBRARY_H

#include "train/corpus/moves/units.h"

/* Reads `folder` (cmu takes as .bvh or .tar.xz unpacked, loops as .glb, deepmimic as .txt: the
 * layout of the project's shared data; what is absent is left out). Held-out takes are never read.
 * The split of a take depends on its name alone. IO where none is found. */
momu_status momui_units_load(momui_memory *memory, const char *folder, momui_corpus_report report,
                             void *user, momui_units *units, momu_error *error);

#endif
