/* momu motion-to-music DANCE -o MUSIC */
#include "command.h"

static const char allowed[] =
    " output model seed steps sampler guidance guidance-start guidance-rescale seconds "
    "rate genre tempo no-beat-tracking energy take threads json quiet help ";

static int help(void) {
    puts(
        "Usage: momu motion-to-music DANCE -o MUSIC [options]\n"
        "Makes music for a dance. DANCE is a .bvh, .glb, .npz or .npy file; MUSIC becomes a .wav,\n"
        ".flac or .ogg file as long as the dance.\n");
    momu_print_options(allowed);
    return MOMU_EXIT_OK;
}

static momu_status generate(momu_session *session, momu_arguments *a, momu_audio **music,
                            momu_generate_info *info) {
    momu_motion *dance = NULL;
    momu_status status = momu_motion_read(session->context, a->input, a->take, &dance);
    if (status != MOMU_OK)
        return status;
    momu_bar bar;
    momu_bar_open(&bar, a->quiet);
    a->generate.progress = momu_bar_progress;
    a->generate.progress_user = &bar;
    status =
        momu_motion_to_music(session->context, session->model, dance, &a->generate, music, info);
    momu_bar_close(&bar);
    momu_motion_destroy(dance);
    return status;
}

static int run(momu_session *session, momu_arguments *a) {
    momu_audio *music = NULL;
    momu_generate_info info = {.struct_size = sizeof info};
    bool writing = false;
    momu_status status = generate(session, a, &music, &info);
    if (status == MOMU_OK) {
        writing = true;
        status = momu_audio_write(session->context, music, a->output, NULL);
    }
    momu_audio_destroy(music);
    if (status != MOMU_OK)
        return momu_report(a->command, status, momu_context_get_message(session->context), writing);
    momu_print_result(a, a->output, NULL, &info);
    return MOMU_EXIT_OK;
}

int momu_cmd_motion_to_music(int argc, char **argv) {
    momu_arguments a;
    int status = momu_read_arguments(&a, argc, argv, allowed);
    if (status != MOMU_EXIT_OK)
        return status;
    if (a.help)
        return help();
    if (a.plain != 1 || !a.output)
        return momu_usage_error(a.command, "expected one dance and -o MUSIC; see momu %s --help",
                                a.command);
    status = momu_check_output(a.command, a.output, ".wav .flac .ogg");
    if (status != MOMU_EXIT_OK)
        return status;
    momu_session session;
    status = momu_session_open(&session, &a, true);
    if (status != MOMU_EXIT_OK)
        return status;
    status = run(&session, &a);
    momu_session_close(&session);
    return status;
}
