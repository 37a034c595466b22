/* momu dataset-report: what a corpus is like, in the figures that decide whether it is worth
 * training on. */
#include "command.h"
#include "train/evaluate/dataset_report.h"

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
    .summary = "measure a corpus: beats, bodies, and how real it is",
    .usage = "DIR [options]",
    .text = "Measures a corpus (momu corpus): beats against chance, for each genre; feet, speeds "
            "and joints compared with those of motion capture; whether a small network classifies "
            "the genre from one side alone, and two seconds of the corpus's motion as real.",
    .options = OPTIONS};

enum { GENRE_STEPS_A_MINUTE = 60, REAL_STEPS_A_MINUTE = 40 };

typedef struct arguments {
    const char *folder, *real, *json, *networks;
    double minutes;
    int64_t threads;
    uint64_t seed;
    bool markdown, quiet;
} arguments;

typedef struct report {
    const arguments *a;
    momui_dataset_report dataset;
    momui_dataset_report_row rows[MOMUI_GENRES + 1]; /* 0: all */
    momui_genre_report genre[2];                     /* music, motion */
    momui_captured_report real[3];                   /* all, captured, written */
    momui_motion_metrics ours, theirs;
    bool predicted;
} report;

static const char *const ORIGINS[] = {"all", "captured", "procedural"};

/* ---- tables ---- */

static const char *genre_of(int32_t genre) {
    return genre == 0 ? "all" : momu_genre_name(genre);
}

static void head(const report *r, const char *title, const char *columns) {
    printf("\n%s%s\n", r->a->markdown ? "### " : "", title);
    if (!r->a->markdown) {
        printf("%s\n", columns);
        return;
    }
    int bars = 0;
    printf("\n%s\n", columns);
    for (const char *p = columns; *p; p++)
        bars += *p == '|';
    for (int i = 0; i + 1 < bars; i++)
        printf("|---");
    printf("|\n");
}

static void print_beats(const report *r) {
    head(r, "Beats: strict F1 within 70 ms, 95 % intervals over pairs",
         "| genre | pairs | hours | F1 | at random offsets | ratio | other music | F1 at 50 ms | "
         "skate cm/s | captured | half time |");
    for (int g = 0; g <= MOMUI_GENRES; g++) {
        const momui_dataset_report_row *row = &r->rows[g];
        if (row->pairs == 0)
            continue;
        printf("| %-10s | %zu | %.2f | %.3f (%.3f..%.3f) | %.3f (%.3f..%.3f) | %.2f (%.2f..%.2f) "
               "| %.3f (%.3f..%.3f) | %.3f | %.2f | %.2f | %.2f |\n",
               genre_of(g), row->pairs, row->hours, row->near.f1.value, row->near.f1.low,
               row->near.f1.high, row->near.chance.value, row->near.chance.low,
               row->near.chance.high, row->near.ratio.value, row->near.ratio.low,
               row->near.ratio.high, row->mismatched.f1.value, row->mismatched.f1.low,
               row->mismatched.f1.high, row->close.f1.value, row->skate, row->captured_share,
               row->half_time_share);
    }
}

static void spread_row(const char *group, const char *what, const momui_histogram *ours,
                       const momui_histogram *theirs) {
    static const double POINTS[] = {0.1, 0.5, 0.9, 0.99};
    printf("| %-6s %-12s |", group, what);
    for (int i = 0; i < 4; i++)
        printf(" %.3g |", momui_histogram_percentile(ours, POINTS[i]));
    for (int i = 0; i < 4; i++)
        printf(" %.3g |", momui_histogram_percentile(theirs, POINTS[i]));
    printf("\n");
}

static void sanity_row(const char *name, const momui_motion_metrics *f) {
    int worst = momui_motion_worst_joint(f);
    printf("| %-6s | %.2f | %.2f | %.0f | %.3f | %.2f | %.2f | %.3f | %s |\n", name,
           f->seconds / 3600, momui_motion_skate(f), momui_motion_jitter(f), momui_motion_pfc(f),
           1000 * momui_motion_penetration(f),
           f->frames ? 100 * (double)f->penetrating_frames / (double)f->frames : 0,
           100 * momui_motion_beyond(f), worst < 0 ? "none" : momui_body_names[worst]);
}

static void print_motion(const report *r) {
    head(r, "Motion: corpus beside real takes",
         "| | hours | skate cm/s | jitter m/s3 | PFC | below ground mm | frames 1 cm below % | "
         "joints beyond range % | mostly |");
    sanity_row("corpus", &r->ours);
    if (r->dataset.take_count > 0)
        sanity_row("real", &r->theirs);
    head(r, "Speed (m/s), acceleration (m/s2): percentiles of the corpus, then of the real takes",
         "| joints | 10 % | 50 % | 90 % | 99 % | real 10 % | 50 % | 90 % | 99 % |");
    for (int g = 0; g < MOMUI_BODY_GROUPS; g++) {
        const momui_motion_spread *ours = &r->ours.groups[g], *theirs = &r->theirs.groups[g];
        spread_row(momui_body_group_names[g], "speed", &ours->speed, &theirs->speed);
        spread_row(momui_body_group_names[g], "acceleration", &ours->acceleration,
                   &theirs->acceleration);
    }
}

static void print_genres(const report *r) {
    head(r, "Genre from one side alone: taught on the training part, asked on the test part",
         "| side | windows taught | asked | pairs | accuracy | chance | ratio | by pair | "
         "balanced | tempo | octave | energy r |");
    for (int side = 0; side < 2; side++) {
        const momui_genre_report *g = &r->genre[side];
        if (g->windows == 0)
            continue;
        printf("| %s | %zu | %zu | %zu | %.3f (%.3f..%.3f) | %.3f | %.1f | %.3f | %.3f | %.3f | "
               "%.3f | %.2f |\n",
               side ? "motion" : "music", g->trained, g->windows, g->pairs, g->accuracy.value,
               g->accuracy.low, g->accuracy.high, g->chance,
               g->chance > 0 ? g->accuracy.value / g->chance : 0, g->pair_accuracy, g->balanced,
               g->tempo, g->octave, g->energy);
    }
}

static void print_judges(const report *r) {
    if (!r->predicted)
        return;
    if (r->genre[0].windows + r->genre[1].windows > 0)
        print_genres(r);
    if (r->dataset.take_count == 0)
        return;
    head(r, "Corpus or real, from two seconds of motion: mean of both sides' shares, 0.5 is chance",
         "| corpus windows | taught corpus | real | asked corpus | real | held-out takes | corpus "
         "found | real found | five folds over all takes |");
    for (int o = 0; o < 3; o++) {
        const momui_captured_report *x = &r->real[o];
        if (x->asked[0] == 0)
            continue;
        printf("| %s | %zu | %zu | %zu | %zu | %.3f (%.3f..%.3f) | %.3f | %.3f | %.3f "
               "(%.3f..%.3f) |\n",
               ORIGINS[o], x->trained[0], x->trained[1], x->asked[0], x->asked[1],
               x->held_out.value, x->held_out.low, x->held_out.high, x->corpus_found, x->real_found,
               x->folds.value, x->folds.low, x->folds.high);
    }
    printf(
        "Real windows overlap by 1.5 s and come from few takes; intervals draw pairs and takes.\n");
}

/* ---- JSON ---- */

static void put_interval(momu_json *json, const char *key, const momui_interval *i) {
    momu_json_numbers(json, key, (double[]){i->value, i->low, i->high}, 3);
}

static void put_named(momu_json *json, const char *name, const char *key, const momui_interval *i) {
    char text[96];
    snprintf(text, sizeof text, "%s_%s", name, key);
    put_interval(json, text, i);
}

static void put_row(momu_json *json, const momui_dataset_report_row *row) {
    char key[96];
    const char *name = genre_of(row->genre);
    snprintf(key, sizeof key, "%s_pairs", name);
    momu_json_integer(json, key, row->pairs);
    snprintf(key, sizeof key, "%s_hours", name);
    momu_json_number(json, key, row->hours);
    put_named(json, name, "f1", &row->near.f1);
    put_named(json, name, "chance", &row->near.chance);
    put_named(json, name, "ratio", &row->near.ratio);
    put_named(json, name, "mismatched", &row->mismatched.f1);
    put_named(json, name, "f1_50ms", &row->close.f1);
    snprintf(key, sizeof key, "%s_skate_captured_half_time", name);
    momu_json_numbers(json, key, (double[]){row->skate, row->captured_share, row->half_time_share},
                      3);
}

static int write_json(const report *r) {
    FILE *file = fopen(r->a->json, "w");
    if (!file)
        return momu_usage_error("dataset-report", "%s: could not be written", r->a->json);
    momu_json json;
    momu_json_open(&json, file);
    momu_json_text(&json, "corpus", r->a->folder);
    momu_json_integer(&json, "broken", r->dataset.broken);
    for (int g = 0; g <= MOMUI_GENRES; g++)
        if (r->rows[g].pairs > 0)
            put_row(&json, &r->rows[g]);
    const momui_motion_metrics *sides[] = {&r->ours, &r->theirs};
    for (int s = 0; s < 2; s++) {
        const momui_motion_metrics *f = sides[s];
        momu_json_numbers(&json, s ? "real_skate_jitter_pfc_beyond" : "skate_jitter_pfc_beyond",
                          (double[]){momui_motion_skate(f), momui_motion_jitter(f),
                                     momui_motion_pfc(f), momui_motion_beyond(f)},
                          4);
    }
    for (int s = 0; r->predicted && s < 2; s++) {
        const char *side = s ? "motion" : "music";
        put_named(&json, side, "genre_accuracy", &r->genre[s].accuracy);
    }
    if (r->predicted)
        momu_json_number(&json, "genre_chance", r->genre[0].chance);
    for (int o = 0; r->predicted && o < 3; o++) {
        put_named(&json, ORIGINS[o], "real_or_corpus", &r->real[o].held_out);
        put_named(&json, ORIGINS[o], "real_or_corpus_folds", &r->real[o].folds);
    }
    momu_json_close(&json);
    if (fclose(file) != 0)
        return momu_usage_error("dataset-report", "%s: could not be written", r->a->json);
    return MOMU_EXIT_OK;
}

/* ---- the way ---- */

static void see_progress(void *user, size_t done, size_t total) {
    if (!*(const bool *)user && isatty(2))
        fprintf(stderr, "\r%zu of %zu read%s", done, total, done == total ? "\n" : "");
}

static void see_broken(void *user, const char *sentence) {
    (void)user;
    fprintf(stderr, "momu dataset-report: left out: %s\n", sentence);
}

static momu_status network(report *r, momu_error *error) {
    static const momui_origin ASKED[] = {MOMUI_ORIGIN_MIXED, MOMUI_ORIGIN_CAPTURED,
                                         MOMUI_ORIGIN_PROCEDURAL};
    int64_t genre_steps = (int64_t)(r->a->minutes * GENRE_STEPS_A_MINUTE);
    int64_t real_steps = (int64_t)(r->a->minutes * REAL_STEPS_A_MINUTE);
    for (int side = 0; side < 2; side++) {
        char path[1100];
        snprintf(path, sizeof path, "%s/evaluation-%s.safetensors",
                 r->a->networks ? r->a->networks : "", side ? "motion" : "mel");
        momu_status status =
            momui_dataset_report_genre(&r->dataset, side == 0, genre_steps + 1,
                                       r->a->networks ? path : NULL, &r->genre[side], error);
        if (status != MOMU_OK)
            return status;
    }
    for (int o = 0; r->dataset.take_count > 0 && o < 3; o++) {
        momu_status status =
            momui_dataset_report_real(&r->dataset, ASKED[o], real_steps + 1, &r->real[o], error);
        if (status != MOMU_OK)
            return status;
    }
    r->predicted = true;
    return MOMU_OK;
}

static momu_status measure(report *r, momu_error *error) {
    for (int32_t g = 0; g <= MOMUI_GENRES; g++) {
        momu_status status = momui_dataset_report_row_of(&r->dataset, g, &r->rows[g], error);
        if (status != MOMU_OK)
            return status;
    }
    momui_dataset_report_motion(r->dataset.pairs, r->dataset.pair_count, &r->ours);
    momui_dataset_report_motion(r->dataset.takes, r->dataset.take_count, &r->theirs);
    return r->a->minutes > 0 ? network(r, error) : MOMU_OK;
}

static int run(const arguments *a) {
    report *r = calloc(1, sizeof *r);
    if (!r)
        return momu_report("dataset-report", MOMU_ERROR_MEMORY, "no memory for the report", false);
    r->a = a;
    momu_error error = {0};
    bool quiet = a->quiet;
    momui_dataset_report_options options = {.folder = a->folder,
                                            .real = a->real,
                                            .seed = a->seed,
                                            .threads = (int32_t)a->threads,
                                            .windows = a->minutes > 0,
                                            .progress = see_progress,
                                            .broken = see_broken,
                                            .user = &quiet};
    int code = MOMU_EXIT_OK;
    momu_status status = momui_dataset_report_open(NULL, &options, &r->dataset, &error);
    if (status == MOMU_OK)
        status = measure(r, &error);
    if (status == MOMU_OK) {
        print_beats(r);
        print_motion(r);
        print_judges(r);
        code = a->json ? write_json(r) : MOMU_EXIT_OK;
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
        a->real = text;
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
