/* What is heard in a sound, and seen of a dance. */
#include "train/evaluate/evaluate.h"

#include "dsp/beat_tracking.h"
#include "dsp/mel.h"
#include "dsp/onset.h"
#include "motion/kinematics.h"
#include "motion/layout.h"
#include "motion/rhythm.h"
#include "train/evaluate/evaluation_training.h"

#include <string.h>

/* The judges look at windows of five seconds, every two frames made one. */
enum { WINDOW = 312, HALF = WINDOW / 2 };

/* ---- judging ---- */

static void halve(const float *from, int32_t channels, float *to) {
    for (int64_t i = 0; i < HALF; i++)
        for (int32_t c = 0; c < channels; c++)
            to[i * channels + c] =
                0.5f * (from[2 * i * channels + c] + from[(2 * i + 1) * channels + c]);
}

static momu_status ask(momui_memory *memory, const momui_judge *judge, float *rows, float *outputs,
                       const float **windows, momui_judged_clip *clip, momu_error *error) {
    int32_t channels = judge->config.in_channels, genres = judge->config.classes;
    int32_t width = momui_judge_outputs_of(&judge->config).count;
    for (int32_t w = 0; w < clip->windows; w++)
        windows[w] = rows + (int64_t)w * HALF * channels;
    momui_judged data = {
        .count = clip->windows, .frames = HALF, .channels = channels, .windows = windows};
    MOMUI_TRY(momui_judge_ask(memory, NULL, judge, &data, 0, outputs, clip->embeddings, error));
    for (int32_t w = 0; w < clip->windows; w++)
        for (int32_t g = 0; g < genres && g < MOMUI_EVAL_GENRES; g++)
            clip->genres[g] += (double)outputs[w * width + g] / clip->windows;
    return MOMU_OK;
}

/* rows (frames, channels) at 62.5 a second. What is shorter than a window is not judged. */
static momu_status judge_rows(momui_memory *memory, const momui_judge *judge, const float *rows,
                              int64_t frames, momui_judged_clip *clip, momu_error *error) {
    int32_t channels = judge->config.in_channels;
    int64_t count = frames / WINDOW;
    clip->windows = (int32_t)(count < MOMUI_EVAL_WINDOWS ? count : MOMUI_EVAL_WINDOWS);
    if (clip->windows == 0)
        return MOMU_OK;
    size_t windows = (size_t)clip->windows, size = (size_t)HALF * (size_t)channels;
    size_t width = (size_t)momui_judge_outputs_of(&judge->config).count;
    clip->embeddings = momui_alloc(memory, windows, MOMUI_JUDGE_EMBEDDING * sizeof(float));
    float *halved = momui_alloc(memory, windows, size * sizeof *halved);
    float *outputs = momui_alloc(memory, windows, width * sizeof *outputs);
    const float **list = momui_alloc(memory, windows, sizeof *list);
    momu_status status = clip->embeddings && halved && outputs && list
                             ? MOMU_OK
                             : momui_fail_memory(error, "a judge's windows");
    for (size_t w = 0; status == MOMU_OK && w < windows; w++)
        halve(rows + (int64_t)w * WINDOW * channels, channels, halved + w * size);
    if (status == MOMU_OK)
        status = ask(memory, judge, halved, outputs, list, clip, error);
    momui_free(list);
    momui_free(outputs);
    momui_free(halved);
    return status;
}

/* ---- sounds ---- */

static momu_status judge_sound(momui_memory *memory, const momui_judge *judge,
                               const momui_audio *sound, momui_judged_clip *clip,
                               momu_error *error) {
    float *mel = NULL;
    int64_t frames = 0;
    MOMUI_TRY(
        momui_mel(memory, &momui_mel_default, sound->samples, sound->frames, &mel, &frames, error));
    momu_status status = judge_rows(memory, judge, mel, frames, clip, error);
    momui_free(mel);
    return status;
}

momu_status momui_hear(momui_memory *memory, const momui_judge *judge, const momui_vggish *vggish,
                       const momui_audio *sound, momui_heard *heard, momu_error *error) {
    momui_beats beats;
    heard->seconds = (double)sound->frames / sound->rate;
    MOMUI_TRY(momui_beats_track(memory, sound->samples, sound->frames, sound->rate, &beats, error));
    heard->beats = beats.times;
    heard->beat_count = beats.count;
    heard->tempo = beats.tempo;
    MOMUI_TRY(momui_onset_detect(memory, sound->samples, sound->frames, sound->rate, &heard->onsets,
                                 &heard->onset_count, error));
    if (judge)
        MOMUI_TRY(judge_sound(memory, judge, sound, &heard->judged, error));
    if (vggish)
        MOMUI_TRY(momui_vggish_embed(memory, vggish, sound->samples, sound->frames,
                                     &heard->vggish.embeddings, &heard->vggish.windows, error));
    heard->there = true;
    return MOMU_OK;
}

void momui_heard_release(momui_heard *heard) {
    momui_free(heard->beats);
    momui_free(heard->onsets);
    momui_free(heard->judged.embeddings);
    momui_free(heard->vggish.embeddings);
    *heard = (momui_heard){0};
}

/* ---- dances ---- */

/* What only a body in space has. */
static momu_status see_body(momui_memory *memory, const momui_judge *judge,
                            const momui_motion *dance, momui_seen *seen, momu_error *error) {
    float *rows = NULL;
    seen->figures = momui_calloc(memory, 1, sizeof *seen->figures);
    if (!seen->figures)
        return momui_fail_memory(error, "a dance's figures");
    MOMUI_TRY(momui_motion_measure(memory, dance, seen->figures, error));
    MOMUI_TRY(momui_speed_minima(memory, dance, &seen->minima, &seen->minimum_count, error));
    if (!judge)
        return MOMU_OK;
    MOMUI_TRY(momui_body3d_encode(memory, dance, &rows, NULL, error));
    momu_status status = judge_rows(memory, judge, rows, dance->frames, &seen->judged, error);
    momui_free(rows);
    return status;
}

momu_status momui_see(momui_memory *memory, const momui_judge *judge, const momui_motion *dance,
                      momui_seen *seen, momu_error *error) {
    double sure = 0;
    seen->seconds = (double)dance->frames / dance->fps;
    MOMUI_TRY(momui_kinematic_beats(memory, dance, false, &seen->beats, &seen->beat_count, error));
    MOMUI_TRY(momui_kinematic_beats(memory, dance, true, &seen->rises, &seen->rise_count, error));
    momui_pulse(seen->beats, seen->beat_count, &seen->tempo, &sure);
    if (momui_motion_is_body(dance))
        MOMUI_TRY(see_body(memory, judge, dance, seen, error));
    seen->there = true;
    return MOMU_OK;
}

void momui_seen_release(momui_seen *seen) {
    momui_free(seen->beats);
    momui_free(seen->rises);
    momui_free(seen->minima);
    momui_free(seen->figures);
    momui_free(seen->judged.embeddings);
    *seen = (momui_seen){0};
}
