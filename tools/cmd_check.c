/* momu check: reconstruction errors of a model's autoencoders, and how well their latents align. */
#include "command.h"
#include "train/evaluate/autoencoder_check.h"

#include <getopt.h>
#include <string.h>
#include <unistd.h>

static const char HELP[] =
    "usage: momu check MODEL --data DIR [options]\n"
    "\n"
    "Measures a model's autoencoders on pairs that did not train them: the errors of\n"
    "reconstructed music and motion, and how often a second of motion retrieves its\n"
    "own second of music among 64 by latents alone. 95 % intervals over samples.\n"
    "\n"
    "  --data DIR      pairs, or the validation part of a dataset of momu corpus\n"
    "  --test          the dataset's test part instead\n"
    "  --threads N     worker threads (all processors)\n"
    "  --seed N        seed of the drawn clips (1)\n"
    "  --json          print one JSON object\n"
    "  --help          print this text\n";

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
    printf("%zu samples of music, %zu of motion, %zu pairs\n", c->music, c->motion, c->pairs);
    if (c->music > 0) {
        line("music: |error| of standardised mels", &c->music_l1, 1, "");
        line("music: energy below 4 kHz over the original's", &c->low_energy, 1, "");
        line("music: energy 4 to 8 kHz over the original's", &c->high_energy, 1, "");
        line("music: change between frames, 4 to 8 kHz", &c->sharpness, 1, "");
    }
    if (c->motion > 0)
        line("motion: |error| of standardised features", &c->motion_l1, 1, "");
    if (c->joint_error.value > 0)
        line("motion: error of joints", &c->joint_error, 1, " cm");
    if (c->pairs > 0) {
        line("retrieval of the right second, first of 64", &c->recall1, 100, " % (chance 1.6)");
        line("retrieval among the first five", &c->recall5, 100, " % (chance 7.8)");
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

static const struct option OPTIONS[] = {{"data", required_argument, NULL, 'd'},
                                        {"test", no_argument, NULL, 'T'},
                                        {"threads", required_argument, NULL, 't'},
                                        {"seed", required_argument, NULL, 'n'},
                                        {"json", no_argument, NULL, 'j'},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};

int momu_cmd_check(int argc, char **argv) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    momui_check_options o = {.seed = 1,
                             .threads = processors > 0 && processors < 256 ? (int)processors : 1,
                             .note = note};
    bool json = false;
    uint64_t value;
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":h", OPTIONS, NULL)) != -1;) {
        int status = MOMU_EXIT_OK;
        switch (option) {
        case 'd':
            o.data = optarg;
            break;
        case 'T':
            o.test = true;
            break;
        case 'j':
            json = true;
            break;
        case 't':
            status = momu_read_integer("check", "threads", optarg, 256, &value);
            o.threads = (int32_t)value;
            break;
        case 'n':
            status = momu_read_integer("check", "seed", optarg, UINT64_MAX, &o.seed);
            break;
        case 'h':
            fputs(HELP, stdout);
            return MOMU_EXIT_OK;
        case ':':
            return momu_usage_error("check", "%s needs a value", argv[optind - 1]);
        default:
            return momu_usage_error("check", "unknown option %s; see momu check --help",
                                    argv[optind - 1]);
        }
        if (status != MOMU_EXIT_OK)
            return status;
    }
    if (argc - optind != 1 || !o.data)
        return momu_usage_error("check", "expected a model and --data; see momu check --help");
    o.model = argv[optind];
    momui_check check;
    momu_error error = {0};
    momu_status status = momui_check_model(&o, &check, &error);
    if (status != MOMU_OK)
        return momu_report("check", status, error.message, false);
    if (json)
        print_json(o.model, &check);
    else
        print(&check);
    return MOMU_EXIT_OK;
}
