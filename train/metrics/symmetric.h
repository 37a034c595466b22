/* Symmetric matrices in doubles, rows one after another, for statistics (not for networks). */
#ifndef MOMUI_TRAIN_METRICS_SYMMETRIC_H
#define MOMUI_TRAIN_METRICS_SYMMETRIC_H

#include "base/memory.h"

/* matrix (n, n) += v v^T, above and on the diagonal alone. */
void momui_add_outer(int32_t n, const double *v, double *matrix);
/* c (n, n) = a b, or a^T b. */
void momui_square_product(int32_t n, bool transpose_a, const double *a, const double *b, double *c);
/* Eigenvalues, ascending; with vectors, a becomes the eigenvectors in rows, otherwise it is lost.
 */
momu_status momui_eigen(momui_memory *memory, int32_t n, bool vectors, double *a, double *values,
                        momu_error *error);

#endif
