/* momu joint -o PREFIX */
#include "command.h"

#include <stdlib.h>
#include <string.h>

static int command_joint(int argc, char **argv);

static const momu_option OPTIONS[] = {
    {"output", "PREFIX", "path of both files, without their extensions", MOMU_OPTION_OUTPUT, NULL},
    {0}};

const momu_command momu_command_joint = {
    .name = "joint",
    .run = command_joint,
    .summary = "make a song and a dance together, from nothing",
    .usage = "-o PREFIX [options]",
    .text = "Makes a song and a dance together, from noise alone: PREFIX.wav and PREFIX.bvh (or "
            "what --format names; PREFIX.npz from a model of 2-D keypoints), 12 seconds without "
            "--seconds.",
    .options = OPTIONS,
    .shared = " model seed steps sampler guidance guidance-music guidance-motion "
              "guidance-start guidance-rescale joint-start seconds rate fps no-foot-lock format "
              "for root genre tempo energy threads json quiet "};

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
    momu_bar_attach(&bar, a);
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

/* PREFIX.FORMAT; free() it. */
static char *with_ending(const char *prefix, const char *format) {
    size_t room = strlen(prefix) + strlen(format) + 2;
    char *path = malloc(room);
    if (path)
        snprintf(path, room, "%s.%s", prefix, format);
    return path;
}

/* The model decides which kind of motion file it is. */
static int open_and_run(momu_arguments *a, const char *audio_path) {
    momu_session session;
    int status = momu_check_output(a->command, audio_path, ".wav");
    if (status == MOMU_EXIT_OK)
        status = momu_session_open(&session, a, true);
    if (status != MOMU_EXIT_OK)
        return status;
    const char *format = a->keypoints ? "npz" : a->format ? a->format : "bvh";
    char *motion_path = with_ending(a->output, format);
    if (motion_path)
        status = momu_check_output(a->command, motion_path, ".bvh .glb .npz");
    else
        status = momu_report(a->command, MOMU_ERROR_MEMORY, NULL, false);
    if (status == MOMU_EXIT_OK)
        status = run(&session, a, audio_path, motion_path);
    free(motion_path);
    momu_session_close(&session);
    return status;
}

static int command_joint(int argc, char **argv) {
    momu_arguments a;
    int status = momu_read_arguments(&a, &momu_command_joint, argc, argv);
    if (status != MOMU_GO_ON)
        return status;
    if (a.plain != 0 || !a.output)
        return momu_usage_error(
            a.command, "expected -o PREFIX and no other file; see momu %s --help", a.command);
    if (strcmp(a.output, "-") == 0)
        return momu_usage_error(a.command, "-o - has no room for two files; expected a prefix");
    char *audio_path = with_ending(a.output, "wav");
    status = audio_path ? open_and_run(&a, audio_path)
                        : momu_report(a.command, MOMU_ERROR_MEMORY, NULL, false);
    free(audio_path);
    return status;
}
