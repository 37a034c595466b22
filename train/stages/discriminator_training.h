/* A discriminator in training: a replica for each micro-batch, its optimiser, its part of
 * checkpoints. */
#ifndef MOMUI_TRAIN_STAGES_DISCRIMINATOR_TRAINING_H
#define MOMUI_TRAIN_STAGES_DISCRIMINATOR_TRAINING_H

#include "train/losses/discriminator.h"

#include "io/safetensors/safetensors.h"
#include "train/stages/adamw.h"

struct momui_trainer;
struct momui_draw;

enum { MOMUI_DISCRIMINATOR_REPLICAS = 2 }; /* as many as micro-batches */

typedef struct momui_discriminator_training {
    /* One for each micro-batch to train with, and a frozen one for the generator's loss; all read
     * the first's weights. */
    momui_parameters sets[MOMUI_DISCRIMINATOR_REPLICAS + 1];
    momui_discriminator *networks[MOMUI_DISCRIMINATOR_REPLICAS + 1];
    momui_adamw optimiser;
    bool open;
} momui_discriminator_training;

/* Initial weights from the seed. */
momu_status momui_discriminator_training_open(momui_discriminator_training *discriminator,
                                              momui_memory *memory, momui_discriminator_kind kind,
                                              int32_t channels, uint64_t seed, momu_error *error);
void momui_discriminator_training_close(
    momui_discriminator_training *discriminator); /* of zeros, too */

/* Logits and features of x, with constant weights; any micro-batch may call it. */
bool momui_discriminator_training_forward(const momui_discriminator_training *discriminator,
                                          momui_graph *g, momui_tensor *x,
                                          momui_discriminator_output *out);
/* One micro-batch's hinge loss of both; adds its gradients, times `share`, to its replica. The
 * inputs' data alone is used. Returns the loss; g->status of `outer` on failure. */
double momui_discriminator_training_learn(momui_discriminator_training *discriminator,
                                          int micro_batch, momui_graph *outer,
                                          const momui_tensor *real, const momui_tensor *made,
                                          double share);
/* Sums the micro-batches' gradients and steps. */
momu_status momui_discriminator_training_step(momui_discriminator_training *discriminator,
                                              double rate, momui_pool *pool, momu_error *error);

/* "discriminator.weight.NAME" and the moments; the caller keeps the number of steps. */
momu_status momui_discriminator_training_save(const momui_discriminator_training *discriminator,
                                              momui_safetensors_writer *file, momu_error *error);
momu_status momui_discriminator_training_load(momui_discriminator_training *discriminator,
                                              const momui_safetensors *file, int64_t steps,
                                              momu_error *error);

#endif
