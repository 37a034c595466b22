/* The progress bar. */
#define _POSIX_C_SOURCE 200809L
#include "command.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void momu_bar_open(momu_bar *bar, bool quiet) {
    *bar = (momu_bar){.shown = !quiet && isatty(STDERR_FILENO)};
}

static void clear(momu_bar *bar) {
    if (bar->shown)
        fprintf(stderr, "\r%*s\r", bar->last_width, "");
}

int32_t momu_bar_progress(void *user, const char *stage, uint64_t done, uint64_t total) {
    momu_bar *bar = user;
    if (!bar->shown || total == 0)
        return MOMU_CONTINUE;
    if (!bar->stage || strcmp(bar->stage, stage) != 0) {
        bar->stage = stage;
        bar->started = now();
    }
    char cells[31], rest[48] = "";
    uint64_t full = done * 30 / total;
    for (uint64_t i = 0; i < 30; i++)
        cells[i] = i < full ? '#' : '.';
    cells[30] = '\0';
    double elapsed = now() - bar->started;
    if (done > 0 && done < total && elapsed > 0.5)
        snprintf(rest, sizeof rest, ", %.0f s left",
                 elapsed / (double)done * (double)(total - done));
    clear(bar);
    bar->last_width = fprintf(stderr, "%-9s [%s] %llu/%llu%s", stage, cells,
                              (unsigned long long)done, (unsigned long long)total, rest);
    fflush(stderr);
    return MOMU_CONTINUE;
}

void momu_bar_close(momu_bar *bar) {
    clear(bar);
    bar->shown = false;
}
