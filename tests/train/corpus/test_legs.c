/* corpus/moves/: every figure of the legs arrives on its counts, on feet that stand still, above
 * the ground and within human range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/extremes.h"
#include "dsp/beat_match.h"
#include "dsp/beat_tracking.h"
#include "io/motion_file.h"
#include "motion/contacts.h"
#include "motion/kinematic_beats.h"
#include "motion/kinematics.h"
#include "train/corpus/moves/steps.h"

enum { COUNTS = 32 };

static const momui_dancer_style style = {
    .size = 0.9, .arrival = 0.38, .weight = 0.5, .looseness = 0.5, .noise = 0.5, .swing = 0.5};

/* COUNTS counts at `tempo`, in phrases of 8 (6), each from where the one before has ended. */
static momui_segment *dance(size_t figure, double tempo, bool mirrored, double times[COUNTS + 1]) {
    const momui_dance_figure *f = momui_leg_step(figure);
    size_t phrase = f->counts % 3 == 0 ? 6 : 8;
    double beat = 60.0 / tempo, heading = 0.0;
    momui_segment *clip =
        momui_segment_new(NULL, 0.0, (int64_t)((COUNTS + 1.5) * beat * MOMUI_SEGMENT_RATE));
    assert_non_null(clip);
    for (size_t c = 0; c <= COUNTS; ++c)
        times[c] = 0.5 * beat + beat * (double)c;
    momui_random random = {7, figure, 0};
    momui_lower start;
    momui_lower_rest(&start);
    for (size_t c = 0; c < COUNTS; c += phrase) {
        momui_counts counts = {.times = times + c,
                               .count = c + phrase <= COUNTS ? phrase : COUNTS - c};
        assert_int_equal(momui_legs_dance(figure, &style, &counts, &start, heading, mirrored,
                                          &random, clip, NULL),
                         MOMU_OK);
        int64_t last = (int64_t)ceil(times[c + counts.count] * MOMUI_SEGMENT_RATE - 1e-6);
        start = clip->lower[last];
        if (f->turns)
            heading = momui_lower_yaw(&start);
    }
    return clip;
}

static momui_vec3 joint_at(const momui_motion *body, int64_t t, int joint) {
    return momui_vec3_load(body->positions + (t * MOMUI_BODY_JOINTS + joint) * 3);
}

static double bend_at(const momui_motion *body, int64_t t, int a, int b, int c) {
    momui_vec3 u = momui_vec3_subtract(joint_at(body, t, b), joint_at(body, t, a));
    momui_vec3 v = momui_vec3_subtract(joint_at(body, t, c), joint_at(body, t, b));
    return acos(
        fmin(1.0, fmax(-1.0, momui_vec3_dot(u, v) / momui_vec3_length(u) / momui_vec3_length(v))));
}

typedef struct legs_ranges {
    double lowest_ball, lowest_ankle, most_knee, most_ankle, least_ankle, most_hip, fastest, jerk;
    double low, high; /* of the pelvis */
} legs_ranges;

static legs_ranges ranges_of(const momui_motion *body) {
    legs_ranges r = {.lowest_ball = 1, .lowest_ankle = 1, .least_ankle = 9, .low = 9};
    static const int legs[2][4] = {
        {MOMUI_LEFT_HIP, MOMUI_LEFT_KNEE, MOMUI_LEFT_ANKLE, MOMUI_LEFT_FOOT},
        {MOMUI_RIGHT_HIP, MOMUI_RIGHT_KNEE, MOMUI_RIGHT_ANKLE, MOMUI_RIGHT_FOOT}};
    for (int64_t t = 0; t < body->frames; ++t) {
        r.low = momui_min(r.low, joint_at(body, t, 0).y);
        r.high = momui_max(r.high, joint_at(body, t, 0).y);
        for (int side = 0; side < 2; ++side) {
            const int *j = legs[side];
            r.lowest_ball = momui_min(r.lowest_ball, joint_at(body, t, j[3]).y);
            r.lowest_ankle = momui_min(r.lowest_ankle, joint_at(body, t, j[2]).y);
            double ankle = bend_at(body, t, j[1], j[2], j[3]);
            r.most_knee = momui_max(r.most_knee, bend_at(body, t, j[0], j[1], j[2]));
            r.most_ankle = momui_max(r.most_ankle, ankle);
            r.least_ankle = momui_min(r.least_ankle, ankle);
            r.most_hip = momui_max(r.most_hip, bend_at(body, t, MOMUI_PELVIS, j[0], j[1]));
        }
    }
    for (int64_t t = 2; t < body->frames; ++t)
        for (int j = 0; j < 12; ++j) {
            momui_vec3 way = momui_vec3_subtract(joint_at(body, t, j), joint_at(body, t - 1, j));
            momui_vec3 before =
                momui_vec3_subtract(joint_at(body, t - 1, j), joint_at(body, t - 2, j));
            r.fastest = momui_max(r.fastest, momui_vec3_length(way) * MOMUI_SEGMENT_RATE);
            r.jerk = momui_max(r.jerk, momui_vec3_length(momui_vec3_subtract(way, before)) *
                                           MOMUI_SEGMENT_RATE * MOMUI_SEGMENT_RATE);
        }
    return r;
}

/* $MOMU_LEGS: a folder for the bodies, for inspection. */
static void keep(const momui_motion *body, size_t figure) {
    const char *folder = getenv("MOMU_LEGS");
    if (!folder)
        return;
    char path[512];
    snprintf(path, sizeof path, "%s/%02zu.npz", folder, figure);
    assert_int_equal(momui_motion_write(body, path, NULL, NULL), MOMU_OK);
}

static double score(size_t figure, double tempo, bool mirrored) {
    const momui_dance_figure *f = momui_leg_step(figure);
    double times[COUNTS + 1], skate, *beats;
    size_t count;
    momui_segment *clip = dance(figure, tempo, mirrored, times);
    momui_motion *body = NULL;
    assert_int_equal(momui_segment_solve(clip, &body, &skate, NULL), MOMU_OK);
    assert_int_equal(momui_motion_check(body, NULL), MOMU_OK);
    assert_int_equal(momui_kinematic_beats(NULL, body, false, &beats, &count, NULL), MOMU_OK);
    momui_match match = momui_beats_match(beats, count, times + 1, COUNTS, 0.070);
    double offset = 0.0;
    size_t near = 0;
    for (size_t i = 0; i < count; ++i)
        for (size_t c = 1; c <= COUNTS; ++c)
            if (fabs(beats[i] - times[c]) < 0.1) {
                offset += beats[i] - times[c];
                ++near;
            }
    legs_ranges r = ranges_of(body);
    if (getenv("MOMU_LEGS"))
        print_message(
            "%2zu %-18s %3.0f%s F1 %.2f P %.2f R %.2f late %+3.0f ms skate %.2f ball %.3f "
            "ankle %.3f knee %3.0f foot %2.0f..%3.0f pelvis %.2f..%.2f v %.1f a %.0f\n",
            figure, f->name, tempo, f->flows ? " ~" : "  ", match.f1, match.precision, match.recall,
            near ? 1000 * offset / (double)near : 0, skate, r.lowest_ball, r.lowest_ankle,
            r.most_knee * 57.3, r.least_ankle * 57.3, r.most_ankle * 57.3, r.low, r.high, r.fastest,
            r.jerk);
    assert_true(skate < 0.5);
    assert_true(r.lowest_ball > 0.018 && r.lowest_ankle > 0.068);
    assert_true(r.most_knee < 2.6 && r.most_ankle < 2.06 && r.least_ankle > 0.15);
    assert_true(r.low > 0.55 && r.high < 1.2);
    if (tempo == 100)
        keep(body, figure);
    momui_free(beats);
    momui_motion_free(body);
    momui_segment_free(clip);
    return match.f1;
}

static int rising(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void test_figures_arrive_on_counts(void **state) {
    (void)state;
    double scores[256];
    size_t used = 0;
    assert_true(momui_legs_count() >= 30);
    for (size_t f = 0; f < momui_legs_count(); ++f) {
        double slow = score(f, 100, false), fast = score(f, 126, true);
        if (momui_leg_step(f)->flows)
            continue;
        scores[used++] = slow;
        scores[used++] = fast;
    }
    qsort(scores, used, sizeof *scores, rising);
    if (getenv("MOMU_LEGS"))
        print_message("median %.3f, a tenth is below %.3f\n", scores[used / 2], scores[used / 10]);
    assert_true(scores[used / 2] >= 0.9);
}

static void test_names_differ(void **state) {
    (void)state;
    for (size_t f = 0; f < momui_legs_count(); ++f)
        for (size_t g = 0; g < f; ++g)
            assert_string_not_equal(momui_leg_step(f)->name, momui_leg_step(g)->name);
    assert_null(momui_leg_step(momui_legs_count()));
}

/* The first frame is the start; the same seed gives the same frames; a held count keeps its pose.
 */
static void test_start_seed_and_hold(void **state) {
    (void)state;
    double times[5] = {0.0, 0.5, 1.0, 1.5, 2.0};
    bool hold[5] = {false, false, true, true, true};
    momui_lower start;
    momui_lower_rest(&start);
    start.pelvis.x += 0.07;
    start.foot[1].ball.z -= 0.1;
    momui_segment *one = momui_segment_new(NULL, 0.0, 140),
                  *two = momui_segment_new(NULL, 0.0, 140);
    momui_counts counts = {.times = times, .count = 4, .hold = hold};
    for (int i = 0; i < 2; ++i) {
        momui_random random = {3, 1, 0};
        assert_int_equal(
            momui_legs_dance(0, &style, &counts, &start, 0.0, false, &random, i ? two : one, NULL),
            MOMU_OK);
    }
    for (int64_t t = 0; t < 140; ++t) {
        const momui_lower *a = &one->lower[t], *b = &two->lower[t];
        assert_memory_equal(&a->pelvis, &b->pelvis, sizeof a->pelvis);
        assert_memory_equal(&a->turn, &b->turn, sizeof a->turn);
        assert_memory_equal(a->knee, b->knee, sizeof a->knee);
        assert_memory_equal(&a->foot[0].ball, &b->foot[0].ball, sizeof a->foot[0].ball);
        assert_memory_equal(&a->foot[1].turn, &b->foot[1].turn, sizeof a->foot[1].turn);
    }
    momui_vec3 way = momui_vec3_subtract(one->lower[0].pelvis, start.pelvis);
    assert_true(momui_vec3_length(way) < 1e-9);
    assert_true(one->lower[0].foot[1].ball.z == start.foot[1].ball.z);
    for (int side = 0; side < 2; ++side) {
        way = momui_vec3_subtract(one->lower[50].foot[side].ball, one->lower[130].foot[side].ball);
        assert_true(momui_vec3_length(way) < 1e-9);
    }
    assert_int_equal(momui_legs_dance(999, &style, &counts, &start, 0.0, false, NULL, one, NULL),
                     MOMU_ERROR_ARGUMENT);
    momui_segment_free(one);
    momui_segment_free(two);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures_arrive_on_counts),
        cmocka_unit_test(test_names_differ),
        cmocka_unit_test(test_start_seed_and_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
