/* momu music-to-motion MUSIC -o DANCE */
#include "command.h"

#include <string.h>

static const char allowed[] =
    " output model seed steps sampler guidance guidance-start guidance-rescale seconds "
    "fps no-foot-lock for root genre tempo no-beat-tracking energy threads json quiet help ";

static int help(void) {
    puts("Usage: momu music-to-motion MUSIC -o DANCE [options]\n"
         "Makes a dance to a song. MUSIC is a WAV, FLAC, Ogg or MP3 file; DANCE becomes a .bvh,\n"
         ".glb or .npz file as long as the song.\n");
    momu_print_options(allowed);
    return MOMU_EXIT_OK;
}

static momu_status generate(momu_session *session, momu_arguments *a, momu_motion **dance,
                            momu_generate_info *info) {
    momu_audio *music = NULL;
    momu_status status = momu_audio_read(session->context, a->input, &music);
    if (status != MOMU_OK)
        return status;
    momu_bar bar;
    momu_bar_open(&bar, a->quiet);
    a->generate.progress = momu_bar_progress;
    a->generate.progress_user = &bar;
    status =
        momu_music_to_motion(session->context, session->model, music, &a->generate, dance, info);
    momu_bar_close(&bar);
    momu_audio_destroy(music);
    return status;
}

static int run(momu_session *session, momu_arguments *a) {
    momu_motion *dance = NULL;
    momu_generate_info info = {.struct_size = sizeof info};
    bool writing = false;
    momu_status status = generate(session, a, &dance, &info);
    if (status == MOMU_OK) {
        writing = true;
        status = momu_motion_write(session->context, dance, a->output, &a->write);
    }
    momu_motion_destroy(dance);
    if (status != MOMU_OK)
        return momu_report(a->command, status, momu_context_get_message(session->context), writing);
    momu_print_result(a, NULL, a->output, &info);
    return MOMU_EXIT_OK;
}

int momu_cmd_music_to_motion(int argc, char **argv) {
    momu_arguments a;
    int status = momu_read_arguments(&a, argc, argv, allowed);
    if (status != MOMU_EXIT_OK)
        return status;
    if (a.help)
        return help();
    if (a.plain != 1 || !a.output)
        return momu_usage_error(a.command, "expected one song and -o DANCE; see momu %s --help",
                                a.command);
    status = momu_check_output(a.command, a.output, ".bvh .glb .npz");
    if (status != MOMU_EXIT_OK)
        return status;
    momu_session session;
    status = momu_session_open(&session, &a, true);
    if (status != MOMU_EXIT_OK)
        return status;
    /* Said before the long work. */
    const char *dot = strrchr(a.output, '.');
    if (a.keypoints && (!dot || strcmp(dot, ".npz") != 0))
        status = momu_usage_error(
            a.command,
            "%s: this model makes 2-D keypoints, which BVH and GLB cannot hold; expected .npz",
            a.output);
    else
        status = run(&session, &a);
    momu_session_close(&session);
    return status;
}
