/* momu beats FILE: of a song or of a dance */
#include "command.h"

#include <string.h>
#include <strings.h>

static const char allowed[] = " take model threads json help ";

static int help(void) {
    puts("Usage: momu beats FILE [--json]\n"
         "Tempo and beat times, in seconds. FILE is a song, or a dance (.bvh, .glb, .npz, .npy).\n"
         "The model's beat tracker tracks them: the same beats as a generation is conditioned on.\n"
         "Where there is no model, or its tracker is not confident, dynamic programming tracks\n"
         "those of a song, and a dance's are the moments at which it brakes (directogram). The\n"
         "first line says which.\n");
    momu_print_options(allowed);
    return MOMU_EXIT_OK;
}

static bool is_motion(const char *path) {
    static const char *const extensions[] = {".bvh", ".glb", ".npz", ".npy"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof extensions / sizeof *extensions; i++)
        if (strcasecmp(dot, extensions[i]) == 0)
            return true;
    return false;
}

static momu_status track_beats(const momu_session *session, const momu_arguments *a,
                               momu_beats **beats) {
    momu_context *context = session->context;
    momu_status status = MOMU_OK;
    if (is_motion(a->input)) {
        momu_motion *dance = NULL;
        status = momu_motion_read(context, a->input, a->take, &dance);
        if (status == MOMU_OK)
            status = momu_motion_beats(context, session->model, dance, beats);
        momu_motion_destroy(dance);
    } else {
        momu_audio *music = NULL;
        status = momu_audio_read(context, a->input, &music);
        if (status == MOMU_OK)
            status = momu_audio_beats(context, session->model, music, beats);
        momu_audio_destroy(music);
    }
    return status;
}

static void print_beats(const momu_arguments *a, const momu_beats *beats) {
    if (a->json) {
        momu_json json;
        momu_json_open(&json, stdout);
        momu_json_text(&json, "file", a->input);
        momu_json_text(&json, "kind", is_motion(a->input) ? "motion" : "music");
        momu_json_text(&json, "tracker", beats->tracker);
        momu_json_number(&json, "tempo", beats->tempo);
        momu_json_number(&json, "confidence", beats->confidence);
        momu_json_numbers(&json, "beats", beats->times, beats->count);
        momu_json_close(&json);
        return;
    }
    printf("tempo %.2f (confidence %.2f), %zu beats by %s\n", beats->tempo, beats->confidence,
           beats->count, beats->tracker);
    for (size_t i = 0; i < beats->count; i++)
        printf("%.3f\n", beats->times[i]);
}

int momu_cmd_beats(int argc, char **argv) {
    momu_arguments a;
    int exit_status = momu_read_arguments(&a, argc, argv, allowed);
    if (exit_status != MOMU_EXIT_OK)
        return exit_status;
    if (a.help)
        return help();
    if (a.plain != 1)
        return momu_usage_error(a.command, "expected one song or dance; see momu beats --help");
    momu_session session;
    exit_status = momu_session_open(&session, &a, false);
    if (exit_status != MOMU_EXIT_OK)
        return exit_status;
    exit_status = momu_session_find_model(&session, a.model);
    if (exit_status != MOMU_EXIT_OK) {
        momu_session_close(&session);
        return exit_status;
    }
    momu_beats *beats = NULL;
    momu_status status = track_beats(&session, &a, &beats);
    if (status == MOMU_OK)
        print_beats(&a, beats);
    else
        exit_status =
            momu_report(a.command, status, momu_context_get_message(session.context), false);
    momu_beats_destroy(beats);
    momu_session_close(&session);
    return exit_status;
}
