/* Discriminators of generated and real data, for training alone. A model file does not hold their
 * weights. */
#ifndef MOMUI_TRAIN_LOSSES_DISCRIMINATOR_H
#define MOMUI_TRAIN_LOSSES_DISCRIMINATOR_H

#include "nn/nn.h"

typedef enum momui_discriminator_kind {
    MOMUI_NO_DISCRIMINATOR,
    MOMUI_PATCHES, /* of a log-mel as an image: (B, frames, bands) */
    MOMUI_SPECTRA  /* of sound at three resolutions: (B, samples) */
} momui_discriminator_kind;

enum { MOMUI_MAX_STACKS = 3, MOMUI_STACK_LAYERS = 6 };

typedef struct momui_discriminator momui_discriminator;

/* Each stack's logits of an input, and its layers' outputs (for feature matching). */
typedef struct momui_discriminator_output {
    int stacks, layers[MOMUI_MAX_STACKS];
    momui_tensor *logits[MOMUI_MAX_STACKS];
    momui_tensor *features[MOMUI_MAX_STACKS][MOMUI_STACK_LAYERS];
} momui_discriminator_output;

/* `channels`: of the first layer of a PATCHES stack, of all layers of a SPECTRA stack. */
momui_discriminator *momui_discriminator_declare(momui_parameters *set,
                                                 momui_discriminator_kind kind, int32_t channels);
void momui_discriminator_free(momui_discriminator *network);
/* x as the kind says. false: g->status. */
bool momui_discriminate(momui_graph *g, const momui_discriminator *network, momui_tensor *x,
                        momui_discriminator_output *out);

/* Means over stacks. Generator: -mean of the logits. Discriminator: hinge. */
momui_tensor *momui_discriminator_generator_loss(momui_graph *g,
                                                 const momui_discriminator_output *made);
momui_tensor *momui_discriminator_hinge(momui_graph *g, const momui_discriminator_output *real,
                                        const momui_discriminator_output *made);
/* Mean over stacks and layers of the distance of features, those of the real being constants. */
momui_tensor *momui_discriminator_feature_loss(momui_graph *g,
                                               const momui_discriminator_output *real,
                                               const momui_discriminator_output *made);

#endif
