/* The folder: which pairs are for training, which for validation, what is broken. */
#include "train/datasets/dataset.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool tenth(const char *stem) { /* FNV-1a, mixed once more */
    uint64_t hash = 14695981039346656037u;
    for (; *stem; stem++)
        hash = (hash ^ (unsigned char)*stem) * 1099511628211u;
    hash ^= hash >> 33;
    return hash % 10 == 0;
}

/* Whether `text` has `stem` as one of its lines. */
static bool names_stem(const momui_bytes *text, const char *stem) {
    size_t length = strlen(stem);
    const char *at = (const char *)text->data, *end = at + text->size;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t line = (size_t)((stop ? stop : end) - at);
        if (line > 0 && at[line - 1] == '\r')
            line--;
        if (line == length && memcmp(at, stem, length) == 0)
            return true;
        at = stop ? stop + 1 : end;
    }
    return false;
}

static momu_status append(momui_dataset *data, const momui_pair *pair, momu_error *error) {
    if (data->count == data->capacity) {
        size_t capacity = data->capacity ? 2 * data->capacity : 64;
        momui_pair *items = momui_realloc(data->memory, data->items, capacity, sizeof *items);
        if (!items)
            return momui_fail_memory(error, "the data set");
        data->items = items;
        data->capacity = capacity;
    }
    data->items[data->count++] = *pair;
    return MOMU_OK;
}

/* Pairs are loaded side by side, then taken in order. */
typedef struct loaded {
    momui_pair pair;
    momu_status status;
    momu_error error;
} loaded;

typedef struct load_job {
    momui_memory *memory;
    const char *folder;
    const momui_config *config;
    const momui_listed *entries;
    loaded *results;
    bool waves;
} load_job;

static void load_task(void *user, size_t task, int worker) {
    (void)worker;
    const load_job *job = user;
    const momui_listed *files = &job->entries[task];
    loaded *result = &job->results[task];
    char music[1200], motion[1200], annotations[1200];
    snprintf(music, sizeof music, "%s/%s%s", job->folder, files->stem,
             files->music ? files->music : "");
    snprintf(motion, sizeof motion, "%s/%s%s", job->folder, files->stem,
             files->motion ? files->motion : "");
    snprintf(annotations, sizeof annotations, "%s/%s.json", job->folder, files->stem);
    if (files->music || files->motion)
        result->status = momui_pair_load(
            job->memory, job->config, files->music ? music : NULL, files->motion ? motion : NULL,
            files->annotations ? annotations : NULL, job->waves, &result->pair, &result->error);
    if (result->status != MOMU_OK) {
        momui_pair_release(&result->pair);
        result->pair = (momui_pair){0};
    }
}

/* What is whole joins the data set, what is broken is reported. */
static momu_status take_loaded(momui_dataset *data, const momui_listed *files, loaded *result,
                               momui_dataset_note note, void *user, momu_error *error) {
    if (result->status == MOMU_ERROR_MEMORY)
        return momui_fail(error, result->status, "%s", result->error.message);
    if (result->status != MOMU_OK) {
        char sentence[600];
        snprintf(sentence, sizeof sentence, "skipped: %s", result->error.message);
        data->skipped++;
        if (note)
            note(user, sentence);
        return MOMU_OK;
    }
    if (!result->pair.has_music && !result->pair.has_motion)
        return MOMU_OK; /* annotations alone */
    memcpy(result->pair.stem, files->stem, sizeof result->pair.stem);
    MOMUI_TRY(append(data, &result->pair, error));
    result->pair = (momui_pair){0};
    return MOMU_OK;
}

/* Adds the pairs of one folder. */
static momu_status load_folder(momui_dataset *data, momui_pool *pool, const char *folder,
                               const momui_config *config, momui_dataset_note note, void *user,
                               momu_error *error) {
    momui_listing list;
    MOMUI_TRY(momui_list_pairs(data->memory, folder, &list, error));
    load_job job = {data->memory,
                    folder,
                    config,
                    list.items,
                    momui_calloc(data->memory, list.count, sizeof *job.results),
                    data->waves};
    momu_status status = job.results ? MOMU_OK : momui_fail_memory(error, "the data set");
    if (status == MOMU_OK)
        momui_pool_run(pool, list.count, load_task, &job);
    for (size_t i = 0; status == MOMU_OK && i < list.count; i++)
        status = take_loaded(data, &list.items[i], &job.results[i], note, user, error);
    for (size_t i = 0; job.results && i < list.count; i++)
        momui_pair_release(&job.results[i].pair);
    momui_free(job.results);
    momui_listing_release(&list);
    return status;
}

/* ---- a plain folder ---- */

/* A small set may have no tenth: then the last pair is held back, where there are at least four. */
static void hold_tenth(momui_dataset *data) {
    size_t held = 0;
    for (size_t i = 0; i < data->count; i++)
        held += data->items[i].validation = tenth(data->items[i].stem);
    if (held == data->count) /* the hash took all of a tiny set */
        for (size_t i = 0; i < data->count; i++)
            data->items[i].validation = false;
    else if (held == 0 && data->count >= 4)
        data->items[data->count - 1].validation = true;
}

static bool file_in(const char *folder, const char *name, char path[1200]) {
    struct stat info;
    snprintf(path, 1200, "%s/%s", folder, name);
    return stat(path, &info) == 0;
}

static momu_status hold_some(momui_dataset *data, const char *folder, momu_error *error) {
    char path[1200];
    if (!file_in(folder, "validation.txt", path)) {
        hold_tenth(data);
        return MOMU_OK;
    }
    momui_bytes held = {0};
    MOMUI_TRY(momui_bytes_from_path(data->memory, path, false, 1 << 24, &held, error));
    for (size_t i = 0; i < data->count; i++)
        data->items[i].validation = names_stem(&held, data->items[i].stem);
    momui_bytes_release(&held);
    return MOMU_OK;
}

/* ---- a corpus ---- */

static momu_status load_corpus(momui_dataset *data, momui_pool *pool, const char *folder,
                               const momui_config *config, momui_dataset_note note, void *user,
                               momu_error *error) {
    char path[1200];
    snprintf(path, sizeof path, "%s/train", folder);
    MOMUI_TRY(load_folder(data, pool, path, config, note, user, error));
    size_t trained = data->count;
    snprintf(path, sizeof path, "%s/validation", folder);
    MOMUI_TRY(load_folder(data, pool, path, config, note, user, error));
    for (size_t i = trained; i < data->count; i++)
        data->items[i].validation = true;
    return MOMU_OK;
}

static momu_status load_any(momui_dataset *data, momui_pool *pool, const char *folder,
                            const momui_config *config, momui_dataset_note note, void *user,
                            momu_error *error) {
    char path[1200];
    if (file_in(folder, "corpus.json", path))
        return load_corpus(data, pool, folder, config, note, user, error);
    if (file_in(folder, "unfinished.json", path))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: this corpus is not finished; give its momu corpus command again, "
                          "which continues it",
                          folder);
    MOMUI_TRY(load_folder(data, pool, folder, config, note, user, error));
    return hold_some(data, folder, error);
}

momu_status momui_dataset_load(momui_memory *memory, momui_pool *pool, const char *folder,
                               const momui_config *config, bool waves, momui_dataset_note note,
                               void *user, momui_dataset *data, momu_error *error) {
    *data = (momui_dataset){.memory = memory, .waves = waves};
    if (strlen(folder) > 1000)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "the folder's name is too long");
    momu_status status = load_any(data, pool, folder, config, note, user, error);
    if (status == MOMU_OK && data->count == 0)
        status = momui_fail(error, MOMU_ERROR_ARGUMENT,
                            "%s: no usable pair (%zu broken); expected STEM.flac, .wav or .ogg "
                            "with STEM.npz, .bvh or .glb, or a dataset of momu corpus",
                            folder, data->skipped);
    if (status != MOMU_OK)
        momui_dataset_release(data);
    return status;
}

void momui_dataset_release(momui_dataset *data) {
    for (size_t i = 0; i < data->count; i++)
        momui_pair_release(&data->items[i]);
    momui_free(data->items);
    *data = (momui_dataset){0};
}

static const float *row_of(const momui_row_view *view, int64_t index, int32_t channels,
                           float *buffer) {
    if (view->plain)
        return view->plain + index * channels;
    momui_rows_get(view->packed, index, buffer);
    return buffer;
}

/* Adds one pair's values, or (mean not NULL) its squares about the mean. */
static void add_rows(const momui_row_view *view, int32_t channels, const double *mean,
                     float *buffer, double *sums) {
    for (int64_t t = 0; t < view->count; t++) {
        const float *row = row_of(view, t, channels, buffer);
        for (int32_t c = 0; c < channels; c++) {
            double value = (double)row[c], away = mean ? value - mean[c] : 0;
            sums[c] += mean ? away * away : value;
        }
    }
}

momu_status momui_dataset_statistics(const momui_dataset *data, int32_t channels, double floor_,
                                     momui_row_view (*rows)(const momui_pair *pair), float *mean,
                                     float *deviation, momu_error *error) {
    double *sums = momui_calloc(data->memory, (size_t)channels * 2, sizeof *sums), total = 0;
    float *buffer = momui_alloc(data->memory, (size_t)channels, sizeof *buffer);
    double *squares = sums ? sums + channels : NULL;
    if (!sums || !buffer) {
        momui_free(sums);
        momui_free(buffer);
        return momui_fail_memory(error, "the statistics");
    }
    for (int pass = 0; pass < 2; pass++) { /* the second takes squares about the mean */
        for (size_t i = 0; i < data->count; i++) {
            momui_row_view view = rows(&data->items[i]);
            if ((!view.plain && !(view.packed && view.packed->codes)) || data->items[i].validation)
                continue;
            total += pass == 0 ? (double)view.count : 0;
            add_rows(&view, channels, pass == 0 ? NULL : sums, buffer, pass == 0 ? sums : squares);
        }
        for (int32_t c = 0; pass == 0 && c < channels && total > 0; c++)
            sums[c] /= total;
    }
    for (int32_t c = 0; c < channels && total > 0; c++) {
        mean[c] = (float)sums[c];
        deviation[c] = (float)fmax(sqrt(squares[c] / total), floor_);
    }
    momui_free(sums);
    momui_free(buffer);
    return MOMU_OK;
}
