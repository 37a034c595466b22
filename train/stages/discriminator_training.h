/* A discriminator while it is trained: replicas for the shards, an optimiser, its place in
 * checkpoints. */
#ifndef MOMUI_TRAIN_STAGES_DISCRIMINATOR_TRAINING_H
#define MOMUI_TRAIN_STAGES_DISCRIMINATOR_TRAINING_H

#include "train/losses/discriminator.h"

#include "io/safetensors/safetensors.h"
#include "train/stages/adamw.h"

struct momui_trainer;
struct momui_draw;

enum { MOMUI_DISCRIMINATOR_REPLICAS = 2 }; /* as many as shards */

typedef struct momui_discriminator_training {
    /* One for each shard to learn with, and one that judges and needs no gradients; all read the
     * first's weights. */
    momui_parameters sets[MOMUI_DISCRIMINATOR_REPLICAS + 1];
    momui_discriminator *networks[MOMUI_DISCRIMINATOR_REPLICAS + 1];
    momui_adamw optimiser;
    bool open;
} momui_discriminator_training;

/* Fresh weights from the seed. */
momu_status momui_discriminator_training_open(momui_discriminator_training *discriminator,
                                              momui_memory *memory, momui_discriminator_kind kind,
                                              int32_t channels, uint64_t seed, momu_error *error);
void momui_discriminator_training_close(
    momui_discriminator_training *discriminator); /* of zeros, too */

/* What it says, its weights being constants; from any shard. */
bool momui_discriminator_training_forward(const momui_discriminator_training *discriminator,
                                          momui_graph *g, momui_tensor *x, momui_verdict *verdict);
/* One shard's hinge loss of both, and its gradients, times `share`, into the shard's replica. The
 * inputs' data alone is used. Returns the loss; g->status of `outer` on failure. */
double momui_discriminator_training_learn(momui_discriminator_training *discriminator,
                                          int micro_batch, momui_graph *outer,
                                          const momui_tensor *real, const momui_tensor *made,
                                          double share);
/* Adds the shards' gradients up and steps. */
momu_status momui_discriminator_training_step(momui_discriminator_training *discriminator,
                                              double rate, momui_pool *pool, momu_error *error);

/* "critic.weight.NAME" and the moments; steps taken are the caller's to keep. */
momu_status momui_discriminator_training_save(const momui_discriminator_training *discriminator,
                                              momui_safetensors_writer *file, momu_error *error);
momu_status momui_discriminator_training_load(momui_discriminator_training *discriminator,
                                              const momui_safetensors *file, int64_t steps,
                                              momu_error *error);

#endif
