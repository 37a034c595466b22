/* Sound handles: made from samples, looked at, released. read.c and write.c have the files. */
#include "api/api.h"

#include <string.h>

/* What momui_audio_new is asked for at most: 12 hours at 16 kHz. */
#define MAX_SAMPLES ((int64_t)12 * 3600 * 16000)

void momui_audio_publish(momu_context *context, momui_audio *made, momu_audio **audio) {
    momui_account_retain(context->account);
    *audio = made;
}

static momu_status check_shape(int64_t frames, int32_t channels, double rate, momu_error *error) {
    MOMUI_TRY(momui_check_range("channels", channels, 1, MOMU_MAX_CHANNELS, error));
    MOMUI_TRY(momui_check_range("rate", rate, MOMU_MIN_RATE, MOMU_MAX_RATE, error));
    if (frames < 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "frames is %lld, expected 0 or more",
                          (long long)frames);
    if (frames > MAX_SAMPLES / channels)
        return momui_fail(error, MOMU_ERROR_LIMIT,
                          "%lld frames of %d channels are more than the limit of %lld samples",
                          (long long)frames, (int)channels, (long long)MAX_SAMPLES);
    return MOMU_OK;
}

static momu_status make_audio(momu_context *context, const float *samples, int64_t frames,
                              int32_t channels, double rate, momu_audio **audio) {
    momu_error *error = &context->error;
    MOMUI_TRY(check_shape(frames, channels, rate, error));
    if (!samples && frames > 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "samples is NULL, expected %lld frames",
                          (long long)frames);
    size_t count = (size_t)frames * (size_t)channels;
    MOMUI_TRY(momui_check_finite("samples", samples, count, (size_t)channels, "frame", error));
    momui_audio *made = momui_audio_new(context->memory, frames, channels, rate);
    if (!made)
        return momui_fail_memory(error, "the sound");
    if (count > 0)
        memcpy(made->samples, samples, count * sizeof *samples);
    momui_audio_publish(context, made, audio);
    return MOMU_OK;
}

static momu_status audio_create(momu_context *context, const float *samples, int64_t frames,
                                int32_t channels, double rate, momu_audio **audio) {
    if (!audio)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT,
                          "momu_audio_create: no place for the sound");
    return make_audio(context, samples, frames, channels, rate, audio);
}

momu_status momu_audio_create(momu_context *context, const float *samples, int64_t frames,
                              int32_t channels, double rate, momu_audio **audio) {
    if (audio)
        *audio = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, audio_create(context, samples, frames, channels, rate, audio));
}

int64_t momu_audio_get_frames(const momu_audio *audio) {
    return audio ? audio->frames : 0;
}

int32_t momu_audio_get_channels(const momu_audio *audio) {
    return audio ? audio->channels : 0;
}

double momu_audio_get_rate(const momu_audio *audio) {
    return audio ? audio->rate : 0;
}

double momu_audio_get_seconds(const momu_audio *audio) {
    return audio ? (double)audio->frames / audio->rate : 0;
}

const float *momu_audio_get_samples(const momu_audio *audio) {
    return audio ? audio->samples : NULL;
}

void momu_audio_destroy(momu_audio *audio) {
    if (!audio)
        return;
    momui_account *account = (momui_account *)(void *)audio->memory;
    momui_audio_free(audio);
    momui_account_release(account);
}
