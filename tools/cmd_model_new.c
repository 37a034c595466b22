/* momu model-new --preset NAME --seed N -o MODEL: fresh weights */
#include "command.h"

#include <momu/experimental.h>

#include <getopt.h>

static int help(void) {
    puts("Usage: momu model-new --preset NAME [--seed N] -o MODEL.safetensors\n"
         "Writes a model of fresh weights, which can do nothing before it is trained.\n\n"
         "Options:\n"
         "  --preset NAME            tiny, small, base or paper; the first three also with "
         "-unet,\n"
         "                           -directions2d, -wave, -mfcc or -floor behind: the ablations\n"
         "  --seed N                 seed of the weights (0)\n"
         "  --output FILE            where the model goes (also -o)");
    return MOMU_EXIT_OK;
}

int momu_cmd_model_new(int argc, char **argv) {
    static const struct option known[] = {{"preset", required_argument, NULL, 'p'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"output", required_argument, NULL, 'o'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    const char *preset = NULL, *output = NULL;
    uint64_t seed = 0;
    int status = MOMU_EXIT_OK;
    optind = 1;
    opterr = 0;
    for (int id; (id = getopt_long(argc, argv, ":o:h", known, NULL)) != -1;) {
        if (id == 'h')
            return help();
        if (id == 'p')
            preset = optarg;
        else if (id == 'o')
            output = optarg;
        else if (id == 's')
            status = momu_read_integer(argv[0], "seed", optarg, UINT64_MAX, &seed);
        else
            return momu_usage_error(argv[0], "%s %s; see momu model-new --help", argv[optind - 1],
                                    id == ':' ? "needs a value" : "is no option");
        if (status != MOMU_EXIT_OK)
            return status;
    }
    if (!preset || !output || optind != argc)
        return momu_usage_error(argv[0],
                                "expected --preset NAME and -o MODEL; see momu model-new --help");
    status = momu_check_output(argv[0], output, ".safetensors");
    if (status != MOMU_EXIT_OK)
        return status;
    momu_error error = {0};
    momu_status created = momu_model_create(preset, seed, output, &error);
    if (created != MOMU_OK)
        return momu_report(argv[0], created, error.message, created == MOMU_ERROR_IO);
    return MOMU_EXIT_OK;
}
