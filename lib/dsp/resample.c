#include "dsp/resample.h"

#include <math.h>
#include <soxr.h>
#include <string.h>

static momu_status check(const float *in, int64_t frames, int32_t channels, double from, double to,
                         momu_error *error) {
    static const int64_t MAX_FRAMES = (int64_t)1 << 40; /* before and after */
    if (!(from >= 1 && from <= 1e6) || !(to >= 1 && to <= 1e6) || channels < 1 || channels > 1024 ||
        frames < 0 || (!in && frames > 0) ||
        (double)frames * fmax(1, to / from) > (double)MAX_FRAMES)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "cannot resample %lld frames of %d channels from %g to %g Hz (1 to 1e6)",
                          (long long)frames, channels, from, to);
    /* A sample that is not finite would spread over the whole length of the filter. */
    for (int64_t i = 0; i < frames * channels; i++) {
        int64_t frame = i / channels;
        if (!isfinite(in[i]))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "the sound is not finite at frame %lld (%.3f s), channel %lld",
                              (long long)frame, (double)frame / from, (long long)(i % channels));
    }
    return MOMU_OK;
}

momu_status momui_resample(momui_memory *memory, const float *in, int64_t frames, int32_t channels,
                           double from, double to, float **out, int64_t *out_frames,
                           momu_error *error) {
    *out = NULL;
    *out_frames = 0;
    MOMUI_TRY(check(in, frames, channels, from, to, error));
    int64_t wanted = (int64_t)floor((double)frames * to / from + 0.5);
    size_t count = 0;
    bool fits = (uint64_t)wanted <= SIZE_MAX && /* of 32 bits, too */
                momui_multiply((size_t)wanted, (size_t)channels, &count);
    float *result = fits ? momui_calloc(memory, count, sizeof *result) : NULL;
    if (!result)
        return momui_fail_memory(error, "resampled sound");
    if (from == to && count > 0) {
        memcpy(result, in, count * sizeof *result);
    } else if (wanted > 0) {
        size_t made = 0;
        soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
        soxr_error_t failed = soxr_oneshot(from, to, (unsigned)channels, in, (size_t)frames, NULL,
                                           result, (size_t)wanted, &made, NULL, &quality, NULL);
        if (failed) {
            momui_free(result);
            return momui_fail(error, MOMU_ERROR_INTERNAL, "resampling %g to %g Hz: %s", from, to,
                              failed);
        }
    }
    *out = result;
    *out_frames = wanted;
    return MOMU_OK;
}
