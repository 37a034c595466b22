/* corpus/moves/: every figure of torso and arms arrives on its counts, at a human's speed, and goes
 * on from whatever the pose was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/extremes.h"
#include "dsp/beat_match.h"
#include "dsp/beat_tracking.h"
#include "motion/kinematic_beats.h"
#include "motion/kinematics.h"
#include "train/corpus/moves/steps.h"

enum { COUNTS = 24 };

static const momui_dancer_style style = {
    .size = 1.0, .arrival = 0.38, .weight = 0.5, .looseness = 0.5, .noise = 0.5, .swing = 0.5};

static momui_motion *dance(momui_upper_choice choice, double tempo, bool mirrored, uint64_t seed,
                           const momui_upper *start, double times[COUNTS + 1]) {
    double beat = 60.0 / tempo;
    momui_segment *clip =
        momui_segment_new(NULL, 0.0, (int64_t)((COUNTS + 1.5) * beat * MOMUI_SEGMENT_RATE));
    assert_non_null(clip);
    for (int k = 0; k <= COUNTS; k++)
        times[k] = 0.5 * beat + beat * k;
    momui_counts counts = {.times = times, .count = COUNTS};
    momui_random random = {seed, 3, 0};
    momui_motion *body = NULL;
    assert_int_equal(
        momui_upper_dance(&choice, &style, &counts, start, mirrored, &random, clip, NULL), MOMU_OK);
    assert_int_equal(momui_segment_solve(clip, &body, NULL, NULL), MOMU_OK);
    assert_int_equal(momui_motion_check(body, NULL), MOMU_OK);
    momui_segment_free(clip);
    return body;
}

static double score(const momui_motion *body, const double *times) {
    double *beats = NULL;
    size_t count = 0;
    assert_int_equal(momui_kinematic_beats(NULL, body, false, &beats, &count, NULL), MOMU_OK);
    double f1 = momui_beats_match(beats, count, times + 1, COUNTS, 0.07).f1;
    momui_free(beats);
    return f1;
}

static double fastest(const momui_motion *body, int64_t from) {
    double most = 0;
    for (int64_t t = from > 0 ? from : 1; t < body->frames; t++)
        for (int j = 0; j < MOMUI_BODY_JOINTS; j++) {
            const float *b = body->positions + 3 * (t * MOMUI_BODY_JOINTS + j);
            momui_vec3 way =
                momui_vec3_subtract(momui_vec3_load(b), momui_vec3_load(b - 3 * MOMUI_BODY_JOINTS));
            most = momui_max(most, momui_vec3_length(way) * body->fps);
        }
    return most;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void figures_arrive(size_t count, bool arms) {
    double scores[96], times[COUNTS + 1];
    size_t n = 0;
    momui_upper rest;
    momui_upper_rest(&rest);
    for (size_t i = 0; i < count; i++) {
        const momui_dance_figure *f = arms ? momui_arm_step(i) : momui_torso_step(i);
        momui_upper_choice choice = {arms ? 0 : i, arms ? i : SIZE_MAX, SIZE_MAX};
        for (int k = 0; k < 2; k++) {
            momui_motion *body = dance(choice, k ? 126 : 100, k == 1, i, &rest, times);
            if (fastest(body, 0) > 9.0)
                fail_msg("%s: %.1f m/s", f->name, fastest(body, 0));
            if (!f->flows)
                scores[n++] = score(body, times);
            momui_motion_free(body);
        }
    }
    qsort(scores, n, sizeof *scores, compare);
    assert_true(n > 20);
    assert_true(scores[n / 2] >= 0.95);
    assert_true(scores[n / 5] >= 0.8);
}

static void arms_arrive(void **state) {
    (void)state;
    assert_true(momui_arms_count() >= 24);
    figures_arrive(momui_arms_count(), true);
}

static void torsos_arrive(void **state) {
    (void)state;
    figures_arrive(momui_torso_count(), false);
}

static size_t find_arms(const char *name) {
    for (size_t i = 0; i < momui_arms_count(); i++)
        if (strcmp(momui_arm_step(i)->name, name) == 0)
            return i;
    fail_msg("there are no arms \"%s\"", name);
    return 0;
}

/* Wrists of hands that clap come as near as palms and hands are long. */
static void claps_meet(void **state) {
    (void)state;
    static const char *const NAMES[] = {"clap", "clap overhead"};
    double times[COUNTS + 1];
    momui_upper rest;
    momui_upper_rest(&rest);
    for (int i = 0; i < 2; i++) {
        momui_upper_choice choice = {0, find_arms(NAMES[i]), SIZE_MAX};
        momui_motion *body = dance(choice, 100, false, 5, &rest, times);
        double nearest = 9;
        for (int64_t t = 0; t < body->frames; t++) {
            const float *p = body->positions + 3 * t * MOMUI_BODY_JOINTS;
            momui_vec3 gap = momui_vec3_subtract(momui_vec3_load(p + 3 * MOMUI_LEFT_WRIST),
                                                 momui_vec3_load(p + 3 * MOMUI_RIGHT_WRIST));
            nearest = momui_min(nearest, momui_vec3_length(gap));
        }
        if (nearest > 0.22)
            fail_msg("%s: wrists come to %.2f m", NAMES[i], nearest);
        momui_motion_free(body);
    }
}

/* From arms held high to a figure that hangs: no jump at the first frame. */
static void starts_where_it_is(void **state) {
    (void)state;
    double times[COUNTS + 1];
    momui_upper high;
    momui_upper_rest(&high);
    high.joint[MOMUI_LEFT_SHOULDER] = momui_quat_about(momui_vec3_of(0, 0, 1), 1.2);
    momui_upper_choice choice = {1, 0, 1};
    momui_motion *body = dance(choice, 120, false, 1, &high, times);
    int64_t first = (int64_t)(times[0] * MOMUI_SEGMENT_RATE) + 2;
    assert_true(fastest(body, first) < 12.0);
    momui_motion_free(body);
}

static void same_seed_same_dance(void **state) {
    (void)state;
    double times[COUNTS + 1];
    momui_upper rest;
    momui_upper_rest(&rest);
    momui_upper_choice choice = {2, 4, 1};
    momui_motion *a = dance(choice, 110, true, 9, &rest, times);
    momui_motion *b = dance(choice, 110, true, 9, &rest, times);
    momui_motion *c = dance(choice, 110, true, 10, &rest, times);
    size_t size = (size_t)a->frames * MOMUI_BODY_JOINTS * 4 * sizeof(float);
    assert_memory_equal(a->rotations, b->rotations, size);
    assert_memory_not_equal(a->rotations, c->rotations, size);
    momui_motion_free(a);
    momui_motion_free(b);
    momui_motion_free(c);
}

static void bad_choices_are_refused(void **state) {
    (void)state;
    momu_error error = {0};
    double times[2] = {0, 0.5};
    momui_counts counts = {.times = times, .count = 1};
    momui_upper_choice choice = {momui_torso_count(), 0, 0};
    momui_random random = {1, 1, 0};
    momui_upper rest;
    momui_upper_rest(&rest);
    momui_segment *clip = momui_segment_new(NULL, 0, 60);
    assert_non_null(clip);
    assert_int_equal(
        momui_upper_dance(&choice, &style, &counts, &rest, false, &random, clip, &error),
        MOMU_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "torso"));
    momui_segment_free(clip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arms_arrive),          cmocka_unit_test(torsos_arrive),
        cmocka_unit_test(claps_meet),           cmocka_unit_test(starts_where_it_is),
        cmocka_unit_test(same_seed_same_dance), cmocka_unit_test(bad_choices_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
