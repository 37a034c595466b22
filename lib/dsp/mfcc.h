/* Mel-frequency cepstral coefficients of log-mels (docs/features.md, "Mel"). */
#ifndef MOMUI_DSP_MFCC_H
#define MOMUI_DSP_MFCC_H

#include "base/memory.h"

/* log_mel (frames, bands) -> (frames, count): the first `count` (1..bands) of each frame's
 * orthonormal DCT-II. Freed with momui_free. */
momu_status momui_mfcc(momui_memory *memory, const float *log_mel, int64_t frames, int32_t bands,
                       int32_t count, float **mfcc, momu_error *error);

#endif
