/* Sums over the pairs of a dataset report. */
#include "train/evaluate/dataset_report.h"

#include <math.h>

enum { PARTNERS = 4 }; /* tracks that each dance is compared with */

static bool belongs(const momui_reported_pair *pair, int32_t genre) {
    return genre == 0 || pair->annotations.genre == genre;
}

/* Each dance against the music of four other tracks of the dataset. */
static momu_status mismatch(const momui_dataset_report *dataset, size_t index,
                            momui_beat_counts *counts, momu_error *error) {
    const momui_reported_pair *dance = &dataset->pairs[index];
    momui_random random = {dataset->seed, 801 + index, 0};
    *counts = (momui_beat_counts){0};
    for (int k = 0; k < PARTNERS && dataset->pair_count > 1; k++) {
        size_t other = momui_random_below(&random, (uint32_t)dataset->pair_count - 1);
        other += other >= index;
        const momui_reported_pair *music = &dataset->pairs[other];
        uint64_t seed = dataset->seed + index * PARTNERS + (uint64_t)k;
        MOMUI_TRY(momui_beat_count_mismatch(
            dataset->memory, dance->kinematic, dance->kinematic_count, music->annotations.beats,
            music->annotations.beat_count, MOMUI_BEAT_TOLERANCE,
            fmin(dance->seconds, music->seconds), seed, counts, error));
    }
    return MOMU_OK;
}

typedef struct gathered {
    momui_beat_counts *near, *close, *mismatched;
    size_t count;
} gathered;

static momu_status gather(const momui_dataset_report *dataset, int32_t genre, gathered *g,
                          momui_dataset_report_row *row, momu_error *error) {
    double seconds = 0, stance = 0, skate = 0;
    for (size_t i = 0; i < dataset->pair_count; i++) {
        const momui_reported_pair *pair = &dataset->pairs[i];
        if (!belongs(pair, genre))
            continue;
        g->near[g->count] = pair->near;
        g->close[g->count] = pair->close;
        MOMUI_TRY(mismatch(dataset, i, &g->mismatched[g->count++], error));
        seconds += pair->seconds;
        row->mocap_share += pair->seconds * pair->annotations.mocap_share;
        row->half_time_share += pair->seconds * pair->annotations.half_time_share;
        stance += pair->metrics->stance_seconds;
        skate += pair->metrics->skate_sum;
    }
    row->pairs = g->count;
    row->hours = seconds / 3600;
    row->mocap_share /= fmax(seconds, 1e-9);
    row->half_time_share /= fmax(seconds, 1e-9);
    row->skate = skate / fmax(stance, 1e-9);
    return MOMU_OK;
}

momu_status momui_dataset_report_row_of(const momui_dataset_report *dataset, int32_t genre,
                                        momui_dataset_report_row *row, momu_error *error) {
    momui_memory *memory = dataset->memory;
    size_t count = dataset->pair_count;
    uint64_t seed = dataset->seed;
    gathered g = {0};
    *row = (momui_dataset_report_row){.genre = genre};
    g.near = momui_alloc(memory, count, sizeof *g.near);
    g.close = momui_alloc(memory, count, sizeof *g.close);
    g.mismatched = momui_alloc(memory, count, sizeof *g.mismatched);
    momu_status status;
    MOMUI_TRY_GOTO(g.near && g.close && g.mismatched ? gather(dataset, genre, &g, row, error)
                                                     : momui_fail_memory(error, "beat counts"),
                   status, done);
    MOMUI_TRY_GOTO(momui_beat_score_of(memory, g.near, g.count, seed, &row->near, error), status,
                   done);
    MOMUI_TRY_GOTO(momui_beat_score_of(memory, g.close, g.count, seed, &row->close, error), status,
                   done);
    MOMUI_TRY_GOTO(
        momui_beat_score_of(memory, g.mismatched, g.count, seed, &row->mismatched, error), status,
        done);
done:
    momui_free(g.near);
    momui_free(g.close);
    momui_free(g.mismatched);
    return status;
}

void momui_dataset_report_motion(const momui_reported_pair *pairs, size_t count,
                                 momui_motion_metrics *sum) {
    *sum = (momui_motion_metrics){0};
    for (size_t i = 0; i < count; i++)
        momui_motion_metrics_merge(sum, pairs[i].metrics);
}
