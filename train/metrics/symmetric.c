#include "train/metrics/symmetric.h"

#include <cblas.h>

/* LAPACK, which OpenBLAS brings along: eigenvalues and vectors of a symmetric matrix. */
void dsyev_(const char *job, const char *triangle, const int *n, double *a, const int *lda,
            double *values, double *work, const int *work_size, int *info);

void momui_add_outer(int32_t n, const double *v, double *matrix) {
    cblas_dsyr(CblasRowMajor, CblasUpper, n, 1.0, v, 1, matrix, n);
}

void momui_square_product(int32_t n, bool transpose_a, const double *a, const double *b,
                          double *c) {
    cblas_dgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, CblasNoTrans, n, n, n, 1.0,
                a, n, b, n, 0.0, c, n);
}

momu_status momui_eigen(momui_memory *memory, int32_t n, bool vectors, double *a, double *values,
                        momu_error *error) {
    int size = 34 * n, info = 0, order = n; /* room for blocks of 32 columns */
    double *work = momui_alloc(memory, (size_t)size, sizeof *work);
    if (!work)
        return momui_fail_memory(error, "eigenvalues");
    dsyev_(vectors ? "V" : "N", "U", &order, a, &order, values, work, &size, &info);
    momui_free(work);
    return info == 0 ? MOMU_OK
                     : momui_fail(error, MOMU_ERROR_INTERNAL,
                                  "the eigenvalues of a covariance were not found (%d)", info);
}
