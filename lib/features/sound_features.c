/* Sound to log-mels, waves and MFCCs. */
#include "features/features.h"

#include "dsp/mfcc.h"
#include "dsp/resample.h"

#include <math.h>

double momui_feature_rate(const momui_config *config) {
    return (double)config->sample_rate / (double)config->hop;
}

momui_mel_config momui_feature_mel(const momui_config *config) {
    return (momui_mel_config){.sample_rate = config->sample_rate,
                              .hop = config->hop,
                              .n_fft = config->n_fft,
                              .bands = config->mel_bands,
                              .low = config->mel_low,
                              .high = config->mel_high};
}

momu_status momui_sound_at_rate(momui_memory *memory, const momui_audio *audio, double rate,
                                float **mono, int64_t *samples, momu_error *error) {
    *mono = NULL;
    float *mean = momui_audio_mono(audio, memory);
    if (!mean)
        return momui_fail_memory(error, "the sound's mean channel");
    momu_status status =
        momui_resample(memory, mean, audio->frames, 1, audio->rate, rate, mono, samples, error);
    momui_free(mean);
    return status;
}

/* The samples become the waves, cut to full scale as the mel does with its own. */
static void keep_waves(momui_sound_features *features, float *mono, int64_t samples) {
    for (int64_t i = 0; i < samples; i++)
        mono[i] = fminf(fmaxf(mono[i], -1), 1);
    features->waves = mono;
}

momu_status momui_sound_features_make(momui_memory *memory, const momui_config *config,
                                      const momui_audio *audio, unsigned wanted,
                                      momui_sound_features *features, momu_error *error) {
    float *mono = NULL;
    int64_t samples = 0;
    momu_status status = MOMU_OK;
    bool mel = wanted & (MOMUI_SOUND_MEL | MOMUI_SOUND_MFCC);
    momui_mel_config shape = momui_feature_mel(config);
    *features = (momui_sound_features){0};
    MOMUI_TRY_GOTO(momui_sound_at_rate(memory, audio, config->sample_rate, &mono, &samples, error),
                   status, done);
    features->frames = samples / config->hop;
    if (features->frames < 1)
        MOMUI_TRY_GOTO(
            momui_fail(error, MOMU_ERROR_ARGUMENT, "the sound is shorter than one frame"), status,
            done);
    if (mel)
        MOMUI_TRY_GOTO(
            momui_mel(memory, &shape, mono, samples, &features->mel, &features->frames, error),
            status, done);
    if (wanted & MOMUI_SOUND_MFCC)
        MOMUI_TRY_GOTO(momui_mfcc(memory, features->mel, features->frames, config->mel_bands,
                                  MOMUI_MFCCS, &features->mfcc, error),
                       status, done);
    if (wanted & MOMUI_SOUND_WAVES) {
        keep_waves(features, mono, samples);
        mono = NULL;
    }
done:
    momui_free(mono);
    if (status != MOMU_OK)
        momui_sound_features_release(features);
    return status;
}

void momui_sound_features_release(momui_sound_features *features) {
    momui_free(features->mel);
    momui_free(features->waves);
    momui_free(features->mfcc);
    *features = (momui_sound_features){0};
}
