/* Beats of songs and of dances. */
#include "api/api.h"

#include "dsp/beat_tracking.h"
#include "motion/rhythm.h"

typedef struct beats_block {
    momu_beats beats;
    momui_account *account;
    double *times;
} beats_block;

static momu_status publish(momu_context *context, double *times, size_t count, double tempo,
                           double confidence, momu_beats **beats) {
    beats_block *block = momui_calloc(context->memory, 1, sizeof *block);
    if (!block) {
        momui_free(times);
        return momui_fail_memory(&context->error, "the beats");
    }
    block->times = times;
    block->beats = (momu_beats){times, count, tempo, confidence};
    block->account = momui_account_retain(context->account);
    *beats = &block->beats;
    return MOMU_OK;
}

static momu_status audio_beats(momu_context *context, const momu_audio *audio, momu_beats **beats) {
    momu_error *error = &context->error;
    if (!audio || !beats)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "momu_audio_beats: no %s",
                          audio ? "place for the beats" : "sound");
    float *mono = momui_audio_mono(audio, context->memory);
    if (!mono)
        return momui_fail_memory(error, "the sound's mean channel");
    momui_beats found = {0};
    momu_status status =
        momui_beats_track(context->memory, mono, audio->frames, audio->rate, &found, error);
    momui_free(mono);
    if (status != MOMU_OK)
        return status;
    return publish(context, found.times, found.count, found.tempo, found.confidence, beats);
}

momu_status momu_audio_beats(momu_context *context, const momu_audio *audio, momu_beats **beats) {
    if (beats)
        *beats = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, audio_beats(context, audio, beats));
}

static momu_status motion_beats(momu_context *context, const momu_motion *motion,
                                momu_beats **beats) {
    momu_error *error = &context->error;
    if (!motion || !beats)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "momu_motion_beats: no %s",
                          motion ? "place for the beats" : "motion");
    double *times = NULL, tempo = 0, confidence = 0;
    size_t count = 0;
    MOMUI_TRY(momui_kinematic_beats(context->memory, motion, false, &times, &count, error));
    momui_event_tempo(times, count, &tempo, &confidence);
    return publish(context, times, count, tempo, confidence, beats);
}

momu_status momu_motion_beats(momu_context *context, const momu_motion *motion,
                              momu_beats **beats) {
    if (beats)
        *beats = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, motion_beats(context, motion, beats));
}

void momu_beats_destroy(momu_beats *beats) {
    if (!beats)
        return;
    beats_block *block = (beats_block *)(void *)beats;
    momui_account *account = block->account;
    momui_free(block->times);
    momui_free(block);
    momui_account_release(account);
}
