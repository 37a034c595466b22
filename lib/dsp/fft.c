/* FFTW3 in single precision (GPL), or kissfft (BSD) when built with -Dfft=kissfft. */
#include "dsp/fft.h"

#ifdef MOMUI_KISSFFT
#include <kiss_fftr.h>
#else
#include <fftw3.h>
#include <pthread.h>
#endif

static momu_status check_size(int32_t size, momu_error *error) {
    if (size >= 2 && size <= MOMUI_FFT_LARGEST && size % 2 == 0)
        return MOMU_OK;
    return momui_fail(error, MOMU_ERROR_ARGUMENT,
                      "a Fourier transform of %d samples was asked for; it takes an even number, "
                      "2 to %d",
                      size, (int)MOMUI_FFT_LARGEST);
}

#ifndef MOMUI_KISSFFT

struct momui_fft {
    int32_t size;
    fftwf_plan forward, inverse;
};

/* FFTW's planner is not thread-safe, so plans are made and ended under one lock; running a plan on
 * new arrays needs none. ESTIMATE keeps planning short and the plan the same from run to run. */
static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

static void make_plans(momui_fft *fft, float *real, fftwf_complex *bins) {
    pthread_mutex_lock(&planner);
    fft->forward =
        fftwf_plan_dft_r2c_1d(fft->size, real, bins, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
    fft->inverse = fftwf_plan_dft_c2r_1d(fft->size, bins, real, FFTW_ESTIMATE);
    pthread_mutex_unlock(&planner);
}

momu_status momui_fft_create(momui_memory *memory, int32_t size, momui_fft **out,
                             momu_error *error) {
    *out = NULL;
    MOMUI_TRY(check_size(size, error));
    momui_fft *fft = momui_calloc(memory, 1, sizeof *fft);
    float *real = momui_alloc(memory, (size_t)size, sizeof *real);
    fftwf_complex *bins = momui_alloc(memory, (size_t)size / 2 + 1, sizeof *bins);
    if (fft && real && bins) {
        fft->size = size;
        make_plans(fft, real, bins);
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
    /* FFTW takes no const, but keeps its input as planned. */
    union {
        const float *in;
        float *fftw;
    } real = {in};
    fftwf_execute_dft_r2c(fft->forward, real.fftw, (fftwf_complex *)out);
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
    kiss_fftr_cfg forward, inverse; /* in blocks of our own, so that they are accounted for */
};

static kiss_fftr_cfg make_plan(momui_memory *memory, int32_t size, int inverse) {
    size_t bytes = 0;
    kiss_fftr_alloc(size, inverse, NULL, &bytes);
    void *block = momui_alloc(memory, bytes, 1);
    kiss_fftr_cfg plan = block ? kiss_fftr_alloc(size, inverse, block, &bytes) : NULL;
    if (!plan)
        momui_free(block);
    return plan;
}

momu_status momui_fft_create(momui_memory *memory, int32_t size, momui_fft **out,
                             momu_error *error) {
    *out = NULL;
    MOMUI_TRY(check_size(size, error));
    momui_fft *fft = momui_calloc(memory, 1, sizeof *fft);
    if (fft) {
        fft->size = size;
        fft->forward = make_plan(memory, size, 0);
        fft->inverse = make_plan(memory, size, 1);
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
    momui_free(fft->forward);
    momui_free(fft->inverse);
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
