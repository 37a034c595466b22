/* Finds the sound files of a folder, sorts them, leaves out those that may not be used, and
 * analyses the rest. */
#include "train/corpus/music/recorded.h"

#include "base/stream.h"
#include "io/sound/sound.h"
#include "train/corpus/music/recorded_packages.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEEPEST = 16 };
static const int64_t LEAST_BYTES = 200000; /* less is an effect, not a song */

typedef struct tracker {
    momui_memory *memory;
    momui_recorded_report report;
    void *user;
    char **paths;
    size_t count, capacity;
} tracker;

static void report_file(const tracker *f, const char *name, const char *sentence) {
    if (f->report)
        f->report(f->user, name, sentence);
}

static momu_status add_path(tracker *f, const char *path, momu_error *error) {
    if (f->count == f->capacity) {
        size_t capacity = f->capacity ? 2 * f->capacity : 64;
        char **grown = momui_realloc(f->memory, f->paths, capacity, sizeof *f->paths);
        if (!grown)
            return momui_fail_memory(error, "the list of tracks");
        f->paths = grown;
        f->capacity = capacity;
    }
    f->paths[f->count] = momui_strdup(f->memory, path);
    return f->paths[f->count++] ? MOMU_OK : momui_fail_memory(error, "the list of tracks");
}

static momu_status walk(tracker *f, const char *folder, int depth, momu_error *error);

static momu_status look_at(tracker *f, const char *folder, const char *name, int depth,
                           momu_error *error) {
    char path[4096];
    struct stat found;
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (name[0] == '.' || length < 0 || (size_t)length >= sizeof path || lstat(path, &found) != 0)
        return MOMU_OK;
    if (S_ISDIR(found.st_mode))
        return depth < DEEPEST ? walk(f, path, depth + 1, error) : MOMU_OK;
    if (S_ISLNK(found.st_mode) && stat(path, &found) != 0)
        return MOMU_OK;
    bool wanted = S_ISREG(found.st_mode) && momui_recorded_is_sound(path) &&
                  (int64_t)found.st_size >= LEAST_BYTES;
    return wanted ? add_path(f, path, error) : MOMU_OK;
}

static momu_status walk(tracker *f, const char *folder, int depth, momu_error *error) {
    DIR *open = opendir(folder);
    if (!open)
        return depth > 0 ? MOMU_OK
                         : momui_fail(error, MOMU_ERROR_NOT_FOUND,
                                      "%s: %s; expected a folder with music: unpacked Debian "
                                      "packages (apt-get download NAME && dpkg -x NAME*.deb %s) "
                                      "of " MOMUI_RECORDED_PACKAGES,
                                      folder, strerror(errno), folder);
    momu_status status = MOMU_OK;
    struct dirent *entry;
    while (status == MOMU_OK && (entry = readdir(open)) != NULL)
        status = look_at(f, folder, entry->d_name, depth, error);
    closedir(open);
    return status;
}

/* Compares first the name that decides the split, so that the order does not depend on the folder.
 */
static int compare_paths(const void *a, const void *b) {
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    int order = strcmp(momui_recorded_name(x), momui_recorded_name(y));
    return order ? order : strcmp(x, y);
}

static momu_status analyse_file(momui_memory *memory, momui_recorded_track *track, bool sequenced,
                                momu_error *error) {
    momui_audio *audio = NULL;
    MOMUI_TRY(momui_sound_read(memory, track->path, &audio, error));
    float *mono = momui_audio_mono(audio, memory);
    momu_status status =
        mono ? momui_recorded_analyse(memory, mono, audio->frames, audio->rate, sequenced,
                                      &track->from, &track->confidence, &track->grid, error)
             : momui_fail_memory(error, "a track");
    momui_free(mono);
    momui_audio_free(audio);
    return status;
}

static void describe(const momui_recorded_track *track, momu_error *sentence) {
    snprintf(sentence->message, sizeof sentence->message,
             "%.1f BPM, pulse %.2f, steady for %.1f s from %.1f s, bars %s, for %s",
             track->grid.tempo, track->confidence, track->grid.seconds, track->from,
             track->grid.meter ? "known" : "not known",
             track->split == MOMUI_TRAIN        ? "training"
             : track->split == MOMUI_VALIDATION ? "validation"
                                                : "testing");
}

/* Takes over the path. */
static momu_status add_track(const tracker *f, momui_recorded_library *library, char *path,
                             momu_error *error) {
    momui_recorded_track track = {.path = path, .package = "", .licence = ""};
    const momui_recorded_package *package = momui_recorded_package_of(path);
    snprintf(track.name, sizeof track.name, "%.190s", momui_recorded_name(path));
    track.split = momui_recorded_split(track.name);
    momu_error sentence = {0};
    momu_status status = analyse_file(f->memory, &track, package && package->sequenced, &sentence);
    if (status == MOMU_OK) {
        track.grid.genre = package ? package->genre : 16;
        track.package = package ? package->package : "";
        track.licence = package ? package->licence : "";
        library->tracks[library->count++] = track;
        describe(&track, &sentence);
    } else {
        momui_free(path);
        library->skipped++;
    }
    if (status == MOMU_ERROR_MEMORY)
        return momui_fail_memory(error, "the tracks");
    report_file(f, track.name, sentence.message);
    return MOMU_OK;
}

static momu_status add_tracks(tracker *f, momui_recorded_library *library, momu_error *error) {
    momu_status status = MOMU_OK;
    const char *last = "";
    library->tracks = momui_calloc(f->memory, f->count, sizeof *library->tracks);
    if (!library->tracks)
        return momui_fail_memory(error, "the tracks");
    for (size_t i = 0; status == MOMU_OK && i < f->count; i++) {
        const char *name = momui_recorded_name(f->paths[i]), *why = NULL;
        if (momui_recorded_held_out(f->paths[i]))
            why = "held out for evaluation";
        else if (momui_recorded_is_part(f->paths[i]))
            why = "a part of a song that is there as a whole";
        else if (strcmp(name, last) == 0)
            why = "is there already, by the name of its folder and its own";
        if (why) {
            library->skipped++;
            report_file(f, name, why);
            continue;
        }
        char *path = f->paths[i];
        f->paths[i] = NULL;
        size_t before = library->count;
        status = add_track(f, library, path, error);
        if (library->count > before)
            last = library->tracks[before].name;
    }
    return status;
}

momu_status momui_recorded_find(momui_memory *memory, const char *folder,
                                momui_recorded_report report, void *user,
                                momui_recorded_library *library, momu_error *error) {
    tracker f = {.memory = memory, .report = report, .user = user};
    *library = (momui_recorded_library){0};
    momu_status status = walk(&f, folder, 0, error);
    if (status == MOMU_OK && f.count > 0) {
        qsort(f.paths, f.count, sizeof *f.paths, compare_paths);
        status = add_tracks(&f, library, error);
    }
    for (size_t i = 0; i < f.count; i++)
        momui_free(f.paths[i]);
    momui_free(f.paths);
    if (status == MOMU_OK && library->count == 0)
        status =
            momui_fail(error, MOMU_ERROR_NOT_FOUND,
                       "%s: none of %zu sound files can be used; unpack Debian packages there "
                       "(apt-get download NAME && dpkg -x NAME*.deb %s): " MOMUI_RECORDED_PACKAGES,
                       folder, f.count, folder);
    if (status != MOMU_OK)
        momui_recorded_release(library);
    return status;
}

void momui_recorded_release(momui_recorded_library *library) {
    for (size_t i = 0; i < library->count; i++) {
        momui_free(library->tracks[i].path);
        momui_grid_release(&library->tracks[i].grid);
    }
    momui_free(library->tracks);
    *library = (momui_recorded_library){0};
}

size_t momui_recorded_count(const momui_recorded_library *library, momui_split split) {
    size_t count = 0;
    for (size_t i = 0; i < library->count; i++)
        count += library->tracks[i].split == split;
    return count;
}
