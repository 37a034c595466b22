/* Pictures of dances and their music: a page for a browser, a sheet of pictures, the frames of a
 * film. */
#ifndef MOMUI_TOOLS_VIEW_VIEW_H
#define MOMUI_TOOLS_VIEW_VIEW_H

#include "base/audio_buffer.h"
#include "base/stream.h"
#include "motion/motion.h"

#include <momu/audio.h>

enum { MOMUI_VIEW_DANCES = 2 };

/* What is shown. All of it belongs to the caller. */
typedef struct momui_view {
    const char *title;       /* NULL: made of the names */
    const momui_audio *song; /* NULL: none */
    const char *song_name;   /* of its file */
    /* the song's, by a model's tracker (momu_audio_beats); NULL: dynamic programming tracks them */
    const momu_beats *song_beats;
    const momui_motion *dances[MOMUI_VIEW_DANCES];
    const char *dance_names[MOMUI_VIEW_DANCES];
    int dance_count; /* 0 needs a song */
} momui_view;

/* One self-contained HTML file: its bytes are added to `out`. */
momu_status momui_page_make(momui_memory *memory, const momui_view *view, momui_writer *out,
                            momu_error *error);
/* The same into a file, which appears whole or not at all. */
momu_status momui_page_write(momui_memory *memory, const momui_view *view, const char *path,
                             momu_error *error);

/* How a sheet is laid out. */
typedef struct momui_sheet_options {
    int32_t width;      /* pixels, 320..8192 */
    double from, to;    /* seconds; to 0: the end */
    double row_seconds; /* 0: 8 */
} momui_sheet_options;

/* A PNG picture: dancers over time above the song's mel spectrogram, beats as lines: the music's
 * white, the dance's green where they meet one of the music's within 70 ms, red where not. */
momu_status momui_sheet_make(momui_memory *memory, const momui_view *view,
                             const momui_sheet_options *options, momui_writer *out,
                             momu_error *error);
/* The same into a file, which appears whole or not at all. */
momu_status momui_sheet_write(momui_memory *memory, const momui_view *view,
                              const momui_sheet_options *options, const char *path,
                              momu_error *error);

#endif
