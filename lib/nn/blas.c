#include "nn/blas.h"

#include <cblas.h>

/* BLAS takes (rows, leading dimension) only: a view must be such a matrix, or its transpose. */
static bool blas_layout(momui_view v, int64_t rows, int64_t columns, CBLAS_TRANSPOSE *transpose,
                        int64_t *stride) {
    if (v.column == 1 && v.row >= columns) {
        *transpose = CblasNoTrans;
        *stride = v.row;
        return true;
    }
    if (v.row == 1 && v.column >= rows) {
        *transpose = CblasTrans;
        *stride = v.column;
        return true;
    }
    return false;
}

bool momui_blas_multiply(const momui_product *p) {
    CBLAS_TRANSPOSE ta, tb;
    int64_t lda, ldb;
    if (!blas_layout(p->a, p->m, p->k, &ta, &lda) || !blas_layout(p->b, p->k, p->n, &tb, &ldb))
        return false;
    if (p->bias)
        for (int64_t i = 0; i < p->m; i++)
            for (int64_t j = 0; j < p->n; j++)
                p->c[i * p->c_row + j] =
                    p->bias[j] + (p->accumulate ? p->c[i * p->c_row + j] : 0.0f);
    float beta = p->accumulate || p->bias ? 1.0f : 0.0f;
    cblas_sgemm(CblasRowMajor, ta, tb, (int)p->m, (int)p->n, (int)p->k, 1.0f, p->a.data, (int)lda,
                p->b.data, (int)ldb, beta, p->c, (int)p->c_row);
    return true;
}
