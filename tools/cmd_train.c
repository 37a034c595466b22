/* momu train: the trainer's command line; the work is in train/. */
#include "command.h"

#include "train/stages/training.h"

#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int command_train(int argc, char **argv);

enum {
    OPTION_OUT = 'o',
    OPTION_DATA = 256,
    OPTION_PRESET,
    OPTION_INIT,
    OPTION_RESUME,
    OPTION_STEPS,
    OPTION_MINUTES,
    OPTION_BATCH,
    OPTION_SECONDS,
    OPTION_RATE,
    OPTION_INFONCE,
    OPTION_DECODER_ONLY,
    OPTION_GAN,
    OPTION_GAN_START,
    OPTION_SEED,
    OPTION_THREADS,
    OPTION_VALIDATE,
    OPTION_SAMPLES,
    OPTION_CHECKPOINT,
    OPTION_BF16,
    OPTION_LICENSE,
    OPTION_TRAINING_DATA
};

static const momu_option OPTIONS[] = {
    {"data", "DIR", "pairs: STEM.flac (.wav, .ogg) with STEM.npz (.bvh, .glb) and STEM.json",
     OPTION_DATA, NULL},
    {"out", "DIR", "model, checkpoint, logs (CSV) and plots (SVG) go here", OPTION_OUT, NULL},
    {"preset", "NAME",
     "paper, base, small or tiny: the networks, where there is no model yet; the last three also "
     "with -unet, -directions2d, -wave, -mfcc or -floor, for the ablations",
     OPTION_PRESET, NULL},
    {"init", "FILE", "start from the weights of this model file", OPTION_INIT, NULL},
    {"resume", NULL, "continue from the checkpoint in --out", OPTION_RESUME, NULL},
    {"steps", "N", "steps of each network", OPTION_STEPS, NULL},
    {"minutes", "X", "minutes in all, divided among the networks", OPTION_MINUTES, NULL},
    {"batch", "N", "samples a step, 1 to 4096 (default 8)", OPTION_BATCH, NULL},
    {"seconds", "X",
     "length of a crop in seconds (default 4; of diffusion the model's window, the longest)",
     OPTION_SECONDS, NULL},
    {"rate", "X", "highest learning rate", OPTION_RATE, NULL},
    {"infonce", "W", "weight of the rhythmic contrastive loss in stage motion; 0: none (default 1)",
     OPTION_INFONCE, NULL},
    {"decoder-only", NULL,
     "stages music and motion: train the decoder and keep the encoder, so that latents and what "
     "was trained on them stay valid; repeat it with --resume",
     OPTION_DECODER_ONLY, NULL},
    {"gan", "W", "weight of the discriminator in stage music; 0: none (default 0.5)", OPTION_GAN,
     NULL},
    {"gan-start", "X",
     "share of the run, 0 to 1, after which the discriminator begins (default 0.5)",
     OPTION_GAN_START, NULL},
    {"seed", "N", "seed of everything that is random (default 0)", OPTION_SEED, NULL},
    {"threads", "N", "threads, 1 to 256 (default: all processors that this process may use)",
     OPTION_THREADS, NULL},
    {"validate", "N", "steps between validations (default 200)", OPTION_VALIDATE, NULL},
    {"samples", "N",
     "steps between samples: OUT/samples gets a sound or a dance of a validation track, and a "
     "picture of it; 0: none (default 1000)",
     OPTION_SAMPLES, NULL},
    {"checkpoint", "X", "seconds between checkpoints (default 180)", OPTION_CHECKPOINT, NULL},
    {"bf16", NULL, "write the last model's matrices in bf16", OPTION_BF16, NULL},
    {"license", "TEXT", "the licence that the model file states", OPTION_LICENSE, NULL},
    {"training-data", "TEXT", "the training data that the model file states", OPTION_TRAINING_DATA,
     NULL},
    {"quiet", NULL, "print no progress", MOMU_OPTION_QUIET, NULL},
    {0}};

static const char *const STAGE_WORDS[] = {
    "music",     "motion",           "diffusion",    "to-music", "to-motion", "vocoder",
    "keypoints", "genre-classifier", "beat-tracker", "all",      NULL};

const momu_command momu_command_train = {
    .name = "train",
    .run = command_train,
    .summary = "train a model on pairs of dance and music",
    .usage = "STAGE --data DIR --out DIR [options]",
    .text = "Trains one network or all. STAGE is music (its autoencoder), motion (its autoencoder, "
            "aligned with the music's by rhythm), diffusion (both transformers; to-music or "
            "to-motion for one of them), genre-classifier (of dances), beat-tracker (of dances and "
            "songs), keypoints (an encoder of dances seen by a camera), vocoder, where the model "
            "has them, or all in this order. DIR/model.safetensors is written after each; an "
            "interrupted run continues with --resume.",
    .options = OPTIONS,
    .words = STAGE_WORDS};

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
    bool fresh = strcmp(v->task, e->task) != 0;
    if (fresh)
        v->validation = NAN;
    bool last = e->total > 0 && e->step == e->total;
    if (!fresh && !last && e->elapsed - v->shown < (v->terminal ? 0.2 : 10))
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

static int read_whole(const char *option, const char *text, uint64_t low, uint64_t high,
                      uint64_t *value) {
    int status = momu_read_integer("train", option, text, high, value);
    if (status == MOMU_EXIT_OK && *value < low)
        status = momu_usage_error("train", "--%s is %s, expected %llu to %llu", option, text,
                                  (unsigned long long)low, (unsigned long long)high);
    return status;
}

/* A weight, 0 or more. The trainer's options say -1 for a weight of 0, since 0 is their default. */
static int weight(const char *option, const char *text, double *value) {
    int status = momu_read_number("train", option, text, value);
    if (status == MOMU_EXIT_OK && !(*value >= 0))
        status = momu_usage_error("train", "--%s is %s, expected 0 or more", option, text);
    if (*value <= 0)
        *value = -1;
    return status;
}

static int read_number_option(momui_train_options *o, const momu_option *option, const char *text) {
    uint64_t value = 0;
    int status = MOMU_EXIT_OK;
    const char *name = option->name;
    switch (option->id) {
    case OPTION_STEPS:
        status = read_whole(name, text, 1, 1000000000, &value);
        o->steps = (int64_t)value;
        return status;
    case OPTION_BATCH:
        return momu_read_count("train", name, text, 4096, &o->batch);
    case OPTION_THREADS:
        return momu_read_count("train", name, text, 256, &o->threads);
    case OPTION_VALIDATE:
        status = read_whole(name, text, 1, 1000000000, &value);
        o->validate_every = (int64_t)value;
        return status;
    case OPTION_SAMPLES:
        status = read_whole(name, text, 0, 1000000000, &value);
        o->sample_steps = value > 0 ? (int64_t)value : -1;
        return status;
    case OPTION_SEED:
        return momu_read_integer("train", name, text, UINT64_MAX, &o->seed);
    case OPTION_MINUTES:
        return momu_read_positive("train", name, text, &o->minutes);
    case OPTION_SECONDS:
        return momu_read_positive("train", name, text, &o->seconds);
    case OPTION_INFONCE:
        return weight(name, text, &o->infonce);
    case OPTION_GAN:
        return weight(name, text, &o->gan);
    case OPTION_GAN_START:
        status = weight(name, text, &o->gan_start);
        if (status == MOMU_EXIT_OK && o->gan_start > 1)
            status = momu_usage_error("train", "--gan-start is %s, expected 0 to 1", text);
        return status;
    case OPTION_RATE:
        return momu_read_positive("train", name, text, &o->rate);
    default:
        return momu_read_positive("train", name, text, &o->checkpoint_every);
    }
}

typedef struct arguments {
    momui_train_options options;
    view view;
} arguments;

static int read_option(void *user, const momu_option *option, const char *text) {
    arguments *a = user;
    momui_train_options *o = &a->options;
    switch (option->id) {
    case OPTION_DATA:
        o->data = text;
        break;
    case OPTION_OUT:
        o->out = text;
        break;
    case OPTION_PRESET:
        o->preset = text;
        break;
    case OPTION_INIT:
        o->init = text;
        break;
    case OPTION_LICENSE:
        o->license = text;
        break;
    case OPTION_TRAINING_DATA:
        o->training_data = text;
        break;
    case OPTION_RESUME:
        o->resume = true;
        break;
    case OPTION_DECODER_ONLY:
        o->decoder_only = true;
        break;
    case OPTION_BF16:
        o->bf16 = true;
        break;
    case MOMU_OPTION_QUIET:
        a->view.quiet = true;
        break;
    default:
        return read_number_option(o, option, text);
    }
    return MOMU_EXIT_OK;
}

static int command_train(int argc, char **argv) {
    arguments a = {.view = {.terminal = isatty(STDERR_FILENO), .validation = NAN}};
    a.options = (momui_train_options){
        .threads = momu_processors(), .report = show, .user = &a.view, .cancel = &stop};
    int status = momu_parse(&momu_command_train, argc, argv, read_option, &a);
    if (status != MOMU_GO_ON)
        return status;
    momui_train_stage stage;
    if (argc - optind != 1 || !read_stage(argv[optind], &stage))
        return momu_usage_error("train", "expected one stage: music, motion, diffusion, to-music, "
                                         "to-motion, genre-classifier, beat-tracker, keypoints, "
                                         "vocoder or all; see momu train --help");
    if (!a.options.data || !a.options.out)
        return momu_usage_error("train", "--data and --out are both needed");
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    momu_error error = {0};
    momu_status result = momui_train_run(stage, &a.options, &error);
    clear(&a.view);
    if (result != MOMU_OK)
        return momu_report("train", result, error.message, false);
    return MOMU_EXIT_OK;
}
