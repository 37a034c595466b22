/* momu pairs: dance and music pairs made simply, to train a first model on. */
#include "corpus/pairs.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int momu_cmd_pairs(int argc, char **argv);

static const char HELP[] =
    "usage: momu pairs --moves LIST --music LIST -o DIR [--hours H] [--seconds S] [--seed N]\n"
    "\n"
    "Makes pairs of dance and music: captured takes, warped in time so that their kinematic beats\n"
    "fall on the tracked beats of real music, mirrored and joined at random.\n"
    "\n"
    "  --moves LIST    a text file: a motion file (.bvh, .glb, .npz) a line; behind a TAB the\n"
    "                  animation's name (all when absent), behind another its weight (1)\n"
    "  --music LIST    a text file: a sound file a line\n"
    "  -o, --out DIR   where pairNNNNN.flac, .npz and .json go (made when absent)\n"
    "  --hours H       how much to make (2)\n"
    "  --seconds S     the length of a pair (25)\n"
    "  --seed N        the same seed gives the same pairs (1)\n"
    "  --quiet         no line for each file\n"
    "  --help          this text\n";

typedef struct arguments {
    const char *moves, *music, *out;
    double hours, seconds;
    uint64_t seed;
    bool quiet;
} arguments;

static void report(void *user, const char *name, const char *sentence) {
    if (!*(bool *)user)
        printf("%s: %s\n", name, sentence);
}

static void progress(void *user, size_t done, size_t total) {
    if (!*(bool *)user && (done % 20 == 0 || done == total))
        printf("%zu of %zu pairs\n", done, total);
    fflush(stdout);
}

static int refuse(const char *sentence, const char *detail) {
    fprintf(stderr, "momu pairs: %s%s\n", sentence, detail);
    return 2;
}

/* Calls `use` for each line that is neither empty nor a comment; its fields are separated by tabs.
 */
static momu_status each_line(const char *path, momu_status (*use)(void *, char *[3], momu_error *),
                             void *user, momu_error *error) {
    FILE *file = fopen(path, "r");
    if (!file)
        return momui_fail(error, MOMU_ERROR_IO, "%s: %s", path, strerror(errno));
    char line[4600];
    momu_status status = MOMU_OK;
    while (status == MOMU_OK && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#')
            continue;
        char *fields[3] = {line, NULL, NULL};
        for (int i = 1; i < 3 && fields[i - 1]; i++) {
            fields[i] = strchr(fields[i - 1], '\t');
            if (fields[i])
                *fields[i]++ = '\0';
        }
        status = use(user, fields, error);
    }
    fclose(file);
    return status;
}

typedef struct collection {
    momui_moves moves;
    momui_tracks tracks;
    bool *quiet;
} collection;

static momu_status use_move(void *user, char *fields[3], momu_error *error) {
    collection *all = user;
    const char *take = fields[1] && fields[1][0] ? fields[1] : NULL;
    double weight = fields[2] ? strtod(fields[2], NULL) : 1.0;
    return momui_moves_add(NULL, &all->moves, fields[0], take, weight, report, all->quiet, error);
}

static momu_status use_track(void *user, char *fields[3], momu_error *error) {
    collection *all = user;
    return momui_tracks_add(NULL, &all->tracks, fields[0], report, all->quiet, error);
}

/* 0: go on; otherwise the exit status, less one. */
static int parse(int argc, char **argv, arguments *a) {
    static const struct option OPTIONS[] = {{"moves", required_argument, NULL, 'm'},
                                            {"music", required_argument, NULL, 's'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"hours", required_argument, NULL, 'H'},
                                            {"seconds", required_argument, NULL, 'S'},
                                            {"seed", required_argument, NULL, 'n'},
                                            {"quiet", no_argument, NULL, 'q'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *a = (arguments){.hours = 2, .seconds = 25, .seed = 1};
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "o:h", OPTIONS, NULL)) != -1) {
        switch (option) {
        case 'm':
            a->moves = optarg;
            break;
        case 's':
            a->music = optarg;
            break;
        case 'o':
            a->out = optarg;
            break;
        case 'H':
            a->hours = strtod(optarg, NULL);
            break;
        case 'S':
            a->seconds = strtod(optarg, NULL);
            break;
        case 'n':
            a->seed = strtoull(optarg, NULL, 10);
            break;
        case 'q':
            a->quiet = true;
            break;
        case 'h':
            fputs(HELP, stdout);
            return 1;
        default:
            return 3;
        }
    }
    return 0;
}

int momu_cmd_pairs(int argc, char **argv) {
    arguments a;
    int stop = parse(argc, argv, &a);
    if (stop)
        return stop - 1;
    if (!a.moves || !a.music || !a.out)
        return refuse("--moves, --music and -o are all needed; see momu pairs --help", "");
    if (!(a.hours > 0 && a.hours <= 1000) || !(a.seconds >= 5 && a.seconds <= 300))
        return refuse("--hours must be above 0 and at most 1000, --seconds 5 to 300", "");
    if (mkdir(a.out, 0777) != 0 && errno != EEXIST)
        return refuse("the folder could not be made: ", a.out);
    collection all = {.quiet = &a.quiet};
    momu_error error = {0};
    momui_pairs_summary summary = {0};
    momui_pairs_options options = {a.out, a.hours, a.seconds, a.seed, progress, &a.quiet};
    momu_status status = each_line(a.moves, use_move, &all, &error);
    if (status == MOMU_OK)
        status = each_line(a.music, use_track, &all, &error);
    if (status == MOMU_OK)
        status = momui_pairs_make(NULL, &all.moves, &all.tracks, &options, &summary, &error);
    if (status == MOMU_OK)
        printf("%zu pairs from %zu takes (%zu skipped) and %zu tracks (%zu skipped); kinematic "
               "against musical beats within 70 ms: F1 %.3f, at random offsets %.3f\n",
               summary.pairs, all.moves.count, all.moves.skipped, all.tracks.count,
               all.tracks.skipped, summary.f1, summary.chance);
    else
        fprintf(stderr, "momu pairs: %s\n", error.message);
    momui_moves_release(&all.moves);
    momui_tracks_release(&all.tracks);
    return status == MOMU_OK ? 0 : status == MOMU_ERROR_MEMORY ? 1 : 2;
}
