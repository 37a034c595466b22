/* Matrix products by BLAS, for processors on which nn/kernels has only the portable code: the one
 * file that includes BLAS. libmomu-train and the command link it, libmomu only with
 * -Dblas=openblas. */
#ifndef MOMUI_NN_BLAS_H
#define MOMUI_NN_BLAS_H

#include "nn/gemm.h"

/* False, with nothing done, where BLAS cannot express the views. */
bool momui_blas_multiply(const momui_product *product);

#endif
