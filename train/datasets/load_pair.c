/* One pair from its files: log-mel, motion features and Q on the common clock. */
#include "train/datasets/dataset.h"

#include "features/features.h"
#include "io/motion_file.h"
#include "io/sound/sound.h"
#include "motion/rhythm.h"

#include <stdlib.h>

static const double SHORTEST = 1.0;   /* seconds; shorter pairs are refused */
static const double LONGEST = 7200.0; /* seconds */

static momu_status check_length(double seconds, momu_error *error) {
    if (seconds >= SHORTEST && seconds <= LONGEST)
        return MOMU_OK;
    return momui_fail(error, MOMU_ERROR_LIMIT, "lasts %.2f s; expected %g to %g s", seconds,
                      SHORTEST, LONGEST);
}

static momu_status pack(momui_memory *memory, const float *values, int64_t frames, int32_t channels,
                        momui_rows *rows, momu_error *error) {
    return values ? momui_rows_pack(memory, values, frames, channels, rows, error) : MOMU_OK;
}

static momu_status load_music(momui_memory *memory, const momui_config *config, const char *path,
                              bool waves, momui_pair *pair, momu_error *error) {
    momui_audio *audio = NULL;
    momui_sound_features made = {0};
    unsigned wanted = MOMUI_SOUND_MEL;
    wanted |= waves ? MOMUI_SOUND_WAVES : 0u;
    wanted |= config->condition.mfcc ? MOMUI_SOUND_MFCC : 0u;
    momu_status status = MOMU_OK;
    MOMUI_TRY(momui_sound_read(memory, path, &audio, error));
    MOMUI_TRY_GOTO(check_length(momui_audio_seconds(audio), error), status, done);
    MOMUI_TRY_GOTO(momui_sound_features_make(memory, config, audio, wanted, &made, error), status,
                   done);
    pair->frames = made.frames;
    MOMUI_TRY_GOTO(pack(memory, made.mel, made.frames, config->mel_bands, &pair->mel, error),
                   status, done);
    MOMUI_TRY_GOTO(pack(memory, made.waves, made.frames, config->hop, &pair->wave, error), status,
                   done);
    MOMUI_TRY_GOTO(pack(memory, made.mfcc, made.frames, MOMUI_MFCCS, &pair->mfcc, error), status,
                   done);
    pair->has_music = true;
done:
    momui_sound_features_release(&made);
    momui_audio_free(audio);
    return status;
}

/* With Q, which is one of its rows. */
static momu_status add_rhythm(momui_memory *memory, const momui_motion *motion, momui_pair *pair,
                              momu_error *error) {
    float *rows = NULL;
    momu_status status = MOMU_OK;
    MOMUI_TRY(momui_rhythm_rows(memory, motion, &rows, error));
    MOMUI_TRY_GOTO(
        momui_rows_pack(memory, rows, motion->frames, MOMUI_RHYTHM_ROWS, &pair->rhythm, error),
        status, done);
    pair->acceleration = momui_alloc(memory, (size_t)motion->frames, sizeof *pair->acceleration);
    if (!pair->acceleration)
        MOMUI_TRY_GOTO(momui_fail_memory(error, "a rhythm curve"), status, done);
    for (int64_t t = 0; t < motion->frames; t++)
        pair->acceleration[t] = rows[t * MOMUI_RHYTHM_ROWS + MOMUI_DIRECTIONS];
done:
    momui_free(rows);
    return status;
}

static momu_status load_motion(momui_memory *memory, const momui_config *config, const char *path,
                               momui_pair *pair, int64_t *frames, momu_error *error) {
    momui_motion *source = NULL, *clocked = NULL;
    float *values = NULL;
    momu_status status = MOMU_OK;
    MOMUI_TRY(momui_motion_read(memory, path, NULL, &source, error));
    MOMUI_TRY_GOTO(check_length(momui_motion_seconds(source), error), status, done);
    MOMUI_TRY_GOTO(momui_motion_on_clock(memory, config->layout, source, momui_feature_rate(config),
                                         0, &clocked, NULL, error),
                   status, done);
    *frames = clocked->frames;
    MOMUI_TRY_GOTO(momui_motion_features(memory, config->layout, clocked, &values, error), status,
                   done);
    MOMUI_TRY_GOTO(
        momui_rows_pack(memory, values, *frames, config->features, &pair->features, error), status,
        done);
    pair->has_motion = true;
    MOMUI_TRY_GOTO(config->beat_tracker.channels > 0
                       ? add_rhythm(memory, clocked, pair, error)
                       : momui_rhythm_envelopes(memory, clocked, &pair->acceleration, NULL, error),
                   status, done);
done:
    momui_free(values);
    momui_motion_free(clocked);
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
    double rate = momui_feature_rate(config);
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
