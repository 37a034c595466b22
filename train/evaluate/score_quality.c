/* Quality by the embeddings of the evaluation networks, and physical plausibility of dances. */
#include "train/evaluate/scores.h"

#include "base/extremes.h"
#include "train/metrics/frechet.h"

#include "base/random.h"

#include <math.h>
#include <string.h>

enum { RESAMPLES = 100, DIVERSITY_PAIRS = 200, WIDTH = MOMUI_EVALUATION_EMBEDDING, STREAM = 811 };

typedef struct embedding_list {
    const momui_clip_embeddings **items;
    const momui_evaluation_clip **clips;
    size_t count, windows;
    bool vggish;
} embedding_list;

static const momui_clip_embeddings *windows_of(const momui_evaluation *v,
                                               const momui_evaluation_clip *e,
                                               const momui_choice *choice, bool vggish) {
    const momui_clip_embeddings *clip = NULL;
    if (choice->direction == MOMUI_TO_MUSIC) {
        const momui_audio_analysis *audio_analysis = momui_audio_analysis_of(v, e, choice->system);
        clip = !audio_analysis ? NULL
               : vggish        ? &audio_analysis->vggish
                               : &audio_analysis->predicted;
    } else {
        const momui_motion_analysis *motion_analysis =
            momui_motion_analysis_of(v, e, choice->system);
        clip = motion_analysis ? &motion_analysis->predicted : NULL;
    }
    return clip && clip->windows > 0 ? clip : NULL;
}

static momu_status gather(const momui_evaluation *v, const momui_list *from,
                          const momui_choice *choice, embedding_list *list, momu_error *error) {
    list->items = momui_alloc(v->memory, from->count + 1, sizeof *list->items);
    list->clips = momui_alloc(v->memory, from->count + 1, sizeof *list->clips);
    if (!list->items || !list->clips)
        return momui_fail_memory(error, "scores");
    for (size_t i = 0; i < from->count; i++) {
        const momui_evaluation_clip *e = &from->items[i];
        const momui_clip_embeddings *clip = windows_of(v, e, choice, list->vggish);
        if (!clip || (choice->genre > 0 && e->annotations.genre != choice->genre))
            continue;
        list->items[list->count] = clip;
        list->clips[list->count++] = e;
        list->windows += (size_t)clip->windows;
    }
    return MOMU_OK;
}

static void embedding_list_release(embedding_list *list) {
    momui_free(list->items);
    momui_free(list->clips);
}

/* ---- Frechet distance ---- */

/* All windows of the drawn clips (indices; NULL: each clip once) as one Gaussian. */
static momu_status gaussian_of(const momui_evaluation *v, const embedding_list *list,
                               const size_t *drawn, momui_gaussian *out, momu_error *error) {
    size_t windows = 0, at = 0;
    for (size_t i = 0; i < list->count; i++)
        windows += (size_t)list->items[drawn ? drawn[i] : i]->windows;
    float *rows = momui_alloc(v->memory, windows, WIDTH * sizeof *rows);
    if (!rows)
        return momui_fail_memory(error, "embeddings");
    for (size_t i = 0; i < list->count; i++) {
        const momui_clip_embeddings *clip = list->items[drawn ? drawn[i] : i];
        memcpy(rows + at * WIDTH, clip->embeddings, (size_t)clip->windows * WIDTH * sizeof *rows);
        at += (size_t)clip->windows;
    }
    momui_cloud cloud = {windows, WIDTH, rows};
    momu_status status = momui_gaussian_of(v->memory, &cloud, out, error);
    momui_free(rows);
    return status;
}

static momu_status distance_to(const momui_evaluation *v, const embedding_list *list,
                               const size_t *drawn, const momui_gaussian *reference,
                               double *distance, momu_error *error) {
    momui_gaussian made = {0};
    momu_status status = gaussian_of(v, list, drawn, &made, error);
    if (status == MOMU_OK)
        status = momui_frechet(v->memory, reference, &made, distance, error);
    momui_gaussian_release(&made);
    return status;
}

/* The distance grows when clips are drawn twice, so percentiles of resamplings would not contain
 * the value itself: the interval is 1.96 of their standard deviations to both sides of it. */
static momu_status resample_distance(const momui_evaluation *v, const embedding_list *list,
                                     const momui_gaussian *reference, momui_interval *out,
                                     momu_error *error) {
    double values[RESAMPLES];
    momui_random random = {v->options.seed, STREAM, 0};
    size_t *drawn = momui_alloc(v->memory, list->count, sizeof *drawn);
    momu_status status = drawn ? MOMU_OK : momui_fail_memory(error, "scores");
    for (int r = 0; status == MOMU_OK && r < RESAMPLES; r++) {
        for (size_t i = 0; i < list->count; i++)
            drawn[i] = momui_random_below(&random, (uint32_t)list->count);
        status = distance_to(v, list, drawn, reference, &values[r], error);
    }
    momui_free(drawn);
    if (status != MOMU_OK)
        return status;
    double mean = 0, square = 0;
    for (int r = 0; r < RESAMPLES; r++)
        mean += values[r] / RESAMPLES;
    for (int r = 0; r < RESAMPLES; r++)
        square += (values[r] - mean) * (values[r] - mean) / (RESAMPLES - 1);
    out->low = fmax(out->value - 1.96 * sqrt(square), 0);
    out->high = out->value + 1.96 * sqrt(square);
    return MOMU_OK;
}

static momu_status frechet(const momui_evaluation *v, const momui_choice *choice,
                           const embedding_list *list, momui_quality_score *score,
                           momu_error *error) {
    momui_choice truth = {choice->direction, MOMUI_TRUTH, 0};
    embedding_list references = {.vggish = list->vggish};
    momui_gaussian reference = {0};
    momu_status status;
    MOMUI_TRY_GOTO(gather(v, &v->references, &truth, &references, error), status, done);
    if (references.windows < 2 || list->windows < 2)
        goto done;
    MOMUI_TRY_GOTO(gaussian_of(v, &references, NULL, &reference, error), status, done);
    MOMUI_TRY_GOTO(distance_to(v, list, NULL, &reference, &score->frechet.value, error), status,
                   done);
    MOMUI_TRY_GOTO(resample_distance(v, list, &reference, &score->frechet, error), status, done);
    score->has_frechet = true;
done:
    momui_gaussian_release(&reference);
    embedding_list_release(&references);
    return status;
}

/* ---- variety and genre ---- */

static void mean_embedding(const momui_clip_embeddings *clip, float *out) {
    for (int c = 0; c < WIDTH; c++) {
        double sum = 0;
        for (int32_t w = 0; w < clip->windows; w++)
            sum += (double)clip->embeddings[w * WIDTH + c];
        out[c] = (float)(sum / clip->windows);
    }
}

static momu_status diversity(const momui_evaluation *v, const embedding_list *list, double *between,
                             momu_error *error) {
    float *rows = momui_alloc(v->memory, list->count + 1, WIDTH * sizeof *rows);
    if (!rows)
        return momui_fail_memory(error, "embeddings");
    for (size_t i = 0; i < list->count; i++)
        mean_embedding(list->items[i], rows + i * WIDTH);
    momui_cloud cloud = {list->count, WIDTH, rows};
    *between = momui_diversity(&cloud, DIVERSITY_PAIRS, v->options.seed);
    momui_free(rows);
    return MOMU_OK;
}

/* Mean distance of all pairs of a clip's repeated outputs, over the clips that have them. */
static double diversity_within(const momui_evaluation *v, momui_direction direction) {
    double sum = 0;
    size_t pairs = 0;
    for (size_t i = 0; i < v->pairs.count; i++) {
        const momui_evaluation_clip *e = &v->pairs.items[i];
        float rows[MOMUI_EVAL_REPEATS][WIDTH];
        int count = 0;
        for (int r = 0; r < MOMUI_EVAL_REPEATS; r++) {
            const momui_clip_embeddings *clip = direction == MOMUI_TO_MUSIC
                                                    ? &e->audio_repeats[r].predicted
                                                    : &e->motion_repeats[r].predicted;
            if (clip->windows > 0)
                mean_embedding(clip, rows[count++]);
        }
        for (int a = 0; a < count; a++)
            for (int b = a + 1; b < count; b++, pairs++) {
                double square = 0;
                for (int c = 0; c < WIDTH; c++)
                    square += ((double)rows[a][c] - (double)rows[b][c]) *
                              ((double)rows[a][c] - (double)rows[b][c]);
                sum += sqrt(square);
            }
    }
    return pairs ? sum / (double)pairs : 0;
}

static int best_of(const double *values) {
    int best = 0;
    for (int g = 1; g < MOMUI_EVAL_GENRES; g++)
        if (values[g] > values[best])
            best = g;
    return best;
}

/* values: divergence, one, genre right, has a genre; each (count). */
static void compare_genres(const embedding_list *list, const momui_choice *choice, double *values) {
    for (size_t i = 0; i < list->count; i++) {
        const momui_evaluation_clip *e = list->clips[i];
        const momui_clip_embeddings *truth = choice->direction == MOMUI_TO_MUSIC
                                                 ? &e->audio_analysis[MOMUI_TRUTH].predicted
                                                 : &e->motion_analysis[MOMUI_TRUTH].predicted;
        float p[MOMUI_EVAL_GENRES], q[MOMUI_EVAL_GENRES];
        for (int g = 0; g < MOMUI_EVAL_GENRES; g++) {
            p[g] = (float)truth->genres[g];
            q[g] = (float)list->items[i]->genres[g];
        }
        bool has_genre = e->annotations.genre >= 1 && e->annotations.genre <= MOMUI_EVAL_GENRES;
        bool compared = truth->windows > 0;
        values[i] = compared ? momui_mean_divergence(p, q, 1, MOMUI_EVAL_GENRES) : 0;
        values[list->count + i] = compared;
        values[2 * list->count + i] =
            has_genre && best_of(list->items[i]->genres) == e->annotations.genre - 1;
        values[3 * list->count + i] = has_genre;
    }
}

static momu_status genres(const momui_evaluation *v, const momui_choice *choice,
                          const embedding_list *list, momui_quality_score *score,
                          momu_error *error) {
    size_t n = list->count;
    double *values = momui_alloc(v->memory, n + 1, 4 * sizeof *values);
    if (!values)
        return momui_fail_memory(error, "scores");
    compare_genres(list, choice, values);
    momu_status status = momui_ratio_interval(v->memory, values, values + n, n, v->options.seed,
                                              &score->divergence, error);
    if (status == MOMU_OK)
        status = momui_ratio_interval(v->memory, values + 2 * n, values + 3 * n, n, v->options.seed,
                                      &score->genre, error);
    for (size_t i = 0; i < n; i++)
        score->genre_clips += values[3 * n + i] > 0;
    momui_free(values);
    return status;
}

momu_status momui_quality_score_of(const momui_evaluation *v, const momui_choice *choice,
                                   bool vggish, momui_quality_score *score, momu_error *error) {
    embedding_list list = {.vggish = vggish};
    *score = (momui_quality_score){0};
    if (choice->system == MOMUI_MADE && !vggish)
        score->within = diversity_within(v, choice->direction);
    momu_status status;
    MOMUI_TRY_GOTO(gather(v, &v->pairs, choice, &list, error), status, done);
    score->clips = list.count;
    score->windows = list.windows;
    if (list.count == 0)
        goto done;
    MOMUI_TRY_GOTO(frechet(v, choice, &list, score, error), status, done);
    MOMUI_TRY_GOTO(diversity(v, &list, &score->between, error), status, done);
    if (!vggish)
        MOMUI_TRY_GOTO(genres(v, choice, &list, score, error), status, done);
done:
    embedding_list_release(&list);
    return status;
}

/* ---- physical plausibility ---- */

enum { SKATE, STANCE, JERK, JERKS, PFC, SECONDS, DEPTH, FRAMES, BEYOND, JOINT_FRAMES, SUMS };

static void sums_of(const momui_motion_metrics *f, double *values, size_t step) {
    double beyond = 0;
    for (int j = 0; j < MOMUI_BODY_JOINTS; j++)
        beyond += (double)f->beyond[j];
    double sums[SUMS] = {f->skate_sum,
                         f->stance_seconds,
                         f->jerk_sum,
                         (double)f->jerk_frames,
                         f->pfc_sum,
                         f->seconds,
                         100 * f->penetration_sum,
                         (double)f->frames,
                         beyond,
                         (double)f->joint_frames};
    for (int k = 0; k < SUMS; k++)
        values[(size_t)k * step] = sums[k];
}

static momu_status sanity_intervals(const momui_evaluation *v, const double *values, size_t step,
                                    momui_sanity_score *score, momu_error *error) {
    momui_interval *out[] = {&score->skate, &score->jitter, &score->pfc, &score->penetration,
                             &score->beyond};
    for (size_t k = 0; k < SUMS / 2; k++)
        MOMUI_TRY(momui_ratio_interval(v->memory, values + 2 * k * step,
                                       values + (2 * k + 1) * step, score->clips, v->options.seed,
                                       out[k], error));
    return MOMU_OK;
}

momu_status momui_sanity_score_of(const momui_evaluation *v, momui_system system,
                                  momui_sanity_score *score, momu_error *error) {
    size_t step = v->pairs.count + 1;
    double *values = momui_alloc(v->memory, step, SUMS * sizeof *values);
    *score = (momui_sanity_score){0};
    if (!values)
        return momui_fail_memory(error, "scores");
    for (size_t i = 0; i < v->pairs.count; i++) {
        const momui_motion_analysis *motion_analysis =
            momui_motion_analysis_of(v, &v->pairs.items[i], system);
        if (!motion_analysis || !motion_analysis->metrics)
            continue;
        sums_of(motion_analysis->metrics, values + score->clips++, step);
        score->bone = momui_max(score->bone, 100 * motion_analysis->metrics->bone_error);
        score->deepest = momui_max(score->deepest, 100 * motion_analysis->metrics->penetration);
    }
    momu_status status = sanity_intervals(v, values, step, score, error);
    momui_free(values);
    return status;
}
