/* Sums over the pairs of a survey. */
#include "train/evaluate/dataset_report.h"

#include <math.h>

enum { PARTNERS = 4 }; /* pieces that each dance is put against */

static bool belongs(const momui_surveyed *pair, int32_t genre) {
    return genre == 0 || pair->facts.genre == genre;
}

/* Each dance against the music of four other pieces, drawn from all of the corpus. */
static momu_status mismatch(const momui_survey *survey, size_t index, momui_beat_counts *counts,
                            momu_error *error) {
    const momui_surveyed *dance = &survey->pairs[index];
    momui_random random = {survey->seed, 801 + index, 0};
    *counts = (momui_beat_counts){0};
    for (int k = 0; k < PARTNERS && survey->pair_count > 1; k++) {
        size_t other = momui_random_below(&random, (uint32_t)survey->pair_count - 1);
        other += other >= index;
        const momui_surveyed *music = &survey->pairs[other];
        uint64_t seed = survey->seed + index * PARTNERS + (uint64_t)k;
        MOMUI_TRY(momui_beat_count_mismatch(
            survey->memory, dance->kinematic, dance->kinematic_count, music->facts.beats,
            music->facts.beat_count, MOMUI_BEAT_TOLERANCE, fmin(dance->seconds, music->seconds),
            seed, counts, error));
    }
    return MOMU_OK;
}

typedef struct gathered {
    momui_beat_counts *near, *close, *mismatched;
    size_t count;
} gathered;

static momu_status gather(const momui_survey *survey, int32_t genre, gathered *g,
                          momui_survey_row *row, momu_error *error) {
    double seconds = 0, stance = 0, skate = 0;
    for (size_t i = 0; i < survey->pair_count; i++) {
        const momui_surveyed *pair = &survey->pairs[i];
        if (!belongs(pair, genre))
            continue;
        g->near[g->count] = pair->near;
        g->close[g->count] = pair->close;
        MOMUI_TRY(mismatch(survey, i, &g->mismatched[g->count++], error));
        seconds += pair->seconds;
        row->captured_share += pair->seconds * pair->facts.captured_share;
        row->half_time_share += pair->seconds * pair->facts.half_time_share;
        stance += pair->figures->stance_seconds;
        skate += pair->figures->skate_sum;
    }
    row->pairs = g->count;
    row->hours = seconds / 3600;
    row->captured_share /= fmax(seconds, 1e-9);
    row->half_time_share /= fmax(seconds, 1e-9);
    row->skate = skate / fmax(stance, 1e-9);
    return MOMU_OK;
}

momu_status momui_survey_row_of(const momui_survey *survey, int32_t genre, momui_survey_row *row,
                                momu_error *error) {
    momui_memory *memory = survey->memory;
    size_t count = survey->pair_count;
    gathered g = {0};
    *row = (momui_survey_row){.genre = genre};
    g.near = momui_alloc(memory, count, sizeof *g.near);
    g.close = momui_alloc(memory, count, sizeof *g.close);
    g.mismatched = momui_alloc(memory, count, sizeof *g.mismatched);
    momu_status status = g.near && g.close && g.mismatched
                             ? gather(survey, genre, &g, row, error)
                             : momui_fail_memory(error, "beat counts");
    uint64_t seed = survey->seed;
    if (status == MOMU_OK)
        status = momui_beat_score_of(memory, g.near, g.count, seed, &row->near, error);
    if (status == MOMU_OK)
        status = momui_beat_score_of(memory, g.close, g.count, seed, &row->close, error);
    if (status == MOMU_OK)
        status = momui_beat_score_of(memory, g.mismatched, g.count, seed, &row->mismatched, error);
    momui_free(g.near);
    momui_free(g.close);
    momui_free(g.mismatched);
    return status;
}

void momui_survey_figures(const momui_surveyed *items, size_t count, momui_motion_figures *sum) {
    *sum = (momui_motion_figures){0};
    for (size_t i = 0; i < count; i++)
        momui_motion_figures_merge(sum, items[i].figures);
}
