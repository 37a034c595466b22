/* A classifier of a few seconds: the evaluation networks, and the genre of a dance. */
#ifndef MOMUI_MODELS_CLASSIFIER_H
#define MOMUI_MODELS_CLASSIFIER_H

#include "nn/nn.h"

enum { MOMUI_CLASSIFIER_FRAMES = 8 /* at least so many */, MOMUI_CLASSIFIER_HEADS = 4 };
typedef struct momui_classifier momui_classifier;
/* channels: a multiple of 4. Freed with momui_classifier_free (its weights belong to the set). */
momui_classifier *momui_classifier_declare(momui_parameters *set, const char *prefix,
                                           int64_t in_channels, int64_t channels, int64_t outputs);
void momui_classifier_free(momui_classifier *network);
/* x (B, T, in) standardised, T at least 8 -> (B, outputs); `embedding` (may be NULL) (B, channels)
 */
momui_tensor *momui_classifier_forward(momui_graph *g, const momui_classifier *network,
                                       momui_tensor *x, momui_tensor **embedding);

#endif
