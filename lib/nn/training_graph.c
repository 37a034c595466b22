#include "nn/training_graph.h"

#include "nn/blas.h"

momu_status momui_graph_begin_training(momui_graph *g, momui_arena *arena, momui_pool *pool,
                                       momu_error *error) {
    momu_status status = momui_graph_begin(g, arena, pool, true, error);
    g->multiply = momui_blas_multiply;
    return status;
}
