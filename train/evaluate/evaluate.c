/* A whole evaluation: inputs, tasks, and the partners of each pair. */
#include "train/evaluate/evaluate.h"
#include "train/evaluate/evaluation_worker.h"

#include <math.h>
#include <stdio.h>

static const double SECONDS = 25;

static bool drop_failed(momui_evaluation *v, momui_list *list) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        momui_evaluation_clip *e = &list->items[i];
        if (e->status == MOMU_OK) {
            list->items[kept++] = *e;
            continue;
        }
        char text[1300];
        v->failed++;
        snprintf(text, sizeof text, "%s: %.1000s", e->stem, e->error.message);
        if (e->status != MOMU_ERROR_CANCELLED)
            momui_evaluation_note(v, text);
        momui_evaluation_clip_release(e);
    }
    list->count = kept;
    return kept > 0;
}

static double apart(const momui_clip_embeddings *a, const momui_clip_embeddings *b) {
    double sum = 0;
    for (int c = 0; c < MOMUI_EVALUATION_EMBEDDING; c++) {
        double x = 0, y = 0;
        for (int32_t w = 0; w < a->windows; w++)
            x += (double)a->embeddings[w * MOMUI_EVALUATION_EMBEDDING + c] / a->windows;
        for (int32_t w = 0; w < b->windows; w++)
            y += (double)b->embeddings[w * MOMUI_EVALUATION_EMBEDDING + c] / b->windows;
        sum += (x - y) * (x - y);
    }
    return sum;
}

static const momui_clip_embeddings *condition_side(const momui_evaluation_clip *e, int direction) {
    return direction == MOMUI_TO_MUSIC ? &e->motion_analysis[MOMUI_TRUTH].predicted
                                       : &e->audio_analysis[MOMUI_TRUTH].predicted;
}

/* For each pair another track, and the training pair whose conditioning side is nearest. */
static void find_partners(momui_evaluation *v) {
    for (size_t i = 0; i < v->pairs.count; i++) {
        momui_evaluation_clip *e = &v->pairs.items[i];
        if (v->pairs.count > 1)
            e->other = (i + 1 + v->options.seed % (v->pairs.count - 1)) % v->pairs.count;
        for (int d = 0; d < MOMUI_DIRECTION_COUNT; d++) {
            double nearest = INFINITY;
            for (size_t c = 0; c < v->candidates.count; c++) {
                const momui_evaluation_clip *candidate = &v->candidates.items[c];
                if (condition_side(e, d)->windows == 0 ||
                    condition_side(candidate, d)->windows == 0)
                    continue;
                double distance = apart(condition_side(e, d), condition_side(candidate, d));
                if (distance < nearest) {
                    nearest = distance;
                    e->retrieved[d] = c;
                }
            }
        }
    }
}

static void note_joint(momui_evaluation *v) {
    for (size_t i = 0; i < v->joint_count; i++) {
        char text[1200];
        const momui_joint_pair *j = &v->joint[i];
        if (j->status == MOMU_OK)
            continue;
        v->failed++;
        snprintf(text, sizeof text, "joint, seed %llu, %.0f s: %.1000s",
                 (unsigned long long)j->seed, j->seconds, j->error.message);
        if (j->status != MOMU_ERROR_CANCELLED)
            momui_evaluation_note(v, text);
    }
}

momu_status momui_evaluate(momui_memory *memory, const momui_evaluate_options *options,
                           momui_evaluation *v, momu_error *error) {
    *v = (momui_evaluation){.memory = memory, .options = *options};
    if (!(v->options.seconds > 0))
        v->options.seconds = SECONDS;
    momu_status status;
    MOMUI_TRY_GOTO(momui_evaluation_prepare(v, error), status, done);
    MOMUI_TRY_GOTO(momui_evaluation_run(v, error), status, done);
    if (v->options.cancel && atomic_load(v->options.cancel))
        MOMUI_TRY_GOTO(momui_fail(error, MOMU_ERROR_CANCELLED, "cancelled"), status, done);
    bool any = drop_failed(v, &v->pairs);
    drop_failed(v, &v->references);
    drop_failed(v, &v->candidates);
    note_joint(v);
    find_partners(v);
    if (!any)
        status = momui_fail(error, MOMU_ERROR_FORMAT, "%s: every pair failed", v->options.folder);
done:
    if (status != MOMU_OK)
        momui_evaluation_release(v);
    return status;
}
