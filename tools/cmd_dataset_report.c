/* momu dataset-report: the metrics by which to decide whether a dataset is worth training on. */
#include "command.h"
#include "dataset_report_print.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int command_dataset_report(int argc, char **argv);

enum {
    OPTION_REAL = 256,
    OPTION_MINUTES,
    OPTION_JSON,
    OPTION_NETWORKS,
    OPTION_MARKDOWN,
    OPTION_THREADS,
    OPTION_SEED
};

static const momu_option OPTIONS[] = {
    {"real", "FOLDER",
     "motion capture to compare with; takes 05_06, 05_13 and 05_19 are held out for the classifier "
     "of real motion",
     OPTION_REAL, NULL},
    {"minutes", "M", "about how long the networks train on two processors; 0: none (default 10)",
     OPTION_MINUTES, NULL},
    {"json", "FILE", "write the report as one JSON object; docs/command.md has its keys",
     OPTION_JSON, NULL},
    {"networks", "DIR",
     "keep the genre classifiers: DIR/evaluation-mel.safetensors, evaluation-motion.safetensors",
     OPTION_NETWORKS, NULL},
    {"markdown", NULL, "print tables of Markdown", OPTION_MARKDOWN, NULL},
    {"threads", "N",
     "threads, 1 to 256 (default: 2, or 1 where this process may use one processor alone)",
     OPTION_THREADS, NULL},
    {"seed", "N", "seed of the networks and of the clips (default 1)", OPTION_SEED, NULL},
    {"quiet", NULL, "print no progress", MOMU_OPTION_QUIET, NULL},
    {0}};

const momu_command momu_command_dataset_report = {
    .name = "dataset-report",
    .run = command_dataset_report,
    .summary = "measure a dataset: beats, bodies, and how real it is",
    .usage = "DIR [options]",
    .text = "Measures a dataset (momu corpus): beats against chance, for each genre; feet, speeds "
            "and joints compared with those of motion capture; whether a small network classifies "
            "the genre from one side alone, and two seconds of the dataset's motion as real.",
    .options = OPTIONS};

enum { GENRE_STEPS_A_MINUTE = 60, REAL_STEPS_A_MINUTE = 40 };

typedef struct arguments {
    const char *folder, *mocap, *json, *networks;
    double minutes;
    int64_t threads;
    uint64_t seed;
    bool markdown, quiet;
} arguments;

static void show_progress(void *user, size_t done, size_t total) {
    if (!*(const bool *)user && isatty(2))
        fprintf(stderr, "\r%zu of %zu read%s", done, total, done == total ? "\n" : "");
}

static void show_broken(void *user, const char *sentence) {
    (void)user;
    fprintf(stderr, "momu dataset-report: left out: %s\n", sentence);
}

static momu_status network(const arguments *a, momu_dataset_results *r, momu_error *error) {
    static const momui_origin MOTION_OF[] = {MOMUI_ORIGIN_MIXED, MOMUI_ORIGIN_MOCAP,
                                             MOMUI_ORIGIN_PROCEDURAL};
    int64_t genre_steps = (int64_t)(a->minutes * GENRE_STEPS_A_MINUTE);
    int64_t mocap_steps = (int64_t)(a->minutes * REAL_STEPS_A_MINUTE);
    for (int side = 0; side < 2; side++) {
        char path[1100];
        snprintf(path, sizeof path, "%s/evaluation-%s.safetensors", a->networks ? a->networks : "",
                 side ? "motion" : "mel");
        momu_status status =
            momui_dataset_report_genre(&r->dataset, side == 0, genre_steps + 1,
                                       a->networks ? path : NULL, &r->genre[side], error);
        if (status != MOMU_OK)
            return status;
    }
    for (int o = 0; r->dataset.take_count > 0 && o < 3; o++) {
        momu_status status = momui_dataset_report_mocap(&r->dataset, MOTION_OF[o], mocap_steps + 1,
                                                        &r->mocap[o], error);
        if (status != MOMU_OK)
            return status;
    }
    r->networks_ran = true;
    return MOMU_OK;
}

static momu_status measure(const arguments *a, momu_dataset_results *r, momu_error *error) {
    for (int32_t g = 0; g <= MOMUI_GENRES; g++) {
        momu_status status = momui_dataset_report_row_of(&r->dataset, g, &r->rows[g], error);
        if (status != MOMU_OK)
            return status;
    }
    momui_dataset_report_motion(r->dataset.pairs, r->dataset.pair_count, &r->ours);
    momui_dataset_report_motion(r->dataset.takes, r->dataset.take_count, &r->theirs);
    return a->minutes > 0 ? network(a, r, error) : MOMU_OK;
}

static int run(const arguments *a) {
    momu_dataset_results *r = calloc(1, sizeof *r);
    if (!r)
        return momu_report("dataset-report", MOMU_ERROR_MEMORY, "no memory for the report", false);
    r->folder = a->folder;
    r->markdown = a->markdown;
    momu_error error = {0};
    bool quiet = a->quiet;
    momui_dataset_report_options options = {.folder = a->folder,
                                            .mocap = a->mocap,
                                            .seed = a->seed,
                                            .threads = (int32_t)a->threads,
                                            .windows = a->minutes > 0,
                                            .progress = show_progress,
                                            .broken = show_broken,
                                            .user = &quiet};
    int code = MOMU_EXIT_OK;
    momu_status status = momui_dataset_report_open(NULL, &options, &r->dataset, &error);
    if (status == MOMU_OK)
        status = measure(a, r, &error);
    if (status == MOMU_OK) {
        momu_dataset_report_print(r);
        code = a->json ? momu_dataset_report_json(r, a->json) : MOMU_EXIT_OK;
    } else {
        code = momu_report("dataset-report", status, error.message, false);
    }
    momui_dataset_report_close(&r->dataset);
    free(r);
    return code;
}

static int read_option(void *user, const momu_option *option, const char *text) {
    arguments *a = user;
    const char *command = momu_command_dataset_report.name;
    int32_t threads = 0;
    int status = MOMU_EXIT_OK;
    switch (option->id) {
    case OPTION_REAL:
        a->mocap = text;
        break;
    case OPTION_MINUTES:
        return momu_read_number(command, option->name, text, &a->minutes);
    case OPTION_JSON:
        a->json = text;
        break;
    case OPTION_NETWORKS:
        a->networks = text;
        break;
    case OPTION_MARKDOWN:
        a->markdown = true;
        break;
    case OPTION_THREADS:
        status = momu_read_count(command, option->name, text, 256, &threads);
        a->threads = threads;
        return status;
    case OPTION_SEED:
        return momu_read_integer(command, option->name, text, UINT64_MAX, &a->seed);
    default:
        a->quiet = true;
    }
    return MOMU_EXIT_OK;
}

static int command_dataset_report(int argc, char **argv) {
    arguments a = {.minutes = 10, .threads = momu_processors() > 1 ? 2 : 1, .seed = 1};
    const char *command = momu_command_dataset_report.name;
    int status = momu_parse(&momu_command_dataset_report, argc, argv, read_option, &a);
    if (status != MOMU_GO_ON)
        return status;
    if (optind + 1 != argc)
        return momu_usage_error(command, "one folder is expected; see --help");
    if (!(a.minutes >= 0 && a.minutes <= 10000))
        return momu_usage_error(command, "--minutes must be 0 to 10000");
    a.folder = argv[optind];
    if (a.networks && mkdir(a.networks, 0777) != 0 && errno != EEXIST)
        return momu_usage_error(command, "the folder of --networks could not be made");
    return run(&a);
}
