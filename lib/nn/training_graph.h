/* The graph of a training step. */
#ifndef MOMUI_NN_TRAINING_GRAPH_H
#define MOMUI_NN_TRAINING_GRAPH_H

#include "nn/nn.h"

/* momui_graph_begin() with a tape, and with BLAS where the kernels are the portable ones. */
momu_status momui_graph_begin_training(momui_graph *g, momui_arena *arena, momui_pool *pool,
                                       momu_error *error);

#endif
