/* The move library: takes on the canonical body, with the times at which they arrest. */
#include "corpus/pairs.h"

#include "io/motion_file.h"
#include "motion/body.h"
#include "motion/rhythm.h"
#include "motion/time.h"

#include <stdio.h>
#include <string.h>

static const double FRAME_RATE = 62.5;
/* Captured takes begin in a T-pose for up to four frames, and the low-pass of a resampler would
 * smear it. */
static const double LEAD_IN = 0.1;
static const double SHORTEST = 1.0;
static const double LOOP_SECONDS = 8.0;

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void say(momui_corpus_report report, void *user, const char *name, const char *sentence) {
    if (report)
        report(user, name, sentence);
}

/* A short loop, played often enough that a phrase can be cut from it. The seam is where the
 * animator left it; the ground covered adds up. */
static momu_status repeat_loop(momui_memory *memory, momui_motion **body, momu_error *error) {
    const momui_motion *once = *body;
    int64_t frames = once->frames;
    int64_t rounds = (int64_t)(LOOP_SECONDS * once->fps / (double)frames) + 1;
    if (rounds <= 1)
        return MOMU_OK;
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
    for (int64_t i = 0; i < longer->frames; i++) {
        for (int axis = 0; axis < 3; axis += 2) {
            float shift = (float)(i / frames) * (last[axis] - first[axis]);
            longer->root[3 * i + axis] += shift;
            for (int32_t j = 0; j < joints; j++)
                longer->positions[(i * joints + j) * 3 + axis] += shift;
        }
    }
    momui_motion_free(*body);
    *body = longer;
    return MOMU_OK;
}

static momu_status keep(momui_memory *memory, momui_moves *moves, const momui_move *move,
                        momu_error *error) {
    if (moves->count == moves->capacity) {
        size_t capacity = moves->capacity ? moves->capacity * 2 : 32;
        momui_move *grown = momui_realloc(memory, moves->items, capacity, sizeof *moves->items);
        if (!grown)
            return momui_fail_memory(error, "the move library");
        moves->items = grown;
        moves->capacity = capacity;
    }
    moves->items[moves->count++] = *move;
    return MOMU_OK;
}

/* From a file's take to a move; a status other than OK means that this take is of no use. */
static momu_status prepare(momui_memory *memory, const char *path, const char *take, bool loop,
                           momui_move *move, momu_error *error) {
    momui_motion *source = NULL, *body = NULL;
    momu_status status = momui_motion_read(memory, path, take, &source, error);
    if (status == MOMU_OK && (double)source->frames / source->fps < SHORTEST && !loop)
        status = momui_fail(error, MOMU_ERROR_LIMIT, "%s: %.2f s, at least %.0f s are needed", path,
                            (double)source->frames / source->fps, SHORTEST);
    uint32_t missing = 0;
    if (status == MOMU_OK)
        status = momui_body_from_motion(memory, source, &body, &missing, error);
    momui_motion_free(source);
    if (status == MOMU_OK) {
        double start = loop ? 0.0 : LEAD_IN;
        int64_t frames = (int64_t)(((double)body->frames / body->fps - start) * FRAME_RATE);
        status = frames < 16 ? momui_fail(error, MOMU_ERROR_LIMIT, "%s: too short", path)
                             : momui_motion_resample(memory, body, FRAME_RATE, start, frames,
                                                     &move->body, error);
    }
    momui_motion_free(body);
    if (status == MOMU_OK && loop)
        status = repeat_loop(memory, &move->body, error);
    if (status == MOMU_OK)
        status = momui_kinematic_beats(memory, move->body, false, &move->beats, &move->beat_count,
                                       error);
    if (status == MOMU_OK && move->beat_count < 3)
        status = momui_fail(error, MOMU_ERROR_LIMIT, "%s: %zu kinematic beats, 3 are needed", path,
                            move->beat_count);
    return status;
}

static momu_status add_take(momui_memory *memory, momui_moves *moves, const char *path,
                            const char *take, bool loop, double weight, momui_corpus_report report,
                            void *user, momu_error *error) {
    momui_move move = {.weight = weight};
    snprintf(move.name, sizeof move.name, "%.120s%s%.60s", base_name(path), take ? "/" : "",
             take ? take : "");
    momu_error reason = {0};
    momu_status status = prepare(memory, path, take, loop, &move, &reason);
    if (status == MOMU_OK) {
        status = keep(memory, moves, &move, error);
        if (status == MOMU_OK) {
            char sentence[96];
            snprintf(sentence, sizeof sentence, "%.1f s, %zu kinematic beats",
                     (double)move.body->frames / FRAME_RATE, move.beat_count);
            say(report, user, move.name, sentence);
            return MOMU_OK;
        }
    }
    momui_motion_free(move.body);
    momui_free(move.beats);
    if (status == MOMU_ERROR_MEMORY)
        return momui_fail_memory(error, "the move library");
    moves->skipped++;
    say(report, user, move.name, reason.message);
    return MOMU_OK;
}

momu_status momui_moves_add(momui_memory *memory, momui_moves *moves, const char *path,
                            const char *take, double weight, momui_corpus_report report, void *user,
                            momu_error *error) {
    size_t length = strlen(path);
    bool animations = length > 4 && strcmp(path + length - 4, ".glb") == 0;
    if (take || !animations)
        return add_take(memory, moves, path, take, animations, weight, report, user, error);
    char(*names)[64] = NULL;
    size_t count = 0;
    MOMUI_TRY(momui_motion_takes(memory, path, &names, &count, error));
    momu_status status = MOMU_OK;
    for (size_t i = 0; i < count && status == MOMU_OK; i++)
        status = add_take(memory, moves, path, names[i], true, weight, report, user, error);
    momui_free(names);
    return status;
}

void momui_moves_release(momui_moves *moves) {
    for (size_t i = 0; i < moves->count; i++) {
        momui_motion_free(moves->items[i].body);
        momui_free(moves->items[i].beats);
    }
    momui_free(moves->items);
    *moves = (momui_moves){0};
}
