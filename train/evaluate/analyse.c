/* The analysis of a sound, and of a dance. */
#include "train/evaluate/evaluation.h"

#include "dsp/beat_tracking.h"
#include "dsp/mel.h"
#include "dsp/onset.h"
#include "motion/kinematic_beats.h"
#include "motion/kinematics.h"
#include "motion/layout.h"
#include "train/evaluate/evaluation_training.h"

#include <string.h>

/* The evaluation networks read windows of five seconds, every two frames made one. */
enum { WINDOW = 312, HALF = WINDOW / 2 };

/* ---- evaluation networks ---- */

static void halve(const float *from, int32_t channels, float *to) {
    for (int64_t i = 0; i < HALF; i++)
        for (int32_t c = 0; c < channels; c++)
            to[i * channels + c] =
                0.5f * (from[2 * i * channels + c] + from[(2 * i + 1) * channels + c]);
}

static momu_status predict(momui_memory *memory, const momui_evaluation_network *network,
                           float *rows, float *outputs, const float **windows,
                           momui_clip_embeddings *clip, momu_error *error) {
    int32_t channels = network->config.in_channels, genres = network->config.classes;
    int32_t width = momui_evaluation_network_outputs_of(&network->config).count;
    for (int32_t w = 0; w < clip->windows; w++)
        windows[w] = rows + (int64_t)w * HALF * channels;
    momui_labelled_windows data = {
        .count = clip->windows, .frames = HALF, .channels = channels, .windows = windows};
    MOMUI_TRY(momui_evaluation_predict(memory, NULL, network, &data, 0, outputs, clip->embeddings,
                                       error));
    for (int32_t w = 0; w < clip->windows; w++)
        for (int32_t g = 0; g < genres && g < MOMUI_EVAL_GENRES; g++)
            clip->genres[g] += (double)outputs[w * width + g] / clip->windows;
    return MOMU_OK;
}

/* rows (frames, channels) at 62.5 a second. What is shorter than a window gets no embedding. */
static momu_status evaluation_rows(momui_memory *memory, const momui_evaluation_network *network,
                                   const float *rows, int64_t frames, momui_clip_embeddings *clip,
                                   momu_error *error) {
    int32_t channels = network->config.in_channels;
    int64_t count = frames / WINDOW;
    clip->windows = (int32_t)(count < MOMUI_EVAL_WINDOWS ? count : MOMUI_EVAL_WINDOWS);
    if (clip->windows == 0)
        return MOMU_OK;
    size_t windows = (size_t)clip->windows, size = (size_t)HALF * (size_t)channels;
    size_t width = (size_t)momui_evaluation_network_outputs_of(&network->config).count;
    clip->embeddings = momui_alloc(memory, windows, MOMUI_EVALUATION_EMBEDDING * sizeof(float));
    float *halved = momui_alloc(memory, windows, size * sizeof *halved);
    float *outputs = momui_alloc(memory, windows, width * sizeof *outputs);
    const float **list = momui_alloc(memory, windows, sizeof *list);
    momu_status status = clip->embeddings && halved && outputs && list
                             ? MOMU_OK
                             : momui_fail_memory(error, "an evaluation network's windows");
    for (size_t w = 0; status == MOMU_OK && w < windows; w++)
        halve(rows + (int64_t)w * WINDOW * channels, channels, halved + w * size);
    if (status == MOMU_OK)
        status = predict(memory, network, halved, outputs, list, clip, error);
    momui_free(list);
    momui_free(outputs);
    momui_free(halved);
    return status;
}

/* ---- sounds ---- */

static momu_status embed_sound(momui_memory *memory, const momui_evaluation_network *network,
                               const momui_audio *sound, momui_clip_embeddings *clip,
                               momu_error *error) {
    float *mel = NULL;
    int64_t frames = 0;
    MOMUI_TRY(
        momui_mel(memory, &momui_mel_default, sound->samples, sound->frames, &mel, &frames, error));
    momu_status status = evaluation_rows(memory, network, mel, frames, clip, error);
    momui_free(mel);
    return status;
}

static momu_status track_beats(momui_memory *memory, momu_context *context, const momu_model *model,
                               const momui_audio *sound, momui_audio_analysis *audio_analysis,
                               momu_error *error) {
    momu_beats *beats = NULL;
    momu_status status = momu_audio_beats(context, model, sound, &beats);
    if (status != MOMU_OK)
        return momui_fail(error, status, "%s", momu_context_get_message(context));
    size_t count = beats->count;
    audio_analysis->beats = momui_alloc(memory, count ? count : 1, sizeof *audio_analysis->beats);
    if (!audio_analysis->beats)
        status = momui_fail_memory(error, "the beats");
    else if (count > 0)
        memcpy(audio_analysis->beats, beats->times, count * sizeof *beats->times);
    audio_analysis->beat_count = count;
    audio_analysis->tempo = beats->tempo;
    audio_analysis->tracker = beats->tracker;
    momu_beats_destroy(beats);
    return status;
}

momu_status momui_analyse_audio(momui_memory *memory, momu_context *context,
                                const momu_model *model, const momui_evaluation_network *network,
                                const momui_vggish *vggish, const momui_audio *sound,
                                momui_audio_analysis *audio_analysis, momu_error *error) {
    audio_analysis->seconds = (double)sound->frames / sound->rate;
    MOMUI_TRY(track_beats(memory, context, model, sound, audio_analysis, error));
    MOMUI_TRY(momui_onset_detect(memory, sound->samples, sound->frames, sound->rate,
                                 &audio_analysis->onsets, &audio_analysis->onset_count, error));
    if (network)
        MOMUI_TRY(embed_sound(memory, network, sound, &audio_analysis->predicted, error));
    if (vggish)
        MOMUI_TRY(momui_vggish_embed(memory, vggish, sound->samples, sound->frames,
                                     &audio_analysis->vggish.embeddings,
                                     &audio_analysis->vggish.windows, error));
    audio_analysis->there = true;
    return MOMU_OK;
}

void momui_audio_analysis_release(momui_audio_analysis *audio_analysis) {
    momui_free(audio_analysis->beats);
    momui_free(audio_analysis->onsets);
    momui_free(audio_analysis->predicted.embeddings);
    momui_free(audio_analysis->vggish.embeddings);
    *audio_analysis = (momui_audio_analysis){0};
}

/* ---- dances ---- */

/* The analyses that need a body in space. */
static momu_status measure_body(momui_memory *memory, const momui_evaluation_network *network,
                                const momui_motion *dance, momui_motion_analysis *motion_analysis,
                                momu_error *error) {
    float *rows = NULL;
    motion_analysis->metrics = momui_calloc(memory, 1, sizeof *motion_analysis->metrics);
    if (!motion_analysis->metrics)
        return momui_fail_memory(error, "a dance's metrics");
    MOMUI_TRY(momui_motion_measure(memory, dance, motion_analysis->metrics, error));
    MOMUI_TRY(momui_speed_minima(memory, dance, &motion_analysis->minima,
                                 &motion_analysis->minimum_count, error));
    if (!network)
        return MOMU_OK;
    MOMUI_TRY(momui_body3d_encode(memory, dance, &rows, NULL, error));
    momu_status status =
        evaluation_rows(memory, network, rows, dance->frames, &motion_analysis->predicted, error);
    momui_free(rows);
    return status;
}

momu_status momui_analyse_motion(momui_memory *memory, const momui_evaluation_network *network,
                                 const momui_motion *dance, momui_motion_analysis *motion_analysis,
                                 momu_error *error) {
    double confidence = 0;
    motion_analysis->seconds = (double)dance->frames / dance->fps;
    MOMUI_TRY(momui_kinematic_beats(memory, dance, false, &motion_analysis->beats,
                                    &motion_analysis->beat_count, error));
    MOMUI_TRY(momui_kinematic_beats(memory, dance, true, &motion_analysis->rises,
                                    &motion_analysis->rise_count, error));
    momui_event_tempo(motion_analysis->beats, motion_analysis->beat_count, &motion_analysis->tempo,
                      &confidence);
    if (momui_motion_is_body(dance))
        MOMUI_TRY(measure_body(memory, network, dance, motion_analysis, error));
    motion_analysis->there = true;
    return MOMU_OK;
}

void momui_motion_analysis_release(momui_motion_analysis *motion_analysis) {
    momui_free(motion_analysis->beats);
    momui_free(motion_analysis->rises);
    momui_free(motion_analysis->minima);
    momui_free(motion_analysis->metrics);
    momui_free(motion_analysis->predicted.embeddings);
    *motion_analysis = (momui_motion_analysis){0};
}
