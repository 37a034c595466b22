/* momu corpus: its command line and its progress; the work is in train/corpus. */
#include "command.h"

#include "train/corpus/corpus.h"

#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char HELP[] =
    "usage: momu corpus --hours H -o DIR [options]\n"
    "\n"
    "Makes pairs of dance and music whose beats are known: composed songs and segments of\n"
    "recorded tracks, with dances from motion capture and procedural moves. DIR/train, "
    "DIR/validation and\n"
    "DIR/test get STEM.flac (16 kHz), STEM.original.flac, STEM.npz and STEM.json; DIR/corpus.json\n"
    "is written last. The same command goes on with an interrupted corpus; the same seed gives "
    "the\n"
    "same bytes.\n"
    "\n"
    "  --hours H           how much to make, 80 % of it for training\n"
    "  -o, --out DIR       where to (made when absent)\n"
    "  --seed N            another seed is another corpus (1)\n"
    "  --moves DIR         motion capture: cmu/**/*.bvh, loops/*.glb, deepmimic/*.txt; without\n"
    "                      it procedural moves alone\n"
    "  --music DIR         recorded tracks: folder of unpacked Debian packages; without it "
    "composed\n"
    "                      songs alone\n"
    "  --soundfont FILE    instruments (.sf2, .sf3): Debian's musescore-general-soundfont-small\n"
    "  --real-share X      share of the pairs with recorded music, 0 to 1 (0.2)\n"
    "  --original-rate N   44100: STEM.original.flac in stereo at this rate; 0: none (44100)\n"
    "  --no-original       the same as --original-rate 0\n"
    "  --material NAME     what is danced: mixed, captured or procedural (mixed)\n"
    "  --threads N         threads that work (all processors)\n"
    "  --quiet             no progress\n"
    "  --help              this text\n";

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
    bool last = p->items == p->all_items;
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
    v->width = fprintf(stderr, "%zu of %zu pairs, %.2f of %.2f hours, %.1f x real time%s", p->items,
                       p->all_items, p->seconds / 3600, p->all_seconds / 3600, speed, rest);
    if (!v->terminal || last)
        fputc('\n', stderr);
    if (last)
        v->width = 0;
    fflush(stderr);
}

/* The callbacks have one user: files are reported before the clock of the pairs starts. */
static void show_file_and_start(void *user, const char *name, const char *sentence) {
    show_file(user, name, sentence);
    ((view *)user)->started = now();
}

static const struct option OPTIONS[] = {{"hours", required_argument, NULL, 'H'},
                                        {"out", required_argument, NULL, 'o'},
                                        {"seed", required_argument, NULL, 'n'},
                                        {"moves", required_argument, NULL, 'm'},
                                        {"music", required_argument, NULL, 's'},
                                        {"soundfont", required_argument, NULL, 'f'},
                                        {"real-share", required_argument, NULL, 'r'},
                                        {"original-rate", required_argument, NULL, 'R'},
                                        {"no-original", no_argument, NULL, 'N'},
                                        {"material", required_argument, NULL, 'M'},
                                        {"threads", required_argument, NULL, 't'},
                                        {"quiet", no_argument, NULL, 'q'},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};

static int read_material(const char *text, momui_material *material) {
    static const char *const NAMES[] = {"mixed", "captured", "procedural"};
    for (int i = 0; i < 3; i++)
        if (strcmp(text, NAMES[i]) == 0) {
            *material = (momui_material)i;
            return MOMU_EXIT_OK;
        }
    return momu_usage_error("corpus", "--material is %s, expected mixed, captured or procedural",
                            text);
}

static int read_threads(const char *text, int32_t *threads) {
    uint64_t value = 0;
    int status = momu_read_integer("corpus", "threads", text, 256, &value);
    if (status == MOMU_EXIT_OK && value < 1)
        status = momu_usage_error("corpus", "--threads is %s, expected 1 to 256", text);
    *threads = (int32_t)value;
    return status;
}

static int read_value(momui_corpus_options *o, int option, const char *text) {
    switch (option) {
    case 'H':
        return momu_read_number("corpus", "hours", text, &o->hours);
    case 'n':
        return momu_read_integer("corpus", "seed", text, UINT64_MAX, &o->seed);
    case 'r':
        return momu_read_number("corpus", "real-share", text, &o->real_share);
    case 'R':
        return momu_read_number("corpus", "original-rate", text, &o->original_rate);
    case 'M':
        return read_material(text, &o->material);
    default:
        return read_threads(text, &o->threads);
    }
}

static int read_options(int argc, char **argv, momui_corpus_options *o, bool *quiet, bool *help) {
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":o:h", OPTIONS, NULL)) != -1;) {
        int status = MOMU_EXIT_OK;
        switch (option) {
        case 'o':
            o->folder = optarg;
            break;
        case 'm':
            o->moves = optarg;
            break;
        case 's':
            o->music = optarg;
            break;
        case 'f':
            o->soundfont = optarg;
            break;
        case 'N':
            o->original_rate = 0;
            break;
        case 'q':
            *quiet = true;
            break;
        case 'h':
            *help = true;
            break;
        case ':':
            return momu_usage_error("corpus", "%s needs a value", argv[optind - 1]);
        case '?':
            return momu_usage_error("corpus", "unknown option %s; see momu corpus --help",
                                    argv[optind - 1]);
        default:
            status = read_value(o, option, optarg);
        }
        if (status != MOMU_EXIT_OK)
            return status;
    }
    return MOMU_EXIT_OK;
}

static void say(const momui_corpus_summary *s) {
    printf("%zu pairs, %.2f hours: %zu composed songs, %zu segments of recorded tracks\n"
           "beat F1 (70 ms, one to one) of kinematic against true beats: F1 %.3f, at random "
           "offsets %.3f\n"
           "motion capture in %.0f %% of the frames, half time in %.0f %%, planted feet slip %.2f "
           "cm/s\n",
           s->pairs, s->hours, s->songs, s->stretches, s->f1, s->chance, 100 * s->captured_share,
           100 * s->half_time_share, s->skate);
}

int momu_cmd_corpus(int argc, char **argv) {
    view v = {.terminal = isatty(STDERR_FILENO)};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    momui_corpus_options o = {.seed = 1,
                              .real_share = 0.2,
                              .original_rate = 44100,
                              .threads = processors > 0 && processors < 256 ? (int)processors : 1,
                              .report = show_file_and_start,
                              .progress = show_progress,
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
    if (argc != optind)
        return momu_usage_error("corpus", "unexpected argument %s; see momu corpus --help",
                                argv[optind]);
    if (!(o.hours > 0) || !o.folder)
        return momu_usage_error("corpus", "--hours (more than 0) and -o are both needed");
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    v.started = now();
    momu_error error = {0};
    momui_corpus_summary summary;
    momu_status result = momui_corpus_make(NULL, &o, &summary, &error);
    clear(&v);
    if (result != MOMU_OK)
        return momu_report("corpus", result, error.message, false);
    say(&summary);
    return MOMU_EXIT_OK;
}
