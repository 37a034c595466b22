/* The options of the generating sub-commands: one table for reading and for help. */
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum option_id {
    OPTION_SEED = 256,
    OPTION_STEPS,
    OPTION_SAMPLER,
    OPTION_GUIDANCE,
    OPTION_GUIDANCE_MUSIC,
    OPTION_GUIDANCE_MOTION,
    OPTION_GUIDANCE_START,
    OPTION_RESCALE,
    OPTION_SECONDS,
    OPTION_RATE,
    OPTION_FPS,
    OPTION_NO_FOOT_LOCK,
    OPTION_JOINT_START,
    OPTION_GENRE,
    OPTION_TEMPO,
    OPTION_FREE_BEATS,
    OPTION_ENERGY,
    OPTION_TAKE,
    OPTION_FOR,
    OPTION_ROOT,
    OPTION_FORMAT,
    OPTION_SKELETON,
    OPTION_WEIGHTS,
    OPTION_THREADS,
    OPTION_MODEL,
    OPTION_JSON,
    OPTION_QUIET,
    OPTION_OUTPUT,
    OPTION_HELP
};

static const struct described {
    const char *name, *value, *help;
    enum option_id id;
} table[] = {
    {"output", "FILE", "where the result goes (also -o)", OPTION_OUTPUT},
    {"model", "FILE", "the model; the default one without", OPTION_MODEL},
    {"seed", "N", "seed of all noise (0)", OPTION_SEED},
    {"steps", "N", "denoising steps (the model's)", OPTION_STEPS},
    {"sampler", "NAME", "dpm-solver++ or ddim (the model's)", OPTION_SAMPLER},
    {"guidance", "X", "weight of guidance, 1 is none (the model's)", OPTION_GUIDANCE},
    {"guidance-music", "X", "the same for the music alone", OPTION_GUIDANCE_MUSIC},
    {"guidance-motion", "X", "the same for the motion alone", OPTION_GUIDANCE_MOTION},
    {"guidance-start", "X",
     "0..1, how noisy the result still is when guidance begins (the model's)",
     OPTION_GUIDANCE_START},
    {"guidance-rescale", "X", "0..1, guards against too much guidance (0)", OPTION_RESCALE},
    {"joint-start", "X", "0..1, when the two begin to look at each other (the model's)",
     OPTION_JOINT_START},
    {"seconds", "X", "length of the result", OPTION_SECONDS},
    {"rate", "HZ", "sample rate of the sound (the model's)", OPTION_RATE},
    {"fps", "X", "frames a second of the motion (60)", OPTION_FPS},
    {"no-foot-lock", NULL, "leave feet in contact where the model put them", OPTION_NO_FOOT_LOCK},
    {"genre", "NAME",
     "house, techno, ... (the dance's, where the model finds one); none: not even that",
     OPTION_GENRE},
    {"tempo", "BPM", "beats a minute (if the model was trained for it)", OPTION_TEMPO},
    {"no-beat-tracking", NULL, "the model is not told the beats that it finds in the input",
     OPTION_FREE_BEATS},
    {"energy", "X", "0..1 (if the model was trained for it)", OPTION_ENERGY},
    {"for", "PROGRAM",
     "blender, unreal, unity or maya: names, units and axes; smpl, keypoints: .npz", OPTION_FOR},
    {"root", "MODE", "where travel is kept: world, in-place or extracted (world)", OPTION_ROOT},
    {"format", "NAME", "of the dance: bvh, glb or npz (bvh)", OPTION_FORMAT},
    {"skeleton", "FILE", "a motion file of the figure that shall dance", OPTION_SKELETON},
    {"weights", "FORMAT", "of a model: f32, bf16 or int8", OPTION_WEIGHTS},
    {"take", "NAME", "which animation of the file (the first)", OPTION_TAKE},
    {"threads", "N", "threads that work (all processors); never changes the result",
     OPTION_THREADS},
    {"json", NULL, "say what was made as one JSON object", OPTION_JSON},
    {"quiet", NULL, "no progress bar", OPTION_QUIET},
    {"help", NULL, "this help", OPTION_HELP},
};
enum { TABLE_SIZE = sizeof table / sizeof *table };

/* Whether the list " a b c " holds the word. */
static bool allows(const char *allowed, const char *name) {
    char word[64];
    snprintf(word, sizeof word, " %s ", name);
    return strstr(allowed, word) != NULL;
}

int momu_read_number(const char *command, const char *option, const char *text, double *value) {
    char *end = NULL;
    *value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(*value))
        return momu_usage_error(command, "--%s is \"%s\", expected a number", option, text);
    return MOMU_EXIT_OK;
}

int momu_read_integer(const char *command, const char *option, const char *text, uint64_t high,
                      uint64_t *value) {
    char *end = NULL;
    errno = 0;
    unsigned long long parsed = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || parsed > high)
        return momu_usage_error(command, "--%s is \"%s\", expected a whole number from 0 to %llu",
                                option, text, (unsigned long long)high);
    *value = parsed;
    return MOMU_EXIT_OK;
}

/* Numbers that must not be 0, since 0 would mean the default. */
static int positive(const char *command, const char *option, const char *text, double *value) {
    int status = momu_read_number(command, option, text, value);
    if (status == MOMU_EXIT_OK && !(*value > 0))
        status = momu_usage_error(command, "--%s is %s, expected more than 0", option, text);
    return status;
}

static int count(const char *command, const char *option, const char *text, uint64_t high,
                 int32_t *value) {
    uint64_t parsed = 0;
    int status = momu_read_integer(command, option, text, high, &parsed);
    if (status == MOMU_EXIT_OK && parsed == 0)
        status = momu_usage_error(command, "--%s is 0, expected 1 to %llu", option,
                                  (unsigned long long)high);
    *value = (int32_t)parsed;
    return status;
}

static int read_genre(const char *command, const char *text, int32_t *genre) {
    if (strcasecmp(text, "none") == 0) {
        *genre = MOMU_GENRE_NONE;
        return MOMU_EXIT_OK;
    }
    for (int32_t i = 1; momu_genre_name(i); i++)
        if (strcasecmp(text, momu_genre_name(i)) == 0) {
            *genre = i;
            return MOMU_EXIT_OK;
        }
    return momu_usage_error(command,
                            "--genre is \"%s\", expected house, techno, hip-hop, funk, pop, "
                            "rock, synthwave, drum and bass, reggaeton, cha-cha, rumba, "
                            "waltz, swing, ballad, modern, other or none",
                            text);
}

static int read_sampler(const char *command, const char *text, int32_t *sampler) {
    for (int32_t i = 1; momu_sampler_name(i); i++)
        if (strcmp(text, momu_sampler_name(i)) == 0) {
            *sampler = i;
            return MOMU_EXIT_OK;
        }
    return momu_usage_error(command, "--sampler is \"%s\", expected dpm-solver++ or ddim", text);
}

static int read_target(const char *command, const char *text, int32_t *target) {
    static const char *const NAMES[] = {"none", "blender", "unreal",   "unity",
                                        "maya", "smpl",    "keypoints"};
    for (int32_t i = 0; i < (int32_t)(sizeof NAMES / sizeof *NAMES); i++)
        if (strcmp(text, NAMES[i]) == 0) {
            *target = i;
            return MOMU_EXIT_OK;
        }
    return momu_usage_error(
        command, "--for is \"%s\", expected blender, unreal, unity, maya, smpl, keypoints or none",
        text);
}

static int read_root(const char *command, const char *text, int32_t *root) {
    if (strcmp(text, "world") == 0)
        *root = MOMU_ROOT_WORLD;
    else if (strcmp(text, "in-place") == 0)
        *root = MOMU_ROOT_IN_PLACE;
    else if (strcmp(text, "extracted") == 0)
        *root = MOMU_ROOT_EXTRACTED;
    else
        return momu_usage_error(command, "--root is \"%s\", expected world, in-place or extracted",
                                text);
    return MOMU_EXIT_OK;
}

static int read_format(const char *command, const char *text, const char **extension) {
    static const char *const EXTENSIONS[] = {".bvh", ".glb", ".npz"};
    for (int i = 0; i < 3; i++)
        if (strcmp(text, EXTENSIONS[i] + 1) == 0) {
            *extension = EXTENSIONS[i];
            return MOMU_EXIT_OK;
        }
    return momu_usage_error(command, "--format is \"%s\", expected bvh, glb or npz", text);
}

static int read_generation(momu_arguments *a, const struct described *option, const char *text) {
    momu_generate_options *g = &a->generate;
    const char *command = a->command, *name = option->name;
    int status = MOMU_EXIT_OK;
    switch (option->id) {
    case OPTION_SEED:
        return momu_read_integer(command, name, text, UINT64_MAX, &g->seed);
    case OPTION_STEPS:
        return count(command, name, text, 1000, &g->steps);
    case OPTION_SAMPLER:
        return read_sampler(command, text, &g->sampler);
    case OPTION_GUIDANCE:
        status = positive(command, name, text, &g->guidance_music);
        g->guidance_motion = g->guidance_music;
        return status;
    case OPTION_GUIDANCE_MUSIC:
        return positive(command, name, text, &g->guidance_music);
    case OPTION_GUIDANCE_MOTION:
        return positive(command, name, text, &g->guidance_motion);
    case OPTION_GUIDANCE_START:
        status = positive(command, name, text, &g->guidance_start_music);
        g->guidance_start_motion = g->guidance_start_music;
        return status;
    case OPTION_RESCALE:
        return momu_read_number(command, name, text, &g->guidance_rescale);
    case OPTION_JOINT_START:
        return positive(command, name, text, &g->joint_start);
    case OPTION_SECONDS:
        return positive(command, name, text, &g->seconds);
    case OPTION_RATE:
        return positive(command, name, text, &g->audio_rate);
    case OPTION_FPS:
        return positive(command, name, text, &g->motion_fps);
    case OPTION_GENRE:
        return read_genre(command, text, &g->genre);
    case OPTION_TEMPO:
        return positive(command, name, text, &g->tempo);
    case OPTION_ENERGY:
        return positive(command, name, text, &a->energy);
    default:
        return status;
    }
}

static int read_one(momu_arguments *a, const struct described *option, const char *text) {
    switch (option->id) {
    case OPTION_OUTPUT:
        a->output = text;
        break;
    case OPTION_MODEL:
        a->model = text;
        break;
    case OPTION_TAKE:
        a->take = text;
        break;
    case OPTION_FOR:
        return read_target(a->command, text, &a->write.target);
    case OPTION_ROOT:
        return read_root(a->command, text, &a->write.root);
    case OPTION_FORMAT:
        return read_format(a->command, text, &a->format);
    case OPTION_SKELETON:
        a->skeleton = text;
        break;
    case OPTION_WEIGHTS:
        a->weights = text;
        break;
    case OPTION_THREADS:
        return count(a->command, option->name, text, 256, &a->threads);
    case OPTION_JSON:
        a->json = true;
        break;
    case OPTION_QUIET:
        a->quiet = true;
        break;
    case OPTION_HELP:
        a->help = true;
        break;
    case OPTION_FREE_BEATS:
        a->generate.track_beats = MOMU_SWITCH_OFF;
        break;
    case OPTION_NO_FOOT_LOCK:
        a->generate.foot_lock = MOMU_SWITCH_OFF;
        break;
    default:
        return read_generation(a, option, text);
    }
    return MOMU_EXIT_OK;
}

static const struct described *find(int id) {
    for (size_t i = 0; i < TABLE_SIZE; i++)
        if ((int)table[i].id == id)
            return &table[i];
    return NULL;
}

int momu_read_arguments(momu_arguments *a, int argc, char **argv, const char *allowed) {
    struct option known[TABLE_SIZE + 1];
    size_t n = 0;
    for (size_t i = 0; i < TABLE_SIZE; i++)
        if (allows(allowed, table[i].name))
            known[n++] =
                (struct option){table[i].name, table[i].value ? required_argument : no_argument,
                                NULL, (int)table[i].id};
    known[n] = (struct option){0};
    *a = (momu_arguments){.command = argv[0]};
    momu_generate_options_init(&a->generate, sizeof a->generate);
    momu_motion_write_options_init(&a->write, sizeof a->write);
    optind = 1;
    opterr = 0;
    for (int id; (id = getopt_long(argc, argv, ":o:h", known, NULL)) != -1;) {
        if (id == 'o')
            id = OPTION_OUTPUT;
        if (id == 'h')
            id = OPTION_HELP;
        const char *spelled = argv[optind - 1];
        if (id == ':')
            return momu_usage_error(a->command, "%s needs a value", spelled);
        const struct described *option = find(id);
        if (!option)
            return momu_usage_error(a->command, "unknown option %s; see momu %s --help", spelled,
                                    a->command);
        int status = read_one(a, option, optarg);
        if (status != MOMU_EXIT_OK)
            return status;
    }
    if (a->energy > 0) {
        a->generate.energy = &a->energy;
        a->generate.energy_count = 1;
    }
    a->plain = argc - optind;
    a->input = a->plain > 0 ? argv[optind] : NULL;
    return MOMU_EXIT_OK;
}

void momu_print_options(const char *allowed) {
    puts("Options:");
    for (size_t i = 0; i < TABLE_SIZE; i++) {
        if (!allows(allowed, table[i].name))
            continue;
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", table[i].name, table[i].value ? " " : "",
                 table[i].value ? table[i].value : "");
        printf("  %-24s %s\n", left, table[i].help);
    }
}
