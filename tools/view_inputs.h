/* The options of momu preview and momu render, and the files that they show. */
#ifndef MOMUI_TOOLS_VIEW_INPUTS_H
#define MOMUI_TOOLS_VIEW_INPUTS_H

#include "command.h"

#include "tools/view/view.h"

typedef struct momu_view_arguments {
    const char *command;
    const char *dance, *versus, *song, *output, *title, *model;
    double from, to, fps, row_seconds;
    uint64_t width, height; /* 0: the default */
    bool quiet;
} momu_view_arguments;

/* Ids of the options of both. */
enum {
    MOMU_VIEW_AUDIO = 512,
    MOMU_VIEW_VERSUS,
    MOMU_VIEW_TITLE,
    MOMU_VIEW_MODEL,
    MOMU_VIEW_FROM,
    MOMU_VIEW_TO,
    MOMU_VIEW_FPS,
    MOMU_VIEW_ROW,
    MOMU_VIEW_WIDTH,
    MOMU_VIEW_HEIGHT
};

/* As momu_parse(). */
int momu_view_read_arguments(momu_view_arguments *arguments, const momu_command *command, int argc,
                             char **argv);

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

/* Fails where the output cannot be written; "-" is standard output. */
int momu_view_check_output(const momu_view_arguments *arguments, const char *extensions);
/* Writes a page or a sheet that was made (or reports why it was not) and releases it. `note` is
 * printed after the name of the file. */
int momu_view_put(const momu_view_arguments *arguments, momu_status made, momui_writer *bytes,
                  momu_error *error, const char *note);

#endif
