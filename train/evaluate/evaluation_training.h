/* Training evaluation networks on windows in memory, and predicting with them. */
#ifndef MOMUI_TRAIN_EVALUATE_EVALUATION_TRAINING_H
#define MOMUI_TRAIN_EVALUATE_EVALUATION_TRAINING_H

#include "train/metrics/evaluation_network.h"

/* Windows of one length. `label` 0..classes-1, or -1: not known, and then not trained on; tempo and
 * energy likewise with values of 0 and below. */
typedef struct momui_labelled_windows {
    int64_t count, frames;
    int32_t channels;
    const float *const *windows; /* (count) of (frames, channels), as measured */
    const int32_t *label;        /* (count) */
    const float *tempo, *energy; /* (count), or NULL */
} momui_labelled_windows;

typedef struct momui_evaluation_training_options {
    int64_t steps;  /* 0: 600 */
    int32_t batch;  /* 0: 32; classes are drawn equally often */
    int64_t crop;   /* frames of each window that a step reads, at a drawn place; 0: all */
    double rate;    /* 0: 1e-3 */
    double noise;   /* of unit features, added in training; 0: none */
    uint64_t seed;  /* of weights and draws: the same gives the same bytes */
    double *losses; /* (steps), or NULL */
} momui_evaluation_training_options;

/* A new network, trained. Its statistics are those of the windows. */
momu_status momui_evaluation_train(momui_memory *memory, momui_pool *pool,
                                   const momui_evaluation_network_config *config,
                                   const momui_labelled_windows *data,
                                   const momui_evaluation_training_options *options,
                                   momui_evaluation_network **network, momu_error *error);

/* The outputs (count, outputs) and, where not NULL, embeddings (count, 128) of every window, its
 * middle `crop` frames (0: all). Classes and tempos are probabilities already. */
momu_status momui_evaluation_predict(momui_memory *memory, momui_pool *pool,
                                     const momui_evaluation_network *network,
                                     const momui_labelled_windows *data, int64_t crop,
                                     float *outputs, float *embeddings, momu_error *error);

/* The mean loss of a batch at `outputs` (B, count), and its slope (B, count), for one set of
 * labels: cross entropies of the class (where >= 0), of the tempo's place in its octave and of the
 * octave, and the squared error of energy. */
double momui_evaluation_network_loss(const momui_evaluation_network_config *config,
                                     const float *outputs, int64_t batch, const int32_t *label,
                                     const float *tempo, const float *energy, float *slope);

#endif
