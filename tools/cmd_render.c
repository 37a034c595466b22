/* momu render DANCE [--audio SONG] -o SHEET.png, or FILM.mp4 by ffmpeg */
#include "view_inputs.h"

#include "film.h"

#include <string.h>
#include <strings.h>

static const char allowed[] = " audio versus output from to fps row width height model help ";

static int help(void) {
    puts("Usage: momu render DANCE [--audio SONG] [--versus DANCE] -o SHEET.png or FILM.mp4\n"
         "A sheet of pictures: figures in time above the song's spectrogram; beats of the music "
         "are\n"
         "white, those of the dance green where they meet one within 70 ms, red where not. Or a "
         "film,\n"
         "where ffmpeg is installed.\n\n"
         "Options:\n"
         "  --audio FILE             the song\n"
         "  --versus FILE            a second dance\n"
         "  --from X, --to X         the stretch, in seconds (all)\n"
         "  --row X                  of a sheet: seconds in a row (8)\n"
         "  --width N                pixels (sheet 1600, film 1280)\n"
         "  --height N, --fps X      of a film (720, 30)\n"
         "  --output FILE            where it goes (also -o)\n"
         "  --model FILE             whose beat tracker tracks the song (the default model)\n"
         "  --help                   this help");
    return MOMU_EXIT_OK;
}

static bool is_film(const char *path) {
    const char *dot = strrchr(path, '.');
    return dot && strcasecmp(dot, ".mp4") == 0;
}

static int check_numbers(const momu_view_arguments *a, bool film) {
    if (a->from < 0 || a->to < 0 || (a->to > 0 && a->to <= a->from))
        return momu_usage_error(a->command, "--from %g --to %g is no stretch of time", a->from,
                                a->to);
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

int momu_cmd_render(int argc, char **argv) {
    momu_view_arguments a;
    int status = momu_view_read_arguments(&a, argc, argv, allowed);
    if (status != MOMU_EXIT_OK)
        return status;
    if (a.help)
        return help();
    bool film = is_film(a.output);
    status = check_numbers(&a, film);
    if (status == MOMU_EXIT_OK)
        status = momu_check_output(a.command, a.output, ".png .mp4");
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
        momu_status made = momui_sheet_write(NULL, &in.view, &options, a.output, &error);
        if (made != MOMU_OK)
            status = momu_report(a.command, made, error.message, true);
        else
            printf("%s\n", a.output);
    }
    momu_view_close(&in);
    return status;
}
