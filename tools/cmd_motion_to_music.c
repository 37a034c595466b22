/* momu motion-to-music DANCE -o MUSIC */
#include "command.h"

static int command_motion_to_music(int argc, char **argv);

static const momu_option OPTIONS[] = {
    {"format", "NAME",
     "format of the music: wav, flac or ogg (default: by FILE's extension; wav for -)",
     MOMU_OPTION_FORMAT, momu_sound_format},
    {0}};

const momu_command momu_command_motion_to_music = {
    .name = "motion-to-music",
    .run = command_motion_to_music,
    .summary = "make music for a dance",
    .usage = "DANCE -o MUSIC [options]",
    .text = "Makes music for a dance. DANCE is a .bvh, .glb, .npz or .npy file; MUSIC is written "
            "as a .wav, .flac or .ogg file as long as the dance.",
    .options = OPTIONS,
    .shared = " output model seed steps sampler guidance guidance-start guidance-rescale seconds "
              "rate genre tempo no-beat-tracking energy take threads json quiet "};

static int generate(momu_session *session, momu_arguments *a, momu_audio **music,
                    momu_generate_info *info) {
    momu_motion *dance = NULL;
    int code = momu_input_motion(a->command, session->context, a->input, a->take, &dance);
    if (code != MOMU_EXIT_OK)
        return code;
    momu_bar bar;
    momu_bar_attach(&bar, a);
    momu_status status =
        momu_motion_to_music(session->context, session->model, dance, &a->generate, music, info);
    momu_bar_close(&bar);
    momu_motion_destroy(dance);
    if (status != MOMU_OK)
        code = momu_report(a->command, status, momu_context_get_message(session->context), false);
    return code;
}

static int run(momu_session *session, momu_arguments *a) {
    momu_audio *music = NULL;
    momu_generate_info info = {.struct_size = sizeof info};
    int status = generate(session, a, &music, &info);
    if (status == MOMU_EXIT_OK)
        status = momu_output_sound(session->context, music, a);
    momu_audio_destroy(music);
    if (status == MOMU_EXIT_OK)
        momu_print_result(a, a->output, NULL, &info);
    return status;
}

static int command_motion_to_music(int argc, char **argv) {
    momu_arguments a;
    int status = momu_read_arguments(&a, &momu_command_motion_to_music, argc, argv);
    if (status != MOMU_GO_ON)
        return status;
    if (a.plain != 1 || !a.output)
        return momu_usage_error(a.command, "expected one dance and -o MUSIC; see momu %s --help",
                                a.command);
    status = momu_check_format(&a, momu_sound_format);
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
