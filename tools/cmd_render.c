/* momu render DANCE [--audio SONG] -o SHEET.png, or FILM.mp4 by ffmpeg */
#include "view_inputs.h"

#include "film.h"

#include <string.h>
#include <strings.h>

static int command_render(int argc, char **argv);

static const momu_option OPTIONS[] = {
    {"audio", "FILE", "the song", MOMU_VIEW_AUDIO, NULL},
    {"versus", "FILE", "a second dance", MOMU_VIEW_VERSUS, NULL},
    {"from", "X", "where to begin, in seconds (default 0)", MOMU_VIEW_FROM, NULL},
    {"to", "X", "where to end, in seconds (default: the end)", MOMU_VIEW_TO, NULL},
    {"row", "X", "of a sheet: seconds in a row, 0.5 or more (default 8)", MOMU_VIEW_ROW, NULL},
    {"width", "N", "width in pixels, 320 to 8192 (default: sheet 1600, film 1280)", MOMU_VIEW_WIDTH,
     NULL},
    {"height", "N", "of a film: height in pixels, 240 to 8192 (default 720)", MOMU_VIEW_HEIGHT,
     NULL},
    {"fps", "X", "of a film: frames a second, 1 to 240 (default 30)", MOMU_VIEW_FPS, NULL},
    {"model", "FILE", "the model whose beat tracker tracks the song (default: the default model)",
     MOMU_VIEW_MODEL, NULL},
    {"output", "FILE", "where the picture or the film goes", MOMU_OPTION_OUTPUT, NULL},
    {"quiet", NULL, "print neither a progress bar nor where the result is", MOMU_OPTION_QUIET,
     NULL},
    {0}};

const momu_command momu_command_render = {
    .name = "render",
    .run = command_render,
    .summary = "draw a sheet of pictures, or a film",
    .usage = "DANCE [--audio SONG] [--versus DANCE] -o SHEET.png|FILM.mp4",
    .text =
        "Draws a sheet of pictures: the dancer over time above the song's spectrogram. Beats of "
        "the music are white, those of the dance green where they are within 70 ms of one of "
        "the music's, else red. Or makes a film, where ffmpeg is installed.",
    .options = OPTIONS};

static bool is_film(const char *path) {
    const char *dot = strrchr(path, '.');
    return dot && strcasecmp(dot, ".mp4") == 0;
}

static int check_numbers(const momu_view_arguments *a, bool film) {
    if (a->from < 0 || a->to < 0 || (a->to > 0 && a->to <= a->from))
        return momu_usage_error(a->command, "--from %g --to %g is no span of time", a->from, a->to);
    if (a->row_seconds < 0 || (a->row_seconds > 0 && a->row_seconds < 0.5))
        return momu_usage_error(a->command, "--row is %g, expected 0.5 or more seconds",
                                a->row_seconds);
    if (a->fps < 0 || a->fps > 240 || (a->fps > 0 && a->fps < 1))
        return momu_usage_error(a->command, "--fps is %g, expected 1 to 240", a->fps);
    if ((a->width > 0 && a->width < 320) || (a->height > 0 && a->height < 240))
        return momu_usage_error(a->command, "pictures are 320 x 240 or larger");
    if (!film && (a->height > 0 || a->fps > 0))
        return momu_usage_error(a->command,
                                "--height and --fps are a film's; a sheet is as high as it has "
                                "rows (--width, --row)");
    if (film && a->row_seconds > 0)
        return momu_usage_error(a->command, "--row is a sheet's; a film has none");
    if (film && (a->width % 2 || a->height % 2))
        return momu_usage_error(a->command, "a film's width and height must be even");
    return MOMU_EXIT_OK;
}

static int command_render(int argc, char **argv) {
    momu_view_arguments a;
    int status = momu_view_read_arguments(&a, &momu_command_render, argc, argv);
    if (status != MOMU_GO_ON)
        return status;
    bool film = is_film(a.output);
    status = check_numbers(&a, film);
    if (status == MOMU_EXIT_OK)
        status = momu_view_check_output(&a, ".png .mp4");
    momu_view_inputs in;
    if (status == MOMU_EXIT_OK)
        status = momu_view_open(&in, &a);
    if (status != MOMU_EXIT_OK)
        return status;
    if (film) {
        status = momu_film(&a, &in.view);
    } else {
        momui_sheet_options options = {.width = a.width ? (int32_t)a.width : 1600,
                                       .from = a.from,
                                       .to = a.to,
                                       .row_seconds = a.row_seconds};
        momu_error error = {0};
        momui_writer sheet;
        momui_writer_init(&sheet, NULL);
        momu_status made = momui_sheet_make(NULL, &in.view, &options, &sheet, &error);
        status = momu_view_put(&a, made, &sheet, &error, "");
    }
    momu_view_close(&in);
    return status;
}
