/* One pair of dance and music from its files, for measuring. */
#ifndef MOMUI_TRAIN_METRICS_PAIR_METRICS_H
#define MOMUI_TRAIN_METRICS_PAIR_METRICS_H

#include "base/memory.h"
#include "motion/motion.h"
#include "train/datasets/annotations.h"

/* Reads any motion file as the canonical body at 62.5 frames a second. */
momu_status momui_dance_read(momui_memory *memory, const char *path, momui_motion **body,
                             momu_error *error);
/* Reads any sound file as its log-mel (frames, 80), 62.5 frames a second. */
momu_status momui_mel_read(momui_memory *memory, const char *path, float **mel, int64_t *frames,
                           momu_error *error);

#endif
