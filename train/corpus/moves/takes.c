/* The takes of motion capture: which are used, their splits, and their implausible frames. */
#include "train/corpus/moves/takes.h"

#include "io/motion_file.h"
#include "motion/body.h"
#include "motion/clock.h"
#include "motion/kinematic_beats.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Motion capture begins in a T-pose for up to four frames, which a resampler's low-pass would
 * smear.
 */
static const double LEAD_IN = 0.1;
static const double SHORTEST = 1.0, LOOP_SECONDS = 12.0;
/* Faster than any joint of a human: the frames around are not used. */
static const double TWIST = 40.0; /* radians a second */
static const double FLIGHT = 9.5; /* metres a second */

/* Chosen by hand, so that each split has modern dance and something else, and training the most.
 * Takes 05_06, 05_13 and 05_19 are held out for evaluation and are in no library. */
typedef struct listed_take {
    const char *name;
    momui_split split;
    bool dance;
} listed_take;

typedef enum take_source { FROM_CMU, FROM_LOOPS, FROM_DEEPMIMIC } take_source;

static const char *const LICENCES[] = {"CMU: free for all uses; mocap.cs.cmu.edu", "CC0 1.0",
                                       "MIT (DeepMimic)"};

static const listed_take MOCAP[] = {
    {"05_01", MOMUI_TRAIN, true},       {"05_02", MOMUI_TRAIN, true},
    {"05_03", MOMUI_TRAIN, true},       {"05_04", MOMUI_TEST, true},
    {"05_05", MOMUI_TRAIN, true},       {"05_07", MOMUI_TRAIN, true},
    {"05_08", MOMUI_VALIDATION, true},  {"05_09", MOMUI_TRAIN, true},
    {"05_10", MOMUI_TRAIN, true},       {"05_11", MOMUI_TEST, true},
    {"05_12", MOMUI_TRAIN, true},       {"05_14", MOMUI_VALIDATION, true},
    {"05_15", MOMUI_TRAIN, true},       {"05_16", MOMUI_TRAIN, true},
    {"05_17", MOMUI_TRAIN, true},       {"05_18", MOMUI_TEST, true},
    {"05_20", MOMUI_TRAIN, true},       {"02_01", MOMUI_TRAIN, false},
    {"02_03", MOMUI_VALIDATION, false}, {"02_04", MOMUI_TRAIN, false},
    {"07_01", MOMUI_TRAIN, false},      {"07_05", MOMUI_TEST, false},
};

static const struct {
    const char *file;
    listed_take take;
} LOOPS[] = {
    {"human-base-animations.glb", {"Dance_Loop", MOMUI_TRAIN, true}},
    {"human-base-animations.glb", {"Walk_Formal_Loop", MOMUI_TRAIN, false}},
    {"human-base-animations.glb", {"Jog_Fwd_Loop", MOMUI_TEST, false}},
    {"human-addon-animations.glb", {"Dance Body Roll", MOMUI_TRAIN, true}},
    {"human-addon-animations.glb", {"Dance Charleston", MOMUI_TRAIN, true}},
    {"human-addon-animations.glb", {"Dance Reach Hip", MOMUI_TEST, true}},
    {"human-addon-animations.glb", {"Jumping Jacks", MOMUI_TRAIN, true}},
    {"human-addon-animations.glb", {"Head Nod", MOMUI_VALIDATION, true}},
    {"human-addon-animations.glb", {"Victory", MOMUI_TRAIN, true}},
};

/* A loop, played often enough that a phrase can be cut from it; the ground covered adds up. */
static momu_status repeat_loop(momui_memory *memory, momui_motion **body, momu_error *error) {
    const momui_motion *once = *body;
    int64_t frames = once->frames;
    int64_t rounds = (int64_t)(LOOP_SECONDS * once->fps / (double)frames) + 1;
    double *times = momui_alloc(memory, (size_t)(frames * rounds), sizeof *times);
    if (!times)
        return momui_fail_memory(error, "a repeated loop");
    for (int64_t i = 0; i < frames * rounds; i++)
        times[i] = (double)(i % frames) / once->fps;
    momui_motion *longer = NULL;
    momu_status status =
        momui_motion_warp(memory, once, times, frames * rounds, once->fps, &longer, error);
    momui_free(times);
    if (status != MOMU_OK)
        return status;
    const float *first = once->root, *last = once->root + 3 * (frames - 1);
    int32_t joints = longer->skeleton.joints;
    for (int64_t i = 0; i < longer->frames; i++)
        for (int axis = 0; axis < 3; axis += 2) {
            float shift = (float)(i / frames) * (last[axis] - first[axis]);
            longer->root[3 * i + axis] += shift;
            for (int32_t j = 0; j < joints; j++)
                longer->positions[(i * joints + j) * 3 + axis] += shift;
        }
    momui_motion_free(*body);
    *body = longer;
    return MOMU_OK;
}

static void mark_bad(uint8_t *bad, int64_t frame, size_t *count) {
    *count += !bad[frame];
    bad[frame] = 1;
}

/* Frames at which a joint turns faster than a human's. */
static void find_twists(const momui_motion *body, uint8_t *bad, size_t *count) {
    for (int64_t t = 1; t < body->frames; t++)
        for (int64_t j = 0; j < MOMUI_BODY_JOINTS; j++) {
            const float *a = body->rotations + 4 * ((t - 1) * MOMUI_BODY_JOINTS + j);
            const float *b = a + 4 * MOMUI_BODY_JOINTS;
            double dot = 0;
            for (int k = 0; k < 4; k++)
                dot += (double)a[k] * (double)b[k];
            if (2.0 * acos(fmin(1.0, fabs(dot))) * body->fps > TWIST)
                mark_bad(bad, t, count);
        }
}

/* Frames at which a joint of the solved segment jumps: a foot or a knee that the recording turned
 * over. */
static momu_status find_flights(const momui_segment *segment, uint8_t *bad, size_t *count,
                                momu_error *error) {
    momui_motion *body = NULL;
    MOMUI_TRY(momui_segment_solve(segment, &body, NULL, error));
    for (int64_t t = 1; t < body->frames; t++)
        for (int64_t j = 0; j < MOMUI_BODY_JOINTS; j++) {
            const float *a = body->positions + 3 * ((t - 1) * MOMUI_BODY_JOINTS + j);
            momui_vec3 way =
                momui_vec3_subtract(momui_vec3_load(a + 3 * MOMUI_BODY_JOINTS), momui_vec3_load(a));
            if (momui_vec3_length(way) * body->fps > FLIGHT)
                mark_bad(bad, t, count);
        }
    momui_motion_free(body);
    return MOMU_OK;
}

static momu_status read_body(momui_memory *memory, const char *path, const char *animation,
                             bool loop, momui_motion **body, momu_error *error) {
    momui_motion *source = NULL, *canonical = NULL;
    uint32_t missing = 0;
    MOMUI_TRY(momui_motion_read(memory, path, animation, &source, error));
    momu_status status = momui_body_from_motion(memory, source, &canonical, &missing, error);
    momui_motion_free(source);
    if (status != MOMU_OK)
        return status;
    double start = loop ? 0.0 : LEAD_IN;
    double seconds = (double)canonical->frames / canonical->fps - start;
    int64_t frames = (int64_t)(seconds * MOMUI_SEGMENT_RATE);
    if (frames < (int64_t)(SHORTEST * MOMUI_SEGMENT_RATE) && !loop)
        status = momui_fail(error, MOMU_ERROR_LIMIT, "%s: %.2f s, at least %.0f s are needed", path,
                            seconds, SHORTEST);
    else
        status = momui_motion_resample(memory, canonical, MOMUI_SEGMENT_RATE, start, frames, body,
                                       error);
    momui_motion_free(canonical);
    if (status == MOMU_OK && loop)
        status = repeat_loop(memory, body, error);
    return status;
}

static momu_status keep_take(momui_units *units, const momui_take *take, momu_error *error) {
    momui_take *grown =
        momui_realloc(units->memory, units->takes, units->take_count + 1, sizeof *units->takes);
    if (!grown)
        return momui_fail_memory(error, "the move library");
    units->takes = grown;
    units->takes[units->take_count++] = *take;
    return MOMU_OK;
}

/* The take's segment and deceleration peaks; the caller frees `bad` (its frames). */
static momu_status prepare(momui_units *units, const char *path, const char *animation,
                           momui_take *take, uint8_t **bad, size_t *bad_count, momu_error *error) {
    momui_motion *body = NULL;
    MOMUI_TRY(read_body(units->memory, path, animation, take->loop, &body, error));
    *bad_count = 0;
    *bad = momui_calloc(units->memory, (size_t)body->frames, 1);
    momu_status status;
    MOMUI_TRY_GOTO(*bad ? MOMU_OK : momui_fail_memory(error, "a take"), status, done);
    find_twists(body, *bad, bad_count);
    MOMUI_TRY_GOTO(momui_segment_from_body(units->memory, body, 0, &take->segment, error), status,
                   done);
    MOMUI_TRY_GOTO(find_flights(take->segment, *bad, bad_count, error), status, done);
    MOMUI_TRY_GOTO(momui_kinematic_beats(units->memory, body, false, &take->deceleration_peaks,
                                         &take->deceleration_count, error),
                   status, done);
done:
    momui_motion_free(body);
    return status;
}

static momu_status read_take(momui_units *units, const char *path, const char *animation,
                             const listed_take *listed, take_source from,
                             momui_corpus_report report, void *user, momu_error *error) {
    momui_take take = {.split = listed->split, .dance = listed->dance, .loop = from != FROM_CMU};
    snprintf(take.name, sizeof take.name, "%s", listed->name);
    snprintf(take.licence, sizeof take.licence, "%s", LICENCES[from]);
    momu_error reason = {0};
    uint8_t *bad = NULL;
    size_t bad_count = 0, before = units->count;
    momu_status status = prepare(units, path, animation, &take, &bad, &bad_count, &reason);
    if (status == MOMU_OK)
        status = keep_take(units, &take, &reason);
    if (status != MOMU_OK) { /* the library has not taken it over */
        momui_segment_free(take.segment);
        momui_free(take.deceleration_peaks);
        units->skipped++;
    } else {
        status = momui_take_cut(units, (int32_t)units->take_count - 1, bad, &reason);
        units->skipped += bad_count > 0;
    }
    if (status == MOMU_OK)
        snprintf(reason.message, sizeof reason.message,
                 "%.1f s, %zu deceleration peaks, %zu units, %zu implausible frames left out",
                 (double)take.segment->frames / MOMUI_SEGMENT_RATE, take.deceleration_count,
                 units->count - before, bad_count);
    if (status == MOMU_ERROR_MEMORY)
        momui_fail_memory(error, listed->name);
    else
        status = MOMU_OK; /* a take that cannot be read is reported and left out */
    momui_free(bad);
    if (report)
        report(user, listed->name, reason.message);
    return status;
}

static bool exists(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file)
        fclose(file);
    return file != NULL;
}

static const listed_take DEEPMIMIC[] = {
    {"dance_a", MOMUI_TRAIN, true},
    {"dance_b", MOMUI_TEST, true},
    {"spin", MOMUI_VALIDATION, true},
};

momu_status momui_takes_read(momui_units *units, const char *folder, momui_corpus_report report,
                             void *user, momu_error *error) {
    char path[4608];
    for (size_t i = 0; i < sizeof MOCAP / sizeof *MOCAP; i++) {
        snprintf(path, sizeof path, "%s/cmu/%s.bvh", folder, MOCAP[i].name);
        if (exists(path))
            MOMUI_TRY(read_take(units, path, NULL, &MOCAP[i], FROM_CMU, report, user, error));
    }
    for (size_t i = 0; i < sizeof DEEPMIMIC / sizeof *DEEPMIMIC; i++) {
        snprintf(path, sizeof path, "%s/deepmimic/humanoid3d_%s.txt", folder, DEEPMIMIC[i].name);
        if (exists(path))
            MOMUI_TRY(
                read_take(units, path, NULL, &DEEPMIMIC[i], FROM_DEEPMIMIC, report, user, error));
    }
    for (size_t i = 0; i < sizeof LOOPS / sizeof *LOOPS; i++) {
        snprintf(path, sizeof path, "%s/loops/%s", folder, LOOPS[i].file);
        if (exists(path))
            MOMUI_TRY(read_take(units, path, LOOPS[i].take.name, &LOOPS[i].take, FROM_LOOPS, report,
                                user, error));
    }
    return MOMU_OK;
}
