#include "motion/heading.h"
#include "motion/rotation.h"
#include <string.h>

/* Heading is smoothed with this much, seconds. */
#define HEADING_SIGMA 0.1

static void smooth_channel(const double *in, int64_t frames, int32_t channels, const double *kernel,
                           int64_t radius, double *out) {
    for (int64_t t = 0; t < frames; ++t) {
        double sum = kernel[0] * in[t * channels];
        for (int64_t k = 1; k <= radius; ++k) {
            int64_t before = t - k > 0 ? t - k : 0, after = t + k < frames ? t + k : frames - 1;
            sum += kernel[k] * (in[before * channels] + in[after * channels]);
        }
        out[t * channels] = sum;
    }
}

momu_status momui_smooth(momui_memory *memory, const double *in, int64_t frames, int32_t channels,
                         double sigma, double *out, momu_error *error) {
    size_t cells = (size_t)frames * (size_t)channels;
    int64_t radius = sigma > 1e-6 ? (int64_t)ceil(4.0 * sigma) : 0;
    if (radius == 0) {
        memcpy(out, in, cells * sizeof *out);
        return MOMU_OK;
    }
    double *kernel = momui_alloc(memory, (size_t)radius + 1, sizeof *kernel);
    if (!kernel)
        return momui_fail_memory(error, "a smoothing kernel");
    double sum = 0.0;
    for (int64_t k = 0; k <= radius; ++k) {
        kernel[k] = exp(-0.5 * (double)(k * k) / (sigma * sigma));
        sum += k == 0 ? kernel[k] : 2.0 * kernel[k];
    }
    for (int64_t k = 0; k <= radius; ++k)
        kernel[k] /= sum;
    for (int32_t c = 0; c < channels; ++c)
        smooth_channel(in + c, frames, channels, kernel, radius, out + c);
    momui_free(kernel);
    return MOMU_OK;
}

/* The unwrapped yaw of every frame before smoothing. Frames before the first with a defined yaw
 * take that one. */
static void raw_yaw(const momui_motion *body, double *yaw) {
    bool known = false;
    for (int64_t t = 0; t < body->frames; ++t) {
        const float *p = body->positions + t * MOMUI_BODY_JOINTS * 3;
        double x = 0.0, z = 0.0;
        static const int pairs[4] = {MOMUI_LEFT_HIP, MOMUI_RIGHT_HIP, MOMUI_LEFT_SHOULDER,
                                     MOMUI_RIGHT_SHOULDER};
        for (int i = 0; i < 4; ++i) { /* across: left less right */
            double sign = i % 2 == 0 ? 1.0 : -1.0;
            x += sign * (double)p[3 * pairs[i]];
            z += sign * (double)p[3 * pairs[i] + 2];
        }
        double forward_x = -z, forward_z = x; /* across x up */
        if (hypot(forward_x, forward_z) < 1e-4) {
            yaw[t] = t > 0 ? yaw[t - 1] : 0.0;
            continue;
        }
        double angle = atan2(forward_x, forward_z);
        if (known)
            angle -= 2.0 * MOMUI_PI * round((angle - yaw[t - 1]) / (2.0 * MOMUI_PI));
        yaw[t] = angle;
        for (int64_t s = 0; s < t && !known; ++s)
            yaw[s] = angle;
        known = true;
    }
}

momu_status momui_heading(momui_memory *memory, const momui_motion *body, double **yaw,
                          momu_error *error) {
    size_t frames = (size_t)body->frames;
    double *raw = momui_alloc(memory, frames, sizeof *raw);
    double *made = momui_alloc(memory, frames, sizeof *made);
    momu_status status = MOMU_OK;
    if (!raw || !made) {
        status = momui_fail_memory(error, "the heading");
    } else {
        raw_yaw(body, raw);
        status = momui_smooth(memory, raw, body->frames, 1, HEADING_SIGMA * body->fps, made, error);
    }
    momui_free(raw);
    if (status != MOMU_OK) {
        momui_free(made);
        made = NULL;
    }
    *yaw = made;
    return status;
}
