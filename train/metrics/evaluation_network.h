/* Small networks for evaluation, which predict what genre, tempo and energy a few seconds of sound
 * or motion have, or which of two folders they come from. Their embedding is what distances between
 * sets are measured in. */
#ifndef MOMUI_TRAIN_METRICS_EVALUATION_NETWORK_H
#define MOMUI_TRAIN_METRICS_EVALUATION_NETWORK_H

#include "models/models.h"

enum {
    MOMUI_EVALUATION_EMBEDDING = 128,
    MOMUI_EVALUATION_TEMPOS = 12, /* places in an octave, from 60 bpm up */
    MOMUI_EVALUATION_OCTAVES = 4, /* from 30 bpm up */
    MOMUI_EVALUATION_MAX_CLASSES = 32
};

typedef struct momui_evaluation_network_config {
    char kind[16];       /* "mel" or "motion": its input */
    int32_t in_channels; /* 80 or 206 */
    double rate;         /* frames a second of its input */
    int32_t classes;     /* genres, or 2: dataset and motion capture */
    bool tempo;          /* has heads for tempo, octave and energy, too */
} momui_evaluation_network_config;

/* Where the heads' outputs begin. */
typedef struct momui_evaluation_network_outputs {
    int32_t classes, tempo, octave, energy, count; /* classes is 0 */
} momui_evaluation_network_outputs;
momui_evaluation_network_outputs
momui_evaluation_network_outputs_of(const momui_evaluation_network_config *config);

typedef struct momui_evaluation_network {
    momui_memory *memory;
    momui_evaluation_network_config config;
    momui_parameters parameters;
    momui_tensor *mean, *deviation; /* (in_channels) of its training data; not trained */
    momui_classifier *network;
} momui_evaluation_network;

momu_status momui_evaluation_network_create(momui_memory *memory,
                                            const momui_evaluation_network_config *config,
                                            uint64_t seed, momui_evaluation_network **network,
                                            momu_error *error);
momu_status momui_evaluation_network_load(momui_memory *memory, const momui_bytes *bytes,
                                          momui_evaluation_network **network, momu_error *error);
momu_status momui_evaluation_network_save(const momui_evaluation_network *network, const char *path,
                                          momu_error *error);
void momui_evaluation_network_free(momui_evaluation_network *network); /* NULL is allowed */

/* x (B, T, in_channels) standardised, T at least 8 -> (B, outputs): logits, and energy as it is.
 * `embedding` (may be NULL) (B, 128). */
momui_tensor *momui_evaluation_network_forward(momui_graph *g,
                                               const momui_evaluation_network *network,
                                               momui_tensor *x, momui_tensor **embedding);

#endif
