#include "view_inputs.h"

#include <getopt.h>
#include <string.h>

enum { LONGEST_NAME = 120 };

static const struct option known[] = {{"audio", required_argument, NULL, 'a'},
                                      {"versus", required_argument, NULL, 'v'},
                                      {"output", required_argument, NULL, 'o'},
                                      {"title", required_argument, NULL, 't'},
                                      {"from", required_argument, NULL, 'f'},
                                      {"to", required_argument, NULL, 'e'},
                                      {"fps", required_argument, NULL, 'r'},
                                      {"row", required_argument, NULL, 's'},
                                      {"width", required_argument, NULL, 'w'},
                                      {"height", required_argument, NULL, 'y'},
                                      {"model", required_argument, NULL, 'm'},
                                      {"help", no_argument, NULL, 'h'},
                                      {NULL, 0, NULL, 0}};

static const char *name_of(int id) {
    for (size_t i = 0; known[i].name; i++)
        if (known[i].val == id)
            return known[i].name;
    return "";
}

static int read_one(momu_view_arguments *a, int id, const char *text) {
    const char *name = name_of(id);
    switch (id) {
    case 'a':
        a->song = text;
        break;
    case 'v':
        a->versus = text;
        break;
    case 'o':
        a->output = text;
        break;
    case 'm':
        a->model = text;
        break;
    case 't':
        a->title = text;
        break;
    case 'f':
        return momu_read_number(a->command, name, text, &a->from);
    case 'e':
        return momu_read_number(a->command, name, text, &a->to);
    case 'r':
        return momu_read_number(a->command, name, text, &a->fps);
    case 's':
        return momu_read_number(a->command, name, text, &a->row_seconds);
    case 'w':
        return momu_read_integer(a->command, name, text, 8192, &a->width);
    case 'y':
        return momu_read_integer(a->command, name, text, 8192, &a->height);
    default:
        a->help = true;
    }
    return MOMU_EXIT_OK;
}

int momu_view_read_arguments(momu_view_arguments *a, int argc, char **argv, const char *allowed) {
    *a = (momu_view_arguments){.command = argv[0]};
    optind = 1;
    opterr = 0;
    for (int id; (id = getopt_long(argc, argv, ":o:h", known, NULL)) != -1;) {
        char word[32];
        const char *spelled = argv[optind - 1];
        snprintf(word, sizeof word, " %s ", id == ':' || id == '?' ? "" : name_of(id));
        if (id == ':')
            return momu_usage_error(a->command, "%s needs a value", spelled);
        if (id == '?' || !strstr(allowed, word))
            return momu_usage_error(a->command, "unknown option %s; see momu %s --help", spelled,
                                    a->command);
        int status = read_one(a, id, optarg);
        if (status != MOMU_EXIT_OK)
            return status;
    }
    if (a->help)
        return MOMU_EXIT_OK;
    a->dance = optind < argc ? argv[optind] : NULL;
    if (optind + 1 < argc || !a->output || (!a->dance && !a->song))
        return momu_usage_error(a->command,
                                "expected one dance, or --audio SONG, and -o FILE; see momu %s "
                                "--help",
                                a->command);
    if (a->versus && !a->dance)
        return momu_usage_error(a->command, "--versus needs a dance to be beside");
    return MOMU_EXIT_OK;
}

static const char *file_name(const char *path) {
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path;
}

static momu_status read_files(momu_view_inputs *in, const momu_view_arguments *a) {
    momu_context *context = in->session.context;
    const char *const paths[MOMUI_VIEW_DANCES] = {a->dance, a->versus};
    momu_status status = a->song ? momu_audio_read(context, a->song, &in->song) : MOMU_OK;
    if (status == MOMU_OK && a->song)
        status = momu_audio_beats(context, in->session.model, in->song, &in->beats);
    for (int i = 0; status == MOMU_OK && i < MOMUI_VIEW_DANCES && paths[i]; i++) {
        status = momu_motion_read(context, paths[i], NULL, &in->dances[i]);
        in->view.dances[i] = in->dances[i];
        in->view.dance_names[i] = file_name(paths[i]);
        in->view.dance_count = i + 1;
    }
    return status;
}

int momu_view_open(momu_view_inputs *in, const momu_view_arguments *a) {
    momu_arguments plain = {.command = a->command};
    memset(in, 0, sizeof *in);
    int exit_status = momu_session_open(&in->session, &plain, false);
    if (exit_status != MOMU_EXIT_OK)
        return exit_status;
    if (a->song &&
        (exit_status = momu_session_find_model(&in->session, a->model)) != MOMU_EXIT_OK) {
        momu_view_close(in);
        return exit_status;
    }
    momu_status status = read_files(in, a);
    if (status != MOMU_OK) {
        exit_status =
            momu_report(a->command, status, momu_context_get_message(in->session.context), false);
        momu_view_close(in);
        return exit_status;
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
