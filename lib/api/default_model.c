#define _GNU_SOURCE /* dladdr */
#include "api/default_model.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MODEL_NAME "default.safetensors"
#define MOST_FOLDERS 4
/* From a program or library in a checkout's build folder, build/tests/api say, up to the checkout.
 */
#define MOST_LEVELS 4

/* One search: where it looks, and what it has found. */
typedef struct search {
    momui_memory *memory;
    const char *name;
    char folders[MOST_FOLDERS][PATH_MAX]; /* without the slash at the end: "" is the root */
    int folder_count;
    char *found;
} search;

static void add_folder(search *s, const char *file) {
    const char *slash = strrchr(file, '/');
    size_t length = slash ? (size_t)(slash - file) : 0;
    /* A name without a slash is a program's that the shell found: it says nothing of the folder. */
    if (!slash || length >= PATH_MAX || s->folder_count == MOST_FOLDERS)
        return;
    char *folder = s->folders[s->folder_count];
    memcpy(folder, file, length);
    folder[length] = '\0';
    for (int i = 0; i < s->folder_count; i++)
        if (strcmp(s->folders[i], folder) == 0)
            return;
    s->folder_count++;
}

/* The folder by the file's name, then the one where links lead to. */
static void add_folders(search *s, const char *file) {
    char resolved[PATH_MAX];
    if (!file)
        return;
    add_folder(s, file);
    if (strchr(file, '/') && realpath(file, resolved))
        add_folder(s, resolved);
}

/* Cuts `levels` names off the folder's end: the length that is left, or -1 above the root. */
static int length_above(const char *folder, int levels) {
    size_t length = strlen(folder);
    for (int i = 0; i < levels; i++) {
        if (length == 0)
            return -1;
        while (length > 0 && folder[length - 1] != '/')
            length--;
        length -= length > 0;
    }
    return (int)length;
}

/* Sets s->found to "<the folder's first `length` bytes>/<middle><name>" where that can be read. */
static momu_status look(search *s, const char *folder, int length, const char *middle,
                        const char *name, momu_error *error) {
    size_t size = (size_t)length + strlen(middle) + strlen(name) + 2;
    char *path = momui_alloc(s->memory, size, 1);
    if (!path)
        return momui_fail_memory(error, "a path");
    snprintf(path, size, "%.*s/%s%s", length, folder, middle, name);
    if (access(path, R_OK) == 0)
        s->found = path;
    else
        momui_free(path);
    return MOMU_OK;
}

static momu_status look_above(search *s, int levels, const char *middle, momu_error *error) {
    for (int i = 0; i < s->folder_count && !s->found; i++) {
        int length = length_above(s->folders[i], levels);
        if (length >= 0)
            MOMUI_TRY(look(s, s->folders[i], length, middle, s->name, error));
    }
    return MOMU_OK;
}

/* A checkout is a folder with meson.build and models/NAME. */
static momu_status look_in_checkout(search *s, momu_error *error) {
    for (int i = 0; i < s->folder_count; i++) {
        for (int level = 1; level <= MOST_LEVELS && !s->found; level++) {
            int length = length_above(s->folders[i], level);
            if (length < 0)
                break;
            MOMUI_TRY(look(s, s->folders[i], length, "", "meson.build", error));
            bool checkout = s->found != NULL;
            momui_free(s->found);
            s->found = NULL;
            if (checkout)
                MOMUI_TRY(look(s, s->folders[i], length, "models/", s->name, error));
        }
    }
    return MOMU_OK;
}

static momu_status not_found(const search *s, const momui_data_origin *origin, momu_error *error) {
    char folders[sizeof error->message] = "";
    size_t used = 0;
    for (int i = 0; i < s->folder_count && used < sizeof folders; i++)
        used += (size_t)snprintf(folders + used, sizeof folders - used, "%s%s", i > 0 ? ", " : "",
                                 *s->folders[i] ? s->folders[i] : "/");
    if (s->folder_count == 0)
        return momui_fail(error, MOMU_ERROR_NOT_FOUND,
                          "there is no %s/momu/%s, and the folders of the library and of the "
                          "program are unknown",
                          origin->installed, s->name);
    return momui_fail(error, MOMU_ERROR_NOT_FOUND,
                      "there is no %s/momu/%s, nor is it%s in momu, ../share/momu or "
                      "../../share/momu of %s, nor in models of a checkout above",
                      origin->installed, s->name,
                      origin->library ? "" : " (the library's folder is unknown)", folders);
}

momu_status momui_find_data_from(momui_memory *memory, const momui_data_origin *origin,
                                 const char *name, char **path, momu_error *error) {
    search s = {.memory = memory, .name = name};
    *path = NULL;
    add_folders(&s, origin->library);
    add_folders(&s, origin->program);
    MOMUI_TRY(look_above(&s, 0, "momu/", error));
    if (!s.found)
        MOMUI_TRY(look_above(&s, 1, "share/momu/", error));
    if (!s.found)
        MOMUI_TRY(look_above(&s, 2, "share/momu/", error));
    if (!s.found)
        MOMUI_TRY(look_in_checkout(&s, error));
    if (!s.found)
        MOMUI_TRY(
            look(&s, origin->installed, (int)strlen(origin->installed), "momu/", name, error));
    *path = s.found;
    return s.found ? MOMU_OK : not_found(&s, origin, error);
}

momu_status momui_find_data(momui_memory *memory, const char *name, char **path,
                            momu_error *error) {
    static const char here = 0;
    momui_data_origin origin = {.installed = MOMU_BUILD_DATA_DIR};
    Dl_info place;
    if (dladdr(&here, &place))
        origin.library = place.dli_fname;
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0) {
        program[length] = '\0';
        origin.program = program;
    }
    return momui_find_data_from(memory, &origin, name, path, error);
}

momu_status momui_find_default_model(momui_memory *memory, char **path, momu_error *error) {
    const char *named = getenv("MOMU_MODEL");
    if (named && *named) {
        *path = momui_strdup(memory, named);
        return *path ? MOMU_OK : momui_fail_memory(error, "the model's path");
    }
    momu_error why = {0};
    momu_status status = momui_find_data(memory, MODEL_NAME, path, &why);
    return status == MOMU_OK
               ? MOMU_OK
               : momui_fail(error, status, "no default model: MOMU_MODEL is not set, and %s",
                            why.message);
}
