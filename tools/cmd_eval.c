/* momu eval FOLDER | momu eval --generated DIR --reference DIR */
#define _POSIX_C_SOURCE 200809L
#include "command.h"

#include "base/stream.h"
#include "train/evaluate/evaluate.h"
#include "train/evaluate/evaluation_report.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int command_eval(int argc, char **argv);

enum {
    GENERATED = 256,
    REFERENCE,
    AGAINST,
    DIRECTION,
    PAIRS,
    LENGTH,
    JOINT,
    REPEATS,
    RETRIEVAL,
    CONDITION,
    GUIDANCE,
    GUIDANCE_START,
    STEPS,
    VALIDATION,
    TABLES,
    NETWORKS,
    VGGISH,
    JSON,
    SEED,
    THREADS,
    MODEL
};

static const char *direction_choice(int32_t i) {
    static const char *const NAMES[] = {"music", "motion", "both"};
    return i < 3 ? NAMES[i] : NULL;
}

static const momu_option OPTIONS[] = {
    {"model", "FILE", "the model (default: the default model)", MODEL, NULL},
    {"generated", "DIR",
     "score the sounds and motions in DIR, named as in --reference, in place of a model's",
     GENERATED, NULL},
    {"reference", "DIR", "the true pairs of --generated", REFERENCE, NULL},
    {"against", "DIR", "pairs that Frechet distances are taken to", AGAINST, NULL},
    {"direction", "NAME", "music, motion or both (default both)", DIRECTION, direction_choice},
    {"pairs", "N", "number of clips (default 50)", PAIRS, NULL},
    {"seconds", "X", "length of a clip in seconds, 2 to 300 (default 25)", LENGTH, NULL},
    {"joint", "N", "also score N pairs generated jointly (default 0)", JOINT, NULL},
    {"repeats", "N", "N clips with five outputs each, for their diversity (default 0)", REPEATS,
     NULL},
    {"retrieval", "N", "training tracks that retrieval chooses from; 0: none (default 200)",
     RETRIEVAL, NULL},
    {"condition", "LIST",
     "condition on the true genre, tempo, beats (with commas between); no-genre, no-beats: "
     "unconditioned, where the model would classify or track them",
     CONDITION, NULL},
    {"guidance", "X", "guidance scale (default: the model's)", GUIDANCE, NULL},
    {"guidance-start", "X",
     "noise level, 0 to 1, from which on guidance is applied (default: the "
     "model's)",
     GUIDANCE_START, NULL},
    {"steps", "N", "denoising steps (default: the model's)", STEPS, NULL},
    {"validation", NULL,
     "of a corpus take the validation split (and Frechet distances to the test split)", VALIDATION,
     NULL},
    {"tables", NULL,
     "the paper's tables 2 to 7 and 10 as well; with --joint also each start from 0.1 T to 0.9 T "
     "and each length from 10 to 30 s",
     TABLES, NULL},
    {"networks", "DIR", "folder of evaluation-mel.safetensors and evaluation-motion.safetensors",
     NETWORKS, NULL},
    {"vggish", "FILE",
     "VGGish, for the usual Frechet audio distance: python -m momu.convert vggish", VGGISH, NULL},
    {"output", "DIR", "also write report.md, report.csv, report.json and charts (SVG) there",
     MOMU_OPTION_OUTPUT, NULL},
    {"json", NULL, "print JSON in place of Markdown; docs/command.md has its keys", JSON, NULL},
    {"seed", "N", "seed of clips, noise and intervals (default 1)", SEED, NULL},
    {"threads", "N",
     "clips at once, 1 to 256 (default: the processors that this process may use, at most 64)",
     THREADS, NULL},
    {"quiet", NULL, "print no progress", MOMU_OPTION_QUIET, NULL},
    {0}};

const momu_command momu_command_eval = {
    .name = "eval",
    .run = command_eval,
    .summary = "score a model, or files, and naive systems for comparison",
    .usage = "FOLDER [options]\n--generated DIR --reference DIR [options]",
    .text =
        "Scores a model, or files that anybody made, and naive systems for comparison. FOLDER is "
        "a corpus (its test split is scored, its training split serves retrieval, its "
        "validation split Frechet distances) or holds pairs: a sound, a motion and, where "
        "there is one, a .json of one name.",
    .options = OPTIONS};

typedef struct arguments {
    momui_evaluate_options evaluate;
    const char *reference, *output;
    bool tables, json, quiet;
} arguments;

static atomic_int cancelled;

static void interrupt(int number) {
    (void)number;
    atomic_store(&cancelled, 1);
    signal(SIGINT, SIG_DFL);
}

/* ---- progress ---- */

typedef struct view {
    momu_bar bar;
    bool quiet;
} view;

static void see_progress(void *user, size_t done, size_t total) {
    view *w = user;
    momu_bar_progress(&w->bar, "evaluating", done, total);
}

static void see_note(void *user, const char *sentence) {
    (void)user;
    fprintf(stderr, "momu eval: left out: %s\n", sentence);
}

/* ---- output ---- */

static momu_status write_out(const char *folder, const char *name, const momui_writer *text,
                             momu_error *error) {
    char path[1200];
    snprintf(path, sizeof path, "%.1000s/%s", folder, name);
    return momui_write_file(path, text->data, text->size, error);
}

static momu_status write_charts(const char *folder, const momui_tables *tables, momu_error *error) {
    static const char *const KEYS[] = {"joint-start", "joint-length"};
    static const char *const ACROSS[] = {"share of the steps' noise that is left (T)", "seconds"};
    for (size_t t = 0; t < tables->count; t++)
        for (int k = 0; k < 2; k++) {
            if (strcmp(tables->items[t].key, KEYS[k]) != 0)
                continue;
            char name[80];
            momui_writer out;
            momui_writer_init(&out, NULL);
            momui_table_chart(&tables->items[t], 1, NAN, ACROSS[k], &out);
            snprintf(name, sizeof name, "%s.svg", KEYS[k]);
            momu_status status = write_out(folder, name, &out, error);
            momui_writer_release(&out);
            if (status != MOMU_OK)
                return status;
        }
    return MOMU_OK;
}

static momu_status write_all(const char *folder, const momui_tables *tables, momu_error *error) {
    static const struct {
        const char *name;
        void (*write)(const momui_tables *, momui_writer *);
    } FORMS[] = {{"report.md", momui_tables_markdown},
                 {"report.csv", momui_tables_csv},
                 {"report.json", momui_tables_json}};
    momu_status status = MOMU_OK;
    for (size_t i = 0; status == MOMU_OK && i < sizeof FORMS / sizeof *FORMS; i++) {
        momui_writer out;
        momui_writer_init(&out, NULL);
        FORMS[i].write(tables, &out);
        status = write_out(folder, FORMS[i].name, &out, error);
        momui_writer_release(&out);
    }
    return status == MOMU_OK ? write_charts(folder, tables, error) : status;
}

static void print_all(const arguments *a, const momui_evaluation *v, const momui_tables *tables) {
    momui_writer out;
    momui_writer_init(&out, NULL);
    if (a->json)
        momui_tables_json(tables, &out);
    else
        momui_tables_markdown(tables, &out);
    fwrite(out.data, 1, out.size, stdout);
    momui_writer_release(&out);
    if (!a->json)
        printf("%zu clips, %zu failed.\n", v->pairs.count, v->failed);
}

/* ---- the way ---- */

static momu_status report(const arguments *a, const momui_evaluation *v, momu_error *error) {
    momui_tables tables = {0};
    momu_status status = momui_report_tables(v, &tables, error);
    if (status == MOMU_OK && a->tables)
        status = momui_paper_tables(v, &tables, error);
    if (status == MOMU_OK)
        print_all(a, v, &tables);
    if (status == MOMU_OK && a->output)
        status = write_all(a->output, &tables, error);
    momui_tables_release(&tables);
    return status;
}

static int run(arguments *a) {
    view w = {.quiet = a->quiet};
    momui_evaluation *v = calloc(1, sizeof *v);
    momu_error error = {0};
    if (!v)
        return momu_report("eval", MOMU_ERROR_MEMORY, "no memory", false);
    momu_bar_open(&w.bar, a->quiet);
    a->evaluate.progress = see_progress;
    a->evaluate.note = see_note;
    a->evaluate.user = &w;
    a->evaluate.cancel = &cancelled;
    signal(SIGINT, interrupt);
    momu_status status = momui_evaluate(NULL, &a->evaluate, v, &error);
    momu_bar_close(&w.bar);
    if (status == MOMU_OK)
        status = report(a, v, &error);
    momui_evaluation_release(v);
    free(v);
    return status == MOMU_OK ? MOMU_EXIT_OK : momu_report("eval", status, error.message, false);
}

static int read_count(const char *option, const char *text, int32_t *value) {
    uint64_t number = 0;
    int code = momu_read_integer("eval", option, text, 100000, &number);
    *value = (int32_t)number;
    return code;
}

static int read_conditions(const char *text, uint32_t *conditions) {
    static const char *const NAMES[] = {"genre", "tempo", "beats", "no-genre", "no-beats"};
    enum { CONDITIONS = sizeof NAMES / sizeof *NAMES };
    while (*text) {
        size_t length = strcspn(text, ",");
        int k = 0;
        while (k < CONDITIONS &&
               (strlen(NAMES[k]) != length || strncmp(text, NAMES[k], length) != 0))
            k++;
        if (k == CONDITIONS)
            return momu_usage_error(
                "eval",
                "--condition %s: genre, no-genre, tempo, beats and no-beats are the conditions",
                text);
        *conditions |= 1u << k;
        text += length + (text[length] == ',');
    }
    if ((*conditions & MOMUI_CONDITION_GENRE) && (*conditions & MOMUI_CONDITION_NO_GENRE))
        return momu_usage_error("eval", "--condition: genre and no-genre do not go together");
    if ((*conditions & MOMUI_CONDITION_BEATS) && (*conditions & MOMUI_CONDITION_NO_BEATS))
        return momu_usage_error("eval", "--condition: beats and no-beats do not go together");
    return 0;
}

static int read_option(void *user, const momu_option *option, const char *text) {
    arguments *a = user;
    int32_t index = 0;
    const char *name = option->name;
    momui_evaluate_options *o = &a->evaluate;
    int code = 0;
    switch (option->id) {
    case MODEL:
        o->model = text;
        break;
    case GENERATED:
        o->generated = text;
        break;
    case REFERENCE:
        a->reference = text;
        break;
    case AGAINST:
        o->against = text;
        break;
    case DIRECTION:
        code = momu_read_choice("eval", option, text, &index);
        o->skip_motion = index == 0;
        o->skip_music = index == 1;
        return code;
    case PAIRS:
        return read_count(name, text, &o->pairs);
    case LENGTH:
        return momu_read_number("eval", name, text, &o->seconds);
    case JOINT:
        return read_count(name, text, &o->joint);
    case REPEATS:
        return read_count(name, text, &o->repeats);
    case RETRIEVAL:
        code = read_count(name, text, &o->candidates);
        o->candidates = o->candidates ? o->candidates : -1;
        return code;
    case CONDITION:
        return read_conditions(text, &o->conditions);
    case GUIDANCE:
        return momu_read_number("eval", name, text, &o->guidance);
    case GUIDANCE_START:
        return momu_read_number("eval", name, text, &o->guidance_start);
    case STEPS:
        return read_count(name, text, &o->steps);
    case VALIDATION:
        o->validation = true;
        break;
    case TABLES:
        a->tables = true;
        break;
    case NETWORKS:
        o->networks = text;
        break;
    case VGGISH:
        o->vggish = text;
        break;
    case MOMU_OPTION_OUTPUT:
        a->output = text;
        break;
    case JSON:
        a->json = true;
        break;
    case SEED:
        return momu_read_integer("eval", name, text, UINT64_MAX, &o->seed);
    case THREADS:
        return read_count(name, text, &o->threads);
    default:
        a->quiet = true;
    }
    return code;
}

static int check(arguments *a, int argc, char **argv) {
    momui_evaluate_options *o = &a->evaluate;
    if ((o->generated != NULL) != (a->reference != NULL))
        return momu_usage_error("eval", "--generated and --reference belong together");
    if (optind + (o->generated ? 0 : 1) != argc)
        return momu_usage_error("eval", o->generated ? "no folder is expected beside --reference"
                                                     : "one folder is expected; see --help");
    if (o->seconds != 0 && !(o->seconds >= 2 && o->seconds <= 300))
        return momu_usage_error("eval", "--seconds must be 2 to 300");
    if (o->threads > 256)
        return momu_usage_error("eval", "--threads must be 1 to 256");
    if (a->output && mkdir(a->output, 0777) != 0 && errno != EEXIST)
        return momu_usage_error("eval", "%s: the folder could not be made", a->output);
    o->folder = o->generated ? a->reference : argv[optind];
    o->sweep = a->tables;
    if (o->threads == 0)
        o->threads = momu_processors() > 64 ? 64 : momu_processors();
    return 0;
}

static int command_eval(int argc, char **argv) {
    arguments a = {.evaluate = {.seed = 1}};
    int code = momu_parse(&momu_command_eval, argc, argv, read_option, &a);
    if (code != MOMU_GO_ON)
        return code;
    code = check(&a, argc, argv);
    return code ? code : run(&a);
}
