#include "base/audio_buffer.h"

momui_audio *momui_audio_new(momui_memory *memory, int64_t frames, int32_t channels, double rate) {
    size_t count = 0;
    if (frames < 0 || channels < 1 || !momui_multiply((size_t)frames, (size_t)channels, &count))
        return NULL;
    momui_audio *audio = momui_alloc(memory, 1, sizeof *audio);
    float *samples = momui_calloc(memory, count, sizeof *samples);
    if (!audio || !samples) {
        momui_free(audio);
        momui_free(samples);
        return NULL;
    }
    *audio = (momui_audio){memory, frames, channels, rate, samples};
    return audio;
}

void momui_audio_free(momui_audio *audio) {
    if (!audio)
        return;
    momui_free(audio->samples);
    momui_free(audio);
}

float *momui_audio_mono(const momui_audio *audio, momui_memory *memory) {
    float *mono = momui_alloc(memory, (size_t)audio->frames, sizeof *mono);
    if (!mono)
        return NULL;
    float scale = 1.0f / (float)audio->channels;
    for (int64_t i = 0; i < audio->frames; i++) {
        float sum = 0;
        for (int32_t c = 0; c < audio->channels; c++)
            sum += audio->samples[i * audio->channels + c];
        mono[i] = sum * scale;
    }
    return mono;
}
