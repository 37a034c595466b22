/* momu convert DANCE -o FILE, and momu retarget DANCE --skeleton CHARACTER -o FILE: the same, but
 * for the character. */
#include "command.h"

static int command_convert(int argc, char **argv);
static int command_retarget(int argc, char **argv);

static const momu_option OPTIONS[] = {
    {"format", "NAME",
     "format of the dance: bvh, glb or npz (default: by FILE's extension; bvh for -)",
     MOMU_OPTION_FORMAT, momu_motion_format},
    {0}};

const momu_command momu_command_convert = {
    .name = "convert",
    .run = command_convert,
    .summary = "write a dance for another program, or a model with smaller weights",
    .usage = "DANCE -o FILE [options]\nMODEL.safetensors --weights FORMAT -o MODEL.safetensors",
    .text = "Writes a dance (.bvh, .glb, .npz, .npy) in another format, at another frame rate, or "
            "with the names, units and axes of another program; FILE is a .bvh, .glb or .npz file. "
            "Or writes a model with its weights as f32, bf16 or int8.",
    .options = OPTIONS,
    .shared = " output for root fps take weights quiet "};

const momu_command momu_command_retarget = {
    .name = "retarget",
    .run = command_retarget,
    .summary = "put a dance on another character",
    .usage = "DANCE --skeleton CHARACTER -o FILE [options]",
    .text =
        "Puts the dance on another character: CHARACTER is a motion file of the skeleton that is "
        "to dance, of which names, bones and rest pose alone are used; its rest pose must stand "
        "upright. FILE is a .bvh, .glb or .npz file.",
    .options = OPTIONS,
    .shared = " output skeleton for root fps take quiet "};

/* The dance to write: the one read, or that on the character. */
static int read_dance(momu_context *context, const momu_arguments *a, momu_motion **dance) {
    momu_motion *source = NULL, *character = NULL;
    int code = momu_input_motion(a->command, context, a->input, a->take, &source);
    if (code != MOMU_EXIT_OK || !a->skeleton) {
        *dance = source;
        return code;
    }
    code = momu_input_motion(a->command, context, a->skeleton, NULL, &character);
    if (code == MOMU_EXIT_OK) {
        momu_status status = momu_motion_retarget(context, source, character, dance);
        if (status != MOMU_OK)
            code = momu_report(a->command, status, momu_context_get_message(context), false);
    }
    momu_motion_destroy(source);
    momu_motion_destroy(character);
    return code;
}

static int run(momu_arguments *a) {
    momu_session session;
    int code = momu_session_open(&session, a, false);
    if (code != MOMU_EXIT_OK)
        return code;
    a->write.fps = a->generate.motion_fps;
    momu_motion *dance = NULL;
    code = read_dance(session.context, a, &dance);
    if (code == MOMU_EXIT_OK)
        code = momu_output_motion(session.context, dance, a);
    if (code == MOMU_EXIT_OK && !a->quiet)
        fprintf(momu_text_output(a->output), "%s: %lld frames, %d joints, %.2f s\n", a->output,
                (long long)momu_motion_get_frames(dance), (int)momu_motion_get_joints(dance),
                momu_motion_get_seconds(dance));
    momu_motion_destroy(dance);
    momu_session_close(&session);
    return code;
}

static int check_and_run(momu_arguments *a) {
    int status = momu_check_format(a, momu_motion_format);
    return status == MOMU_EXIT_OK ? run(a) : status;
}

static int command_convert(int argc, char **argv) {
    momu_arguments a;
    int status = momu_read_arguments(&a, &momu_command_convert, argc, argv);
    if (status != MOMU_GO_ON)
        return status;
    if (a.plain != 1 || !a.output)
        return momu_usage_error(a.command, "expected one dance and -o FILE; see momu %s --help",
                                a.command);
    if (momu_is_model(a.input))
        return momu_convert_model(&a);
    if (a.weights >= 0)
        return momu_usage_error(a.command, "--weights is for models; %s is none", a.input);
    return check_and_run(&a);
}

static int command_retarget(int argc, char **argv) {
    momu_arguments a;
    int status = momu_read_arguments(&a, &momu_command_retarget, argc, argv);
    if (status != MOMU_GO_ON)
        return status;
    if (a.plain != 1 || !a.output || !a.skeleton)
        return momu_usage_error(
            a.command, "expected one dance, --skeleton CHARACTER and -o FILE; see momu %s --help",
            a.command);
    if (momu_is_standard(a.input) && momu_is_standard(a.skeleton))
        return momu_usage_error(a.command, "standard input holds one file, not two");
    return check_and_run(&a);
}
