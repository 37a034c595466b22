/* The command `momu`: runs a sub-command, and sees to it that what was printed arrived. */
#include "command.h"

#include <errno.h>
#include <string.h>

static const momu_command *const COMMANDS[] = {&momu_command_motion_to_music,
                                               &momu_command_music_to_motion,
                                               &momu_command_joint,
                                               &momu_command_beats,
                                               &momu_command_convert,
                                               &momu_command_retarget,
                                               &momu_command_preview,
                                               &momu_command_render,
                                               &momu_command_info,
                                               &momu_command_model_new,
#ifdef MOMU_HAVE_TRAIN
                                               &momu_command_train,
                                               &momu_command_check,
#endif
#ifdef MOMU_HAVE_EVAL
                                               &momu_command_eval,
#endif
#ifdef MOMU_HAVE_CORPUS
                                               &momu_command_corpus,
#endif
#ifdef MOMU_HAVE_DATASET_REPORT
                                               &momu_command_dataset_report,
#endif
                                               &momu_command_completions};

const momu_command *momu_command_at(size_t index) {
    return index < sizeof COMMANDS / sizeof *COMMANDS ? COMMANDS[index] : NULL;
}

static void print_help(void) {
    puts("Usage: momu COMMAND [ARGUMENT ...]\n"
         "Makes music for dances, dances to music, and both from nothing.\n\n"
         "Commands:");
    for (size_t i = 0; momu_command_at(i); i++)
        printf("  %-16s  %s\n", COMMANDS[i]->name, COMMANDS[i]->summary);
    puts("\n"
         "momu COMMAND --help describes a command, momu --version prints the version. A\n"
         "file named - is standard input or output; -- ends the options. Exit status: 0\n"
         "done, 2 bad input, 1 anything else.");
}

/* Of OpenBLAS, where it is linked. */
extern void openblas_set_num_threads(int count) __attribute__((weak));

static int run(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_help();
        return MOMU_EXIT_OK;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        printf("momu %s\n", momu_version());
        return MOMU_EXIT_OK;
    }
    for (size_t i = 0; momu_command_at(i); i++)
        if (strcmp(name, COMMANDS[i]->name) == 0)
            return COMMANDS[i]->run(argc - 1, argv + 1);
    if (argc > 1)
        fprintf(stderr, "momu: there is no command \"%s\"; see momu --help\n", name);
    else
        fprintf(stderr, "momu: expected a command; see momu --help\n");
    return MOMU_EXIT_BAD_INPUT;
}

int main(int argc, char **argv) {
    /* The thread pool does the work. BLAS's own threads yield to each other while they wait, which
     * takes minutes where other processes want the processors too. */
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    int status = run(argc, argv);
    /* A full disk shows itself when the buffer is flushed. */
    errno = 0;
    bool printed = fflush(stdout) == 0 && !ferror(stdout);
    int reason = errno;
    if (fclose(stdout) != 0 && printed) {
        printed = false;
        reason = errno;
    }
    if (!printed && status == MOMU_EXIT_OK) {
        fprintf(stderr, "momu%s%s: standard output: %s\n", argc > 1 ? " " : "",
                argc > 1 ? argv[1] : "", reason ? strerror(reason) : "could not be written");
        status = MOMU_EXIT_FAILURE;
    }
    return status;
}
