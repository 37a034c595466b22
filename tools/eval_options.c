/* The options of `momu eval`: help, reading, checks. */
#define _POSIX_C_SOURCE 200809L
#include "eval_options.h"
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char HELP[] =
    "Usage: momu eval FOLDER [options]\n"
    "       momu eval --generated DIR --reference DIR [options]\n"
    "Scores a model, or files of any other system, beside naive systems. FOLDER is a dataset (its\n"
    "test split is scored, its training split serves retrieval, its validation split Frechet\n"
    "distances) or holds pairs: a sound, a motion and, optionally, annotations (.json) of one "
    "name.\n\n"
    "  --model FILE         the model; the default model otherwise\n"
    "  --generated DIR      score the sounds and motions in DIR, named as in --reference, instead\n"
    "  --reference DIR      the true pairs of --generated\n"
    "  --against DIR        pairs that Frechet distances are taken to\n"
    "  --direction D        music, motion or both (the default)\n"
    "  --pairs N            clips; 50\n"
    "  --seconds X          of a clip; 25\n"
    "  --joint N            also N pairs generated together; 0\n"
    "  --repeats N          N clips with five outputs each, for the diversity within; 0\n"
    "  --retrieval N        training pairs that retrieval chooses from; 200, 0 for none\n"
    "  --condition LIST     condition the model on the true genre, tempo, beats (with commas\n"
    "                       between); no-genre, no-beats: leave genre or beats unconditioned\n"
    "  --guidance X         guidance scale; the model's own otherwise\n"
    "  --guidance-start X   noise level at which guidance begins, 0..1; the model's own otherwise\n"
    "  --steps N            denoising steps; the model's own otherwise\n"
    "  --validation         of a dataset the validation split (Frechet against the test split)\n"
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

static int read_conditions(const char *text, uint32_t *conditions) {
    static const char *const NAMES[] = {"genre", "tempo", "beats", "no-genre", "no-beats"};
    enum { NAME_COUNT = sizeof NAMES / sizeof *NAMES };
    while (*text) {
        size_t length = strcspn(text, ",");
        int k = 0;
        while (k < NAME_COUNT &&
               (strlen(NAMES[k]) != length || strncmp(text, NAMES[k], length) != 0))
            k++;
        if (k == NAME_COUNT)
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

static int read_one(momu_eval_options *a, int option, const char *text) {
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
    case CONDITION:
        return read_conditions(text, &o->conditions);
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
    case NETWORKS:
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

static int check(momu_eval_options *a, int argc, char **argv) {
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

int momu_eval_read_options(int argc, char **argv, momu_eval_options *a) {
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
        {"condition", required_argument, NULL, CONDITION},
        {"guidance", required_argument, NULL, GUIDANCE},
        {"guidance-start", required_argument, NULL, GUIDANCE_START},
        {"steps", required_argument, NULL, STEPS},
        {"validation", no_argument, NULL, VALIDATION},
        {"tables", no_argument, NULL, TABLES},
        {"networks", required_argument, NULL, NETWORKS},
        {"vggish", required_argument, NULL, VGGISH},
        {"output", required_argument, NULL, 'o'},
        {"json", no_argument, NULL, JSON},
        {"seed", required_argument, NULL, SEED},
        {"threads", required_argument, NULL, THREADS},
        {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    *a = (momu_eval_options){.evaluate = {.seed = 1}};
    int option, code = 0;
    optind = 1;
    while (code == 0 && (option = getopt_long(argc, argv, "ho:q", OPTIONS, NULL)) != -1) {
        if (option == 'h') {
            fputs(HELP, stdout);
            return MOMU_EXIT_OK;
        }
        code = read_one(a, option, optarg);
    }
    if (code == 0)
        code = check(a, argc, argv);
    return code ? code : -1;
}
