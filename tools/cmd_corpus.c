/* momu corpus: its command line and its progress; the work is in train/corpus. */
#include "command.h"

#include "train/corpus/corpus.h"

#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int command_corpus(int argc, char **argv);

enum {
    OPTION_OUT = 'o',
    OPTION_HOURS = 256,
    OPTION_SEED,
    OPTION_MOVES,
    OPTION_MUSIC,
    OPTION_SOUNDFONT,
    OPTION_REAL_SHARE,
    OPTION_ORIGINAL_RATE,
    OPTION_NO_ORIGINAL,
    OPTION_MATERIAL,
    OPTION_THREADS
};

static const char *material_choice(int32_t i) { /* in the order of momui_material */
    static const char *const NAMES[] = {"mixed", "motion-capture", "procedural"};
    return i < 3 ? NAMES[i] : NULL;
}

static const momu_option OPTIONS[] = {
    {"hours", "H", "hours to make, 80 % of them for training", OPTION_HOURS, NULL},
    {"out", "DIR", "where the corpus goes; made where it is absent", OPTION_OUT, NULL},
    {"seed", "N", "another seed is another corpus (default 1)", OPTION_SEED, NULL},
    {"moves", "DIR",
     "motion capture: cmu/**/*.bvh, loops/*.glb, deepmimic/*.txt; without it procedural moves "
     "alone",
     OPTION_MOVES, NULL},
    {"music", "DIR",
     "real tracks: a folder of unpacked Debian packages; without it composed songs alone",
     OPTION_MUSIC, NULL},
    {"soundfont", "FILE",
     "instruments (.sf2, .sf3) (default: Debian's musescore-general-soundfont-small)",
     OPTION_SOUNDFONT, NULL},
    {"real-share", "X", "share of the pairs with real music, 0 to 1 (default 0.2)",
     OPTION_REAL_SHARE, NULL},
    {"original-rate", "N",
     "sample rate in hertz of STEM.original.flac, which is in stereo; 0: none (default 44100)",
     OPTION_ORIGINAL_RATE, NULL},
    {"no-original", NULL, "the same as --original-rate 0", OPTION_NO_ORIGINAL, NULL},
    {"material", "NAME", "what is danced: mixed, motion-capture or procedural (default mixed)",
     OPTION_MATERIAL, material_choice},
    {"threads", "N", "threads, 1 to 256 (default: all processors that this process may use)",
     OPTION_THREADS, NULL},
    {"quiet", NULL, "print no progress", MOMU_OPTION_QUIET, NULL},
    {0}};

const momu_command momu_command_corpus = {
    .name = "corpus",
    .run = command_corpus,
    .summary = "make hours of dance and music to train on",
    .usage = "--hours H -o DIR [options]",
    .text = "Makes pairs of dance and music whose beats are known: composed songs and sections of "
            "real tracks, danced with motion capture and procedural moves. DIR/train, "
            "DIR/validation and DIR/test get STEM.flac (16 kHz), STEM.original.flac, STEM.npz and "
            "STEM.json; DIR/corpus.json is written last. The same command continues an interrupted "
            "corpus; the same seed gives the same bytes.",
    .options = OPTIONS};

static atomic_int stop;

static void on_signal(int number) {
    (void)number;
    atomic_store(&stop, 1);
}

/* What was last shown, and when. */
typedef struct view {
    bool terminal, quiet;
    double started, shown;
    int width;
} view;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void clear(view *v) {
    if (v->terminal && v->width > 0)
        fprintf(stderr, "\r%*s\r", v->width, "");
    v->width = 0;
}

static void show_file(void *user, const char *name, const char *sentence) {
    view *v = user;
    if (!v->quiet)
        fprintf(stderr, "%s: %s\n", name, sentence);
}

static void show_progress(void *user, const momui_corpus_progress *p) {
    view *v = user;
    double time = now(), elapsed = time - v->started;
    bool last = p->pairs == p->all_pairs;
    if (v->quiet || (!last && time - v->shown < (v->terminal ? 0.2 : 10)))
        return;
    v->shown = time;
    clear(v);
    double speed = elapsed > 0 ? p->made_seconds / elapsed : 0;
    char rest[64] = "";
    if (speed > 0 && !last) {
        double left = (p->all_seconds - p->seconds) / speed;
        snprintf(rest, sizeof rest, ", %d:%02d:%02d left", (int)(left / 3600),
                 (int)fmod(left / 60, 60), (int)fmod(left, 60));
    }
    v->width = fprintf(stderr, "%zu of %zu pairs, %.2f of %.2f hours, %.1f x real time%s", p->pairs,
                       p->all_pairs, p->seconds / 3600, p->all_seconds / 3600, speed, rest);
    if (!v->terminal || last)
        fputc('\n', stderr);
    if (last)
        v->width = 0;
    fflush(stderr);
}

/* The library reports all files before the first pair: the clock of the pairs starts after the last
 * of them. */
static void show_file_and_start(void *user, const char *name, const char *sentence) {
    show_file(user, name, sentence);
    ((view *)user)->started = now();
}

typedef struct arguments {
    momui_corpus_options options;
    view view;
} arguments;

static int read_value(momui_corpus_options *o, const momu_option *option, const char *text) {
    int32_t index = 0;
    int status = MOMU_EXIT_OK;
    const char *name = option->name;
    switch (option->id) {
    case OPTION_HOURS:
        return momu_read_number("corpus", name, text, &o->hours);
    case OPTION_SEED:
        return momu_read_integer("corpus", name, text, UINT64_MAX, &o->seed);
    case OPTION_REAL_SHARE:
        return momu_read_number("corpus", name, text, &o->recorded_share);
    case OPTION_ORIGINAL_RATE:
        return momu_read_number("corpus", name, text, &o->original_rate);
    case OPTION_MATERIAL:
        status = momu_read_choice("corpus", option, text, &index);
        o->material = (momui_material)index;
        return status;
    default:
        return momu_read_count("corpus", name, text, 256, &o->threads);
    }
}

static int read_option(void *user, const momu_option *option, const char *text) {
    arguments *a = user;
    switch (option->id) {
    case OPTION_OUT:
        a->options.folder = text;
        break;
    case OPTION_MOVES:
        a->options.moves = text;
        break;
    case OPTION_MUSIC:
        a->options.music = text;
        break;
    case OPTION_SOUNDFONT:
        a->options.soundfont = text;
        break;
    case OPTION_NO_ORIGINAL:
        a->options.original_rate = 0;
        break;
    case MOMU_OPTION_QUIET:
        a->view.quiet = true;
        break;
    default:
        return read_value(&a->options, option, text);
    }
    return MOMU_EXIT_OK;
}

static void say(const momui_corpus_summary *s) {
    printf("%zu pairs, %.2f hours: %zu composed songs, %zu segments of recorded tracks\n"
           "kinematic beats against the true ones within 70 ms: F1 %.3f, at random offsets %.3f\n"
           "motion capture in %.0f %% of the frames, half time in %.0f %%, skate %.2f cm/s\n",
           s->pairs, s->hours, s->songs, s->segments, s->f1, s->chance, 100 * s->mocap_share,
           100 * s->half_time_share, s->skate);
}

static int command_corpus(int argc, char **argv) {
    arguments a = {.view = {.terminal = isatty(STDERR_FILENO)}};
    momui_corpus_options *o = &a.options;
    *o = (momui_corpus_options){.seed = 1,
                                .recorded_share = 0.2,
                                .original_rate = 44100,
                                .threads = momu_processors(),
                                .report = show_file_and_start,
                                .progress = show_progress,
                                .user = &a.view,
                                .cancel = &stop};
    int status = momu_parse(&momu_command_corpus, argc, argv, read_option, &a);
    if (status != MOMU_GO_ON)
        return status;
    if (argc != optind)
        return momu_usage_error("corpus", "unexpected argument %s; see momu corpus --help",
                                argv[optind]);
    if (!(o->hours > 0) || !o->folder)
        return momu_usage_error("corpus", "--hours (more than 0) and -o are both needed");
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    a.view.started = now();
    momu_error error = {0};
    momui_corpus_summary summary;
    momu_status result = momui_corpus_make(NULL, o, &summary, &error);
    clear(&a.view);
    if (result != MOMU_OK)
        return momu_report("corpus", result, error.message, false);
    say(&summary);
    return MOMU_EXIT_OK;
}
