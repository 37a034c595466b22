/* The command `momu`: finds the sub-command. */
#include "command.h"

#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} commands[] = {
    {"motion-to-music", momu_cmd_motion_to_music, "music for a dance"},
    {"music-to-motion", momu_cmd_music_to_motion, "a dance to a song"},
    {"joint", momu_cmd_joint, "a song and a dance together, from nothing"},
    {"beats", momu_cmd_beats, "tempo and beat times of a song or a dance"},
    {"convert", momu_cmd_convert, "a dance for another program, a model with smaller weights"},
    {"retarget", momu_cmd_retarget, "a dance onto another figure"},
    {"preview", momu_cmd_preview, "a page to look at a dance and its music"},
    {"render", momu_cmd_render, "a sheet of pictures, or a film"},
    {"info", momu_cmd_info, "facts about a model"},
    {"model-new", momu_cmd_model_new, "a model of fresh weights, to be trained"},
#ifdef MOMU_HAVE_TRAIN
    {"train", momu_cmd_train, "train a model on pairs of dance and music"},
    {"check", momu_cmd_check, "what a model's autoencoders keep, and whether they are aligned"},
#endif
#ifdef MOMU_HAVE_EVAL
    {"eval", momu_cmd_eval, "score a model, or files, beside naive systems"},
#endif
#ifdef MOMU_HAVE_CORPUS
    {"corpus", momu_cmd_corpus, "make hours of dance and music to train on"},
#endif
#ifdef MOMU_HAVE_DATASET_REPORT
    {"dataset-report", momu_cmd_dataset_report,
     "measure such hours: beats, bodies, and how real they are"},
#endif
};

static void help(void) {
    puts("Usage: momu COMMAND ...\n"
         "Dance motion into music, music into dance motion, and both from nothing.\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        printf("  %-16s %s\n", commands[i].name, commands[i].help);
    puts(
        "\nmomu COMMAND --help tells more; momu --version the version. Exit status: 0 done, 2 bad\n"
        "input, 1 anything else.");
}

/* Of OpenBLAS alone. The library never calls it (its host's setting stays); this process is ours.
 */
extern void openblas_set_num_threads(int count) __attribute__((weak));

int main(int argc, char **argv) {
    /* Threads are the pool's. BLAS's own wait for each other by yielding, and where other processes
     * want the processors too, they wait for minutes. */
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        help();
        return MOMU_EXIT_OK;
    }
    if (strcmp(name, "--version") == 0) {
        printf("momu %s\n", momu_version());
        return MOMU_EXIT_OK;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(name, commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    if (argc > 1)
        fprintf(stderr, "momu: there is no command \"%s\"; see momu --help\n", name);
    else
        fprintf(stderr, "momu: expected a command; see momu --help\n");
    return MOMU_EXIT_BAD_INPUT;
}
