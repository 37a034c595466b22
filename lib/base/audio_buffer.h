/* Sound in memory: what a momu_audio handle is. */
#ifndef MOMUI_BASE_AUDIO_BUFFER_H
#define MOMUI_BASE_AUDIO_BUFFER_H

#include "base/memory.h"

struct momu_audio {
    momui_memory *memory;
    int64_t frames;
    int32_t channels;
    double rate;    /* frames a second */
    float *samples; /* (frames, channels), interleaved, nominally -1..1 */
};
typedef struct momu_audio momui_audio;

/* Zeroed sound; NULL when the sizes overflow or memory ends. */
momui_audio *momui_audio_new(momui_memory *memory, int64_t frames, int32_t channels, double rate);
void momui_audio_free(momui_audio *audio);

static inline double momui_audio_seconds(const momui_audio *audio) {
    return (double)audio->frames / audio->rate;
}

/* (frames) floats, the mean of the channels. Free with momui_free. */
float *momui_audio_mono(const momui_audio *audio, momui_memory *memory);

#endif
