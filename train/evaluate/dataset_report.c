/* Reading a dataset for its report: one thread reads each pair once, whole. */
#include "train/evaluate/dataset_report.h"

#include "motion/clock.h"
#include "motion/kinematic_beats.h"
#include "motion/layout.h"
#include "train/datasets/dataset.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    LONG_FRAMES = 375,    /* 6 s, before every two frames become one */
    SHORT_FRAMES = 125,   /* 2 s */
    REAL_HOP = 31,        /* real takes are few: windows every half second */
    MOST_TRAINING = 2400, /* windows of 6 s in the training part */
    LONG_IN_TEST = 6,     /* windows a pair */
    SHORT_IN_PAIR = 8,    /* windows a pair */
    MOST_SHORT = 6000,    /* windows of 2 s in all */
    TAKE_LEAD = 16,       /* frames at a real take's beginning: the T-pose that files begin with */
    WINDOW_STREAM = 701
};

static const char *const HELD_OUT[] = {"05_06", "05_13", "05_19"};
static const char *const SPLITS[MOMUI_REPORT_SPLITS] = {"train", "validation", "test"};

typedef struct reading {
    const momui_dataset_report_options *options;
    momui_dataset_report *dataset;
    int32_t long_in_training, short_in_pair;
    size_t done;
} reading;

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

/* `count` windows begin in equal parts of what there is, each anywhere in its part. */
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

static bool cut_long(const reading *r, uint64_t stream, const float *rows, int64_t frames,
                     int32_t channels, int32_t count, momui_windows *windows) {
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

/* The turns of the feet's balls: no bone lies beyond them, so nobody sees them, but they would give
 * away what has been through the solver, which leaves them straight. */
static void hide_toes(float *rows, int64_t frames) {
    enum { ROTATIONS = 70, SIX = 6 };
    for (int64_t t = 0; t < frames; t++)
        memset(rows + t * MOMUI_BODY3D_FEATURES + ROTATIONS + SIX * MOMUI_LEFT_FOOT, 0,
               sizeof(float) * 2 * SIX);
}

static bool cut_moments(const reading *r, uint64_t stream, const float *rows, int64_t frames,
                        const momui_reported_pair *item, bool real, momui_windows *windows) {
    enum { WIDTH = MOMUI_BODY3D_FEATURES };
    int64_t room = frames - SHORT_FRAMES;
    int32_t count = real ? (int32_t)(room / REAL_HOP + 1) : r->short_in_pair;
    if (!windows_room(r->dataset->memory, windows, room < 0 ? 0 : count, SHORT_FRAMES, WIDTH, true))
        return false;
    for (int32_t i = 0; i < windows->count; i++) {
        int64_t start =
            real ? i * (int64_t)REAL_HOP : start_of(r->options->seed, stream, i, count, room);
        memcpy(windows->values + (int64_t)i * SHORT_FRAMES * WIDTH, rows + start * WIDTH,
               sizeof(float) * SHORT_FRAMES * WIDTH);
        hide_toes(windows->values + (int64_t)i * SHORT_FRAMES * WIDTH, SHORT_FRAMES);
        double from = (double)start / MOMUI_MOTION_RATE;
        if (!real)
            windows->origin[i] = momui_annotations_origin(&item->annotations, from,
                                                          from + SHORT_FRAMES / MOMUI_MOTION_RATE);
    }
    return true;
}

/* ---- one pair ---- */

static uint64_t stream_of(const momui_reported_pair *item) {
    uint64_t hash = UINT64_C(1469598103934665603);
    for (const char *p = item->stem; *p; p++)
        hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
    return hash;
}

static momu_status measure_beats(const reading *r, momui_reported_pair *item, momu_error *error) {
    const momui_annotations *annotations = &item->annotations;
    uint64_t seed = r->options->seed ^ stream_of(item);
    MOMUI_TRY(momui_beat_count(r->dataset->memory, item->kinematic, item->kinematic_count,
                               annotations->beats, annotations->beat_count, MOMUI_BEAT_TOLERANCE,
                               item->seconds, seed, &item->near, error));
    return momui_beat_count(r->dataset->memory, item->kinematic, item->kinematic_count,
                            annotations->beats, annotations->beat_count, MOMUI_BEAT_TOLERANCE_CLOSE,
                            item->seconds, seed, &item->close, error);
}

static momu_status cut_dance(const reading *r, const momui_motion *body, bool real,
                             momui_reported_pair *item, momu_error *error) {
    float *rows = NULL;
    int32_t count = item->split == MOMUI_REPORT_TRAIN ? r->long_in_training : LONG_IN_TEST;
    uint64_t stream = stream_of(item) ^ WINDOW_STREAM;
    MOMUI_TRY(momui_body3d_encode(r->dataset->memory, body, &rows, NULL, error));
    bool enough = cut_moments(r, stream + 1, rows, body->frames, item, real, &item->moments) &&
                  (real || cut_long(r, stream, rows, body->frames, MOMUI_BODY3D_FEATURES, count,
                                    &item->dance));
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

static momu_status measure_dance(const reading *r, bool real, momui_reported_pair *item,
                                 momu_error *error) {
    momui_memory *memory = r->dataset->memory;
    char path[1040];
    momui_motion *body = NULL;
    snprintf(path, sizeof path, "%s%s", item->path, item->motion);
    MOMUI_TRY(momui_dance_read(memory, path, &body, error));
    momu_status status = real ? without_lead(memory, &body, error) : MOMU_OK;
    item->metrics = momui_calloc(memory, 1, sizeof *item->metrics);
    if (status == MOMU_OK && !item->metrics)
        status = momui_fail_memory(error, "a dance's metrics");
    if (status == MOMU_OK)
        status = momui_motion_measure(memory, body, item->metrics, error);
    if (status == MOMU_OK)
        status = momui_kinematic_beats(memory, body, false, &item->kinematic,
                                       &item->kinematic_count, error);
    item->seconds = (double)body->frames / body->fps;
    if (status == MOMU_OK && !real)
        status = measure_beats(r, item, error);
    if (status == MOMU_OK && r->options->windows)
        status = cut_dance(r, body, real, item, error);
    momui_motion_free(body);
    return status;
}

static momu_status measure_sound(const reading *r, momui_reported_pair *item, momu_error *error) {
    char path[1040];
    float *mel = NULL;
    int64_t frames = 0;
    int32_t count = item->split == MOMUI_REPORT_TRAIN ? r->long_in_training : LONG_IN_TEST;
    snprintf(path, sizeof path, "%s%s", item->path, item->music);
    MOMUI_TRY(momui_mel_read(r->dataset->memory, path, &mel, &frames, error));
    bool enough =
        cut_long(r, stream_of(item) ^ WINDOW_STREAM, mel, frames, 80, count, &item->sound);
    momui_free(mel);
    return enough ? MOMU_OK : momui_fail_memory(error, "windows");
}

static void read_task(void *user, size_t task, int worker) {
    (void)worker;
    const reading *r = user;
    momui_dataset_report *dataset = r->dataset;
    task += r->done;
    bool real = task >= dataset->pair_count;
    momui_reported_pair *item =
        real ? &dataset->takes[task - dataset->pair_count] : &dataset->pairs[task];
    char path[1040];
    snprintf(path, sizeof path, "%s.json", item->path);
    item->status =
        real ? MOMU_OK
             : momui_annotations_read(dataset->memory, path, &item->annotations, &item->error);
    if (item->status == MOMU_OK)
        item->status = measure_dance(r, real, item, &item->error);
    bool audio_analysis = !real && r->options->windows && item->split != MOMUI_REPORT_VALIDATION &&
                          item->annotations.genre > 0;
    if (item->status == MOMU_OK && audio_analysis)
        item->status = measure_sound(r, item, &item->error);
}

/* ---- what is there ---- */

static void reported_pair_release(momui_reported_pair *item) {
    momui_annotations_release(&item->annotations);
    momui_free(item->kinematic);
    momui_free(item->metrics);
    windows_release(&item->sound);
    windows_release(&item->dance);
    windows_release(&item->moments);
}

static momu_status add_listed(const char *folder, const momui_listing *list, bool real, int split,
                              momui_reported_pair **items, size_t *count, momu_error *error) {
    momui_reported_pair *grown =
        momui_realloc(list->memory, *items, *count + list->count, sizeof **items);
    if (!grown)
        return momui_fail_memory(error, "the list of pairs");
    *items = grown;
    for (size_t i = 0; i < list->count; i++) {
        const momui_listed *from = &list->items[i];
        momui_reported_pair *to = &grown[*count];
        if (!from->motion || (!real && (!from->music || !from->annotations)))
            continue;
        *to =
            (momui_reported_pair){.split = split < 0 ? i % 10 == 9 ? MOMUI_REPORT_TEST : 0 : split};
        snprintf(to->stem, sizeof to->stem, "%s", from->stem);
        snprintf(to->path, sizeof to->path, "%s/%s", folder, from->stem);
        snprintf(to->motion, sizeof to->motion, "%s", from->motion);
        snprintf(to->music, sizeof to->music, "%s", from->music ? from->music : "");
        for (size_t k = 0; real && k < sizeof HELD_OUT / sizeof *HELD_OUT; k++)
            to->held_out = to->held_out || strcmp(to->stem, HELD_OUT[k]) == 0;
        ++*count;
    }
    return MOMU_OK;
}

static momu_status list_folder(momui_memory *memory, const char *folder, bool real, int split,
                               momui_reported_pair **items, size_t *count, momu_error *error) {
    momui_listing list;
    MOMUI_TRY(momui_list_pairs(memory, folder, &list, error));
    momu_status status = add_listed(folder, &list, real, split, items, count, error);
    momui_listing_release(&list);
    return status;
}

static momu_status list_pairs(momui_dataset_report *dataset, const char *folder,
                              momu_error *error) {
    char path[1024];
    for (int split = 0; split < MOMUI_REPORT_SPLITS; split++) {
        snprintf(path, sizeof path, "%s/%s", folder, SPLITS[split]);
        momu_status status = list_folder(dataset->memory, path, false, split, &dataset->pairs,
                                         &dataset->pair_count, error);
        if (status != MOMU_OK && status != MOMU_ERROR_NOT_FOUND)
            return status;
    }
    if (dataset->pair_count == 0)
        MOMUI_TRY(list_folder(dataset->memory, folder, false, -1, &dataset->pairs,
                              &dataset->pair_count, error));
    return dataset->pair_count > 0
               ? MOMU_OK
               : momui_fail(error, MOMU_ERROR_NOT_FOUND,
                            "%s: no pairs (sound, motion and .json of one name) in it", folder);
}

/* Where a folder has takes of the dancer who dances, the others (who walk) are left out. */
static void keep_dances(momui_dataset_report *dataset) {
    size_t kept = 0;
    bool any = false;
    for (size_t i = 0; i < dataset->take_count; i++)
        any = any || strncmp(dataset->takes[i].stem, "05_", 3) == 0;
    for (size_t i = 0; any && i < dataset->take_count; i++)
        if (strncmp(dataset->takes[i].stem, "05_", 3) == 0)
            dataset->takes[kept++] = dataset->takes[i];
    dataset->take_count = any ? kept : dataset->take_count;
}

static void drop_broken(const momui_dataset_report_options *options, momui_dataset_report *dataset,
                        momui_reported_pair *items, size_t *count) {
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (items[i].status == MOMU_OK) {
            items[kept++] = items[i];
            continue;
        }
        dataset->broken++;
        if (options->broken) {
            char text[1400];
            snprintf(text, sizeof text, "%s: %s", items[i].path, items[i].error.message);
            options->broken(options->user, text);
        }
        reported_pair_release(&items[i]);
    }
    *count = kept;
}

static void read_all(const momui_dataset_report_options *options, reading *r) {
    enum { AT_ONCE = 32 };
    momui_dataset_report *dataset = r->dataset;
    size_t training = 0, all = dataset->pair_count + dataset->take_count;
    for (size_t i = 0; i < dataset->pair_count; i++)
        training += dataset->pairs[i].split == MOMUI_REPORT_TRAIN;
    r->long_in_training = (int32_t)fmax(1, fmin(12, MOST_TRAINING / fmax(1, (double)training)));
    r->short_in_pair =
        (int32_t)fmax(2, fmin(SHORT_IN_PAIR, MOST_SHORT / (double)dataset->pair_count));
    for (r->done = 0; r->done < all; r->done += AT_ONCE) {
        if (options->progress)
            options->progress(options->user, r->done, all);
        momui_pool_run(dataset->pool, all - r->done < AT_ONCE ? all - r->done : AT_ONCE, read_task,
                       r);
    }
    if (options->progress)
        options->progress(options->user, all, all);
    drop_broken(options, dataset, dataset->pairs, &dataset->pair_count);
    drop_broken(options, dataset, dataset->takes, &dataset->take_count);
}

momu_status momui_dataset_report_open(momui_memory *memory,
                                      const momui_dataset_report_options *options,
                                      momui_dataset_report *dataset, momu_error *error) {
    reading r = {.options = options, .dataset = dataset};
    *dataset = (momui_dataset_report){.memory = memory, .seed = options->seed};
    momu_status status = momui_pool_create(memory, options->threads > 0 ? options->threads : 1,
                                           &dataset->pool, error);
    if (status == MOMU_OK)
        status = list_pairs(dataset, options->folder, error);
    if (status == MOMU_OK && options->real)
        status = list_folder(memory, options->real, true, 0, &dataset->takes, &dataset->take_count,
                             error);
    if (status == MOMU_OK) {
        keep_dances(dataset);
        read_all(options, &r);
    }
    if (status == MOMU_OK && dataset->pair_count == 0)
        status = momui_fail(error, MOMU_ERROR_FORMAT, "%s: every pair is broken", options->folder);
    if (status != MOMU_OK)
        momui_dataset_report_close(dataset);
    return status;
}

void momui_dataset_report_close(momui_dataset_report *dataset) {
    for (size_t i = 0; i < dataset->pair_count; i++)
        reported_pair_release(&dataset->pairs[i]);
    for (size_t i = 0; i < dataset->take_count; i++)
        reported_pair_release(&dataset->takes[i]);
    momui_free(dataset->pairs);
    momui_free(dataset->takes);
    momui_pool_destroy(dataset->pool);
    *dataset = (momui_dataset_report){0};
}
