/* Matrix products by BLAS, for processors on which nn/kernels has only the portable code. Linked
 * into libmomu-train and the command; into libmomu with -Dblas=openblas alone. */
#ifndef MOMUI_NN_BLAS_H
#define MOMUI_NN_BLAS_H

#include "nn/gemm.h"

/* False, with nothing done, where BLAS has no such product. */
bool momui_blas_multiply(const momui_product *product);

/* momui_graph_begin() with a tape, and with BLAS. */
momu_status momui_graph_begin_training(momui_graph *g, momui_arena *arena, momui_pool *pool,
                                       momu_error *error);

#endif
