/* momu dataset-report: the metrics by which to decide whether a dataset is worth training on. */
#include "command.h"
#include "dataset_report_print.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char HELP[] =
    "usage: momu dataset-report DIR [--real FOLDER] [--minutes M] [--json FILE] [--markdown]\n"
    "\n"
    "Measures a dataset (momu corpus): beat F1 against chance for each genre; feet, speeds and\n"
    "joints beside those of motion capture; how well a small network classifies the genre from\n"
    "one side alone, and separates two seconds of the dataset's motion from motion capture.\n"
    "\n"
    "  --real FOLDER   motion capture to compare with; 05_06, 05_13 and 05_19 are its test set\n"
    "  --minutes M     about how long the networks are trained on two processors (10; 0: none)\n"
    "  --json FILE     the metrics as one object\n"
    "  --networks DIR  keeps the genre classifiers: DIR/evaluation-mel.safetensors, "
    "evaluation-motion.safetensors\n"
    "  --markdown      tables for a document\n"
    "  --threads N     2\n"
    "  --seed N        1\n"
    "  --quiet         no progress\n"
    "  --help          this text\n";

enum { GENRE_STEPS_A_MINUTE = 60, REAL_STEPS_A_MINUTE = 40 };

typedef struct arguments {
    const char *folder, *real, *json, *networks;
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
    static const momui_origin MOTION_OF[] = {MOMUI_ORIGIN_MIXED, MOMUI_ORIGIN_CAPTURED,
                                             MOMUI_ORIGIN_PROCEDURAL};
    int64_t genre_steps = (int64_t)(a->minutes * GENRE_STEPS_A_MINUTE);
    int64_t real_steps = (int64_t)(a->minutes * REAL_STEPS_A_MINUTE);
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
        momu_status status = momui_dataset_report_real(&r->dataset, MOTION_OF[o], real_steps + 1,
                                                       &r->real[o], error);
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
                                            .real = a->real,
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

/* -1: go on; else the exit status. */
static int parse(int argc, char **argv, arguments *a) {
    static const struct option OPTIONS[] = {
        {"real", required_argument, NULL, 'r'}, {"minutes", required_argument, NULL, 'm'},
        {"json", required_argument, NULL, 'j'}, {"networks", required_argument, NULL, 'k'},
        {"markdown", no_argument, NULL, 'd'},   {"threads", required_argument, NULL, 't'},
        {"seed", required_argument, NULL, 's'}, {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},       {NULL, 0, NULL, 0}};
    int option, code = 0;
    uint64_t number = 0;
    optind = 1;
    while (code == 0 && (option = getopt_long(argc, argv, "h", OPTIONS, NULL)) != -1) {
        switch (option) {
        case 'r':
            a->real = optarg;
            break;
        case 'm':
            code = momu_read_number("dataset-report", "--minutes", optarg, &a->minutes);
            break;
        case 'j':
            a->json = optarg;
            break;
        case 'k':
            a->networks = optarg;
            break;
        case 'd':
            a->markdown = true;
            break;
        case 't':
            code = momu_read_integer("dataset-report", "--threads", optarg, 256, &number);
            a->threads = (int64_t)number;
            break;
        case 's':
            code = momu_read_integer("dataset-report", "--seed", optarg, UINT64_MAX, &a->seed);
            break;
        case 'q':
            a->quiet = true;
            break;
        case 'h':
            fputs(HELP, stdout);
            return MOMU_EXIT_OK;
        default:
            return MOMU_EXIT_BAD_INPUT;
        }
    }
    if (code != 0)
        return code;
    if (optind + 1 != argc)
        return momu_usage_error("dataset-report", "one folder is expected; see --help");
    if (!(a->minutes >= 0 && a->minutes <= 10000))
        return momu_usage_error("dataset-report", "--minutes must be 0 to 10000");
    a->folder = argv[optind];
    if (a->networks && mkdir(a->networks, 0777) != 0 && errno != EEXIST)
        return momu_usage_error("dataset-report", "the folder of --networks could not be made");
    return -1;
}

int momu_cmd_dataset_report(int argc, char **argv) {
    arguments a = {.minutes = 10, .threads = 2, .seed = 1};
    int stop = parse(argc, argv, &a);
    return stop >= 0 ? stop : run(&a);
}
