/* Reads one pair of a dataset report: measures it and cuts windows for the networks. */
#include "train/evaluate/dataset_report_pair.h"

#include "motion/clock.h"
#include "motion/kinematic_beats.h"
#include "motion/layout.h"

#include <stdio.h>
#include <string.h>

enum {
    LONG_FRAMES = 375,  /* 6 s, before every two frames become one */
    SHORT_FRAMES = 125, /* 2 s */
    TAKE_HOP = 31,      /* takes are few: windows every half second */
    LONG_IN_TEST = 6,   /* windows a pair */
    TAKE_LEAD = 16,     /* frames at a take's beginning: files begin in a T-pose */
    WINDOW_STREAM = 701
};

/* ---- windows ---- */

static bool windows_room(momui_memory *memory, momui_windows *w, int32_t count, int64_t frames,
                         int32_t channels, bool origins) {
    *w = (momui_windows){.count = count, .frames = frames, .channels = channels};
    if (count == 0)
        return true;
    w->values =
        momui_alloc(memory, (size_t)count, (size_t)frames * (size_t)channels * sizeof(float));
    if (origins)
        w->origin = momui_calloc(memory, (size_t)count, sizeof *w->origin);
    return w->values && (!origins || w->origin);
}

static void windows_release(momui_windows *w) {
    momui_free(w->values);
    momui_free(w->origin);
    *w = (momui_windows){0};
}

/* `count` windows begin in equal parts of the rows, each anywhere in its part. */
static int64_t start_of(uint64_t seed, uint64_t stream, int32_t index, int32_t count,
                        int64_t room) {
    momui_random random = {seed, stream, (uint64_t)index * 4};
    double part = ((double)index + (double)momui_random_uniform(&random)) / count;
    return (int64_t)(part * (double)(room + 1));
}

/* Every two frames become their mean. */
static void halve(const float *from, int64_t frames, int32_t channels, float *to) {
    for (int64_t i = 0; i + 1 < frames; i += 2)
        for (int32_t c = 0; c < channels; c++)
            to[i / 2 * channels + c] =
                0.5f * (from[i * channels + c] + from[(i + 1) * channels + c]);
}

static bool cut_long(const momui_report_reading *r, uint64_t stream, const float *rows,
                     int64_t frames, int32_t channels, int32_t count, momui_windows *windows) {
    int64_t room = frames - LONG_FRAMES;
    if (!windows_room(r->dataset->memory, windows, room < 0 ? 0 : count, LONG_FRAMES / 2, channels,
                      false))
        return false;
    for (int32_t i = 0; i < windows->count; i++) {
        int64_t start = start_of(r->options->seed, stream, i, count, room);
        halve(rows + start * channels, LONG_FRAMES, channels,
              windows->values + i * windows->frames * channels);
    }
    return true;
}

/* Zeroes the rotations of the balls of the feet. No bone lies beyond them, so they are invisible,
 * but they would give away motion from the solver, which leaves them straight. */
static void hide_toes(float *rows, int64_t frames) {
    enum { ROTATIONS = 70, SIX = 6 };
    for (int64_t t = 0; t < frames; t++)
        memset(rows + t * MOMUI_BODY3D_FEATURES + ROTATIONS + SIX * MOMUI_LEFT_FOOT, 0,
               sizeof(float) * 2 * SIX);
}

static bool cut_moments(const momui_report_reading *r, uint64_t stream, const float *rows,
                        int64_t frames, const momui_reported_pair *pair, bool is_take,
                        momui_windows *windows) {
    enum { WIDTH = MOMUI_BODY3D_FEATURES };
    int64_t room = frames - SHORT_FRAMES;
    int32_t count = is_take ? (int32_t)(room / TAKE_HOP + 1) : r->short_in_pair;
    if (!windows_room(r->dataset->memory, windows, room < 0 ? 0 : count, SHORT_FRAMES, WIDTH, true))
        return false;
    for (int32_t i = 0; i < windows->count; i++) {
        int64_t start =
            is_take ? i * (int64_t)TAKE_HOP : start_of(r->options->seed, stream, i, count, room);
        memcpy(windows->values + (int64_t)i * SHORT_FRAMES * WIDTH, rows + start * WIDTH,
               sizeof(float) * SHORT_FRAMES * WIDTH);
        hide_toes(windows->values + (int64_t)i * SHORT_FRAMES * WIDTH, SHORT_FRAMES);
        double from = (double)start / MOMUI_MOTION_RATE;
        if (!is_take)
            windows->origin[i] = momui_annotations_origin(&pair->annotations, from,
                                                          from + SHORT_FRAMES / MOMUI_MOTION_RATE);
    }
    return true;
}

/* ---- one pair ---- */

static uint64_t stream_of(const momui_reported_pair *pair) {
    uint64_t hash = UINT64_C(1469598103934665603);
    for (const char *p = pair->stem; *p; p++)
        hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
    return hash;
}

static momu_status measure_beats(const momui_report_reading *r, momui_reported_pair *pair,
                                 momu_error *error) {
    const momui_annotations *annotations = &pair->annotations;
    uint64_t seed = r->options->seed ^ stream_of(pair);
    MOMUI_TRY(momui_beat_count(r->dataset->memory, pair->kinematic, pair->kinematic_count,
                               annotations->beats, annotations->beat_count, MOMUI_BEAT_TOLERANCE,
                               pair->seconds, seed, &pair->near, error));
    return momui_beat_count(r->dataset->memory, pair->kinematic, pair->kinematic_count,
                            annotations->beats, annotations->beat_count, MOMUI_BEAT_TOLERANCE_CLOSE,
                            pair->seconds, seed, &pair->close, error);
}

static momu_status cut_dance(const momui_report_reading *r, const momui_motion *body, bool is_take,
                             momui_reported_pair *pair, momu_error *error) {
    float *rows = NULL;
    int32_t count = pair->split == MOMUI_REPORT_TRAIN ? r->long_in_training : LONG_IN_TEST;
    uint64_t stream = stream_of(pair) ^ WINDOW_STREAM;
    MOMUI_TRY(momui_body3d_encode(r->dataset->memory, body, &rows, NULL, error));
    bool enough = cut_moments(r, stream + 1, rows, body->frames, pair, is_take, &pair->moments) &&
                  (is_take || cut_long(r, stream, rows, body->frames, MOMUI_BODY3D_FEATURES, count,
                                       &pair->dance));
    momui_free(rows);
    return enough ? MOMU_OK : momui_fail_memory(error, "windows");
}

static momu_status without_lead(momui_memory *memory, momui_motion **body, momu_error *error) {
    momui_motion *rest = NULL;
    if ((*body)->frames <= 2 * TAKE_LEAD)
        return MOMU_OK;
    MOMUI_TRY(momui_motion_resample(memory, *body, MOMUI_MOTION_RATE, TAKE_LEAD / MOMUI_MOTION_RATE,
                                    (*body)->frames - TAKE_LEAD, &rest, error));
    momui_motion_free(*body);
    *body = rest;
    return MOMU_OK;
}

static momu_status measure_dance(const momui_report_reading *r, bool is_take,
                                 momui_reported_pair *pair, momu_error *error) {
    momui_memory *memory = r->dataset->memory;
    char path[1040];
    momui_motion *body = NULL;
    snprintf(path, sizeof path, "%s%s", pair->path, pair->motion);
    MOMUI_TRY(momui_dance_read(memory, path, &body, error));
    momu_status status;
    MOMUI_TRY_GOTO(is_take ? without_lead(memory, &body, error) : MOMU_OK, status, done);
    pair->metrics = momui_calloc(memory, 1, sizeof *pair->metrics);
    if (!pair->metrics)
        MOMUI_TRY_GOTO(momui_fail_memory(error, "a dance's metrics"), status, done);
    MOMUI_TRY_GOTO(momui_motion_measure(memory, body, pair->metrics, error), status, done);
    MOMUI_TRY_GOTO(
        momui_kinematic_beats(memory, body, false, &pair->kinematic, &pair->kinematic_count, error),
        status, done);
    pair->seconds = (double)body->frames / body->fps;
    if (!is_take)
        MOMUI_TRY_GOTO(measure_beats(r, pair, error), status, done);
    if (r->options->windows)
        MOMUI_TRY_GOTO(cut_dance(r, body, is_take, pair, error), status, done);
done:
    momui_motion_free(body);
    return status;
}

static momu_status measure_sound(const momui_report_reading *r, momui_reported_pair *pair,
                                 momu_error *error) {
    char path[1040];
    float *mel = NULL;
    int64_t frames = 0;
    int32_t count = pair->split == MOMUI_REPORT_TRAIN ? r->long_in_training : LONG_IN_TEST;
    snprintf(path, sizeof path, "%s%s", pair->path, pair->music);
    MOMUI_TRY(momui_mel_read(r->dataset->memory, path, &mel, &frames, error));
    bool enough =
        cut_long(r, stream_of(pair) ^ WINDOW_STREAM, mel, frames, 80, count, &pair->sound);
    momui_free(mel);
    return enough ? MOMU_OK : momui_fail_memory(error, "windows");
}

void momui_reported_pair_read(const momui_report_reading *r, size_t number) {
    momui_dataset_report *dataset = r->dataset;
    bool is_take = number >= dataset->pair_count;
    momui_reported_pair *pair =
        is_take ? &dataset->takes[number - dataset->pair_count] : &dataset->pairs[number];
    char path[1040];
    snprintf(path, sizeof path, "%s.json", pair->path);
    pair->status =
        is_take ? MOMU_OK
                : momui_annotations_read(dataset->memory, path, &pair->annotations, &pair->error);
    if (pair->status == MOMU_OK)
        pair->status = measure_dance(r, is_take, pair, &pair->error);
    bool audio_analysis = !is_take && r->options->windows &&
                          pair->split != MOMUI_REPORT_VALIDATION && pair->annotations.genre > 0;
    if (pair->status == MOMU_OK && audio_analysis)
        pair->status = measure_sound(r, pair, &pair->error);
}

void momui_reported_pair_release(momui_reported_pair *pair) {
    momui_annotations_release(&pair->annotations);
    momui_free(pair->kinematic);
    momui_free(pair->metrics);
    windows_release(&pair->sound);
    windows_release(&pair->dance);
    windows_release(&pair->moments);
}
