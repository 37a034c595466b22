/* FFTW3 in single precision (GPL), or kissfft (BSD) when built with -Dfft=kissfft. FFTW's planner is not thread-safe, so planning is done under one lock; running a plan on
 * new arrays is. ESTIMATE keeps planning short and results the same from run to run. */
#include "dsp/fft.h"

#ifdef MOMUI_KISSFFT
#include <kiss_fftr.h>
#else
#include <fftw3.h>
#include <pthread.h>
#endif

#ifndef MOMUI_KISSFFT
struct momui_fft {
    int32_t size;
    fftwf_plan forward, inverse;
};

static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

momu_status momui_fft_create(momui_memory *memory, int32_t size, momui_fft **out,
                             momu_error *error) {
    momui_fft *fft = momui_calloc(memory, 1, sizeof *fft);
    float *real = momui_alloc(memory, (size_t)size, sizeof *real);
    fftwf_complex *bins = momui_alloc(memory, (size_t)size / 2 + 1, sizeof *bins);
    if (fft && real && bins) {
        fft->size = size;
        pthread_mutex_lock(&planner);
        fft->forward =
            fftwf_plan_dft_r2c_1d(size, real, bins, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
        fft->inverse = fftwf_plan_dft_c2r_1d(size, bins, real, FFTW_ESTIMATE);
        pthread_mutex_unlock(&planner);
    }
    bool made = fft && fft->forward && fft->inverse;
    momui_free(real);
    momui_free(bins);
    if (!made) {
        momui_fft_destroy(fft);
        return momui_fail_memory(error, "a Fourier transform's plan");
    }
    *out = fft;
    return MOMU_OK;
}

void momui_fft_destroy(momui_fft *fft) {
    if (!fft)
        return;
    pthread_mutex_lock(&planner);
    if (fft->forward)
        fftwf_destroy_plan(fft->forward);
    if (fft->inverse)
        fftwf_destroy_plan(fft->inverse);
    pthread_mutex_unlock(&planner);
    momui_free(fft);
}

void momui_fft_forward(const momui_fft *fft, const float *in, float *out) {
    fftwf_execute_dft_r2c(fft->forward, (float *)in, (fftwf_complex *)out);
}

void momui_fft_inverse(const momui_fft *fft, float *in, float *out) {
    fftwf_execute_dft_c2r(fft->inverse, (fftwf_complex *)in, out);
    float scale = 1.0f / (float)fft->size;
    for (int32_t i = 0; i < fft->size; i++)
        out[i] *= scale;
}

#else

struct momui_fft {
    int32_t size;
    kiss_fftr_cfg forward, inverse;
};

momu_status momui_fft_create(momui_memory *memory, int32_t size, momui_fft **out,
                             momu_error *error) {
    momui_fft *fft = momui_calloc(memory, 1, sizeof *fft);
    if (fft) {
        fft->size = size;
        fft->forward = kiss_fftr_alloc(size, 0, NULL, NULL);
        fft->inverse = kiss_fftr_alloc(size, 1, NULL, NULL);
    }
    if (!fft || !fft->forward || !fft->inverse) {
        momui_fft_destroy(fft);
        return momui_fail_memory(error, "a Fourier transform's plan");
    }
    *out = fft;
    return MOMU_OK;
}

void momui_fft_destroy(momui_fft *fft) {
    if (!fft)
        return;
    kiss_fftr_free(fft->forward);
    kiss_fftr_free(fft->inverse);
    momui_free(fft);
}

void momui_fft_forward(const momui_fft *fft, const float *in, float *out) {
    kiss_fftr(fft->forward, in, (kiss_fft_cpx *)(void *)out);
}

void momui_fft_inverse(const momui_fft *fft, float *in, float *out) {
    kiss_fftri(fft->inverse, (const kiss_fft_cpx *)(void *)in, out);
    float scale = 1.0f / (float)fft->size;
    for (int32_t i = 0; i < fft->size; i++)
        out[i] *= scale;
}

#endif
