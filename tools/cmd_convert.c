/* momu convert DANCE -o FILE, and momu retarget DANCE --skeleton FIGURE -o FILE: the same, but for
 * the figure. */
#include "command.h"

static const char convert_allowed[] = " output for root fps take weights help ";
static const char retarget_allowed[] = " output skeleton for root fps take help ";

static int convert_help(void) {
    puts("Usage: momu convert DANCE -o FILE [options]\n"
         "A dance (.bvh, .glb, .npz, .npy) in another format, at another rate, or with the names,\n"
         "units and axes of another program. FILE is a .bvh, .glb or .npz file.\n"
         "       momu convert MODEL.safetensors --weights FORMAT -o MODEL.safetensors\n"
         "A model with its weights as f32, bf16 or int8.\n");
    momu_print_options(convert_allowed);
    return MOMU_EXIT_OK;
}

static int retarget_help(void) {
    puts("Usage: momu retarget DANCE --skeleton FIGURE -o FILE [options]\n"
         "The dance on another figure: FIGURE is a motion file of the skeleton that shall dance, "
         "of\n"
         "which only names, bones and rest pose are used; it must rest upright. FILE is a .bvh, "
         ".glb\n"
         "or .npz file.\n");
    momu_print_options(retarget_allowed);
    return MOMU_EXIT_OK;
}

/* The dance that shall be written: the one read, or that on the figure. */
static momu_status read_dance(momu_context *context, const momu_arguments *a, momu_motion **dance) {
    momu_motion *source = NULL, *figure = NULL;
    momu_status status = momu_motion_read(context, a->input, a->take, &source);
    if (status != MOMU_OK || !a->skeleton) {
        *dance = source;
        return status;
    }
    status = momu_motion_read(context, a->skeleton, NULL, &figure);
    if (status == MOMU_OK)
        status = momu_motion_retarget(context, source, figure, dance);
    momu_motion_destroy(source);
    momu_motion_destroy(figure);
    return status;
}

static int run(momu_arguments *a) {
    momu_session session;
    int exit_status = momu_session_open(&session, a, false);
    if (exit_status != MOMU_EXIT_OK)
        return exit_status;
    a->write.fps = a->generate.motion_fps;
    momu_motion *dance = NULL;
    momu_status status = read_dance(session.context, a, &dance);
    bool writing = status == MOMU_OK;
    if (writing)
        status = momu_motion_write(session.context, dance, a->output, &a->write);
    if (status == MOMU_OK)
        printf("%s: %lld frames, %d joints, %.2f s\n", a->output,
               (long long)momu_motion_get_frames(dance), (int)momu_motion_get_joints(dance),
               momu_motion_get_seconds(dance));
    else
        exit_status =
            momu_report(a->command, status, momu_context_get_message(session.context), writing);
    momu_motion_destroy(dance);
    momu_session_close(&session);
    return exit_status;
}

static int read_and_run(int argc, char **argv, const char *allowed, int (*help)(void)) {
    momu_arguments a;
    int status = momu_read_arguments(&a, argc, argv, allowed);
    if (status != MOMU_EXIT_OK)
        return status;
    if (a.help)
        return help();
    bool onto = help == retarget_help;
    if (a.plain != 1 || !a.output || (onto && !a.skeleton))
        return momu_usage_error(a.command, "expected one dance%s and -o FILE; see momu %s --help",
                                onto ? ", --skeleton FIGURE" : "", a.command);
    if (!onto && momu_is_model(a.input))
        return momu_convert_model(a.command, a.input, a.output, a.weights);
    if (a.weights)
        return momu_usage_error(a.command, "--weights is for models; %s is none", a.input);
    status = momu_check_output(a.command, a.output, ".bvh .glb .npz");
    return status == MOMU_EXIT_OK ? run(&a) : status;
}

int momu_cmd_convert(int argc, char **argv) {
    return read_and_run(argc, argv, convert_allowed, convert_help);
}

int momu_cmd_retarget(int argc, char **argv) {
    return read_and_run(argc, argv, retarget_allowed, retarget_help);
}
