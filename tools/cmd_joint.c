/* momu joint -o PREFIX */
#include "command.h"

#include <stdlib.h>
#include <string.h>

static const char allowed[] =
    " output model seed steps sampler guidance guidance-music guidance-motion guidance-start "
    "guidance-rescale "
    "joint-start seconds rate fps no-foot-lock format for root genre tempo energy threads json "
    "quiet help ";

static int help(void) {
    puts("Usage: momu joint --seconds X -o PREFIX [options]\n"
         "Invents a song and a dance together: PREFIX.wav and PREFIX.bvh (or what --format says;\n"
         "PREFIX.npz from a model of 2-D keypoints), 12 seconds unless told otherwise.\n");
    momu_print_options(allowed);
    return MOMU_EXIT_OK;
}

/* Both files appear, or neither. */
static momu_status write_both(momu_context *context, const momu_audio *music,
                              const momu_motion *dance, const char *audio_path,
                              const char *motion_path, const momu_motion_write_options *options) {
    momu_status status = momu_audio_write(context, music, audio_path, NULL);
    if (status != MOMU_OK)
        return status;
    status = momu_motion_write(context, dance, motion_path, options);
    if (status != MOMU_OK)
        remove(audio_path);
    return status;
}

static int run(momu_session *session, momu_arguments *a, const char *audio_path,
               const char *motion_path) {
    momu_audio *music = NULL;
    momu_motion *dance = NULL;
    momu_generate_info info = {.struct_size = sizeof info};
    bool writing = false;
    momu_bar bar;
    momu_bar_open(&bar, a->quiet);
    a->generate.progress = momu_bar_progress;
    a->generate.progress_user = &bar;
    momu_status status =
        momu_joint_generate(session->context, session->model, &a->generate, &music, &dance, &info);
    momu_bar_close(&bar);
    if (status == MOMU_OK) {
        writing = true;
        status = write_both(session->context, music, dance, audio_path, motion_path, &a->write);
    }
    momu_audio_destroy(music);
    momu_motion_destroy(dance);
    if (status != MOMU_OK)
        return momu_report(a->command, status, momu_context_get_message(session->context), writing);
    momu_print_result(a, audio_path, motion_path, &info);
    return MOMU_EXIT_OK;
}

/* Puts the ending behind the prefix; free() it. */
static char *with_ending(const char *prefix, const char *extension) {
    size_t length = strlen(prefix), more = strlen(extension) + 1;
    char *path = malloc(length + more);
    if (path) {
        memcpy(path, prefix, length);
        memcpy(path + length, extension, more);
    }
    return path;
}

/* Which kind of motion file it is, the model says. */
static int open_and_run(momu_arguments *a, const char *audio_path) {
    momu_session session;
    int status = momu_check_output(a->command, audio_path, ".wav");
    if (status == MOMU_EXIT_OK)
        status = momu_session_open(&session, a, true);
    if (status != MOMU_EXIT_OK)
        return status;
    const char *extension = a->keypoints ? ".npz" : a->format ? a->format : ".bvh";
    char *motion_path = with_ending(a->output, extension);
    if (motion_path)
        status = momu_check_output(a->command, motion_path, extension);
    else
        status = momu_report(a->command, MOMU_ERROR_MEMORY, NULL, false);
    if (status == MOMU_EXIT_OK)
        status = run(&session, a, audio_path, motion_path);
    free(motion_path);
    momu_session_close(&session);
    return status;
}

int momu_cmd_joint(int argc, char **argv) {
    momu_arguments a;
    int status = momu_read_arguments(&a, argc, argv, allowed);
    if (status != MOMU_EXIT_OK)
        return status;
    if (a.help)
        return help();
    if (a.plain != 0 || !a.output)
        return momu_usage_error(
            a.command, "expected -o PREFIX and no other file; see momu %s --help", a.command);
    char *audio_path = with_ending(a.output, ".wav");
    status = audio_path ? open_and_run(&a, audio_path)
                        : momu_report(a.command, MOMU_ERROR_MEMORY, NULL, false);
    free(audio_path);
    return status;
}
