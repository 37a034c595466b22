/* metrics/motion: faults of a body are found, and none in a sound one. */
#include "tests/support/support.h"

#include <math.h>
#include <stdlib.h>

#include "motion/contacts.h"
#include "motion/foot_skate.h"
#include "motion/kinematics.h"
#include "train/metrics/motion_quality.h"
#include "train/metrics/ranges.h"

enum { FRAMES = 250 };
static const double RATE = 62.5;

/* Stands with its balls at .020 m; slides by `speed` m/s. */
static momui_motion *standing(double speed) {
    momui_motion *body = momui_body_new(NULL, FRAMES, RATE);
    assert_non_null(body);
    for (int t = 0; t < FRAMES; t++) {
        body->root[3 * t] = (float)(speed * t / RATE);
        body->root[3 * t + 1] = 0.98f;
    }
    assert_int_equal(momui_motion_update(body, NULL), MOMU_OK);
    return body;
}

static momui_motion_metrics measured(momui_motion *body) {
    momui_motion_metrics metrics;
    assert_int_equal(momui_motion_update(body, NULL), MOMU_OK);
    assert_int_equal(momui_motion_measure(NULL, body, &metrics, NULL), MOMU_OK);
    momui_motion_free(body);
    return metrics;
}

static void standing_still_is_clean(void **state) {
    (void)state;
    static momui_motion_metrics f;
    f = measured(standing(0));
    assert_near(f.seconds, FRAMES / RATE, 1e-9);
    assert_near(f.stance_seconds, 2 * (FRAMES - 1) / RATE, 1e-9); /* both feet */
    assert_near(momui_motion_skate(&f), 0, 1e-6);
    assert_near(momui_motion_jitter(&f), 0, 1e-6);
    assert_near(momui_motion_pfc(&f), 0, 1e-6);
    assert_true(momui_motion_penetration(&f) < 1e-4 && f.bone_error < 1e-5);
    assert_true(momui_motion_beyond(&f) == 0 && momui_motion_worst_joint(&f) == -1);
}

static void sliding_feet_show(void **state) {
    (void)state;
    static momui_motion_metrics f;
    f = measured(standing(0.1));
    assert_near(momui_motion_skate(&f), 10, 0.1);
    assert_near(momui_histogram_percentile(&f.groups[MOMUI_GROUP_HANDS].speed, 0.5), 0.1, 0.01);
}

/* Height alone decides: feet in the air move freely, and fast feet on the ground count in full. */
static void feet_in_the_air_do_not_skate(void **state) {
    (void)state;
    double seconds = -1;
    momui_motion *body = standing(2.0);
    assert_near(momui_foot_skate(body, 0.0, &seconds), 200, 1);
    assert_near(seconds, 2 * (FRAMES - 1) / RATE, 1e-9);
    assert_near(momui_foot_skate(body, -0.031, &seconds), 0, 0); /* balls at 5.1 cm */
    assert_near(seconds, 0, 0);
    momui_motion_free(body);
}

/* A hand that swings as a sine of 2 Hz: its speeds and jerks are known. */
static void speeds_are_in_metres_a_second(void **state) {
    (void)state;
    static momui_motion_metrics f;
    momui_motion *body = standing(0);
    double w = 2 * MOMUI_PI * 2, reach = 0.25, swing = 0.1; /* forearm, radians */
    for (int t = 0; t < FRAMES; t++) {
        momui_quat q = momui_quat_about(momui_vec3_of(0, 1, 0), -swing * sin(w * t / RATE) - 0.3);
        momui_quat_store(q,
                         body->rotations + ((size_t)t * MOMUI_BODY_JOINTS + MOMUI_LEFT_ELBOW) * 4);
    }
    f = measured(body);
    double fastest = momui_histogram_percentile(&f.groups[MOMUI_GROUP_HANDS].speed, 1.0);
    assert_near(fastest, swing * w * reach, 0.06 * swing * w * reach);
    double mean_jerk = 2 / MOMUI_PI * swing * w * w * w * reach / MOMUI_BODY_JOINTS;
    assert_near(momui_motion_jitter(&f), mean_jerk, 0.1 * mean_jerk);
}

static void sinking_shows(void **state) {
    (void)state;
    static momui_motion_metrics f;
    momui_motion *body = standing(0);
    for (int t = 0; t < 10; t++) /* fewer than the 5 % that set the ground */
        body->root[3 * t + 1] -= 0.05f;
    f = measured(body);
    assert_int_equal(f.penetrating_frames, 10);
    assert_near(f.penetration, 0.05, 1e-3);
}

static momui_quat turn(double x, double y, double z) {
    double degrees = MOMUI_PI / 180;
    momui_vec3 axis = momui_vec3_of(x, y, z);
    return momui_quat_about(axis, momui_vec3_length(axis) * degrees);
}

static void joints_have_ranges(void **state) {
    (void)state;
    for (int j = 0; j < MOMUI_BODY_JOINTS; j++)
        assert_true(momui_joint_excess(j, momui_quat_identity()) == 0);
    for (int j = 0; j < 2; j++) { /* a knee bends back, not forward, not sideways */
        int knee = j ? MOMUI_RIGHT_KNEE : MOMUI_LEFT_KNEE;
        assert_true(momui_joint_excess(knee, turn(120, 0, 0)) == 0);
        assert_near(momui_joint_excess(knee, turn(-45, 0, 0)), 30, 1e-6);
        assert_near(momui_joint_excess(knee, turn(0, 0, 60)), 30, 1e-6);
    }
    /* a leg goes out to its own side, hardly to the other */
    assert_true(momui_joint_excess(MOMUI_LEFT_HIP, turn(0, 0, 80)) == 0);
    assert_true(momui_joint_excess(MOMUI_RIGHT_HIP, turn(0, 0, -80)) == 0);
    assert_true(momui_joint_excess(MOMUI_LEFT_HIP, turn(0, 0, -80)) > 25);
    assert_true(momui_joint_excess(MOMUI_RIGHT_HIP, turn(0, 0, 80)) > 25);
    /* a head turns to the side, not to the back */
    assert_true(momui_joint_excess(MOMUI_HEAD, turn(0, 55, 0)) == 0);
    assert_true(momui_joint_excess(MOMUI_HEAD, turn(0, 150, 0)) > 80);
    /* swing and twist are separated */
    momui_joint_turn both =
        momui_joint_turn_of(MOMUI_LEFT_HIP, momui_quat_multiply(turn(-70, 0, 0), turn(0, 35, 0)));
    assert_near(both.about[0], -70, 1e-6);
    assert_near(both.about[1], 35, 1e-6);
    assert_near(both.about[2], 0, 1e-6);
}

static void broken_knees_are_counted(void **state) {
    (void)state;
    static momui_motion_metrics f, twice;
    momui_motion *body = standing(0);
    for (int t = 0; t < 50; t++)
        momui_quat_store(turn(-60, 0, 0),
                         body->rotations + ((size_t)t * MOMUI_BODY_JOINTS + MOMUI_RIGHT_KNEE) * 4);
    f = measured(body);
    assert_int_equal(f.beyond[MOMUI_RIGHT_KNEE], 50);
    assert_int_equal(momui_motion_worst_joint(&f), MOMUI_RIGHT_KNEE);
    assert_near(f.excess[MOMUI_RIGHT_KNEE], 45, 0.01);
    momui_motion_metrics_merge(&twice, &f);
    momui_motion_metrics_merge(&twice, &f);
    assert_near(momui_motion_beyond(&twice), momui_motion_beyond(&f), 1e-12);
    assert_near(twice.seconds, 2 * f.seconds, 1e-9);
}

static void one_frame_is_measured(void **state) {
    (void)state;
    static momui_motion_metrics f;
    momui_motion *body = momui_body_new(NULL, 1, RATE);
    f = measured(body);
    assert_true(momui_motion_jitter(&f) == 0 && momui_motion_pfc(&f) == 0);
    momui_motion *other = momui_motion_new(NULL, MOMUI_MOTION_POSITIONS, 3, 4, 30);
    momu_error error;
    assert_int_equal(momui_motion_measure(NULL, other, &f, &error), MOMU_ERROR_ARGUMENT);
    momui_motion_free(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(standing_still_is_clean),
                                       cmocka_unit_test(sliding_feet_show),
                                       cmocka_unit_test(feet_in_the_air_do_not_skate),
                                       cmocka_unit_test(speeds_are_in_metres_a_second),
                                       cmocka_unit_test(sinking_shows),
                                       cmocka_unit_test(joints_have_ranges),
                                       cmocka_unit_test(broken_knees_are_counted),
                                       cmocka_unit_test(one_frame_is_measured)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
