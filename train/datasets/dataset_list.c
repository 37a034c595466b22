/* Which files of a folder belong together. */
#include "train/datasets/dataset.h"

#include "io/formats.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char ORIGINAL[] = ".original";

/* The format that a file's extension names, among those that are written too. A pair's path is put
 * together from the stem and the table's extension, so that letters count. */
static const momui_format *format_of(const char *name, momui_file_kind kind) {
    const momui_format *format = momui_format_of_path(name, kind);
    bool ours = format && momui_format_is_written(format) &&
                strcmp(momui_extension(name), format->extension) == 0;
    return ours ? format : NULL;
}

/* Where a stem has several files of a kind, the lowest rank is read. */
static void keep_lowest(const momui_format *format, const char **kept) {
    const momui_format *there = *kept && format ? format_of(*kept, format->kind) : NULL;
    if (format && (!there || format->rank < there->rank))
        *kept = format->extension;
}

static int by_stem(const void *a, const void *b) {
    return strcmp(((const momui_listed *)a)->stem, ((const momui_listed *)b)->stem);
}

/* Names come in order, so a stem's entry is among the last ones. */
static momui_listed *entry_of(momui_listing *list, const char *name, size_t length) {
    for (size_t i = list->count; i-- > 0;)
        if (strlen(list->items[i].stem) == length && memcmp(list->items[i].stem, name, length) == 0)
            return &list->items[i];
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        momui_listed *items = momui_realloc(list->memory, list->items, capacity, sizeof *items);
        if (!items)
            return NULL;
        list->items = items;
        list->capacity = capacity;
    }
    momui_listed *made = &list->items[list->count++];
    *made = (momui_listed){0};
    memcpy(made->stem, name, length);
    return made;
}

static bool is_original(const char *name, size_t length) {
    size_t tail = sizeof ORIGINAL - 1;
    return length > tail && memcmp(name + length - tail, ORIGINAL, tail) == 0;
}

/* false: no memory. Not one of ours, or too long a name: passed over. */
static bool list_file(momui_listing *list, const char *name) {
    const char *extension = strrchr(name, '.');
    if (!extension || extension == name || (size_t)(extension - name) >= sizeof list->items->stem)
        return true;
    size_t length = (size_t)(extension - name);
    const momui_format *music = format_of(name, MOMUI_FILE_SOUND);
    const momui_format *motion = format_of(name, MOMUI_FILE_MOTION);
    bool annotations = strcmp(extension, ".json") == 0;
    if ((!music && !motion && !annotations) || (music && is_original(name, length)))
        return true;
    momui_listed *entry = entry_of(list, name, length);
    if (!entry)
        return false;
    keep_lowest(music, &entry->music);
    keep_lowest(motion, &entry->motion);
    entry->annotations = entry->annotations || annotations;
    return true;
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

momu_status momui_list_pairs(momui_memory *memory, const char *folder, momui_listing *list,
                             momu_error *error) {
    char **names = NULL;
    size_t count = 0;
    *list = (momui_listing){.memory = memory};
    momu_status status = folder_names(memory, folder, &names, &count, error);
    for (size_t i = 0; i < count; i++) {
        if (status == MOMU_OK && !list_file(list, names[i]))
            status = momui_fail_memory(error, "the list of pairs");
        momui_free(names[i]);
    }
    momui_free(names);
    if (list->count > 0)
        qsort(list->items, list->count, sizeof *list->items, by_stem);
    if (status != MOMU_OK)
        momui_listing_release(list);
    return status;
}

void momui_listing_release(momui_listing *list) {
    momui_free(list->items);
    *list = (momui_listing){0};
}
