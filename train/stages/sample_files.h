/* Validation samples as files: a network's output for a validation pair, and the pair's own as its
 * target. */
#ifndef MOMUI_TRAIN_STAGES_SAMPLE_FILES_H
#define MOMUI_TRAIN_STAGES_SAMPLE_FILES_H

#include "train/stages/trainer.h"

typedef struct momui_validation_sample {
    momui_trainer *trainer;
    momui_graph *g;
    const momui_pair *pair;
    int64_t frames; /* a multiple of `down` */
    char path[1300];
    momu_error *error;
} momui_validation_sample;

/* A .wav of (samples) mono numbers, which it limits in place. */
momu_status momui_sample_write_sound(momui_validation_sample *s, float *mono, int64_t samples);
/* A picture of made mels (1, frames, bands) above those of the target, and a .wav of them; in a
 * model of waves both are (1, frames, hop) samples. Both as measured. */
momu_status momui_sample_write_music(momui_validation_sample *s, momui_tensor *made,
                                     const momui_tensor *target);
/* A picture of the made dance (1, frames, features) above its target, and a motion file of it. Both
 * as measured. */
momu_status momui_sample_write_dance(momui_validation_sample *s, const momui_tensor *made,
                                     const momui_tensor *target);

#endif
