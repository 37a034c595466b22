/* momu train: the command line of train/stages. */
#include "command.h"

#include "train/stages/training.h"

#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const char HELP[] =
    "usage: momu train STAGE --data DIR --out DIR [options]\n"
    "\n"
    "Trains the networks of one model file from pairs of music and motion. Stages:\n"
    "\n"
    "  music             music autoencoder\n"
    "  motion            motion autoencoder, aligned with the music by rhythm\n"
    "  to-music          transformer from motion to music\n"
    "  to-motion         transformer from music to motion\n"
    "  diffusion         to-music, then to-motion\n"
    "  genre-classifier  genres of dances\n"
    "  beat-tracker      beats of dances and songs\n"
    "  keypoints         encoder of dances as 2-D keypoints\n"
    "  vocoder           vocoder, where the model has one\n"
    "  all               all of these, as far as model and pairs allow\n"
    "\n"
    "Each network's end writes OUT/model.safetensors. After a kill the same command\n"
    "with --resume continues.\n"
    "\n"
    "  --data DIR        pairs: STEM.flac (.wav, .ogg) with STEM.npz (.bvh, .glb) and\n"
    "                    annotations STEM.json; or a dataset of momu corpus\n"
    "  --out DIR         OUT: model, checkpoint, logs (CSV) and plots (SVG)\n"
    "  --preset NAME     networks of a new model: paper, base, small or tiny; the\n"
    "                    last three also with -unet, -directions2d, -wave, -mfcc or\n"
    "                    -floor\n"
    "  --init MODEL      start from the weights of this model file\n"
    "  --resume          continue from the checkpoint in OUT\n"
    "  --steps N         steps of each network\n"
    "  --minutes X       time for all networks together\n"
    "  --batch N         items in a step (8)\n"
    "  --seconds X       length of a crop (4; to-music and to-motion: of the longest\n"
    "                    crop, the model's window)\n"
    "  --rate X          highest learning rate\n"
    "  --infonce W       weight of InfoNCE in stage motion; 0: none (1)\n"
    "  --decoder-only    stages music and motion: keep the encoder, so that latents\n"
    "                    and networks trained on them stay valid; repeat it with\n"
    "                    --resume\n"
    "  --gan W           weight of the discriminator; 0: none (music 0.5, vocoder 1)\n"
    "  --gan-start X     share of the run after which the discriminator begins (0.5)\n"
    "  --seed N          seed of all random numbers (0)\n"
    "  --threads N       worker threads (all processors)\n"
    "  --validate N      steps between validations (200)\n"
    "  --samples N       steps between validation samples in OUT/samples, a sound or\n"
    "                    a dance and a picture of it; 0: none (1000)\n"
    "  --checkpoint X    seconds between checkpoints (180)\n"
    "  --bf16            write the last model's matrices in bf16\n"
    "  --license TEXT    licence of the weights, for the model file\n"
    "  --training-data TEXT\n"
    "                    source of the pairs, for the model file\n"
    "  --quiet           print no progress\n"
    "  --help            print this text\n";

static atomic_int stop;

static void on_signal(int number) {
    (void)number;
    atomic_store(&stop, 1);
}

/* What was last shown, and when. */
typedef struct view {
    bool terminal, quiet;
    double shown; /* elapsed seconds of the task */
    int width;
    char task[32];
    double validation;
} view;

static void clear(view *v) {
    if (v->terminal && v->width > 0)
        fprintf(stderr, "\r%*s\r", v->width, "");
    v->width = 0;
}

static void show_step(view *v, const momui_train_event *e) {
    bool changed = strcmp(v->task, e->task) != 0;
    if (changed)
        v->validation = NAN;
    bool last = e->total > 0 && e->step == e->total;
    if (!changed && !last && e->elapsed - v->shown < (v->terminal ? 0.2 : 10))
        return;
    snprintf(v->task, sizeof v->task, "%s", e->task);
    v->shown = e->elapsed;
    clear(v);
    char total[32] = "", held[48] = "";
    if (e->total > 0)
        snprintf(total, sizeof total, "/%lld", (long long)e->total);
    if (isfinite(v->validation))
        snprintf(held, sizeof held, ", validation %.4f", v->validation);
    v->width = fprintf(stderr, "%s: step %lld%s, loss %.4f%s, %.2f steps/s, %d:%02d left", e->task,
                       (long long)e->step, total, e->loss, held, e->speed, (int)(e->remaining / 60),
                       (int)fmod(e->remaining, 60));
    if (!v->terminal)
        fputc('\n', stderr);
    fflush(stderr);
}

static void show(void *user, const momui_train_event *e) {
    view *v = user;
    if (v->quiet && !(e->kind == MOMUI_TRAIN_NOTE && strncmp(e->text, "skipped", 7) == 0))
        return;
    if (e->kind == MOMUI_TRAIN_STEP)
        show_step(v, e);
    else if (e->kind == MOMUI_TRAIN_VALIDATION)
        v->validation = e->validation;
    else if (e->kind == MOMUI_TRAIN_NOTE) {
        clear(v);
        fprintf(stderr, "%s\n", e->text);
    }
}

static bool read_stage(const char *text, momui_train_stage *stage) {
    static const struct {
        const char *name;
        momui_train_stage stage;
    } STAGES[] = {{"music", MOMUI_TRAIN_MUSIC},
                  {"motion", MOMUI_TRAIN_MOTION},
                  {"diffusion", MOMUI_TRAIN_DIFFUSION},
                  {"to-music", MOMUI_TRAIN_TO_MUSIC},
                  {"to-motion", MOMUI_TRAIN_TO_MOTION},
                  {"all", MOMUI_TRAIN_ALL},
                  {"vocoder", MOMUI_TRAIN_VOCODER},
                  {"keypoints", MOMUI_TRAIN_KEYPOINTS},
                  {"genre-classifier", MOMUI_TRAIN_GENRE},
                  {"beat-tracker", MOMUI_TRAIN_BEATS}};
    for (size_t i = 0; i < sizeof STAGES / sizeof *STAGES; i++)
        if (strcmp(text, STAGES[i].name) == 0) {
            *stage = STAGES[i].stage;
            return true;
        }
    return false;
}

static int whole(const char *option, const char *text, uint64_t low, uint64_t high,
                 uint64_t *value) {
    int status = momu_read_integer("train", option, text, high, value);
    if (status == MOMU_EXIT_OK && *value < low)
        status = momu_usage_error("train", "--%s is %s, expected %llu to %llu", option, text,
                                  (unsigned long long)low, (unsigned long long)high);
    return status;
}

static int above_zero(const char *option, const char *text, double *value) {
    int status = momu_read_number("train", option, text, value);
    if (status == MOMU_EXIT_OK && !(*value > 0))
        status = momu_usage_error("train", "--%s is %s, expected more than 0", option, text);
    return status;
}

/* A weight of 0 or more. The trainer takes 0 as its default, and -1 as no weight. */
static int weight(const char *option, const char *text, double *value) {
    int status = momu_read_number("train", option, text, value);
    if (status == MOMU_EXIT_OK && !(*value >= 0))
        status = momu_usage_error("train", "--%s is %s, expected 0 or more", option, text);
    if (*value <= 0)
        *value = -1;
    return status;
}

static int read_number_option(momui_train_options *o, int option, const char *text) {
    uint64_t value = 0;
    int status = MOMU_EXIT_OK;
    switch (option) {
    case 'S':
        status = whole("steps", text, 1, 1000000000, &value);
        o->steps = (int64_t)value;
        return status;
    case 'b':
        status = whole("batch", text, 1, 4096, &value);
        o->batch = (int32_t)value;
        return status;
    case 't':
        status = whole("threads", text, 1, 256, &value);
        o->threads = (int32_t)value;
        return status;
    case 'v':
        status = whole("validate", text, 1, 1000000000, &value);
        o->validate_every = (int64_t)value;
        return status;
    case 'P':
        status = whole("samples", text, 0, 1000000000, &value);
        o->sample_steps = value > 0 ? (int64_t)value : -1;
        return status;
    case 'n':
        return momu_read_integer("train", "seed", text, UINT64_MAX, &o->seed);
    case 'm':
        return above_zero("minutes", text, &o->minutes);
    case 's':
        return above_zero("seconds", text, &o->seconds);
    case 'C':
        return weight("infonce", text, &o->infonce);
    case 'g':
        return weight("gan", text, &o->gan);
    case 'G':
        status = weight("gan-start", text, &o->gan_start);
        if (status == MOMU_EXIT_OK && o->gan_start > 1)
            status = momu_usage_error("train", "--gan-start is %s, expected 0 to 1", text);
        return status;
    case 'r':
        return above_zero("rate", text, &o->rate);
    default:
        return above_zero("checkpoint", text, &o->checkpoint_every);
    }
}

static const struct option OPTIONS[] = {{"data", required_argument, NULL, 'd'},
                                        {"out", required_argument, NULL, 'o'},
                                        {"preset", required_argument, NULL, 'p'},
                                        {"init", required_argument, NULL, 'i'},
                                        {"resume", no_argument, NULL, 'R'},
                                        {"steps", required_argument, NULL, 'S'},
                                        {"minutes", required_argument, NULL, 'm'},
                                        {"batch", required_argument, NULL, 'b'},
                                        {"seconds", required_argument, NULL, 's'},
                                        {"rate", required_argument, NULL, 'r'},
                                        {"infonce", required_argument, NULL, 'C'},
                                        {"gan", required_argument, NULL, 'g'},
                                        {"gan-start", required_argument, NULL, 'G'},
                                        {"seed", required_argument, NULL, 'n'},
                                        {"threads", required_argument, NULL, 't'},
                                        {"validate", required_argument, NULL, 'v'},
                                        {"samples", required_argument, NULL, 'P'},
                                        {"checkpoint", required_argument, NULL, 'c'},
                                        {"decoder-only", no_argument, NULL, 'D'},
                                        {"bf16", no_argument, NULL, 'B'},
                                        {"license", required_argument, NULL, 'l'},
                                        {"training-data", required_argument, NULL, 'T'},
                                        {"quiet", no_argument, NULL, 'q'},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};

static int read_options(int argc, char **argv, momui_train_options *o, bool *quiet, bool *help) {
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":o:h", OPTIONS, NULL)) != -1;) {
        int status = MOMU_EXIT_OK;
        switch (option) {
        case 'd':
            o->data = optarg;
            break;
        case 'o':
            o->out = optarg;
            break;
        case 'p':
            o->preset = optarg;
            break;
        case 'i':
            o->init = optarg;
            break;
        case 'l':
            o->license = optarg;
            break;
        case 'T':
            o->training_data = optarg;
            break;
        case 'R':
            o->resume = true;
            break;
        case 'D':
            o->decoder_only = true;
            break;
        case 'B':
            o->bf16 = true;
            break;
        case 'q':
            *quiet = true;
            break;
        case 'h':
            *help = true;
            break;
        case ':':
            return momu_usage_error("train", "%s needs a value", argv[optind - 1]);
        case '?':
            return momu_usage_error("train", "unknown option %s; see momu train --help",
                                    argv[optind - 1]);
        default:
            status = read_number_option(o, option, optarg);
        }
        if (status != MOMU_EXIT_OK)
            return status;
    }
    return MOMU_EXIT_OK;
}

int momu_cmd_train(int argc, char **argv) {
    view v = {.terminal = isatty(STDERR_FILENO), .validation = NAN};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    momui_train_options o = {.threads = processors > 0 && processors < 256 ? (int)processors : 1,
                             .report = show,
                             .user = &v,
                             .cancel = &stop};
    bool help = false;
    int status = read_options(argc, argv, &o, &v.quiet, &help);
    if (status != MOMU_EXIT_OK)
        return status;
    if (help) {
        fputs(HELP, stdout);
        return MOMU_EXIT_OK;
    }
    momui_train_stage stage;
    if (argc - optind != 1 || !read_stage(argv[optind], &stage))
        return momu_usage_error("train", "expected one stage: music, motion, diffusion, to-music, "
                                         "to-motion, genre-classifier, beat-tracker, keypoints, "
                                         "vocoder or all; see momu train --help");
    if (!o.data || !o.out)
        return momu_usage_error("train", "--data and --out are both needed");
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    momu_error error = {0};
    momu_status result = momui_train_run(stage, &o, &error);
    clear(&v);
    if (result != MOMU_OK)
        return momu_report("train", result, error.message, false);
    return MOMU_EXIT_OK;
}
