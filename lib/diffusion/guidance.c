#include "diffusion/guidance.h"

#include <math.h>

bool momui_guidance_applies(const momui_sampling *s, int32_t t) {
    return s->guidance != 1 && t < s->guidance_start * s->schedule->steps;
}

static double standard_deviation(int64_t count, const float *values) {
    double sum = 0, squares = 0;
    for (int64_t k = 0; k < count; k++)
        sum += values[k];
    double mean = sum / (double)count;
    for (int64_t k = 0; k < count; k++)
        squares += (values[k] - mean) * (values[k] - mean);
    return sqrt(squares / (double)count);
}

void momui_guidance_combine(const momui_sampling *s, int64_t count, const float *uncond,
                            const float *cond, float *out) {
    double before = s->rescale > 0 ? standard_deviation(count, cond) : 0;
    for (int64_t k = 0; k < count; k++)
        out[k] = (float)(uncond[k] + s->guidance * ((double)cond[k] - uncond[k]));
    if (!(s->rescale > 0))
        return;
    double after = standard_deviation(count, out);
    if (!(after > 0))
        return;
    double factor = s->rescale * (before / after) + (1 - s->rescale);
    for (int64_t k = 0; k < count; k++)
        out[k] = (float)(factor * out[k]);
}
