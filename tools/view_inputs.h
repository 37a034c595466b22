/* What momu preview and momu render are told, and the files they look at. */
#ifndef MOMUI_TOOLS_VIEW_INPUTS_H
#define MOMUI_TOOLS_VIEW_INPUTS_H

#include "command.h"

#include "tools/view/view.h"

typedef struct momu_view_arguments {
    const char *command;
    const char *dance, *versus, *song, *output, *title, *model;
    double from, to, fps, row_seconds;
    uint64_t width, height; /* 0: not said */
    bool help;
} momu_view_arguments;

/* `allowed` lists the long names that this sub-command knows, each between spaces. */
int momu_view_read_arguments(momu_view_arguments *arguments, int argc, char **argv,
                             const char *allowed);

/* The files, read; `view` points into it. */
typedef struct momu_view_inputs {
    momu_session session;
    momu_audio *song;
    momu_beats *beats; /* the song's */
    momu_motion *dances[MOMUI_VIEW_DANCES];
    char title[256];
    momui_view view;
} momu_view_inputs;

int momu_view_open(momu_view_inputs *inputs, const momu_view_arguments *arguments);
void momu_view_close(momu_view_inputs *inputs);

#endif
