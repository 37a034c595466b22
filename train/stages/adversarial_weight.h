/* The adaptive adversarial weight (Esser et al. 2021, VQGAN): scales the discriminator's gradient
 * of a reconstruction to a fixed share of the reconstruction loss's. */
#ifndef MOMUI_TRAIN_STAGES_ADVERSARIAL_WEIGHT_H
#define MOMUI_TRAIN_STAGES_ADVERSARIAL_WEIGHT_H

#include "train/stages/trainer.h"

/* y is conv(hidden, weight), x what it should be. Returns a scalar of the graph whose gradient
 * with regard to y is weight_of_gan x adaptive x d(-mean D(y))/dy; adaptive is the ratio of both
 * losses' gradients of `weight`. Its value has no meaning. *generator and *adaptive are for the
 * log. NULL: g->status. */
momui_tensor *momui_discriminator_gradient(const momui_trainer *trainer, momui_graph *g,
                                           momui_tensor *y, momui_tensor *x,
                                           const momui_tensor *hidden, const momui_tensor *weight,
                                           double *generator, double *adaptive);

#endif
