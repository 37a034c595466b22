/* momu music-to-motion MUSIC -o DANCE */
#include "command.h"

#include <string.h>
#include <strings.h>

static int command_music_to_motion(int argc, char **argv);

static const momu_option OPTIONS[] = {
    {"format", "NAME",
     "format of the dance: bvh, glb or npz (default: by FILE's extension; bvh for -, "
     "npz from a model of 2-D keypoints)",
     MOMU_OPTION_FORMAT, momu_motion_format},
    {0}};

const momu_command momu_command_music_to_motion = {
    .name = "music-to-motion",
    .run = command_music_to_motion,
    .summary = "make a dance to a song",
    .usage = "MUSIC -o DANCE [options]",
    .text = "Makes a dance to a song. MUSIC is a WAV, FLAC, Ogg or MP3 file; DANCE is written as a "
            ".bvh, .glb or .npz file as long as the song.",
    .options = OPTIONS,
    .shared = " output model seed steps sampler guidance guidance-start guidance-rescale seconds "
              "fps no-foot-lock for root genre tempo no-beat-tracking energy threads json quiet "};

static int generate(momu_session *session, momu_arguments *a, momu_motion **dance,
                    momu_generate_info *info) {
    momu_audio *music = NULL;
    int code = momu_input_sound(a->command, session->context, a->input, &music);
    if (code != MOMU_EXIT_OK)
        return code;
    momu_bar bar;
    momu_bar_attach(&bar, a);
    momu_status status =
        momu_music_to_motion(session->context, session->model, music, &a->generate, dance, info);
    momu_bar_close(&bar);
    momu_audio_destroy(music);
    if (status != MOMU_OK)
        code = momu_report(a->command, status, momu_context_get_message(session->context), false);
    return code;
}

static int run(momu_session *session, momu_arguments *a) {
    momu_motion *dance = NULL;
    momu_generate_info info = {.struct_size = sizeof info};
    int status = generate(session, a, &dance, &info);
    if (status == MOMU_EXIT_OK)
        status = momu_output_motion(session->context, dance, a);
    momu_motion_destroy(dance);
    if (status == MOMU_EXIT_OK)
        momu_print_result(a, NULL, a->output, &info);
    return status;
}

/* Refused before the long work: BVH and GLB cannot hold what a model of 2-D keypoints makes. */
static int check_keypoints(momu_arguments *a) {
    const char *dot = strrchr(a->output, '.');
    bool standard = momu_is_standard(a->output);
    if (!a->keypoints || (standard && !a->format) ||
        strcasecmp(standard ? a->format
                   : dot    ? dot + 1
                            : "",
                   "npz") == 0)
        return MOMU_EXIT_OK;
    return momu_usage_error(
        a->command,
        "%s: this model makes 2-D keypoints, which BVH and GLB cannot hold; expected .npz",
        a->output);
}

static int command_music_to_motion(int argc, char **argv) {
    momu_arguments a;
    int status = momu_read_arguments(&a, &momu_command_music_to_motion, argc, argv);
    if (status != MOMU_GO_ON)
        return status;
    if (a.plain != 1 || !a.output)
        return momu_usage_error(a.command, "expected one song and -o DANCE; see momu %s --help",
                                a.command);
    status = momu_check_format(&a, momu_motion_format);
    if (status != MOMU_EXIT_OK)
        return status;
    momu_session session;
    status = momu_session_open(&session, &a, true);
    if (status != MOMU_EXIT_OK)
        return status;
    status = check_keypoints(&a);
    if (status == MOMU_EXIT_OK)
        status = run(&session, &a);
    momu_session_close(&session);
    return status;
}
