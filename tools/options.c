/* The options that sub-commands share, in one table, and what each sets. */
#include "command.h"

#include <getopt.h>

enum option_id {
    OPTION_SEED = MOMU_OPTION_FORMAT + 1,
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
    OPTION_NO_BEAT_TRACKING,
    OPTION_ENERGY,
    OPTION_TAKE,
    OPTION_FOR,
    OPTION_ROOT,
    OPTION_SKELETON,
    OPTION_WEIGHTS,
    OPTION_THREADS,
    OPTION_MODEL,
    OPTION_JSON
};

/* ---- choices ---- */

static const char *sampler_choice(int32_t i) { /* in the order of momu_sampler, from 1 */
    return momu_sampler_name(i + 1);
}

/* The library's genres, then "none". */
static const char *genre_choice(int32_t i) {
    const char *name = momu_genre_name(i + 1);
    return name ? name : i > 0 && momu_genre_name(i) ? "none" : NULL;
}

static const char *target_choice(int32_t i) { /* in the order of momu_target */
    static const char *const NAMES[] = {"none", "blender", "unreal",   "unity",
                                        "maya", "smpl",    "keypoints"};
    return i < (int32_t)(sizeof NAMES / sizeof *NAMES) ? NAMES[i] : NULL;
}

static const char *root_choice(int32_t i) { /* in the order of momu_root_motion */
    static const char *const NAMES[] = {"world", "in-place", "extracted"};
    return i < 3 ? NAMES[i] : NULL;
}

static const char *weights_choice(int32_t i) { /* in the order of momui_weight_format */
    static const char *const NAMES[] = {"f32", "bf16", "int8"};
    return i < 3 ? NAMES[i] : NULL;
}

/* ---- the table ---- */

const momu_option momu_shared_options[] = {
    {"output", "FILE", "where the result goes", MOMU_OPTION_OUTPUT, NULL},
    {"model", "FILE", "the model file; without it the default model", OPTION_MODEL, NULL},
    {"seed", "N", "seed of all noise, a whole number (default 0)", OPTION_SEED, NULL},
    {"steps", "N", "denoising steps, 1 to 1000 (default: the model's)", OPTION_STEPS, NULL},
    {"sampler", "NAME", "dpm-solver++ or ddim (default: the model's)", OPTION_SAMPLER,
     sampler_choice},
    {"guidance", "X", "guidance scale; 1 is no guidance (default: the model's)", OPTION_GUIDANCE,
     NULL},
    {"guidance-music", "X", "guidance scale of the music alone", OPTION_GUIDANCE_MUSIC, NULL},
    {"guidance-motion", "X", "guidance scale of the motion alone", OPTION_GUIDANCE_MOTION, NULL},
    {"guidance-start", "X",
     "noise level, 0 to 1, from which on guidance is applied (default: the model's)",
     OPTION_GUIDANCE_START, NULL},
    {"guidance-rescale", "X",
     "0 to 1, how far the guided prediction is rescaled to the variance of the conditional one "
     "(default 0)",
     OPTION_RESCALE, NULL},
    {"joint-start", "X",
     "noise level, 0 to 1, from which on song and dance guide each other (default: the model's)",
     OPTION_JOINT_START, NULL},
    {"seconds", "X", "length of the result in seconds", OPTION_SECONDS, NULL},
    {"rate", "HZ", "sample rate of the sound in hertz (default: the model's)", OPTION_RATE, NULL},
    {"fps", "X", "frames a second of the motion (default 60; of a conversion, the input's)",
     OPTION_FPS, NULL},
    {"no-foot-lock", NULL, "do not lock feet to the ground while they are in contact",
     OPTION_NO_FOOT_LOCK, NULL},
    {"genre", "NAME",
     "genre to condition on, as house or techno (default: the dance's, where the model classifies "
     "it); none: unconditioned",
     OPTION_GENRE, genre_choice},
    {"tempo", "BPM", "tempo to condition on, in beats a minute; the model must be trained for it",
     OPTION_TEMPO, NULL},
    {"no-beat-tracking", NULL, "do not condition on the beats tracked in the input",
     OPTION_NO_BEAT_TRACKING, NULL},
    {"energy", "X", "energy to condition on, 0 to 1; the model must be trained for it",
     OPTION_ENERGY, NULL},
    {"format", "NAME", "format of the motion: bvh, glb or npz (default bvh)", MOMU_OPTION_FORMAT,
     momu_motion_format},
    {"for", "PROGRAM",
     "joint names, units and axes of blender, unreal, unity or maya; smpl, keypoints: .npz alone",
     OPTION_FOR, target_choice},
    {"root", "MODE", "where travel is kept: world, in-place or extracted (default world)",
     OPTION_ROOT, root_choice},
    {"skeleton", "FILE", "a motion file of the character that is to dance", OPTION_SKELETON, NULL},
    {"weights", "FORMAT", "weights of the model: f32, bf16 or int8", OPTION_WEIGHTS,
     weights_choice},
    {"take", "NAME", "which animation of the file (default: the first)", OPTION_TAKE, NULL},
    {"threads", "N",
     "threads, 1 to 256 (default: all processors that this process may use); never changes the "
     "result",
     OPTION_THREADS, NULL},
    {"json", NULL, "print one JSON object in place of text; docs/command.md has its keys",
     OPTION_JSON, NULL},
    {"quiet", NULL, "print neither a progress bar nor a result in words", MOMU_OPTION_QUIET, NULL},
    {0}};

/* ---- reading ---- */

static int read_genre(const char *command, const momu_option *option, const char *text,
                      int32_t *genre) {
    int32_t index = 0;
    int status = momu_read_choice(command, option, text, &index);
    *genre = momu_genre_name(index + 1) ? index + 1 : MOMU_GENRE_NONE;
    return status;
}

static int read_sampler(const char *command, const momu_option *option, const char *text,
                        int32_t *sampler) {
    int32_t index = 0;
    int status = momu_read_choice(command, option, text, &index);
    *sampler = index + 1;
    return status;
}

static int read_generation(momu_arguments *a, const momu_option *option, const char *text) {
    momu_generate_options *g = &a->generate;
    const char *command = a->command, *name = option->name;
    int status = MOMU_EXIT_OK;
    switch (option->id) {
    case OPTION_SEED:
        return momu_read_integer(command, name, text, UINT64_MAX, &g->seed);
    case OPTION_STEPS:
        return momu_read_count(command, name, text, 1000, &g->steps);
    case OPTION_SAMPLER:
        return read_sampler(command, option, text, &g->sampler);
    case OPTION_GUIDANCE:
        status = momu_read_positive(command, name, text, &g->guidance_music);
        g->guidance_motion = g->guidance_music;
        return status;
    case OPTION_GUIDANCE_MUSIC:
        return momu_read_positive(command, name, text, &g->guidance_music);
    case OPTION_GUIDANCE_MOTION:
        return momu_read_positive(command, name, text, &g->guidance_motion);
    case OPTION_GUIDANCE_START:
        status = momu_read_positive(command, name, text, &g->guidance_start_music);
        g->guidance_start_motion = g->guidance_start_music;
        return status;
    case OPTION_RESCALE:
        return momu_read_number(command, name, text, &g->guidance_rescale);
    case OPTION_JOINT_START:
        return momu_read_positive(command, name, text, &g->joint_start);
    case OPTION_SECONDS:
        return momu_read_positive(command, name, text, &g->seconds);
    case OPTION_RATE:
        return momu_read_positive(command, name, text, &g->audio_rate);
    case OPTION_FPS:
        return momu_read_positive(command, name, text, &g->motion_fps);
    case OPTION_GENRE:
        return read_genre(command, option, text, &g->genre);
    case OPTION_TEMPO:
        return momu_read_positive(command, name, text, &g->tempo);
    case OPTION_ENERGY:
        return momu_read_positive(command, name, text, &a->energy);
    default:
        return status;
    }
}

/* A momu_option_reader; user is the momu_arguments. */
static int read_shared(void *user, const momu_option *option, const char *text) {
    momu_arguments *a = user;
    int32_t index = 0;
    int status = MOMU_EXIT_OK;
    switch (option->id) {
    case MOMU_OPTION_OUTPUT:
        a->output = text;
        break;
    case OPTION_MODEL:
        a->model = text;
        break;
    case OPTION_TAKE:
        a->take = text;
        break;
    case OPTION_SKELETON:
        a->skeleton = text;
        break;
    case OPTION_FOR:
        return momu_read_choice(a->command, option, text, &a->write.target);
    case OPTION_ROOT:
        return momu_read_choice(a->command, option, text, &a->write.root);
    case OPTION_WEIGHTS:
        return momu_read_choice(a->command, option, text, &a->weights);
    case MOMU_OPTION_FORMAT:
        status = momu_read_choice(a->command, option, text, &index);
        a->format = option->choice(index);
        return status;
    case OPTION_THREADS:
        return momu_read_count(a->command, option->name, text, 256, &a->threads);
    case OPTION_JSON:
        a->json = true;
        break;
    case MOMU_OPTION_QUIET:
        a->quiet = true;
        break;
    case OPTION_NO_BEAT_TRACKING:
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

int momu_read_arguments(momu_arguments *a, const momu_command *command, int argc, char **argv) {
    *a = (momu_arguments){.command = command->name, .weights = -1};
    momu_generate_options_init(&a->generate, sizeof a->generate);
    momu_motion_write_options_init(&a->write, sizeof a->write);
    int status = momu_parse(command, argc, argv, read_shared, a);
    if (status != MOMU_GO_ON)
        return status;
    if (a->energy > 0) {
        a->generate.energy = &a->energy;
        a->generate.energy_count = 1;
    }
    a->plain = argc - optind;
    a->input = a->plain > 0 ? argv[optind] : NULL;
    return MOMU_GO_ON;
}
