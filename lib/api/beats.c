/* Beats of songs and of dances: by a model's tracker, or without one. */
#include "api/api.h"

#include "dsp/beat_tracking.h"
#include "generate/job.h"
#include "motion/rhythm.h"

typedef struct beats_block {
    momu_beats beats;
    momui_account *account;
    double *times;
} beats_block;

static momu_status publish(momu_context *context, const momui_beats *found, momu_beats **beats) {
    beats_block *block = momui_calloc(context->memory, 1, sizeof *block);
    if (!block) {
        momui_free(found->times);
        return momui_fail_memory(&context->error, "the beats");
    }
    block->times = found->times;
    block->beats =
        (momu_beats){found->times, found->count, found->tempo, found->confidence, found->tracker};
    block->account = momui_account_retain(context->account);
    *beats = &block->beats;
    return MOMU_OK;
}

/* Whether the model's tracker can be asked about what lasts so long. A job takes no longer inputs
 * than a generation does: networks that attend see all of it at once. */
static bool ask_model(const momu_model *model, double seconds) {
    return model && momui_bundle_tracks_beats(model->bundle) &&
           seconds >= MOMUI_MIN_ANALYSIS_SECONDS && seconds <= model->bundle->config.max_seconds;
}

static momu_status by_dynamic_programming(momu_context *context, const momu_audio *audio,
                                          momui_beats *found) {
    float *mono = momui_audio_mono(audio, context->memory);
    if (!mono)
        return momui_fail_memory(&context->error, "the sound's mean channel");
    momu_status status = momui_beats_track(context->memory, mono, audio->frames, audio->rate, found,
                                           &context->error);
    momui_free(mono);
    return status;
}

static momu_status music_by_model(momu_context *context, const momu_model *model,
                                  const momu_audio *audio, momui_beats *found) {
    momui_job job;
    momu_status status = MOMU_OK;
    MOMUI_TRY_GOTO(momui_job_begin(&job, context, model->bundle, NULL, false, true), status, done);
    MOMUI_TRY_GOTO(momui_job_length(&job, "the sound", momui_audio_seconds(audio)), status, done);
    MOMUI_TRY_GOTO(momui_job_music_beats(&job, audio, found), status, done);
done:
    return momui_job_close(&job, status);
}

static momu_status audio_beats(momu_context *context, const momu_model *model,
                               const momu_audio *audio, momu_beats **beats) {
    if (!audio || !beats)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT, "momu_audio_beats: no %s",
                          audio ? "place for the beats" : "sound");
    momui_beats found = {0};
    if (ask_model(model, momui_audio_seconds(audio)))
        MOMUI_TRY(music_by_model(context, model, audio, &found));
    else
        MOMUI_TRY(by_dynamic_programming(context, audio, &found));
    return publish(context, &found, beats);
}

momu_status momu_audio_beats(momu_context *context, const momu_model *model,
                             const momu_audio *audio, momu_beats **beats) {
    if (beats)
        *beats = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, audio_beats(context, model, audio, beats));
}

static momu_status by_directogram(momu_context *context, const momu_motion *motion,
                                  momui_beats *found) {
    found->tracker = MOMUI_TRACKER_DIRECTOGRAM;
    MOMUI_TRY(momui_kinematic_beats(context->memory, motion, false, &found->times, &found->count,
                                    &context->error));
    momui_event_tempo(found->times, found->count, &found->tempo, &found->confidence);
    return MOMU_OK;
}

static momu_status dance_by_model(momu_context *context, const momu_model *model,
                                  const momu_motion *motion, momui_beats *found) {
    momui_job job;
    momu_status status = MOMU_OK;
    MOMUI_TRY_GOTO(momui_job_begin(&job, context, model->bundle, NULL, true, false), status, done);
    MOMUI_TRY_GOTO(momui_job_length(&job, "the motion", momui_motion_seconds(motion)), status,
                   done);
    MOMUI_TRY_GOTO(momui_job_dance_beats(&job, motion, found), status, done);
done:
    return momui_job_close(&job, status);
}

static momu_status motion_beats(momu_context *context, const momu_model *model,
                                const momu_motion *motion, momu_beats **beats) {
    if (!motion || !beats)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT, "momu_motion_beats: no %s",
                          motion ? "place for the beats" : "motion");
    momui_beats found = {0};
    if (ask_model(model, momui_motion_seconds(motion)))
        MOMUI_TRY(dance_by_model(context, model, motion, &found));
    else
        MOMUI_TRY(by_directogram(context, motion, &found));
    return publish(context, &found, beats);
}

momu_status momu_motion_beats(momu_context *context, const momu_model *model,
                              const momu_motion *motion, momu_beats **beats) {
    if (beats)
        *beats = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, motion_beats(context, model, motion, beats));
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
