/* momu beats FILE: of a song or of a dance */
#include "command.h"

#include <string.h>
#include <strings.h>

static int command_beats(int argc, char **argv);

const momu_command momu_command_beats = {
    .name = "beats",
    .run = command_beats,
    .summary = "tempo and beat times of a song or a dance",
    .usage = "FILE [--json]",
    .text =
        "Prints the tempo in beats a minute and the beat times in seconds. FILE is a song, or a "
        "dance (.bvh, .glb, .npz, .npy), whose beats are the moments at which it brakes.",
    .shared = " take json "};

static bool is_motion(const char *path) {
    static const char *const extensions[] = {".bvh", ".glb", ".npz", ".npy"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof extensions / sizeof *extensions; i++)
        if (strcasecmp(dot, extensions[i]) == 0)
            return true;
    return false;
}

static momu_status track_beats(momu_context *context, const momu_arguments *a, momu_beats **beats) {
    momu_status status = MOMU_OK;
    if (is_motion(a->input)) {
        momu_motion *dance = NULL;
        status = momu_input_motion(context, a->input, a->take, &dance);
        if (status == MOMU_OK)
            status = momu_motion_beats(context, dance, beats);
        momu_motion_destroy(dance);
    } else {
        momu_audio *music = NULL;
        status = momu_input_sound(context, a->input, &music);
        if (status == MOMU_OK)
            status = momu_audio_beats(context, music, beats);
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
        momu_json_number(&json, "tempo", beats->tempo);
        momu_json_number(&json, "confidence", beats->confidence);
        momu_json_numbers(&json, "beats", beats->times, beats->count);
        momu_json_close(&json);
        return;
    }
    printf("tempo %.2f (confidence %.2f), %zu beats\n", beats->tempo, beats->confidence,
           beats->count);
    for (size_t i = 0; i < beats->count; i++)
        printf("%.3f\n", beats->times[i]);
}

static int command_beats(int argc, char **argv) {
    momu_arguments a;
    int exit_status = momu_read_arguments(&a, &momu_command_beats, argc, argv);
    if (exit_status != MOMU_GO_ON)
        return exit_status;
    if (a.plain != 1)
        return momu_usage_error(a.command, "expected one song or dance; see momu beats --help");
    a.threads = 1;
    momu_session session;
    exit_status = momu_session_open(&session, &a, false);
    if (exit_status != MOMU_EXIT_OK)
        return exit_status;
    momu_beats *beats = NULL;
    momu_status status = track_beats(session.context, &a, &beats);
    if (status == MOMU_OK)
        print_beats(&a, beats);
    else
        exit_status = momu_report(a.command, status, momu_context_error(session.context), false);
    momu_beats_destroy(beats);
    momu_session_close(&session);
    return exit_status;
}
