/* Sample rate conversion, by libsoxr at its highest quality. */
#ifndef MOMUI_DSP_RESAMPLE_H
#define MOMUI_DSP_RESAMPLE_H

#include "base/memory.h"

/* in (frames, channels) interleaved -> out (round(frames * to / from), channels). Rates 1 Hz..1
 * MHz. A sample that is not finite is refused. */
momu_status momui_resample(momui_memory *memory, const float *in, int64_t frames, int32_t channels,
                           double from, double to, float **out, int64_t *out_frames,
                           momu_error *error);

#endif
