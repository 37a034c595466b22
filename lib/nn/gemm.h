/* The one place of matrix products: own kernels over the pool, or the graph's BLAS. */
#ifndef MOMUI_NN_GEMM_H
#define MOMUI_NN_GEMM_H

#include "nn/tape.h"

typedef struct momui_product {
    int64_t m, n, k;
    momui_view a;        /* (m, k) */
    momui_view b;        /* (k, n) */
    const float *packed; /* b in kernel order (b.data may then be NULL), or NULL: packed for this
                            product alone */
    const float *bias;   /* (n), or NULL */
    bool accumulate;
    float *c; /* (m, n) */
    int64_t c_row;
} momui_product;

void momui_gemm(momui_graph *g, const momui_product *product);
/* b of any product, packed into the graph's arena by the pool. */
const float *momui_gemm_pack(momui_graph *g, int64_t k, int64_t n, momui_view b);

#endif
