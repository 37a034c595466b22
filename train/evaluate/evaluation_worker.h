/* The steps of an evaluation, and the state of one of its threads. */
#ifndef MOMUI_TRAIN_EVALUATE_EVALUATION_WORKER_H
#define MOMUI_TRAIN_EVALUATE_EVALUATION_WORKER_H

#include "train/evaluate/evaluation.h"

typedef struct momui_worker {
    momui_evaluation *v;
    momu_context *context; /* of one thread */
} momui_worker;

/* ---- evaluation_inputs.c ---- */
/* Lists the clips and loads the networks and the model, by v->options. */
momu_status momui_evaluation_prepare(momui_evaluation *v, momu_error *error);
/* Passes the message to options.note. */
void momui_evaluation_note(const momui_evaluation *v, const char *sentence);

/* ---- evaluation_worker.c ---- */
/* Reads, generates and analyses every clip and every joint pair; each has its own status. */
momu_status momui_evaluation_run(momui_evaluation *v, momu_error *error);

/* ---- generate_clips.c: by v->model, analysed at once ---- */
momu_status momui_make_music(momui_worker *worker, const momui_evaluation_clip *clip,
                             const momui_motion *dance, uint64_t seed,
                             momui_audio_analysis *audio_analysis, momu_error *error);
momu_status momui_make_dance(momui_worker *worker, const momui_evaluation_clip *clip,
                             const momui_audio *sound, uint64_t seed,
                             momui_motion_analysis *motion_analysis, momu_error *error);
momu_status momui_make_joint_pair(momui_worker *worker, momui_joint_pair *joint, momu_error *error);
/* Reconstructs both sides by the autoencoders; either may be NULL. */
momu_status momui_through_autoencoder(momui_worker *worker, const momui_audio *sound,
                                      const momui_motion *dance, momui_evaluation_clip *clip,
                                      momu_error *error);
/* evaluation_clip.c: a motion at the rate of the metrics, MOMUI_MOTION_RATE. */
momu_status momui_at_rate(momui_memory *memory, const momui_motion *motion, momui_motion **out,
                          momu_error *error);

#endif
