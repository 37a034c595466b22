/* Motions for the tests of motion. */
#ifndef MOMU_TESTS_MOTIONS_H
#define MOMU_TESTS_MOTIONS_H

#include "base/extremes.h"
#include "motion/kinematics.h"
#include "tests/support/support.h"

#define assert_ok(expression) assert_int_equal(expression, MOMU_OK)

/* A person who walks in a curve with swinging arms, knees that bend, and a body that sways. */
static inline momui_motion *walker(int64_t frames, double fps, double turn) {
    momui_motion *body = momui_body_new(NULL, frames, fps);
    momu_error error;
    assert_non_null(body);
    momui_vec3 x = {1, 0, 0}, y = {0, 1, 0}, z = {0, 0, 1};
    for (int64_t t = 0; t < frames; ++t) {
        double seconds = (double)t / fps, phase = 2.0 * MOMUI_PI * 0.9 * seconds;
        double px = turn != 0.0 ? 0.8 / turn * (1.0 - cos(turn * seconds)) : 0.0;
        double pz = turn != 0.0 ? 0.8 / turn * sin(turn * seconds) : 0.8 * seconds;
        double yaw = turn * seconds, s = sin(phase), c = cos(phase);
        float *q = body->rotations + t * MOMUI_BODY_JOINTS * 4;
        momui_quat heading = momui_quat_about(y, yaw);
        momui_quat_store(momui_quat_multiply(heading, momui_quat_about(z, 0.05 * s)), q);
        momui_quat_store(momui_quat_about(y, 0.1 * s), q + 4 * MOMUI_SPINE1);
        momui_quat_store(momui_quat_about(x, 0.1 + 0.05 * c), q + 4 * MOMUI_SPINE2);
        momui_quat_store(momui_quat_about(y, 0.2 * c), q + 4 * MOMUI_HEAD);
        momui_quat_store(momui_quat_about(x, -0.3 - 0.4 * s), q + 4 * MOMUI_LEFT_HIP);
        momui_quat_store(momui_quat_about(x, -0.3 + 0.4 * s), q + 4 * MOMUI_RIGHT_HIP);
        momui_quat_store(momui_quat_about(x, 0.5 + 0.4 * c), q + 4 * MOMUI_LEFT_KNEE);
        momui_quat_store(momui_quat_about(x, 0.5 - 0.4 * c), q + 4 * MOMUI_RIGHT_KNEE);
        momui_quat_store(momui_quat_about(x, -0.1), q + 4 * MOMUI_LEFT_ANKLE);
        momui_quat_store(momui_quat_about(x, -0.1), q + 4 * MOMUI_RIGHT_ANKLE);
        momui_quat hang = momui_quat_about(z, -1.2), rise = momui_quat_about(z, 1.2);
        momui_quat swing = momui_quat_about(x, 0.5 * s), back = momui_quat_about(x, -0.5 * s);
        momui_quat_store(momui_quat_multiply(swing, hang), q + 4 * MOMUI_LEFT_SHOULDER);
        momui_quat_store(momui_quat_multiply(back, rise), q + 4 * MOMUI_RIGHT_SHOULDER);
        momui_quat_store(momui_quat_about(y, -0.6 - 0.3 * c), q + 4 * MOMUI_LEFT_ELBOW);
        momui_quat_store(momui_quat_about(y, 0.6 - 0.3 * c), q + 4 * MOMUI_RIGHT_ELBOW);
        body->root[3 * t] = (float)px;
        body->root[3 * t + 1] = (float)(0.86 + 0.02 * c);
        body->root[3 * t + 2] = (float)pz;
    }
    assert_ok(momui_motion_update(body, &error));
    return body;
}

/* A motion whose joints turn about arbitrary axes, smoothly and far. */
static inline momui_motion *tumbler(int64_t frames, double fps) {
    momui_motion *body = walker(frames, fps, 0.4);
    momu_error error;
    for (int64_t t = 0; t < frames; ++t)
        for (int j = 1; j < MOMUI_BODY_JOINTS; ++j) {
            momui_vec3 axis = {sin(3.0 * j), cos(5.0 * j), sin(7.0 * j + 1.0)};
            double angle = 1.5 * sin(2.0 * (double)t / fps + j);
            momui_quat_store(momui_quat_about(axis, angle),
                             body->rotations + (t * MOMUI_BODY_JOINTS + j) * 4);
        }
    assert_ok(momui_motion_update(body, &error));
    return body;
}

/* The farthest that any joint of one is from the same of the other. */
static inline double farthest(const momui_motion *a, const momui_motion *b) {
    double most = 0.0;
    assert_int_equal(a->frames, b->frames);
    assert_int_equal(a->skeleton.joints, b->skeleton.joints);
    for (int64_t i = 0; i < a->frames * a->skeleton.joints; ++i) {
        momui_vec3 d = momui_vec3_subtract(momui_vec3_load(a->positions + 3 * i),
                                           momui_vec3_load(b->positions + 3 * i));
        most = momui_max(most, momui_vec3_length(d));
    }
    return most;
}

#endif
