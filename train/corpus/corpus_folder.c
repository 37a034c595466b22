/* A corpus's folder holds the options of the run from its start (unfinished.json), and the manifest
 * at its end (corpus.json). */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* flock */
#endif
#include "train/corpus/corpus_folder.h"

#include "base/numbers.h"
#include "io/json/json.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char UNFINISHED[] = "unfinished.json", FINISHED[] = "corpus.json";

/* ---- marks ---- */

static const uint64_t FNV = UINT64_C(14695981039346656037);

static uint64_t digest(uint64_t hash, const void *data, size_t size) {
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
    return hash;
}

static uint64_t digest_take(uint64_t hash, const momui_take *take) {
    hash = digest(hash, take->name, strlen(take->name) + 1);
    hash = digest(hash, &take->segment->frames, sizeof take->segment->frames);
    return digest(hash, take->deceleration_peaks,
                  take->deceleration_count * sizeof *take->deceleration_peaks);
}

static uint64_t digest_track(uint64_t hash, const momui_recorded_track *track) {
    hash = digest(hash, track->name, strlen(track->name) + 1);
    hash = digest(hash, &track->from, sizeof track->from);
    return digest(hash, &track->grid.seconds, sizeof track->grid.seconds);
}

static void set_mark(momui_corpus_mark *mark, const char *name, const char *text) {
    mark->name = name;
    snprintf(mark->text, sizeof mark->text, "%s", text);
}

static void set_number(momui_corpus_mark *mark, const char *name, double value) {
    char text[64];
    size_t length = momui_format_fixed(text, value, 6);
    while (text[length - 1] == '0') /* there is a point before the zeros */
        length--;
    text[text[length - 1] == '.' ? length - 1 : length] = '\0';
    set_mark(mark, name, text);
}

void momui_corpus_marks(const momui_synthesis_context *synthesis, const char *soundfont,
                        momui_corpus_mark marks[MOMUI_CORPUS_MARKS]) {
    static const char *const MATERIALS[] = {"mixed", "captured", "procedural"};
    const momui_corpus_options *o = synthesis->options;
    char seed[32];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)o->seed);
    set_number(&marks[0], "version", MOMUI_CORPUS_VERSION);
    set_mark(&marks[1], "seed", seed);
    set_number(&marks[2], "hours", o->hours);
    set_number(&marks[3], "real_share", o->recorded_share);
    set_number(&marks[4], "original_rate", o->original_rate);
    set_mark(&marks[5], "material", MATERIALS[o->material]);
    set_mark(&marks[6], "soundfont", soundfont);
    uint64_t hash = FNV;
    size_t takes = synthesis->units ? synthesis->units->take_count : 0;
    for (size_t i = 0; i < takes; i++)
        hash = digest_take(hash, &synthesis->units->takes[i]);
    set_mark(&marks[7], "moves", "none");
    if (takes > 0)
        snprintf(marks[7].text, sizeof marks[7].text, "%zu takes %016llx", takes,
                 (unsigned long long)hash);
    hash = FNV;
    size_t tracks = synthesis->library ? synthesis->library->count : 0;
    for (size_t i = 0; i < tracks; i++)
        hash = digest_track(hash, &synthesis->library->tracks[i]);
    set_mark(&marks[8], "music", "none");
    if (tracks > 0)
        snprintf(marks[8].text, sizeof marks[8].text, "%zu tracks %016llx", tracks,
                 (unsigned long long)hash);
}

void momui_corpus_marks_write(const momui_corpus_mark marks[MOMUI_CORPUS_MARKS],
                              momui_writer *out) {
    for (int i = 0; i < MOMUI_CORPUS_MARKS; i++) {
        momui_write_text(out, i == 0 ? "{" : ",");
        momui_json_write_string(out, marks[i].name);
        momui_write_text(out, ":");
        momui_json_write_string(out, marks[i].text);
    }
    momui_write_text(out, "}");
}

/* ---- the folder ---- */

static bool inside(const char *folder, const char *name, char path[1024]) {
    int length = snprintf(path, 1024, "%s/%s", folder, name);
    return length > 0 && length < 1024;
}

static bool there(const char *path) {
    struct stat info;
    return stat(path, &info) == 0;
}

static momu_status make_folder(const char *path, momu_error *error) {
    struct stat info;
    if (mkdir(path, 0777) == 0)
        return MOMU_OK;
    int reason = errno;
    if (reason == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return MOMU_OK;
    return momui_fail(error, MOMU_ERROR_IO, "%s: the folder could not be made: %s", path,
                      strerror(reason));
}

/* Whether `name` is a file that one of our writers had not yet renamed. */
static bool is_leftover(const char *name) {
    return strstr(name, ".part-") &&
           (strncmp(name, "item", 4) == 0 || strncmp(name, UNFINISHED, strlen(UNFINISHED)) == 0 ||
            strncmp(name, FINISHED, strlen(FINISHED)) == 0);
}

/* Removes leftovers; *others counts what else is there. */
static momu_status clear_leftovers(const char *folder, size_t *others, momu_error *error) {
    DIR *handle = opendir(folder);
    char path[1024];
    *others = 0;
    if (!handle)
        return momui_fail(error, MOMU_ERROR_IO, "%s: the folder could not be opened: %s", folder,
                          strerror(errno));
    for (struct dirent *file; (file = readdir(handle));) {
        const char *name = file->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (is_leftover(name) && inside(folder, name, path))
            unlink(path);
        else
            ++*others;
    }
    closedir(handle);
    return MOMU_OK;
}

/* Names the first mark of `root` that differs. */
static momu_status compare(const char *folder, const momui_json *root,
                           const momui_corpus_mark marks[MOMUI_CORPUS_MARKS], momu_error *error) {
    const momui_json *made = NULL;
    MOMUI_TRY(momui_json_object(root, "made_with", &made, error));
    for (int i = 0; i < MOMUI_CORPUS_MARKS; i++) {
        const char *found = NULL;
        MOMUI_TRY(momui_json_string(made, marks[i].name, &found, error));
        if (strcmp(found, marks[i].text) != 0)
            return momui_fail(error, MOMU_ERROR_ARGUMENT,
                              "%s: holds a corpus whose %s is %s; requested is %s: use another "
                              "folder, or the options of the first run",
                              folder, marks[i].name, found, marks[i].text);
    }
    return MOMU_OK;
}

static momu_status check_marks(const char *folder, const char *path,
                               const momui_corpus_mark marks[MOMUI_CORPUS_MARKS],
                               momu_error *error) {
    momui_bytes bytes;
    MOMUI_TRY(momui_bytes_from_path(NULL, path, false, 1 << 26, &bytes, error));
    momui_json *root = NULL;
    momu_status status = momui_json_parse((const char *)bytes.data, bytes.size, path, &root, error);
    if (status == MOMU_OK)
        status = compare(folder, root, marks, error);
    momui_json_free(root);
    momui_bytes_release(&bytes);
    return status;
}

static momu_status begin(const char *path, const momui_corpus_mark marks[MOMUI_CORPUS_MARKS],
                         momu_error *error) {
    momui_writer out;
    momui_writer_init(&out, NULL);
    momui_write_text(&out, "{\"made_with\":");
    momui_corpus_marks_write(marks, &out);
    momui_write_text(&out, "}\n");
    momu_status status = out.failed ? momui_fail_memory(error, "the corpus's marks")
                                    : momui_write_file(path, out.data, out.size, error);
    momui_writer_release(&out);
    return status;
}

static momu_status lock(momui_corpus_folder *folder, momu_error *error) {
    folder->lock = open(folder->path, O_RDONLY | O_CLOEXEC);
    if (folder->lock >= 0 && (flock(folder->lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK))
        return MOMU_OK; /* a file system without locks: continue without one */
    if (folder->lock >= 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "%s: another run is writing this corpus",
                          folder->path);
    return momui_fail(error, MOMU_ERROR_IO, "%s: the folder could not be opened: %s", folder->path,
                      strerror(errno));
}

static momu_status prepare(momui_corpus_folder *folder,
                           const momui_corpus_mark marks[MOMUI_CORPUS_MARKS], momu_error *error) {
    char unfinished[1024], finished[1024], split_folder[1024];
    size_t others = 0, ignored = 0;
    if (!inside(folder->path, UNFINISHED, unfinished) || !inside(folder->path, FINISHED, finished))
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "the folder's name is too long");
    MOMUI_TRY(clear_leftovers(folder->path, &others, error));
    if (there(finished))
        MOMUI_TRY(check_marks(folder->path, finished, marks, error));
    else if (there(unfinished))
        MOMUI_TRY(check_marks(folder->path, unfinished, marks, error));
    else if (others > 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: is not empty and holds no corpus: take another folder",
                          folder->path);
    else
        MOMUI_TRY(begin(unfinished, marks, error));
    for (int split = 0; split < MOMUI_SPLITS; split++) {
        if (!inside(folder->path, momui_split_names[split], split_folder))
            return momui_fail(error, MOMU_ERROR_ARGUMENT, "the folder's name is too long");
        MOMUI_TRY(make_folder(split_folder, error));
        MOMUI_TRY(clear_leftovers(split_folder, &ignored, error));
    }
    return MOMU_OK;
}

momu_status momui_corpus_folder_open(const char *path,
                                     const momui_corpus_mark marks[MOMUI_CORPUS_MARKS],
                                     momui_corpus_folder *folder, momu_error *error) {
    *folder = (momui_corpus_folder){path, -1};
    if (strlen(path) > 900)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "the folder's name is too long");
    momu_status status = make_folder(path, error);
    if (status == MOMU_OK)
        status = lock(folder, error);
    if (status == MOMU_OK)
        status = prepare(folder, marks, error);
    if (status != MOMU_OK)
        momui_corpus_folder_close(folder);
    return status;
}

momu_status momui_corpus_folder_finish(const momui_corpus_folder *folder, momu_error *error) {
    char path[1024];
    if (inside(folder->path, UNFINISHED, path) && unlink(path) != 0 && errno != ENOENT)
        return momui_fail(error, MOMU_ERROR_IO, "%s: could not be removed: %s", path,
                          strerror(errno));
    return MOMU_OK;
}

void momui_corpus_folder_close(momui_corpus_folder *folder) {
    if (folder->lock >= 0)
        close(folder->lock);
    folder->lock = -1;
}
