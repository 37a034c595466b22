/* What momu preview and momu render share: their options, and their files read. */
#include "view_inputs.h"

#include <getopt.h>
#include <string.h>
#include <strings.h>

enum { LONGEST_NAME = 120 };

static int read_option(void *user, const momu_option *option, const char *text) {
    momu_view_arguments *a = user;
    const char *name = option->name;
    switch (option->id) {
    case MOMU_VIEW_AUDIO:
        a->song = text;
        break;
    case MOMU_VIEW_VERSUS:
        a->versus = text;
        break;
    case MOMU_OPTION_OUTPUT:
        a->output = text;
        break;
    case MOMU_OPTION_QUIET:
        a->quiet = true;
        break;
    case MOMU_VIEW_MODEL:
        a->model = text;
        break;
    case MOMU_VIEW_TITLE:
        a->title = text;
        break;
    case MOMU_VIEW_FROM:
        return momu_read_number(a->command, name, text, &a->from);
    case MOMU_VIEW_TO:
        return momu_read_number(a->command, name, text, &a->to);
    case MOMU_VIEW_FPS:
        return momu_read_number(a->command, name, text, &a->fps);
    case MOMU_VIEW_ROW:
        return momu_read_number(a->command, name, text, &a->row_seconds);
    case MOMU_VIEW_WIDTH:
        return momu_read_integer(a->command, name, text, 8192, &a->width);
    case MOMU_VIEW_HEIGHT:
        return momu_read_integer(a->command, name, text, 8192, &a->height);
    default:
        return momu_usage_error(a->command, "unknown option --%s", name);
    }
    return MOMU_EXIT_OK;
}

int momu_view_read_arguments(momu_view_arguments *a, const momu_command *command, int argc,
                             char **argv) {
    *a = (momu_view_arguments){.command = command->name};
    int status = momu_parse(command, argc, argv, read_option, a);
    if (status != MOMU_GO_ON)
        return status;
    a->dance = optind < argc ? argv[optind] : NULL;
    if (optind + 1 < argc || !a->output || (!a->dance && !a->song))
        return momu_usage_error(a->command,
                                "expected one dance, or --audio SONG, and -o FILE; see momu %s "
                                "--help",
                                a->command);
    const char *dot = strrchr(a->output, '.');
    if (momu_is_standard(a->song) && dot && strcasecmp(dot, ".mp4") == 0)
        return momu_usage_error(a->command, "a film needs the song as a file, which ffmpeg reads");
    if (momu_is_standard(a->dance) + momu_is_standard(a->versus) + momu_is_standard(a->song) > 1)
        return momu_usage_error(a->command, "standard input holds one file, not several");
    if (a->versus && !a->dance)
        return momu_usage_error(a->command, "--versus needs a dance to compare with");
    return MOMU_GO_ON;
}

static const char *file_name(const char *path) {
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : momu_is_standard(path) ? "standard input" : path;
}

static int read_files(momu_view_inputs *in, const momu_view_arguments *a) {
    momu_context *context = in->session.context;
    const char *const paths[MOMUI_VIEW_DANCES] = {a->dance, a->versus};
    int code = a->song ? momu_input_sound(a->command, context, a->song, &in->song) : MOMU_EXIT_OK;
    if (code == MOMU_EXIT_OK && a->song &&
        momu_audio_beats(context, in->session.model, in->song, &in->beats) != MOMU_OK)
        code = momu_report(a->command, MOMU_ERROR_FORMAT, momu_context_get_message(context), false);
    for (int i = 0; code == MOMU_EXIT_OK && i < MOMUI_VIEW_DANCES && paths[i]; i++) {
        code = momu_input_motion(a->command, context, paths[i], NULL, &in->dances[i]);
        in->view.dances[i] = in->dances[i];
        in->view.dance_names[i] = file_name(paths[i]);
        in->view.dance_count = i + 1;
    }
    return code;
}

int momu_view_open(momu_view_inputs *in, const momu_view_arguments *a) {
    momu_arguments plain = {.command = a->command};
    memset(in, 0, sizeof *in);
    int code = momu_session_open(&in->session, &plain, false);
    if (code != MOMU_EXIT_OK)
        return code;
    if (a->song)
        code = momu_session_find_model(&in->session, a->model);
    if (code == MOMU_EXIT_OK)
        code = read_files(in, a);
    if (code != MOMU_EXIT_OK) {
        momu_view_close(in);
        return code;
    }
    in->view.song = in->song;
    in->view.song_beats = in->beats;
    in->view.song_name = file_name(a->song);
    if (!a->title)
        snprintf(in->title, sizeof in->title, "%.*s%s%.*s", LONGEST_NAME,
                 a->dance ? file_name(a->dance) : "", a->dance && a->song ? " to " : "",
                 LONGEST_NAME, a->song ? file_name(a->song) : "");
    in->view.title = a->title ? a->title : in->title;
    return MOMU_EXIT_OK;
}

void momu_view_close(momu_view_inputs *in) {
    momu_beats_destroy(in->beats);
    momu_audio_destroy(in->song);
    for (int i = 0; i < MOMUI_VIEW_DANCES; i++)
        momu_motion_destroy(in->dances[i]);
    momu_session_close(&in->session);
}

int momu_view_check_output(const momu_view_arguments *a, const char *extensions) {
    return momu_is_standard(a->output) ? momu_check_standard_output(a->command)
                                       : momu_check_output(a->command, a->output, extensions);
}

int momu_view_put(const momu_view_arguments *a, momu_status made, momui_writer *bytes,
                  momu_error *error, const char *note) {
    int code = MOMU_EXIT_OK;
    bool standard = momu_is_standard(a->output);
    if (made == MOMU_OK && !standard)
        made = momui_write_file(a->output, bytes->data, bytes->size, error);
    if (made != MOMU_OK)
        code = momu_report(a->command, made, error->message, true);
    else if (standard)
        code = momu_write_standard_output(a->command, bytes->data, bytes->size);
    else if (!a->quiet)
        printf("%s%s\n", a->output, note);
    momui_writer_release(bytes);
    return code;
}
