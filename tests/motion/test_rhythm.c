/* Directogram, envelopes and kinematic beats. */
#include "motion/directogram.h"
#include "motion/kinematic_beats.h"
#include "motion/rhythm.h"
#include "motions.h"

static momui_motion *keypoints(int32_t joints, int64_t frames, double fps) {
    momui_motion *m = momui_motion_new(NULL, MOMUI_MOTION_KEYPOINTS, joints, frames, fps);
    assert_non_null(m);
    for (int32_t j = 0; j < joints; ++j)
        m->skeleton.names[j][0] = (char)('a' + j);
    return m;
}

/* Two points: one to the right by 3 then by 1, one up (y falls) by 2 then aslant by (1, 1). */
static void directogram_by_hand(void **state) {
    momui_motion *m = keypoints(2, 3, 62.5);
    const float places[12] = {0, 0, 10, 10, 3, 0, 10, 8, 4, 0, 11, 9};
    momu_error error;
    float *d, *acceleration, *deceleration;
    (void)state;
    memcpy(m->positions, places, sizeof places);
    assert_ok(momui_directogram(NULL, m, &d, &error));
    for (int k = 0; k < 8; ++k) {
        assert_near(d[k], 0.0, 0.0);
        /* bin 0 begins at -pi: angle 0 opens bin 4, -pi/2 opens bin 2, pi/4 opens bin 5 */
        assert_near(d[8 + k], k == 4 ? 3.0 : k == 2 ? 2.0 : 0.0, 1e-6);
        assert_near(d[16 + k], k == 4 ? 1.0 : k == 5 ? 1.4142135 : 0.0, 1e-6);
    }
    momui_free(d);
    assert_ok(momui_rhythm_envelopes(NULL, m, &acceleration, &deceleration, &error));
    /* accelerations 0, 5, 1.41: the 99th percentile is 5 - .02 (5 - 1.41); decelerations 0, 0, 2 +
     * 2 = 4 */
    assert_near(acceleration[0], 0.0, 0.0);
    assert_near(acceleration[1], 1.0, 0.0);
    assert_near(acceleration[2], 1.4142135 / (5.0 - 0.02 * (5.0 - 1.4142135)), 1e-5);
    assert_near(deceleration[1], 0.0, 0.0);
    assert_near(deceleration[2], 1.0, 0.0);
    momui_free(acceleration);
    momui_free(deceleration);
    momui_motion_free(m);
}

static void missing_keypoints_move_nothing(void **state) {
    momui_motion *m = keypoints(1, 3, 62.5);
    momu_error error;
    float *d;
    (void)state;
    m->confidence = momui_calloc(NULL, 3, sizeof(float));
    m->confidence[0] = m->confidence[2] = 1.0f;
    m->positions[2] = NAN;
    m->positions[4] = 5.0f;
    assert_ok(momui_directogram(NULL, m, &d, &error));
    for (int i = 0; i < 24; ++i)
        assert_near(d[i], 0.0, 0.0);
    momui_free(d);
    momui_motion_free(m);
}

/* Left arm in the air, moving evenly, and stopping abruptly at each of the times. */
static momui_motion *stopper(double fps, double seconds, double period, double first) {
    int64_t frames = (int64_t)(seconds * fps);
    momui_motion *body = momui_body_new(NULL, frames, fps);
    momu_error error;
    assert_non_null(body);
    for (int64_t t = 0; t < frames; ++t) {
        double at = ((double)t + (fps == 62.5 ? 0.5 : 0.0)) / fps - first; /* as the clock says */
        double beat = floor(at / period), into = at / period - beat;
        /* rests for the first half of a period, then moves for the other, there and back by turns
         */
        double moved = into < 0.5 ? 0.0 : (into - 0.5) * 2.0;
        double angle = fmod(fabs(beat), 2.0) < 0.5 ? moved : 1.0 - moved;
        /* raised by 17 to 31 degrees, the hand's way stays within one direction of the eight */
        momui_quat q = momui_quat_about(momui_vec3_of(0, 0, 1), 0.3 + 0.24 * angle);
        momui_quat_store(q, body->rotations + (t * MOMUI_BODY_JOINTS + MOMUI_LEFT_SHOULDER) * 4);
        body->root[3 * t + 1] = 0.98f;
    }
    assert_ok(momui_motion_update(body, &error));
    return body;
}

static void deceleration_peaks_are_beats(void **state) {
    const double rates[3] = {62.5, 120.0, 60.0};
    (void)state;
    for (int r = 0; r < 3; ++r) {
        momui_motion *body = stopper(rates[r], 10.0, 0.5, 0.4);
        momu_error error;
        double *times;
        size_t count;
        assert_ok(momui_kinematic_beats(NULL, body, false, &times, &count, &error));
        assert_int_equal(count, 20); /* 0.4, 0.9, ... 9.9 */
        for (size_t i = 0; i < count; ++i)
            assert_near(times[i], 0.4 + 0.5 * (double)i, 0.0161);
        momui_free(times);
        assert_ok(momui_kinematic_beats(NULL, body, true, &times, &count, &error));
        assert_true(count >= 19); /* the paper's: where it sets off, a quarter of a second later */
        size_t late = 0;
        for (size_t i = 0; i < count; ++i)
            late += fabs(times[i] - 0.65 - 0.5 * round((times[i] - 0.65) / 0.5)) < 0.0161;
        assert_true(late >= 19);
        momui_free(times);
        momui_motion_free(body);
    }
}

static void a_motionless_dancer_has_no_beats(void **state) {
    momui_motion *body = walker(300, 62.5, 0.0);
    momu_error error;
    double *times;
    size_t count = 7;
    float *acceleration, *deceleration;
    (void)state;
    for (int64_t t = 1; t < 300; ++t) {
        memcpy(body->rotations + t * MOMUI_BODY_JOINTS * 4, body->rotations,
               MOMUI_BODY_JOINTS * 16);
        memcpy(body->root + 3 * t, body->root, 12);
    }
    assert_ok(momui_motion_update(body, &error));
    assert_ok(momui_rhythm_envelopes(NULL, body, &acceleration, &deceleration, &error));
    for (int t = 0; t < 300; ++t) {
        assert_near(acceleration[t], 0.0, 0.0);
        assert_near(deceleration[t], 0.0, 0.0);
    }
    assert_ok(momui_kinematic_beats(NULL, body, false, &times, &count, &error));
    assert_int_equal(count, 0);
    momui_free(times);
    body->fps = 30.0; /* the same through the resampler */
    assert_ok(momui_kinematic_beats(NULL, body, false, &times, &count, &error));
    assert_int_equal(count, 0);
    momui_free(times);
    momui_free(acceleration);
    momui_free(deceleration);
    momui_motion_free(body);
    momui_motion *one = walker(1, 62.5, 0.0); /* a single frame */
    assert_ok(momui_kinematic_beats(NULL, one, false, &times, &count, &error));
    assert_int_equal(count, 0);
    momui_free(times);
    momui_motion_free(one);
}

static void envelopes_lie_between_0_and_1_at_any_heading(void **state) {
    momui_motion *a = walker(600, 62.5, 0.0), *b = walker(600, 62.5, 0.0);
    momu_error error;
    float *one, *two;
    double *times;
    size_t count;
    (void)state;
    momui_vec3 up = {0, 1, 0};
    double unlike = 0.0;
    for (int64_t t = 0; t < 600; ++t) { /* the same dance, facing elsewhere, over there */
        float *q = b->rotations + t * MOMUI_BODY_JOINTS * 4, *p = b->root + 3 * t;
        momui_quat turn = momui_quat_about(up, 2.0);
        momui_quat_store(momui_quat_multiply(turn, momui_quat_load(q)), q);
        momui_vec3 at = momui_quat_rotate(turn, momui_vec3_load(p));
        momui_vec3_store(momui_vec3_add(at, momui_vec3_of(2, 0, -1)), p);
    }
    assert_ok(momui_motion_update(b, &error));
    assert_ok(momui_rhythm_envelopes(NULL, a, &one, NULL, &error));
    assert_ok(momui_rhythm_envelopes(NULL, b, &two, NULL, &error));
    for (int t = 0; t < 600; ++t) {
        assert_true(one[t] >= 0.0f && one[t] <= 1.0f);
        unlike += fabs((double)one[t] - (double)two[t]) / 600.0;
    }
    assert_near(unlike, 0.0, 0.002); /* rounding moves what lies just between two directions */
    assert_ok(momui_kinematic_beats(NULL, a, false, &times, &count, &error));
    assert_true(count > 4);
    for (size_t i = 1; i < count; ++i)
        assert_true(times[i] - times[i - 1] > 0.095);
    momui_free(times);
    momui_free(one);
    momui_free(two);
    momui_motion_free(a);
    momui_motion_free(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(directogram_by_hand),
        cmocka_unit_test(missing_keypoints_move_nothing),
        cmocka_unit_test(deceleration_peaks_are_beats),
        cmocka_unit_test(a_motionless_dancer_has_no_beats),
        cmocka_unit_test(envelopes_lie_between_0_and_1_at_any_heading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
