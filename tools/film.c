/* Frames are drawn here and go to ffmpeg's standard input; no shell is asked. The film is written
 * under a temporary name and renamed. */
#include "film.h"

#include "tools/view/film.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { WORDS = 40, TEXT = 64 };

typedef struct encoder {
    pid_t process;
    int pipe;
} encoder;

/* ffmpeg would take "12:30.mp4" for a protocol and "-x.mp4" for an option. */
static char *file_word(const char *path) {
    size_t room = strlen(path) + sizeof "file:";
    char *word = malloc(room);
    if (word)
        snprintf(word, room, "file:%s", path);
    return word;
}

static void add(char **words, int *count, const char *word) {
    words[(*count)++] = (char *)word;
}

/* song and partial: words for ffmpeg; song may be NULL */
static int start(const char *command, const char *song, const char *partial, int width, int height,
                 double fps, double from, double seconds, encoder *out) {
    char size[TEXT], rate[TEXT], skip[TEXT], length[TEXT], *words[WORDS];
    int n = 0, ends[2];
    snprintf(size, sizeof size, "%dx%d", width, height);
    snprintf(rate, sizeof rate, "%.6f", fps);
    snprintf(skip, sizeof skip, "%.6f", from);
    snprintf(length, sizeof length, "%.6f", seconds);
    const char *const video[] = {"ffmpeg", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt",
                                 "rgb24",  "-s",        size,    "-r", rate, "-i",       "-"};
    for (size_t i = 0; i < sizeof video / sizeof *video; i++)
        add(words, &n, video[i]);
    const char *const sound[] = {"-ss", skip, "-i", song, "-c:a", "aac", "-b:a", "160k"};
    for (size_t i = 0; song && i < sizeof sound / sizeof *sound; i++)
        add(words, &n, sound[i]);
    const char *const rest[] = {"-c:v", "libx264", "-crf", "20",  "-pix_fmt", "yuv420p",
                                "-t",   length,    "-f",   "mp4", partial};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        add(words, &n, rest[i]);
    words[n] = NULL;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return momu_report(command, MOMU_ERROR_IO, "no pipe to ffmpeg could be made", true);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    int failed = posix_spawnp(&out->process, "ffmpeg", &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[0]);
    out->pipe = ends[1];
    if (failed == 0)
        return MOMU_EXIT_OK;
    close(out->pipe);
    return momu_usage_error(command,
                            "a film needs the program ffmpeg, which could not be started: %s; "
                            "write a .png instead",
                            strerror(failed));
}

static bool send(int pipe, const uint8_t *data, size_t size) {
    while (size > 0) {
        ssize_t sent = write(pipe, data, size);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        data += sent;
        size -= (size_t)sent;
    }
    return true;
}

static int finish(const momu_view_arguments *a, encoder *e, const char *partial, bool sent) {
    int ended = 0;
    close(e->pipe);
    waitpid(e->process, &ended, 0);
    if (sent && WIFEXITED(ended) && WEXITSTATUS(ended) == 0 && rename(partial, a->output) == 0) {
        if (!a->quiet)
            printf("%s\n", a->output);
        return MOMU_EXIT_OK;
    }
    remove(partial);
    return momu_report(a->command, MOMU_ERROR_IO, "ffmpeg did not finish the film", true);
}

static int film_frames(const momu_view_arguments *a, momui_film *film, const char *partial,
                       int width, int height) {
    double fps = a->fps > 0 ? a->fps : 30, end = a->to > 0 ? a->to : momui_film_seconds(film);
    end = end < momui_film_seconds(film) ? end : momui_film_seconds(film);
    encoder e = {.pipe = -1};
    char *song = a->song ? file_word(a->song) : NULL, *target = file_word(partial);
    int status =
        target && (song || !a->song)
            ? start(a->command, song, target, width, height, fps, a->from, end - a->from, &e)
            : momu_report(a->command, MOMU_ERROR_MEMORY, "no memory for a film", true);
    free(song);
    free(target);
    if (status != MOMU_EXIT_OK)
        return status;
    bool sent = true;
    momu_bar bar;
    momu_bar_open(&bar, a->quiet);
    int64_t frames = (int64_t)ceil((end - a->from) * fps - 1e-9);
    for (int64_t i = 0; sent && i < frames; i++) {
        sent = send(e.pipe, momui_film_frame(film, a->from + (double)i / fps),
                    (size_t)width * (size_t)height * 3);
        momu_bar_progress(&bar, "drawing", (uint64_t)(i + 1), (uint64_t)frames);
    }
    momu_bar_close(&bar);
    return finish(a, &e, partial, sent);
}

int momu_film(const momu_view_arguments *a, const momui_view *view) {
    int width = a->width ? (int)a->width : 1280, height = a->height ? (int)a->height : 720;
    momui_film *film = NULL;
    momu_error error = {0};
    signal(SIGPIPE, SIG_IGN); /* write() fails where the encoder ended early */
    momu_status made = momui_film_open(NULL, view, width, height, &film, &error);
    if (made != MOMU_OK)
        return momu_report(a->command, made, error.message, true);
    size_t room = strlen(a->output) + 16;
    char *partial = malloc(room);
    int status = MOMU_EXIT_FAILURE;
    if (a->from >= momui_film_seconds(film)) {
        status = momu_usage_error(a->command, "--from is %g s: there is nothing of what lasts %g s",
                                  a->from, momui_film_seconds(film));
    } else if (partial) {
        snprintf(partial, room, "%s.part", a->output);
        status = film_frames(a, film, partial, width, height);
    }
    free(partial);
    momui_film_close(film);
    return status;
}
