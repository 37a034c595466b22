/* momu model-new --preset NAME --seed N -o MODEL: random weights */
#include "command.h"

#include <momu/experimental.h>

#include <getopt.h>

static int command_model_new(int argc, char **argv);

enum { OPTION_PRESET = 256, OPTION_SEED };

static const char *preset_choice(int32_t i) {
    static const char *const NAMES[] = {"tiny", "small", "base", "paper"};
    return i < 4 ? NAMES[i] : NULL;
}

static const momu_option OPTIONS[] = {
    {"preset", "NAME",
     "tiny, small, base or paper; the first three also with -unet, -directions2d, -wave, -mfcc or "
     "-floor behind, for the ablations",
     OPTION_PRESET, preset_choice},
    {"seed", "N", "seed of the weights, a whole number (default 0)", OPTION_SEED, NULL},
    {"output", "FILE", "where the model goes", MOMU_OPTION_OUTPUT, NULL},
    {0}};

const momu_command momu_command_model_new = {
    .name = "model-new",
    .run = command_model_new,
    .summary = "write a model of random weights, to be trained",
    .usage = "--preset NAME [--seed N] -o MODEL.safetensors",
    .text = "Writes a model of random weights, which is of no use before it is trained.",
    .options = OPTIONS};

typedef struct arguments {
    const char *preset, *output;
    uint64_t seed;
} arguments;

static int read_option(void *user, const momu_option *option, const char *text) {
    arguments *a = user;
    if (option->id == OPTION_SEED)
        return momu_read_integer("model-new", option->name, text, UINT64_MAX, &a->seed);
    *(option->id == OPTION_PRESET ? &a->preset : &a->output) = text;
    return MOMU_EXIT_OK;
}

static int command_model_new(int argc, char **argv) {
    const char *name = momu_command_model_new.name;
    arguments a = {0};
    int status = momu_parse(&momu_command_model_new, argc, argv, read_option, &a);
    if (status != MOMU_GO_ON)
        return status;
    if (!a.preset || !a.output || optind != argc)
        return momu_usage_error(name,
                                "expected --preset NAME and -o MODEL; see momu model-new --help");
    status = momu_check_output(name, a.output, ".safetensors");
    if (status != MOMU_EXIT_OK)
        return status;
    momu_error error = {0};
    momu_status created = momu_model_create(a.preset, a.seed, a.output, &error);
    if (created != MOMU_OK)
        return momu_report(name, created, error.message, created == MOMU_ERROR_IO);
    return MOMU_EXIT_OK;
}
