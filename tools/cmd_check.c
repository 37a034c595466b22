/* momu check: what a model's autoencoders keep, and whether their latents are aligned. */
#include "command.h"
#include "train/evaluate/autoencoder_check.h"

#include <getopt.h>
#include <string.h>

static int command_check(int argc, char **argv);

enum { OPTION_DATA = 256, OPTION_TEST, OPTION_THREADS, OPTION_SEED, OPTION_JSON };

static const momu_option OPTIONS[] = {
    {"data", "DIR", "pairs, or a corpus, of which the validation split is taken", OPTION_DATA,
     NULL},
    {"test", NULL, "of a corpus take the test split", OPTION_TEST, NULL},
    {"threads", "N", "threads, 1 to 256 (default: all processors that this process may use)",
     OPTION_THREADS, NULL},
    {"seed", "N", "seed by which clips are drawn (default 1)", OPTION_SEED, NULL},
    {"json", NULL, "print one JSON object in place of text; docs/command.md has its keys",
     OPTION_JSON, NULL},
    {0}};

const momu_command momu_command_check = {
    .name = "check",
    .run = command_check,
    .summary = "measure a model's autoencoders and the alignment of their latents",
    .usage = "MODEL --data DIR [options]",
    .text = "Measures a model's autoencoders on pairs that they were not trained on: how well they "
            "reconstruct music and motion, and how often the latents of a second of motion are "
            "closest to those of its own second of music among 64. 95 % intervals over tracks.",
    .options = OPTIONS};

static void note(void *user, const char *sentence) {
    (void)user;
    if (strncmp(sentence, "skipped", 7) == 0)
        fprintf(stderr, "%s\n", sentence);
}

static void line(const char *name, const momui_interval *i, double scale, const char *unit) {
    printf("%-42s %8.3f (%.3f..%.3f)%s\n", name, scale * i->value, scale * i->low, scale * i->high,
           unit);
}

static void print(const momui_check *c) {
    printf("%zu clips of music, %zu of motion, %zu pairs\n", c->music, c->motion, c->pairs);
    if (c->music > 0) {
        line("music: |error| of standardised mels", &c->music_l1, 1, "");
        line("music: energy below 4 kHz, to the original's", &c->low_energy, 1, "");
        line("music: energy 4 to 8 kHz", &c->high_energy, 1, "");
        line("music: change from frame to frame, 4 to 8 kHz", &c->sharpness, 1, "");
    }
    if (c->motion > 0)
        line("motion: |error| of standardised features", &c->motion_l1, 1, "");
    if (c->joint_error.value > 0)
        line("motion: joints", &c->joint_error, 1, " cm");
    if (c->pairs > 0) {
        line("right second of music of 64, first", &c->recall1, 100, " % (chance 1.6)");
        line("among the first five", &c->recall5, 100, " % (chance 7.8)");
    }
}

static void field(momu_json *json, const char *name, const momui_interval *i) {
    momu_json_numbers(json, name, (const double[]){i->value, i->low, i->high}, 3);
}

static void print_json(const char *model, const momui_check *c) {
    momu_json json;
    momu_json_open(&json, stdout);
    momu_json_text(&json, "model", model);
    momu_json_integer(&json, "pairs", c->pairs);
    field(&json, "music_l1", &c->music_l1);
    field(&json, "low_energy", &c->low_energy);
    field(&json, "high_energy", &c->high_energy);
    field(&json, "sharpness", &c->sharpness);
    field(&json, "motion_l1", &c->motion_l1);
    field(&json, "joint_error_cm", &c->joint_error);
    field(&json, "recall_1", &c->recall1);
    field(&json, "recall_5", &c->recall5);
    momu_json_close(&json);
}

typedef struct arguments {
    momui_check_options options;
    bool json;
} arguments;

static int read_option(void *user, const momu_option *option, const char *text) {
    arguments *a = user;
    switch (option->id) {
    case OPTION_DATA:
        a->options.data = text;
        break;
    case OPTION_TEST:
        a->options.test = true;
        break;
    case OPTION_JSON:
        a->json = true;
        break;
    case OPTION_THREADS:
        return momu_read_count("check", option->name, text, 256, &a->options.threads);
    default:
        return momu_read_integer("check", option->name, text, UINT64_MAX, &a->options.seed);
    }
    return MOMU_EXIT_OK;
}

static int command_check(int argc, char **argv) {
    arguments a = {.options = {.seed = 1, .threads = momu_processors(), .note = note}};
    int stop = momu_parse(&momu_command_check, argc, argv, read_option, &a);
    if (stop != MOMU_GO_ON)
        return stop;
    if (argc - optind != 1 || !a.options.data)
        return momu_usage_error("check", "expected a model and --data; see momu check --help");
    a.options.model = argv[optind];
    momui_check check;
    momu_error error = {0};
    momu_status status = momui_check_model(&a.options, &check, &error);
    if (status != MOMU_OK)
        return momu_report("check", status, error.message, false);
    if (a.json)
        print_json(a.options.model, &check);
    else
        print(&check);
    return MOMU_EXIT_OK;
}
