/* corpus/moves/: mirroring and placing a segment; the solver's feet stand still, and a body is the
 * same after the solver. */
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
#include "io/motion_file.h"
#include "motion/body.h"
#include "motion/clock.h"
#include "motion/kinematics.h"
#include "train/corpus/moves/segment.h"

static momui_motion *solve(const momui_segment *segment, double *skate) {
    momui_motion *body = NULL;
    assert_int_equal(momui_segment_solve(segment, &body, skate, NULL), MOMU_OK);
    assert_non_null(body);
    assert_int_equal(momui_motion_check(body, NULL), MOMU_OK);
    return body;
}

static momui_vec3 joint_at(const momui_motion *body, int64_t t, int joint) {
    return momui_vec3_load(body->positions + (t * MOMUI_BODY_JOINTS + joint) * 3);
}

static double apart(momui_vec3 a, momui_vec3 b) {
    return momui_vec3_length(momui_vec3_subtract(a, b));
}

static void test_rest_stands(void **state) {
    (void)state;
    momui_segment *segment = momui_segment_new(NULL, 0.0, 20);
    assert_non_null(segment);
    double skate = 1.0;
    momui_motion *body = solve(segment, &skate);
    assert_true(skate < 0.01);
    for (int side = 0; side < 2; ++side) {
        int ball = side ? MOMUI_RIGHT_FOOT : MOMUI_LEFT_FOOT;
        assert_true(apart(joint_at(body, 3, ball), segment->lower[3].foot[side].ball) < 1e-5);
        momui_vec3 wrist = joint_at(body, 3, side ? MOMUI_RIGHT_WRIST : MOMUI_LEFT_WRIST);
        assert_true(wrist.y > 0.7 && wrist.y < 1.1); /* arms hang */
    }
    momui_motion_free(body);
    momui_segment_free(segment);
    assert_null(momui_segment_new(NULL, 0.0, 0));
    momui_segment_free(NULL);
}

/* A pelvis that goes far away over planted feet: they stay, heels and all above the ground, and no
 * leg is longer than its bones. */
static void test_planted_feet_stay(void **state) {
    (void)state;
    momui_segment *segment = momui_segment_new(NULL, 0.0, 250);
    for (int64_t t = 0; t < segment->frames; ++t) {
        double way = sin(0.05 * (double)t);
        segment->lower[t].pelvis.x += 0.3 * way;
        segment->lower[t].pelvis.z += 0.2 * cos(0.031 * (double)t);
        segment->lower[t].pelvis.y += 0.15 * sin(0.02 * (double)t) - 0.2;
    }
    double skate = 1.0;
    momui_motion *body = solve(segment, &skate);
    assert_true(skate < 0.02);
    for (int64_t t = 0; t < segment->frames; ++t)
        for (int side = 0; side < 2; ++side) {
            momui_vec3 ball = joint_at(body, t, side ? MOMUI_RIGHT_FOOT : MOMUI_LEFT_FOOT);
            momui_vec3 ankle = joint_at(body, t, side ? MOMUI_RIGHT_ANKLE : MOMUI_LEFT_ANKLE);
            assert_true(apart(ball, segment->lower[t].foot[side].ball) < 1e-4);
            assert_true(ankle.y > 0.07);
            int hip = side ? MOMUI_RIGHT_HIP : MOMUI_LEFT_HIP;
            assert_true(apart(joint_at(body, t, hip), ankle) < 0.9996 * 0.82025);
        }
    for (int64_t t = 2; t < segment->frames; ++t) /* no pops: second differences stay small */
        for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) {
            momui_vec3 middle = momui_vec3_mix(joint_at(body, t - 2, j), joint_at(body, t, j), 0.5);
            assert_true(apart(middle, joint_at(body, t - 1, j)) < 0.01);
        }
    momui_motion_free(body);
    momui_segment_free(segment);
}

static void test_mirror_and_place(void **state) {
    (void)state;
    momui_segment *segment = momui_segment_new(NULL, 0.0, 3);
    segment->lower[1].pelvis.x = 0.1;
    segment->lower[1].turn = momui_quat_about(momui_vec3_of(0, 1, 0.2), 0.4);
    segment->lower[1].foot[0].ball.z += 0.2;
    segment->upper[1].joint[MOMUI_LEFT_ELBOW] = momui_quat_about(momui_vec3_of(0, 1, 0), -1.0);
    momui_lower before = segment->lower[1];
    momui_segment_mirror(segment);
    assert_true(fabs(momui_lower_yaw(&segment->lower[1]) + momui_lower_yaw(&before)) < 1e-12);
    assert_true(fabs(segment->lower[1].foot[1].ball.z - before.foot[0].ball.z) < 1e-12);
    assert_true(fabs(segment->upper[1].joint[MOMUI_RIGHT_ELBOW].y - sin(0.5)) < 1e-12);
    momui_segment_mirror(segment);
    assert_true(apart(segment->lower[1].foot[0].ball, before.foot[0].ball) < 1e-12);
    momui_segment_place(segment, 1, 2.0, -1.0, 1.3);
    assert_true(fabs(momui_lower_yaw(&segment->lower[1]) - 1.3) < 1e-9);
    assert_true(fabs(segment->lower[1].pelvis.x - 2.0) < 1e-12);
    assert_true(fabs(segment->lower[1].pelvis.z + 1.0) < 1e-12);
    double then = apart(before.pelvis, before.foot[0].ball);
    assert_true(fabs(apart(segment->lower[1].pelvis, segment->lower[1].foot[0].ball) - then) <
                1e-12);
    momui_segment_free(segment);
}

static void test_not_finite_is_refused(void **state) {
    (void)state;
    momui_segment *segment = momui_segment_new(NULL, 0.0, 5);
    momui_motion *body = NULL;
    momu_error error;
    segment->lower[2].foot[1].ball.x = NAN;
    assert_int_equal(momui_segment_solve(segment, &body, NULL, &error), MOMU_ERROR_NUMERIC);
    assert_null(body);
    momui_segment_free(segment);
}

/* ---- motion capture ---- */

static momui_motion *read_take(const char *path) {
    momui_motion *source = NULL, *body = NULL, *made = NULL;
    if (momui_motion_read(NULL, path, NULL, &source, NULL) != MOMU_OK)
        return NULL;
    assert_int_equal(momui_body_from_motion(NULL, source, &body, NULL, NULL), MOMU_OK);
    int64_t frames = momui_motion_frames_at(body, MOMUI_SEGMENT_RATE);
    assert_int_equal(
        momui_motion_resample(NULL, body, MOMUI_SEGMENT_RATE, 0.0, frames, &made, NULL), MOMU_OK);
    momui_motion_free(source);
    momui_motion_free(body);
    return made;
}

static double mean_error(const momui_motion *a, const momui_motion *b, double *worst) {
    double sum = 0.0;
    *worst = 0.0;
    for (int64_t t = 0; t < a->frames; ++t)
        for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) {
            double error = apart(joint_at(a, t, j), joint_at(b, t, j));
            *worst = momui_max(*worst, error);
            sum += error;
        }
    return sum / (double)(a->frames * MOMUI_BODY_JOINTS);
}

/* $MOMU_TAKES: a folder with unpacked .bvh takes. */
static void test_takes_come_back(void **state) {
    (void)state;
    const char *folder = getenv("MOMU_TAKES");
    if (!folder)
        skip();
    static const char *const takes[] = {"05_02", "05_10", "05_18", "02_01", "02_04", "09_01"};
    size_t read = 0;
    for (size_t i = 0; i < sizeof takes / sizeof *takes; ++i) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s.bvh", folder, takes[i]);
        momui_motion *take = read_take(path);
        if (!take)
            continue;
        momui_segment *segment = NULL;
        assert_int_equal(momui_segment_from_body(NULL, take, 0.0, &segment, NULL), MOMU_OK);
        double skate, worst;
        momui_motion *back = solve(segment, &skate);
        double error = mean_error(take, back, &worst);
        print_message("%s: %.2f cm mean, %.1f cm worst, skate %.2f cm/s\n", takes[i], 100 * error,
                      100 * worst, skate);
        assert_true(error < 0.015 && skate < 0.8);
        momui_motion_free(take);
        momui_motion_free(back);
        momui_segment_free(segment);
        ++read;
    }
    assert_true(read > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rest_stands),      cmocka_unit_test(test_planted_feet_stay),
        cmocka_unit_test(test_mirror_and_place), cmocka_unit_test(test_not_finite_is_refused),
        cmocka_unit_test(test_takes_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
