/* momu eval FOLDER | momu eval --generated DIR --reference DIR */
#define _POSIX_C_SOURCE 200809L
#include "command.h"

#include "base/stream.h"
#include "train/evaluate/evaluation_report.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char HELP[] =
    "Usage: momu eval FOLDER [options]\n"
    "       momu eval --generated DIR --reference DIR [options]\n"
    "Scores a model, or files that anybody made, beside naive systems. FOLDER is a corpus (its "
    "test\n"
    "part is taken, its training part for retrieval, its validation part for Frechet distances) "
    "or\n"
    "holds pairs: a sound, a motion and, where it is known, a .json of one name.\n\n"
    "  --model FILE         the model; the default model otherwise\n"
    "  --generated DIR      score the sounds and motions in DIR, named as in --reference, instead\n"
    "  --reference DIR      the true pairs of --generated\n"
    "  --against DIR        pairs that Frechet distances are taken to\n"
    "  --direction D        music, motion or both (the default)\n"
    "  --pairs N            clips; 50\n"
    "  --seconds X          of a clip; 25\n"
    "  --joint N            also N pairs made together; 0\n"
    "  --repeats N          N clips with five outputs each, for the diversity within; 0\n"
    "  --retrieval N        training pieces that retrieval chooses from; 200, 0 for none\n"
    "  --condition LIST           tell the model the true genre, tempo, beats (with commas "
    "between);\n"
    "                       no-genre, no-beats: none, nor what it finds itself\n"
    "  --guidance X         guidance scale; the model's own otherwise\n"
    "  --guidance-start X   how noisy when guidance begins, 0..1; the model's own otherwise\n"
    "  --steps N            denoising steps; the model's own otherwise\n"
    "  --validation         of a corpus the validation part (Frechet against the test part)\n"
    "  --tables             the paper's tables 2 to 7 and 10 as well; with --joint also each "
    "start\n"
    "                       from 0.1 T to 0.9 T and each length from 10 to 30 s\n"
    "  --networks DIR       folder of evaluation-mel.safetensors and "
    "evaluation-motion.safetensors\n"
    "  --vggish FILE        VGGish, for the usual Frechet audio distance: python -m momu.convert "
    "vggish\n"
    "  -o, --output DIR     also write report.md, report.csv, report.json and charts (SVG) there\n"
    "  --json               print JSON in place of Markdown\n"
    "  --seed N             of clips, noise and intervals; 1\n"
    "  --threads N          clips at once; as many as there are processors otherwise\n"
    "  -q, --quiet          no progress\n"
    "  -h, --help           this text\n";

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

static int read_direction(const char *text, momui_evaluate_options *o) {
    if (strcmp(text, "both") == 0)
        return 0;
    if (strcmp(text, "music") == 0)
        o->skip_motion = true;
    else if (strcmp(text, "motion") == 0)
        o->skip_music = true;
    else
        return momu_usage_error("eval", "--direction %s: music, motion or both is expected", text);
    return 0;
}

static int read_ask(const char *text, uint32_t *ask) {
    static const char *const NAMES[] = {"genre", "tempo", "beats", "no-genre", "no-beats"};
    enum { ASKED = sizeof NAMES / sizeof *NAMES };
    while (*text) {
        size_t length = strcspn(text, ",");
        int k = 0;
        while (k < ASKED && (strlen(NAMES[k]) != length || strncmp(text, NAMES[k], length) != 0))
            k++;
        if (k == ASKED)
            return momu_usage_error(
                "eval",
                "--condition %s: genre, no-genre, tempo, beats and no-beats can be asked for",
                text);
        *ask |= 1u << k;
        text += length + (text[length] == ',');
    }
    if ((*ask & MOMUI_CONDITION_GENRE) && (*ask & MOMUI_CONDITION_NO_GENRE))
        return momu_usage_error("eval", "--condition: genre and no-genre do not go together");
    if ((*ask & MOMUI_CONDITION_BEATS) && (*ask & MOMUI_CONDITION_NO_BEATS))
        return momu_usage_error("eval", "--condition: beats and no-beats do not go together");
    return 0;
}

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
    ASK,
    GUIDANCE,
    GUIDANCE_START,
    STEPS,
    VALIDATION,
    TABLES,
    JUDGES,
    VGGISH,
    JSON,
    SEED,
    THREADS,
    MODEL
};

static int read_one(arguments *a, int option, const char *text) {
    momui_evaluate_options *o = &a->evaluate;
    int code = 0;
    switch (option) {
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
        return read_direction(text, o);
    case PAIRS:
        return read_count("--pairs", text, &o->pairs);
    case LENGTH:
        return momu_read_number("eval", "--seconds", text, &o->seconds);
    case JOINT:
        return read_count("--joint", text, &o->joint);
    case REPEATS:
        return read_count("--repeats", text, &o->repeats);
    case RETRIEVAL:
        code = read_count("--retrieval", text, &o->candidates);
        o->candidates = o->candidates ? o->candidates : -1;
        return code;
    case ASK:
        return read_ask(text, &o->ask);
    case GUIDANCE:
        return momu_read_number("eval", "--guidance", text, &o->guidance);
    case GUIDANCE_START:
        return momu_read_number("eval", "--guidance-start", text, &o->guidance_start);
    case STEPS:
        return read_count("--steps", text, &o->steps);
    case VALIDATION:
        o->validation = true;
        break;
    case TABLES:
        a->tables = true;
        break;
    case JUDGES:
        o->networks = text;
        break;
    case VGGISH:
        o->vggish = text;
        break;
    case 'o':
        a->output = text;
        break;
    case JSON:
        a->json = true;
        break;
    case SEED:
        return momu_read_integer("eval", "--seed", text, UINT64_MAX, &o->seed);
    case THREADS:
        return read_count("--threads", text, &o->threads);
    case 'q':
        a->quiet = true;
        break;
    default:
        return MOMU_EXIT_BAD_INPUT;
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
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    if (o->threads == 0)
        o->threads = count < 1 ? 1 : count > 64 ? 64 : (int32_t)count;
    return 0;
}

int momu_cmd_eval(int argc, char **argv) {
    static const struct option OPTIONS[] = {
        {"model", required_argument, NULL, MODEL},
        {"generated", required_argument, NULL, GENERATED},
        {"reference", required_argument, NULL, REFERENCE},
        {"against", required_argument, NULL, AGAINST},
        {"direction", required_argument, NULL, DIRECTION},
        {"pairs", required_argument, NULL, PAIRS},
        {"seconds", required_argument, NULL, LENGTH},
        {"joint", required_argument, NULL, JOINT},
        {"repeats", required_argument, NULL, REPEATS},
        {"retrieval", required_argument, NULL, RETRIEVAL},
        {"condition", required_argument, NULL, ASK},
        {"guidance", required_argument, NULL, GUIDANCE},
        {"guidance-start", required_argument, NULL, GUIDANCE_START},
        {"steps", required_argument, NULL, STEPS},
        {"validation", no_argument, NULL, VALIDATION},
        {"tables", no_argument, NULL, TABLES},
        {"networks", required_argument, NULL, JUDGES},
        {"vggish", required_argument, NULL, VGGISH},
        {"output", required_argument, NULL, 'o'},
        {"json", no_argument, NULL, JSON},
        {"seed", required_argument, NULL, SEED},
        {"threads", required_argument, NULL, THREADS},
        {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    arguments a = {.evaluate = {.seed = 1}};
    int option, code = 0;
    optind = 1;
    while (code == 0 && (option = getopt_long(argc, argv, "ho:q", OPTIONS, NULL)) != -1) {
        if (option == 'h') {
            fputs(HELP, stdout);
            return MOMU_EXIT_OK;
        }
        code = read_one(&a, option, optarg);
    }
    if (code == 0)
        code = check(&a, argc, argv);
    return code ? code : run(&a);
}
