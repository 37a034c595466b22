/* The progress bar: one for a whole generation. The library reports its stages one by one; each has
 * a share of the bar, so that it only ever grows. */
#define _POSIX_C_SOURCE 200809L
#include "command.h"

#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CELLS = 30 };

/* Where a stage begins and ends. What runs several times under one name (a decoder, then the
 * vocoder) takes PASS of what is left of its stage each time. A stage that is not listed has the
 * whole bar. */
static const struct {
    const char *name;
    double begin, end;
} STAGES[] = {{"encoding", 0.00, 0.10}, {"sampling", 0.10, 0.80}, {"decoding", 0.80, 1.00}};
static const double PASS = 0.6;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void momu_bar_open(momu_bar *bar, bool quiet) {
    *bar = (momu_bar){.shown = !quiet && isatty(STDERR_FILENO), .started = now()};
}

void momu_bar_attach(momu_bar *bar, momu_arguments *a) {
    momu_bar_open(bar, a->quiet);
    a->generate.progress = momu_bar_progress;
    a->generate.progress_user = bar;
}

static void clear(momu_bar *bar) {
    if (bar->shown)
        fprintf(stderr, "\r%*s\r", bar->last_width, "");
}

/* A stage, or another pass of it, begins. */
static void begin_pass(momu_bar *bar, const char *stage) {
    double begin = 0, end = 1, part = 1;
    for (size_t i = 0; i < sizeof STAGES / sizeof *STAGES; i++)
        if (strcmp(STAGES[i].name, stage) == 0) {
            begin = STAGES[i].begin;
            end = STAGES[i].end;
            part = strcmp(stage, "sampling") == 0 ? 1 : PASS;
        }
    bar->stage = stage;
    bar->begin = begin > bar->share ? begin : bar->share;
    bar->end = end > bar->begin ? bar->begin + part * (end - bar->begin) : bar->begin;
}

double momu_bar_share(momu_bar *bar, const char *stage, uint64_t done, uint64_t total) {
    if (!bar->stage || strcmp(bar->stage, stage) != 0 || done < bar->done)
        begin_pass(bar, stage);
    bar->done = done;
    double share = total ? fmin(1, (double)done / (double)total) : 0;
    bar->share = fmax(bar->share, bar->begin + (bar->end - bar->begin) * share);
    return bar->share;
}

int32_t momu_bar_progress(void *user, const char *stage, uint64_t done, uint64_t total) {
    momu_bar *bar = user;
    double share = momu_bar_share(bar, stage, done, total);
    if (!bar->shown)
        return MOMU_CONTINUE;
    char cells[CELLS + 1], rest[48] = "";
    for (int i = 0; i < CELLS; i++)
        cells[i] = i < (int)(share * CELLS) ? '#' : '.';
    cells[CELLS] = '\0';
    double elapsed = now() - bar->started;
    if (share > 0.02 && share < 1 && elapsed > 0.5)
        snprintf(rest, sizeof rest, ", %.0f s left", elapsed / share * (1 - share));
    clear(bar);
    bar->last_width = fprintf(stderr, "[%s] %3.0f %%, %s%s", cells, 100 * share, stage, rest);
    fflush(stderr);
    return MOMU_CONTINUE;
}

void momu_bar_close(momu_bar *bar) {
    clear(bar);
    bar->shown = false;
}
