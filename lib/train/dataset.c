/* The folder: which files belong together, which pairs are for validation, what is broken. */
#include "train/dataset.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct entry { /* one stem and which endings it has */
    char stem[128];
    int music, motion; /* index of the ending, -1: none */
    bool facts;
} entry;

typedef struct listing {
    momui_memory *memory;
    entry *items;
    size_t count, capacity;
} listing;

static const char *const MUSIC[] = {".flac", ".wav", ".ogg"};
static const char *const MOTION[] = {".npz", ".bvh", ".glb"};

static int ending_of(const char *ending, const char *const *known, int count) {
    for (int i = 0; i < count; i++)
        if (strcmp(ending, known[i]) == 0)
            return i;
    return -1;
}

static int by_stem(const void *a, const void *b) {
    return strcmp(((const entry *)a)->stem, ((const entry *)b)->stem);
}

static entry *entry_of(listing *list, const char *name, size_t length) {
    for (size_t i = list->count; i-- > 0;)
        if (strlen(list->items[i].stem) == length && memcmp(list->items[i].stem, name, length) == 0)
            return &list->items[i];
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        entry *items = momui_realloc(list->memory, list->items, capacity, sizeof *items);
        if (!items)
            return NULL;
        list->items = items;
        list->capacity = capacity;
    }
    entry *made = &list->items[list->count++];
    *made = (entry){.music = -1, .motion = -1};
    memcpy(made->stem, name, length);
    return made;
}

/* 1: taken; 0: not one of ours, or too long a name; -1: no memory. */
static int list_file(listing *list, const char *name) {
    const char *ending = strrchr(name, '.');
    if (!ending || ending == name || (size_t)(ending - name) >= sizeof list->items->stem)
        return 0;
    int music = ending_of(ending, MUSIC, 3), motion = ending_of(ending, MOTION, 3);
    bool facts = strcmp(ending, ".json") == 0;
    if (music < 0 && motion < 0 && !facts)
        return 0;
    entry *found = entry_of(list, name, (size_t)(ending - name));
    if (!found)
        return -1;
    if (music >= 0 && (found->music < 0 || music < found->music))
        found->music = music;
    if (motion >= 0 && (found->motion < 0 || motion < found->motion))
        found->motion = motion;
    found->facts = found->facts || facts;
    return 1;
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of the folder's files in order, so that files of one stem come one after the other. */
static momu_status folder_names(momui_memory *memory, const char *folder, char ***names,
                                size_t *count, momu_error *error) {
    DIR *handle = opendir(folder);
    if (!handle)
        return momui_fail(error, errno == ENOENT ? MOMU_ERROR_NOT_FOUND : MOMU_ERROR_IO,
                          "%s: the folder of pairs could not be opened: %s", folder,
                          strerror(errno));
    size_t capacity = 0;
    momu_status status = MOMU_OK;
    for (struct dirent *file; status == MOMU_OK && (file = readdir(handle));) {
        if (*count == capacity) {
            capacity = capacity ? 2 * capacity : 256;
            char **grown = momui_realloc(memory, *names, capacity, sizeof *grown);
            if (grown)
                *names = grown;
            else
                status = momui_fail_memory(error, "the list of pairs");
        }
        if (status == MOMU_OK && !((*names)[*count] = momui_strdup(memory, file->d_name)))
            status = momui_fail_memory(error, "the list of pairs");
        if (status == MOMU_OK)
            ++*count;
    }
    closedir(handle);
    if (*count > 0)
        qsort(*names, *count, sizeof **names, by_name);
    return status;
}

static momu_status list_folder(listing *list, const char *folder, momu_error *error) {
    char **names = NULL;
    size_t count = 0;
    momu_status status = folder_names(list->memory, folder, &names, &count, error);
    for (size_t i = 0; i < count; i++) {
        if (status == MOMU_OK && list_file(list, names[i]) < 0)
            status = momui_fail_memory(error, "the list of pairs");
        momui_free(names[i]);
    }
    momui_free(names);
    if (list->count > 0)
        qsort(list->items, list->count, sizeof *list->items, by_stem);
    return status;
}

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
    const entry *entries;
    loaded *results;
} load_job;

static void load_task(void *user, size_t task, int worker) {
    (void)worker;
    const load_job *job = user;
    const entry *files = &job->entries[task];
    loaded *result = &job->results[task];
    char music[1200], motion[1200], facts[1200];
    snprintf(music, sizeof music, "%s/%s%s", job->folder, files->stem,
             files->music >= 0 ? MUSIC[files->music] : "");
    snprintf(motion, sizeof motion, "%s/%s%s", job->folder, files->stem,
             files->motion >= 0 ? MOTION[files->motion] : "");
    snprintf(facts, sizeof facts, "%s/%s.json", job->folder, files->stem);
    if (files->music >= 0 || files->motion >= 0)
        result->status =
            momui_pair_load(job->memory, job->config, files->music >= 0 ? music : NULL,
                            files->motion >= 0 ? motion : NULL, files->facts ? facts : NULL,
                            &result->pair, &result->error);
    if (result->status != MOMU_OK) {
        momui_pair_release(&result->pair);
        result->pair = (momui_pair){0};
    }
}

/* What is whole joins the data set, what is broken is reported. */
static momu_status take_loaded(momui_dataset *data, const entry *files, loaded *result,
                               const momui_bytes *held, momui_dataset_note note, void *user,
                               momu_error *error) {
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
    if (!result->pair.mel && !result->pair.features)
        return MOMU_OK; /* facts alone */
    memcpy(result->pair.stem, files->stem, sizeof result->pair.stem);
    result->pair.validation = held->data ? names_stem(held, files->stem) : tenth(files->stem);
    MOMUI_TRY(append(data, &result->pair, error));
    result->pair = (momui_pair){0};
    return MOMU_OK;
}

/* A small set may have no tenth: then the last pair is held back, where there are at least four. */
static void keep_one_back(momui_dataset *data) {
    size_t held = 0;
    for (size_t i = 0; i < data->count; i++)
        held += data->items[i].validation;
    if (held == 0 && data->count >= 4)
        data->items[data->count - 1].validation = true;
    if (held == data->count) /* the hash took all of a tiny set */
        for (size_t i = 0; i < data->count; i++)
            data->items[i].validation = false;
}

static momu_status read_held(momui_memory *memory, const char *path, momui_bytes *held,
                             momu_error *error) {
    FILE *probe = fopen(path, "rb");
    if (!probe)
        return MOMU_OK;
    fclose(probe);
    return momui_bytes_from_path(memory, path, false, 1 << 24, held, error);
}

static momu_status load_listed(const listing *list, momui_pool *pool, const char *folder,
                               const momui_config *config, momui_dataset_note note, void *user,
                               momui_dataset *data, momu_error *error) {
    char path[1200];
    snprintf(path, sizeof path, "%s/validation.txt", folder);
    momui_bytes held = {0};
    MOMUI_TRY(read_held(data->memory, path, &held, error));
    load_job job = {data->memory, folder, config, list->items,
                    momui_calloc(data->memory, list->count, sizeof *job.results)};
    momu_status status = job.results ? MOMU_OK : momui_fail_memory(error, "the data set");
    if (status == MOMU_OK)
        momui_pool_run(pool, list->count, load_task, &job);
    for (size_t i = 0; status == MOMU_OK && i < list->count; i++)
        status = take_loaded(data, &list->items[i], &job.results[i], &held, note, user, error);
    for (size_t i = 0; job.results && i < list->count; i++)
        momui_pair_release(&job.results[i].pair);
    momui_free(job.results);
    if (status == MOMU_OK && !held.data)
        keep_one_back(data);
    momui_bytes_release(&held);
    if (status == MOMU_OK && data->count == 0)
        status = momui_fail(error, MOMU_ERROR_ARGUMENT,
                            "%s: no usable pair (%zu broken); expected STEM.flac, .wav or .ogg "
                            "beside STEM.npz, .bvh or .glb",
                            folder, data->skipped);
    return status;
}

momu_status momui_dataset_load(momui_memory *memory, momui_pool *pool, const char *folder,
                               const momui_config *config, momui_dataset_note note, void *user,
                               momui_dataset *data, momu_error *error) {
    *data = (momui_dataset){.memory = memory};
    if (strlen(folder) > 1000)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "the folder's name is too long");
    listing list = {.memory = memory};
    momu_status status = list_folder(&list, folder, error);
    if (status == MOMU_OK)
        status = load_listed(&list, pool, folder, config, note, user, data, error);
    momui_free(list.items);
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

momu_status momui_dataset_statistics(const momui_dataset *data, int32_t channels, double floor_,
                                     const float *(*rows)(const momui_pair *pair, int64_t *count),
                                     float *mean, float *deviation, momu_error *error) {
    double *sums = momui_calloc(data->memory, (size_t)channels * 2, sizeof *sums);
    if (!sums)
        return momui_fail_memory(error, "the statistics");
    double *squares = sums + channels, total = 0;
    for (int pass = 0; pass < 2; pass++) /* the second takes squares about the mean */
        for (size_t i = 0; i < data->count; i++) {
            int64_t count = 0;
            const float *values = rows(&data->items[i], &count);
            if (!values || data->items[i].validation)
                continue;
            total += pass == 0 ? (double)count : 0;
            for (int64_t t = 0; t < count; t++)
                for (int32_t c = 0; c < channels; c++) {
                    double value = (double)values[t * channels + c];
                    double away = value - sums[c] / total;
                    if (pass == 0)
                        sums[c] += value;
                    else
                        squares[c] += away * away;
                }
        }
    for (int32_t c = 0; c < channels && total > 0; c++) {
        mean[c] = (float)(sums[c] / total);
        deviation[c] = (float)fmax(sqrt(squares[c] / total), floor_);
    }
    momui_free(sums);
    return MOMU_OK;
}
