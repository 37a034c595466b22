#include "dsp/mfcc.h"

#include <math.h>

/* Row k of the basis: sqrt((k > 0 ? 2 : 1) / bands) cos(pi k (2 n + 1) / (2 bands)). */
static void fill_basis(double *basis, int32_t bands, int32_t count) {
    static const double PI = 3.14159265358979323846;
    for (int32_t k = 0; k < count; k++)
        for (int32_t n = 0; n < bands; n++)
            basis[k * bands + n] =
                sqrt((k > 0 ? 2.0 : 1.0) / bands) * cos(PI * k * (2.0 * n + 1) / (2.0 * bands));
}

momu_status momui_mfcc(momui_memory *memory, const float *log_mel, int64_t frames, int32_t bands,
                       int32_t count, float **mfcc, momu_error *error) {
    size_t size = 0;
    if (count < 1 || count > bands || frames < 1)
        return momui_fail(error, MOMU_ERROR_INTERNAL, "%d MFCCs of %lld frames of %d bands", count,
                          (long long)frames, bands);
    double *basis = momui_alloc(memory, (size_t)count, (size_t)bands * sizeof *basis);
    float *out = NULL;
    if (momui_multiply((size_t)frames, (size_t)count, &size))
        out = momui_alloc(memory, size, sizeof *out);
    if (!basis || !out) {
        momui_free(basis);
        momui_free(out);
        return momui_fail_memory(error, "the MFCCs");
    }
    fill_basis(basis, bands, count);
    for (int64_t t = 0; t < frames; t++)
        for (int32_t k = 0; k < count; k++) {
            double sum = 0;
            for (int32_t n = 0; n < bands; n++)
                sum += basis[k * bands + n] * (double)log_mel[t * bands + n];
            out[t * count + k] = (float)sum;
        }
    momui_free(basis);
    *mfcc = out;
    return MOMU_OK;
}
