/* Which files of a folder belong together. */
#include "train/datasets/dataset.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where a stem has several, the earlier extension wins. */
static const char *const MUSIC[] = {".flac", ".wav", ".ogg"};
static const char *const MOTION[] = {".npz", ".bvh", ".glb"};
static const char ORIGINAL[] = ".original";

static const char *const *extension_of(const char *extension, const char *const list[3]) {
    for (int i = 0; i < 3; i++)
        if (strcmp(extension, list[i]) == 0)
            return &list[i];
    return NULL;
}

/* Keeps `extension`, an element of `list`, where it comes before the one there. */
static void keep_earlier(const char *const *extension, const char *const list[3],
                         const char **kept) {
    const char *const *there = *kept ? extension_of(*kept, list) : NULL;
    if (extension && (!there || extension < there))
        *kept = *extension;
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
    const char *const *music = extension_of(extension, MUSIC), *const *motion =
                                                                   extension_of(extension, MOTION);
    bool annotations = strcmp(extension, ".json") == 0;
    if ((!music && !motion && !annotations) || (music && is_original(name, length)))
        return true;
    momui_listed *entry = entry_of(list, name, length);
    if (!entry)
        return false;
    keep_earlier(music, MUSIC, &entry->music);
    keep_earlier(motion, MOTION, &entry->motion);
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
