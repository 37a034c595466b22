/* train/metrics: beat F1 (one to one), its chance, intervals, histograms. */
#include "tests/support/support.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "train/metrics/beat_scores.h"
#include "train/metrics/histogram.h"
#include "train/metrics/pair_metrics.h"

enum { BEATS = 60, PAIRS = 20 };

static void grid(double *times, double first, double period) {
    for (int i = 0; i < BEATS; i++)
        times[i] = first + period * i;
}

/* A dance on every beat is above its chance, which is what a grid gets anywhere: the share of time
 * within the tolerance of a beat. */
static void agreement_stands_out_from_chance(void **state) {
    (void)state;
    double music[BEATS], dance[BEATS];
    momui_beat_counts pairs[PAIRS];
    grid(music, 0.3, 0.5);
    for (int p = 0; p < PAIRS; p++) {
        grid(dance, 0.32, 0.5);
        assert_int_equal(momui_beat_count(NULL, dance, BEATS, music, BEATS, MOMUI_BEAT_TOLERANCE,
                                          30.0, (uint64_t)p, &pairs[p], NULL),
                         MOMU_OK);
        assert_int_equal(pairs[p].hits, BEATS);
    }
    momui_beat_score score;
    assert_int_equal(momui_beat_score_of(NULL, pairs, PAIRS, 1, &score, NULL), MOMU_OK);
    assert_near(score.f1.value, 1.0, 1e-9);
    assert_near(score.chance.value, 0.14 / 0.5, 0.06);
    assert_true(score.chance.low <= score.chance.value && score.chance.value <= score.chance.high);
    assert_near(score.ratio.value, score.f1.value / score.chance.value, 1e-9);
}

static void mismatched_pairs_are_chance(void **state) {
    (void)state;
    double music[BEATS], dance[BEATS];
    momui_beat_counts counts[200] = {0};
    for (int p = 0; p < 200; p++) {
        grid(music, 0.1, 0.5);
        grid(dance, 0.1, 0.5 + 0.001 * p);
        assert_int_equal(momui_beat_count_mismatch(NULL, dance, BEATS, music, BEATS,
                                                   MOMUI_BEAT_TOLERANCE, 25.0, (uint64_t)p,
                                                   &counts[p], NULL),
                         MOMU_OK);
        assert_true(counts[p].estimates <= BEATS && counts[p].references == 50);
    }
    momui_beat_score score;
    assert_int_equal(momui_beat_score_of(NULL, counts, 200, 1, &score, NULL), MOMU_OK);
    assert_near(score.f1.value, 0.28, 0.06);
}

static void nothing_gives_zeros(void **state) {
    (void)state;
    momui_beat_counts counts;
    momui_beat_score score;
    assert_int_equal(momui_beat_count(NULL, NULL, 0, NULL, 0, 0.07, 10, 1, &counts, NULL), MOMU_OK);
    assert_int_equal(momui_beat_score_of(NULL, &counts, 1, 1, &score, NULL), MOMU_OK);
    assert_true(score.f1.value == 0 && score.ratio.value == 0 && score.ratio.high == 0);
    assert_int_equal(momui_beat_score_of(NULL, NULL, 0, 1, &score, NULL), MOMU_OK);
    assert_true(score.f1.value == 0);
    momu_error error;
    assert_int_equal(momui_beat_count(NULL, NULL, 0, NULL, 0, 0.07, NAN, 1, &counts, &error),
                     MOMU_ERROR_ARGUMENT);
}

/* The interval of a mean of n numbers is about 1.96 deviations / sqrt(n) to both sides. */
static void intervals_are_as_wide_as_theory(void **state) {
    (void)state;
    double above[400], below[400];
    float normal[400];
    momui_fill_normal(normal, 400, 5, 1);
    for (int i = 0; i < 400; i++) {
        above[i] = 3 + (double)normal[i];
        below[i] = 1;
    }
    momui_interval mean;
    assert_int_equal(momui_ratio_interval(NULL, above, below, 400, 2, &mean, NULL), MOMU_OK);
    assert_near(mean.value, 3, 0.15);
    assert_near(mean.high - mean.low, 2 * 1.96 / 20, 0.03);
}

static void chance_is_named(void **state) {
    (void)state;
    momui_beat_score score = {.f1 = {0.3, 0.2, 0.4}, .chance = {0.25, 0.2, 0.3}};
    score.ratio = (momui_interval){1.2, 0.9, 1.5};
    assert_true(momui_beat_score_is_chance(&score));
    score.ratio.low = 1.01;
    assert_false(momui_beat_score_is_chance(&score));
    score = (momui_beat_score){.pairs = 1}; /* no matches */
    assert_true(momui_beat_score_is_chance(&score));
}

static void histograms_have_percentiles(void **state) {
    (void)state;
    static momui_histogram all, odd, even;
    for (int i = 1; i <= 1000; i++)
        momui_histogram_add(i % 2 ? &odd : &even, 0.01 * i);
    momui_histogram_add(&odd, NAN);
    momui_histogram_merge(&all, &odd);
    momui_histogram_merge(&all, &even);
    assert_int_equal(all.count, 1000);
    assert_near(momui_histogram_percentile(&all, 0.5), 5, 0.3);
    assert_near(momui_histogram_percentile(&all, 0.99), 9.9, 0.4);
    momui_histogram none = {0};
    assert_true(momui_histogram_percentile(&none, 0.5) == 0);
}

static void origins_need_the_whole_window(void **state) {
    (void)state;
    double beats[9] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    momui_phrase phrases[] = {
        {0, 4, true, true, false}, {4, 2, false, false, false}, {6, 2, true, false, false}};
    momui_annotations annotations = {
        .beats = beats, .beat_count = 9, .phrases = phrases, .phrase_count = 3};
    assert_int_equal(momui_annotations_origin(&annotations, 1, 3), MOMUI_ORIGIN_MOCAP);
    assert_int_equal(momui_annotations_origin(&annotations, 3, 5), MOMUI_ORIGIN_MIXED);
    assert_int_equal(momui_annotations_origin(&annotations, 4, 6), MOMUI_ORIGIN_PROCEDURAL);
    assert_int_equal(momui_annotations_origin(&annotations, 6, 8), MOMUI_ORIGIN_MIXED);
    assert_int_equal(momui_annotations_origin(&annotations, 20, 22), MOMUI_ORIGIN_MIXED);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(agreement_stands_out_from_chance),
                                       cmocka_unit_test(mismatched_pairs_are_chance),
                                       cmocka_unit_test(nothing_gives_zeros),
                                       cmocka_unit_test(intervals_are_as_wide_as_theory),
                                       cmocka_unit_test(chance_is_named),
                                       cmocka_unit_test(histograms_have_percentiles),
                                       cmocka_unit_test(origins_need_the_whole_window)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
