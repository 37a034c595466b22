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
        "dance (.bvh, .glb, .npz, .npy). The model's beat tracker tracks them: the same beats "
        "as a generation is conditioned on. Where there is no model, or its tracker is not "
        "confident, dynamic programming tracks those of a song, and a dance's are the moments "
        "at which it brakes (directogram). The first line says which.",
    .shared = " model take threads json "};

static bool is_motion(const char *path) {
    static const char *const extensions[] = {".bvh", ".glb", ".npz", ".npy"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof extensions / sizeof *extensions; i++)
        if (strcasecmp(dot, extensions[i]) == 0)
            return true;
    return false;
}

static momu_status motion_beats(const momu_session *session, momu_status status, momu_motion *dance,
                                momu_beats **beats) {
    if (status == MOMU_OK)
        status = momu_motion_beats(session->context, session->model, dance, beats);
    momu_motion_destroy(dance);
    return status;
}

static momu_status music_beats(const momu_session *session, momu_status status, momu_audio *music,
                               momu_beats **beats) {
    if (status == MOMU_OK)
        status = momu_audio_beats(session->context, session->model, music, beats);
    momu_audio_destroy(music);
    return status;
}

/* input: standard input, or empty where the file is named. */
static momu_status track_beats(const momu_session *session, const momu_arguments *a,
                               const momu_input *input, bool motion, momu_beats **beats) {
    momu_context *context = session->context;
    momu_motion *dance = NULL;
    momu_audio *music = NULL;
    momu_status status;
    if (motion) {
        status = input->data
                     ? momu_motion_read_memory(context, input->data, input->size, a->take, &dance)
                     : momu_motion_read(context, a->input, a->take, &dance);
        return motion_beats(session, status, dance, beats);
    }
    status = input->data ? momu_audio_read_memory(context, input->data, input->size, &music)
                         : momu_audio_read(context, a->input, &music);
    return music_beats(session, status, music, beats);
}

static void print_beats(const momu_arguments *a, bool motion, const momu_beats *beats) {
    if (a->json) {
        momu_json json;
        momu_json_open(&json, stdout);
        momu_json_text(&json, "file", a->input);
        momu_json_text(&json, "kind", motion ? "motion" : "music");
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

static int command_beats(int argc, char **argv) {
    momu_arguments a;
    int exit_status = momu_read_arguments(&a, &momu_command_beats, argc, argv);
    if (exit_status != MOMU_GO_ON)
        return exit_status;
    if (a.plain != 1)
        return momu_usage_error(a.command, "expected one song or dance; see momu beats --help");
    momu_session session;
    exit_status = momu_session_open(&session, &a, false);
    if (exit_status != MOMU_EXIT_OK)
        return exit_status;
    exit_status = momu_session_find_model(&session, a.model);
    momu_beats *beats = NULL;
    momu_input input = {0};
    if (exit_status == MOMU_EXIT_OK && momu_is_standard(a.input))
        exit_status = momu_read_standard_input(a.command, &input);
    if (exit_status == MOMU_EXIT_OK) {
        bool motion = input.data ? !momu_input_is_sound(&input) : is_motion(a.input);
        momu_status status = track_beats(&session, &a, &input, motion, &beats);
        if (status == MOMU_OK)
            print_beats(&a, motion, beats);
        else
            exit_status =
                momu_report(a.command, status, momu_context_get_message(session.context), false);
    }
    momu_beats_destroy(beats);
    momu_input_release(&input);
    momu_session_close(&session);
    return exit_status;
}
