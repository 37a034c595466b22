/* One pair from its files: log-mel, motion features and Q on the common clock. */
#include "train/datasets/dataset.h"

#include "dsp/mel.h"
#include "dsp/mfcc.h"
#include "dsp/resample.h"
#include "io/motion_file.h"
#include "io/sound/sound.h"
#include "motion/body.h"
#include "motion/clock.h"
#include "motion/layout.h"
#include "motion/rhythm.h"

#include <math.h>
#include <stdlib.h>

static const double SHORTEST = 1.0;   /* seconds; less teaches nothing */
static const double LONGEST = 7200.0; /* seconds */

static double frame_rate(const momui_config *config) {
    return (double)config->sample_rate / (double)config->hop;
}

momui_mel_config momui_train_mel(const momui_config *config) {
    return (momui_mel_config){config->sample_rate, config->hop,     config->n_fft,
                              config->mel_bands,   config->mel_low, config->mel_high};
}

static momu_status add_mfcc(momui_memory *memory, const momui_config *config, const float *mel,
                            momui_pair *pair, momu_error *error) {
    float *values = NULL;
    MOMUI_TRY(
        momui_mfcc(memory, mel, pair->frames, config->mel_bands, MOMUI_MFCCS, &values, error));
    momu_status status =
        momui_rows_pack(memory, values, pair->frames, MOMUI_MFCCS, &pair->mfcc, error);
    momui_free(values);
    return status;
}

static momu_status load_music(momui_memory *memory, const momui_config *config, const char *path,
                              bool waves, momui_pair *pair, momu_error *error) {
    momui_audio *audio = NULL;
    MOMUI_TRY(momui_sound_read(memory, path, &audio, error));
    double seconds = (double)audio->frames / audio->rate;
    float *mono = NULL, *samples = NULL, *values = NULL;
    int64_t count = 0;
    momui_mel_config mel = momui_train_mel(config);
    momu_status status = MOMU_OK;
    if (seconds < SHORTEST || seconds > LONGEST)
        status = momui_fail(error, MOMU_ERROR_LIMIT, "lasts %.2f s; expected %g to %g s", seconds,
                            SHORTEST, LONGEST);
    if (status == MOMU_OK && !(mono = momui_audio_mono(audio, memory)))
        status = momui_fail_memory(error, "the mono sound");
    if (status == MOMU_OK)
        status = momui_resample(memory, mono, audio->frames, 1, audio->rate,
                                (double)config->sample_rate, &samples, &count, error);
    if (status == MOMU_OK)
        status = momui_mel(memory, &mel, samples, count, &values, &pair->frames, error);
    if (status == MOMU_OK)
        status =
            momui_rows_pack(memory, values, pair->frames, config->mel_bands, &pair->mel, error);
    if (status == MOMU_OK && waves)
        status = momui_rows_pack(memory, samples, pair->frames, config->hop, &pair->wave, error);
    if (status == MOMU_OK && config->condition.mfcc)
        status = add_mfcc(memory, config, values, pair, error);
    pair->has_music = status == MOMU_OK;
    momui_free(values);
    momui_free(samples);
    momui_free(mono);
    momui_audio_free(audio);
    return status;
}

/* What the features are taken from: the canonical body, or keypoints, at the file's own frame rate.
 */
static momu_status to_layout(momui_memory *memory, momui_layout layout, const momui_motion *source,
                             momui_motion **out, momu_error *error) {
    momui_motion *body = NULL;
    if (source->kind == MOMUI_MOTION_KEYPOINTS) {
        if (layout == MOMUI_LAYOUT_BODY3D)
            return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                              "holds 2-D keypoints; this model's layout body3d needs 3-D motion");
        return MOMU_OK; /* as it is */
    }
    uint32_t missing = 0;
    MOMUI_TRY(momui_body_from_motion(memory, source, &body, &missing, error));
    if (layout == MOMUI_LAYOUT_BODY3D) {
        *out = body;
        return MOMU_OK;
    }
    momu_status status = momui_body_project(memory, body, out, error);
    momui_motion_free(body);
    return status;
}

static momu_status encode(momui_memory *memory, momui_layout layout, const momui_motion *motion,
                          float **features, momu_error *error) {
    momui_body3d_start start;
    momui_keypoints_start place;
    if (layout == MOMUI_LAYOUT_BODY3D)
        return momui_body3d_encode(memory, motion, features, &start, error);
    if (layout == MOMUI_LAYOUT_POSITIONS2D)
        return momui_positions2d_encode(memory, motion, features, &place, error);
    return momui_directions2d_encode(memory, motion, features, &place, error);
}

/* With Q, which is one of its rows. */
static momu_status add_rhythm(momui_memory *memory, const momui_motion *motion, momui_pair *pair,
                              momu_error *error) {
    float *rows = NULL;
    MOMUI_TRY(momui_rhythm_rows(memory, motion, &rows, error));
    momu_status status =
        momui_rows_pack(memory, rows, motion->frames, MOMUI_RHYTHM_ROWS, &pair->rhythm, error);
    pair->acceleration = momui_alloc(memory, (size_t)motion->frames, sizeof *pair->acceleration);
    if (status == MOMU_OK && !pair->acceleration)
        status = momui_fail_memory(error, "a rhythm curve");
    for (int64_t t = 0; status == MOMU_OK && t < motion->frames; t++)
        pair->acceleration[t] = rows[t * MOMUI_RHYTHM_ROWS + MOMUI_DIRECTIONS];
    momui_free(rows);
    return status;
}

static momu_status load_motion(momui_memory *memory, const momui_config *config, const char *path,
                               momui_pair *pair, int64_t *frames, momu_error *error) {
    momui_motion *source = NULL, *body = NULL, *motion = NULL;
    float *values = NULL;
    MOMUI_TRY(momui_motion_read(memory, path, NULL, &source, error));
    double rate = frame_rate(config), seconds = (double)source->frames / source->fps;
    momu_status status = MOMU_OK;
    if (seconds < SHORTEST || seconds > LONGEST)
        status = momui_fail(error, MOMU_ERROR_LIMIT, "lasts %.2f s; expected %g to %g s", seconds,
                            SHORTEST, LONGEST);
    if (status == MOMU_OK)
        status = to_layout(memory, config->layout, source, &body, error);
    const momui_motion *view = body ? body : source;
    *frames = momui_motion_frames_at(view, rate);
    if (status == MOMU_OK)
        status = momui_motion_resample(memory, view, rate, 0.5 / rate, *frames, &motion, error);
    if (status == MOMU_OK)
        status = encode(memory, config->layout, motion, &values, error);
    if (status == MOMU_OK)
        status = momui_rows_pack(memory, values, *frames, config->features, &pair->features, error);
    pair->has_motion = status == MOMU_OK;
    momui_free(values);
    if (status == MOMU_OK)
        status = config->beat_tracker.channels > 0
                     ? add_rhythm(memory, motion, pair, error)
                     : momui_rhythm_envelopes(memory, motion, &pair->acceleration, NULL, error);
    momui_motion_free(motion);
    momui_motion_free(body);
    momui_motion_free(source);
    return status;
}

/* A sentence that does not name its file yet gets the name in front. */
static momu_status name_file(momu_error *error, const char *path, momu_status status) {
    size_t i = 0;
    while (error && path[i] && error->message[i] == path[i])
        i++;
    if (error && path[i])
        momui_fail_prefix(error, path);
    return status;
}

momu_status momui_pair_load(momui_memory *memory, const momui_config *config, const char *music,
                            const char *motion, const char *annotations, bool waves,
                            momui_pair *pair, momu_error *error) {
    *pair = (momui_pair){0};
    int64_t motion_frames = 0;
    momu_status status = MOMU_OK;
    if (music && (status = load_music(memory, config, music, waves, pair, error)) != MOMU_OK)
        return name_file(error, music, status);
    if (motion &&
        (status = load_motion(memory, config, motion, pair, &motion_frames, error)) != MOMU_OK)
        return name_file(error, motion, status);
    if (annotations &&
        (status = momui_annotations_load(memory, annotations, pair, error)) != MOMU_OK)
        return name_file(error, annotations, status);
    double rate = frame_rate(config);
    if (music && motion && llabs(pair->frames - motion_frames) > (int64_t)(2.0 * rate))
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: lasts %.2f s and its music %.2f s; a pair may differ by 2 s", motion,
                          (double)motion_frames / rate, (double)pair->frames / rate);
    if (motion && (!music || motion_frames < pair->frames))
        pair->frames = motion_frames;
    return MOMU_OK;
}

void momui_pair_release(momui_pair *pair) {
    momui_rows_release(&pair->mel);
    momui_rows_release(&pair->wave);
    momui_rows_release(&pair->mfcc);
    momui_rows_release(&pair->features);
    momui_rows_release(&pair->rhythm);
    momui_free(pair->acceleration);
    momui_free(pair->beats);
    momui_free(pair->beat_energy);
    momui_free(pair->bars);
    momui_free(pair->music_latent);
    momui_free(pair->motion_latent);
    pair->acceleration = pair->beat_energy = pair->music_latent = pair->motion_latent = NULL;
    pair->beats = pair->bars = NULL;
}
