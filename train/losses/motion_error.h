/* The error of a reconstructed motion: docs/losses.md. */
#ifndef MOMUI_TRAIN_LOSSES_MOTION_ERROR_H
#define MOMUI_TRAIN_LOSSES_MOTION_ERROR_H

#include "nn/nn.h"

enum { MOMUI_MOTION_TERMS = 3 }; /* reconstruction, velocity, travel */

/* y, x (B, T, features), standardised; 206 features are body3d's. A number, and the values of its
 * terms before they are weighed; travel is 0 for other layouts. NULL: g->status says what. */
momui_tensor *momui_motion_error(momui_graph *g, momui_tensor *y, momui_tensor *x,
                                 double terms[MOMUI_MOTION_TERMS]);

#endif
