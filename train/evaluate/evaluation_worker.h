/* What one thread of an evaluation works with. */
#ifndef MOMUI_TRAIN_EVALUATE_EVALUATION_WORKER_H
#define MOMUI_TRAIN_EVALUATE_EVALUATION_WORKER_H

#include "train/evaluate/evaluate.h"

typedef struct momui_worker {
    momui_evaluation *v;
    momu_context *context; /* of one thread */
} momui_worker;

/* ---- generate.c: by v->model, observed at once ---- */
momu_status momui_make_music(momui_worker *worker, const momui_evaluation_clip *clip,
                             const momui_motion *dance, uint64_t seed,
                             momui_audio_analysis *audio_found, momu_error *error);
momu_status momui_make_dance(momui_worker *worker, const momui_evaluation_clip *clip,
                             const momui_audio *sound, uint64_t seed,
                             momui_motion_analysis *motion_found, momu_error *error);
momu_status momui_make_both(momui_worker *worker, momui_jointly *joint, momu_error *error);
/* Both sides through the autoencoders; either may be NULL. */
momu_status momui_through_autoencoder(momui_worker *worker, const momui_audio *sound,
                                      const momui_motion *dance, momui_evaluation_clip *clip,
                                      momu_error *error);
/* excerpt.c: a motion at the rate of the measures, MOMUI_MOTION_RATE. */
momu_status momui_at_rate(momui_memory *memory, const momui_motion *motion, momui_motion **out,
                          momu_error *error);

#endif
