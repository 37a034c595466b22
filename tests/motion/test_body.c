/* Retargeting to the canonical body; resampling; mirroring. */
#include "base/extremes.h"
#include "motion/body.h"
#include "motion/clock.h"
#include "motions.h"

/* The walker as some rig has it: other names, centimetres, and (turn) facing elsewhere in its rest
 * pose. */
static momui_motion *as_rig(const momui_motion *body, const char *const *names, double unit) {
    momui_motion *rig =
        momui_motion_new(NULL, MOMUI_MOTION_JOINTS, MOMUI_BODY_JOINTS, body->frames, body->fps);
    assert_non_null(rig);
    momui_skeleton_copy(&body->skeleton, &rig->skeleton);
    memcpy(rig->rotations, body->rotations,
           (size_t)body->frames * MOMUI_BODY_JOINTS * 4 * sizeof(float));
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
        strcpy(rig->skeleton.names[j], names[j]);
    for (int i = 0; i < 3 * MOMUI_BODY_JOINTS; ++i)
        rig->skeleton.offsets[i] *= (float)unit;
    for (int64_t i = 0; i < 3 * body->frames; ++i)
        rig->root[i] = body->root[i] * (float)unit;
    momu_error error;
    assert_ok(momui_motion_update(rig, &error));
    return rig;
}

static const char *const mixamo[MOMUI_BODY_JOINTS] = {
    "mixamorig:Hips",        "mixamorig:LeftUpLeg",    "mixamorig:RightUpLeg",
    "mixamorig:Spine",       "mixamorig:LeftLeg",      "mixamorig:RightLeg",
    "mixamorig:Spine1",      "mixamorig:LeftFoot",     "mixamorig:RightFoot",
    "mixamorig:Spine2",      "mixamorig:LeftToeBase",  "mixamorig:RightToeBase",
    "mixamorig:Neck",        "mixamorig:LeftShoulder", "mixamorig:RightShoulder",
    "mixamorig:Head",        "mixamorig:LeftArm",      "mixamorig:RightArm",
    "mixamorig:LeftForeArm", "mixamorig:RightForeArm", "mixamorig:LeftHand",
    "mixamorig:RightHand"};

/* Sets the body on the ground as momui_body_from_motion does, so that the two may be compared. */
static void ground(momui_motion *body) {
    momu_error error;
    double height;
    assert_ok(momui_body_ground(NULL, body, &height, &error));
    for (int64_t t = 0; t < body->frames; ++t)
        body->root[3 * t + 1] -= (float)height;
    assert_ok(momui_motion_update(body, &error));
    assert_ok(momui_body_ground(NULL, body, &height, &error));
    assert_near(height, 0.0, 1e-6);
}

static void a_rig_of_other_names_and_units_is_the_same_dance(void **state) {
    momui_motion *body = walker(120, 60.0, 0.7), *rig = as_rig(body, mixamo, 100.0), *out;
    momu_error error;
    uint32_t missing = 99;
    (void)state;
    ground(body);
    assert_ok(momui_body_from_motion(NULL, rig, &out, &missing, &error));
    assert_int_equal(missing, 0);
    assert_true(momui_motion_is_body(out));
    assert_near(out->fps, 60.0, 0.0);
    assert_near(farthest(body, out), 0.0, 1e-4);
    for (int64_t i = 0; i < 120 * MOMUI_BODY_JOINTS; ++i)
        assert_true(momui_quat_angle(momui_quat_load(body->rotations + 4 * i),
                                     momui_quat_load(out->rotations + 4 * i)) < 2e-3);
    momui_motion_free(out);
    momui_motion_free(rig);
    momui_motion_free(body);
}

/* A rig whose rest pose faces +X, arms hanging and legs apart, shows the same poses once its own
 * rotations undo that. */
static void a_rest_pose_of_another_kind(void **state) {
    momui_motion *body = walker(60, 60.0, 0.3), *rig = as_rig(body, mixamo, 1.0), *out;
    momu_error error;
    (void)state;
    ground(body);
    momui_vec3 up = {0, 1, 0}, z = {0, 0, 1};
    momui_quat rest[MOMUI_BODY_JOINTS]; /* world orientation of each joint in the other rest pose */
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
        rest[j] = momui_quat_about(up, MOMUI_PI / 2.0);
    double lean[MOMUI_BODY_JOINTS] = {[MOMUI_LEFT_SHOULDER] = -1.0,
                                      [MOMUI_RIGHT_SHOULDER] = 1.0,
                                      [MOMUI_LEFT_HIP] = 0.3,
                                      [MOMUI_RIGHT_HIP] = -0.3};
    for (int j = 1; j < MOMUI_BODY_JOINTS; ++j)
        rest[j] = momui_quat_multiply(rest[momui_body_parents[j]], momui_quat_about(z, lean[j]));
    for (int j = 1; j < MOMUI_BODY_JOINTS; ++j) {
        momui_vec3 offset =
            momui_quat_rotate(rest[momui_body_parents[j]], momui_vec3_load(momui_body_offsets[j]));
        momui_vec3_store(offset, rig->skeleton.offsets + 3 * j);
    }
    for (int64_t t = 0; t < 60; ++t) {
        momui_quat world[MOMUI_BODY_JOINTS], turned[MOMUI_BODY_JOINTS];
        float places[3 * MOMUI_BODY_JOINTS];
        momui_forward_kinematics(&body->skeleton, body->rotations + t * MOMUI_BODY_JOINTS * 4,
                                 body->root + 3 * t, places, world);
        for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) {
            int parent = momui_body_parents[j];
            turned[j] = momui_quat_multiply(world[j], momui_quat_conjugate(rest[j]));
            momui_quat local =
                parent < 0 ? turned[j]
                           : momui_quat_multiply(momui_quat_conjugate(turned[parent]), turned[j]);
            momui_quat_store(local, rig->rotations + (t * MOMUI_BODY_JOINTS + j) * 4);
        }
    }
    assert_ok(momui_motion_update(rig, &error));
    assert_ok(momui_body_from_motion(NULL, rig, &out, NULL, &error));
    assert_near(farthest(body, out), 0.0, 1e-3);
    momui_motion_free(out);
    momui_motion_free(rig);
    momui_motion_free(body);
}

static momui_motion *as_points(const momui_motion *body, const int *joints, int count) {
    momui_motion *m =
        momui_motion_new(NULL, MOMUI_MOTION_POSITIONS, count, body->frames, body->fps);
    assert_non_null(m);
    for (int j = 0; j < count; ++j)
        strcpy(m->skeleton.names[j], momui_body_names[joints[j]]);
    for (int64_t t = 0; t < body->frames; ++t)
        for (int j = 0; j < count; ++j)
            memcpy(m->positions + (t * count + j) * 3,
                   body->positions + (t * MOMUI_BODY_JOINTS + joints[j]) * 3, 3 * sizeof(float));
    return m;
}

static const int limbs[12] = {MOMUI_LEFT_HIP,      MOMUI_RIGHT_HIP,      MOMUI_LEFT_KNEE,
                              MOMUI_RIGHT_KNEE,    MOMUI_LEFT_ANKLE,     MOMUI_RIGHT_ANKLE,
                              MOMUI_LEFT_SHOULDER, MOMUI_RIGHT_SHOULDER, MOMUI_LEFT_ELBOW,
                              MOMUI_RIGHT_ELBOW,   MOMUI_LEFT_WRIST,     MOMUI_RIGHT_WRIST};

static void positions_alone_make_the_body(void **state) {
    momui_motion *body = walker(180, 60.0, 2.5),
                 *out; /* turns round more than once: also faces away */
    int all[MOMUI_BODY_JOINTS];
    momu_error error;
    uint32_t missing;
    (void)state;
    ground(body);
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
        all[j] = j;
    momui_motion *points = as_points(body, all, MOMUI_BODY_JOINTS);
    assert_ok(momui_body_from_motion(NULL, points, &out, &missing, &error));
    assert_int_equal(missing, 0);
    assert_true(farthest(body, out) < 0.04);
    for (int64_t t = 1; t < 180; ++t) /* nothing flips */
        for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) {
            const float *q = out->rotations + (t * MOMUI_BODY_JOINTS + j) * 4;
            assert_true(momui_quat_angle(momui_quat_load(q),
                                         momui_quat_load(q - MOMUI_BODY_JOINTS * 4)) < 0.3);
        }
    momui_motion_free(out);
    momui_motion_free(points);
    momui_motion_free(body);
}

static void missing_joints_are_inferred_and_reported(void **state) {
    momui_motion *body = walker(60, 60.0, 0.5), *points = as_points(body, limbs, 12), *out;
    momu_error error;
    uint32_t missing, expected = 0;
    (void)state;
    ground(body);
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
        expected |= (uint32_t)1 << j;
    for (int j = 0; j < 12; ++j)
        expected &= ~((uint32_t)1 << limbs[j]);
    assert_ok(momui_body_from_motion(NULL, points, &out, &missing, &error));
    assert_int_equal(missing, expected);
    assert_true(farthest(body, out) < 0.12);
    /* knees bend forward, not back: the pose is the walker's, not its mirror image */
    for (int64_t t = 0; t < 60; ++t) {
        momui_vec3 knee =
            momui_vec3_load(out->positions + (t * MOMUI_BODY_JOINTS + MOMUI_LEFT_KNEE) * 3);
        momui_vec3 was =
            momui_vec3_load(body->positions + (t * MOMUI_BODY_JOINTS + MOMUI_LEFT_KNEE) * 3);
        assert_true(momui_vec3_length(momui_vec3_subtract(knee, was)) < 0.05);
    }
    momui_motion_free(out);
    momui_motion_free(points);
    momui_motion_free(body);
}

static void a_body_without_knees_is_refused_by_name(void **state) {
    momui_motion *body = walker(5, 60.0, 0.0), *out;
    const int some[10] = {MOMUI_LEFT_HIP,       MOMUI_RIGHT_HIP,   MOMUI_RIGHT_KNEE,
                          MOMUI_LEFT_ANKLE,     MOMUI_RIGHT_ANKLE, MOMUI_LEFT_SHOULDER,
                          MOMUI_RIGHT_SHOULDER, MOMUI_LEFT_ELBOW,  MOMUI_RIGHT_ELBOW,
                          MOMUI_LEFT_WRIST};
    momui_motion *points = as_points(body, some, 10);
    momu_error error;
    (void)state;
    assert_int_equal(momui_body_from_motion(NULL, points, &out, NULL, &error),
                     MOMU_ERROR_UNSUPPORTED);
    assert_null(out);
    assert_non_null(strstr(error.message, "no joint that could be left_knee"));
    momui_motion_free(points);
    momui_motion *flat = momui_motion_new(NULL, MOMUI_MOTION_KEYPOINTS, 12, 2, 30.0);
    assert_int_equal(momui_body_from_motion(NULL, flat, &out, NULL, &error),
                     MOMU_ERROR_UNSUPPORTED);
    momui_motion_free(flat);
    momui_motion_free(body);
}

static void numbers_that_are_not_finite_are_refused_with_their_place(void **state) {
    momui_motion *body = walker(20, 60.0, 0.0), *out;
    momu_error error;
    (void)state;
    body->rotations[(7 * MOMUI_BODY_JOINTS + MOMUI_LEFT_ELBOW) * 4 + 1] = NAN;
    assert_int_equal(momui_body_from_motion(NULL, body, &out, NULL, &error), MOMU_ERROR_NUMERIC);
    assert_non_null(strstr(error.message, "frame 7"));
    assert_non_null(strstr(error.message, "left_elbow"));
    assert_int_equal(momui_motion_resample(NULL, body, 30.0, 0.0, 10, &out, &error),
                     MOMU_ERROR_NUMERIC);
    assert_null(out);
    momui_motion_free(body);
    momui_motion *points = as_points((body = walker(20, 60.0, 0.0)), limbs, 12);
    points->positions[(3 * 12 + 4) * 3] = INFINITY;
    assert_int_equal(momui_body_from_motion(NULL, points, &out, NULL, &error), MOMU_ERROR_NUMERIC);
    assert_non_null(strstr(error.message, "frame 3"));
    assert_non_null(strstr(error.message, "left_ankle"));
    points->confidence =
        momui_calloc(NULL, 20 * 12, sizeof(float)); /* said to be missing, it is not looked at */
    for (int i = 0; i < 20 * 12; ++i)
        points->confidence[i] = i == 3 * 12 + 4 ? 0.0f : 1.0f;
    assert_ok(momui_body_from_motion(NULL, points, &out, NULL, &error));
    for (int64_t i = 0; i < 20 * MOMUI_BODY_JOINTS * 3; ++i)
        assert_true(isfinite(out->positions[i]));
    momui_motion_free(out);
    momui_motion_free(points);
    momui_motion_free(body);
}

/* ---- time ---- */

static void assert_same(const momui_motion *a, const momui_motion *b) {
    size_t cells = (size_t)a->frames * MOMUI_BODY_JOINTS;
    assert_int_equal(a->frames, b->frames);
    assert_memory_equal(a->positions, b->positions, cells * 3 * sizeof(float));
    assert_memory_equal(a->rotations, b->rotations, cells * 4 * sizeof(float));
    assert_memory_equal(a->root, b->root, (size_t)a->frames * 3 * sizeof(float));
}

static void the_same_frame_rate_changes_nothing(void **state) {
    momui_motion *body = walker(77, 62.5, 0.5), *out;
    double times[77];
    momu_error error;
    (void)state;
    assert_int_equal(momui_motion_frames_at(body, 62.5), 77);
    assert_ok(momui_motion_resample(NULL, body, 62.5, 0.0, 77, &out, &error));
    assert_same(body, out);
    momui_motion_free(out);
    for (int i = 0; i < 77; ++i)
        times[i] = i / 62.5;
    assert_ok(momui_motion_warp(NULL, body, times, 77, 62.5, &out, &error));
    assert_same(body, out);
    momui_motion_free(out);
    momui_motion_free(body);
}

static void other_rates_show_the_same_dance(void **state) {
    momui_motion *fine = walker(1200, 240.0, 0.5), *body = walker(300, 60.0, 0.5), *up, *down;
    momu_error error;
    (void)state;
    assert_int_equal(momui_motion_frames_at(body, 30.0), 150);
    assert_int_equal(momui_motion_frames_at(body, 62.5), 312);
    assert_ok(momui_motion_resample(NULL, body, 240.0, 0.0, 1197, &up, &error));
    double most = 0.0;
    for (int64_t i = 0; i < 1196 * MOMUI_BODY_JOINTS; ++i)
        most = momui_max(
            most, momui_vec3_length(momui_vec3_subtract(momui_vec3_load(up->positions + 3 * i),
                                                        momui_vec3_load(fine->positions + 3 * i))));
    assert_true(most < 0.005);
    for (int64_t t = 0; t < up->frames; ++t) { /* bones keep their length between frames */
        const float *p = up->positions + t * MOMUI_BODY_JOINTS * 3;
        momui_vec3 shin = momui_vec3_subtract(momui_vec3_load(p + 3 * MOMUI_LEFT_KNEE),
                                              momui_vec3_load(p + 3 * MOMUI_LEFT_ANKLE));
        assert_near(momui_vec3_length(shin), 0.41012193, 1e-5);
    }
    assert_ok(momui_motion_resample(NULL, up, 60.0, 0.0, 299, &down, &error));
    for (int64_t t = 5; t < 290; ++t) {
        momui_vec3 a =
            momui_vec3_load(down->positions + (t * MOMUI_BODY_JOINTS + MOMUI_LEFT_WRIST) * 3);
        momui_vec3 b =
            momui_vec3_load(body->positions + (t * MOMUI_BODY_JOINTS + MOMUI_LEFT_WRIST) * 3);
        assert_true(momui_vec3_length(momui_vec3_subtract(a, b)) < 0.005);
    }
    momui_motion_free(down);
    momui_motion_free(up);
    momui_motion_free(body);
    momui_motion_free(fine);
}

static void a_lower_rate_is_low_passed(void **state) {
    momui_motion *m = momui_motion_new(NULL, MOMUI_MOTION_POSITIONS, 1, 1200, 120.0), *out;
    momu_error error;
    (void)state;
    strcpy(m->skeleton.names[0], "point");
    for (int64_t t = 0; t < 1200; ++t) /* 55 Hz would fold to 5 Hz at 30 frames a second */
        m->positions[3 * t] = (float)sin(2.0 * MOMUI_PI * 55.0 * (double)t / 120.0);
    assert_ok(momui_motion_resample(NULL, m, 30.0, 0.0, 300, &out, &error));
    for (int64_t t = 10; t < 290; ++t)
        assert_near(out->positions[3 * t], 0.0, 0.05);
    momui_motion_free(out);
    momui_motion_free(m);
}

static void before_and_after_the_ends_are_held(void **state) {
    momui_motion *body = walker(30, 60.0, 0.5), *out;
    const double times[4] = {-3.0, 0.0, 29.0 / 60.0, 99.0};
    momu_error error;
    (void)state;
    assert_ok(momui_motion_warp(NULL, body, times, 4, 60.0, &out, &error));
    assert_memory_equal(out->positions, out->positions + MOMUI_BODY_JOINTS * 3,
                        MOMUI_BODY_JOINTS * 12);
    assert_memory_equal(out->positions + 2 * MOMUI_BODY_JOINTS * 3,
                        out->positions + 3 * MOMUI_BODY_JOINTS * 3, MOMUI_BODY_JOINTS * 12);
    momui_motion_free(out);
    const double bad[1] = {NAN};
    assert_int_equal(momui_motion_warp(NULL, body, bad, 1, 60.0, &out, &error), MOMU_ERROR_NUMERIC);
    assert_int_equal(momui_motion_resample(NULL, body, 0.0, 0.0, 4, &out, &error),
                     MOMU_ERROR_ARGUMENT);
    assert_null(out);
    momui_motion_free(body);
}

static void mirrored_twice_is_the_same(void **state) {
    momui_motion *body = walker(50, 62.5, 0.9), *once, *twice;
    momu_error error;
    (void)state;
    assert_ok(momui_motion_mirror(NULL, body, &once, &error));
    assert_ok(momui_motion_mirror(NULL, once, &twice, &error));
    assert_same(body, twice);
    /* the mirror's positions are what its rotations say, and left is right */
    momui_motion *again = momui_body_new(NULL, 50, 62.5);
    memcpy(again->rotations, once->rotations, 50 * MOMUI_BODY_JOINTS * 4 * sizeof(float));
    memcpy(again->root, once->root, 50 * 3 * sizeof(float));
    assert_ok(momui_motion_update(again, &error));
    assert_near(farthest(again, once), 0.0, 1e-5);
    const float *left = body->positions + (20 * MOMUI_BODY_JOINTS + MOMUI_LEFT_WRIST) * 3;
    const float *right = once->positions + (20 * MOMUI_BODY_JOINTS + MOMUI_RIGHT_WRIST) * 3;
    assert_near(left[0], -right[0], 0.0);
    assert_near(left[2], right[2], 0.0);
    strcpy(once->skeleton.names[3], "tail");
    momui_motion *none;
    assert_int_equal(momui_motion_mirror(NULL, once, &none, &error), MOMU_ERROR_ARGUMENT);
    momui_motion_free(again);
    momui_motion_free(twice);
    momui_motion_free(once);
    momui_motion_free(body);
}

static void legs_that_flip_in_the_capture_are_turned_back(void **state) {
    momui_motion *body = walker(120, 60.0, 0.2), *out;
    momu_error error;
    (void)state;
    ground(body);
    for (int64_t t = 40; t < 47;
         ++t) { /* half a turn of the thigh about itself, undone by the shin */
        float *q = body->rotations + t * MOMUI_BODY_JOINTS * 4;
        momui_quat half =
            momui_quat_about(momui_vec3_load(momui_body_offsets[MOMUI_LEFT_KNEE]), MOMUI_PI);
        momui_quat thigh = momui_quat_load(q + 4 * MOMUI_LEFT_HIP);
        momui_quat shin = momui_quat_load(q + 4 * MOMUI_LEFT_KNEE);
        momui_quat_store(momui_quat_multiply(thigh, half), q + 4 * MOMUI_LEFT_HIP);
        momui_quat_store(momui_quat_multiply(momui_quat_conjugate(half), shin),
                         q + 4 * MOMUI_LEFT_KNEE);
    }
    assert_ok(momui_motion_update(body, &error));
    assert_ok(momui_body_from_motion(NULL, body, &out, NULL, &error));
    assert_near(farthest(body, out), 0.0, 1e-3);
    for (int64_t t = 1; t < 120; ++t) {
        const float *q = out->rotations + (t * MOMUI_BODY_JOINTS + MOMUI_LEFT_HIP) * 4;
        assert_true(
            momui_quat_angle(momui_quat_load(q), momui_quat_load(q - MOMUI_BODY_JOINTS * 4)) < 0.3);
    }
    momui_motion_free(out);
    momui_motion_free(body);
}

/* A capture whose left knee is, for some frames, on the wrong side of the line from hip to ankle.
 */
static void knees_that_bend_backwards_are_turned_over(void **state) {
    momui_motion *body = walker(120, 60.0, 0.2), *points = as_points(body, limbs, 12), *whole, *out;
    momu_error error;
    (void)state;
    assert_ok(momui_body_from_motion(NULL, points, &whole, NULL, &error));
    for (int64_t t = 50; t < 60; ++t) {
        float *frame = points->positions + t * 12 * 3; /* hip, knee, ankle are 0, 2, 4 */
        momui_vec3 hip = momui_vec3_load(frame), knee = momui_vec3_load(frame + 6);
        momui_vec3 line = momui_vec3_subtract(momui_vec3_load(frame + 12), hip);
        momui_vec3 thigh =
            momui_quat_rotate(momui_quat_about(line, MOMUI_PI), momui_vec3_subtract(knee, hip));
        momui_vec3_store(momui_vec3_add(hip, thigh), frame + 6);
    }
    assert_ok(momui_body_from_motion(NULL, points, &out, NULL, &error));
    assert_near(farthest(whole, out), 0.0, 1e-4);
    momui_motion_free(out);
    momui_motion_free(whole);
    momui_motion_free(points);
    momui_motion_free(body);
}

/* A foot that the capture says stands with its toes in the air. */
static void standing_feet_are_put_flat(void **state) {
    momui_motion *body = momui_body_new(NULL, 60, 60.0), *out;
    momu_error error;
    (void)state;
    for (int64_t t = 0; t < 60; ++t) {
        body->root[3 * t + 1] = 0.98f;
        momui_quat_store(momui_quat_about(momui_vec3_of(1, 0, 0), t < 30 ? 0.0 : -0.7),
                         body->rotations + (t * MOMUI_BODY_JOINTS + MOMUI_LEFT_ANKLE) * 4);
    }
    assert_ok(momui_motion_update(body, &error));
    assert_ok(momui_body_from_motion(NULL, body, &out, NULL, &error));
    const float *p = out->positions + 45 * MOMUI_BODY_JOINTS * 3;
    assert_true(body->positions[(45 * MOMUI_BODY_JOINTS + MOMUI_LEFT_FOOT) * 3 + 1] > 0.11f);
    assert_true(p[3 * MOMUI_LEFT_FOOT + 1] < 0.05f);
    assert_near(p[3 * MOMUI_RIGHT_FOOT + 1], 0.02, 1e-4);
    momui_motion_free(out);
    momui_motion_free(body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rig_of_other_names_and_units_is_the_same_dance),
        cmocka_unit_test(a_rest_pose_of_another_kind),
        cmocka_unit_test(positions_alone_make_the_body),
        cmocka_unit_test(missing_joints_are_inferred_and_reported),
        cmocka_unit_test(a_body_without_knees_is_refused_by_name),
        cmocka_unit_test(numbers_that_are_not_finite_are_refused_with_their_place),
        cmocka_unit_test(legs_that_flip_in_the_capture_are_turned_back),
        cmocka_unit_test(knees_that_bend_backwards_are_turned_over),
        cmocka_unit_test(standing_feet_are_put_flat),
        cmocka_unit_test(the_same_frame_rate_changes_nothing),
        cmocka_unit_test(other_rates_show_the_same_dance),
        cmocka_unit_test(a_lower_rate_is_low_passed),
        cmocka_unit_test(before_and_after_the_ends_are_held),
        cmocka_unit_test(mirrored_twice_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
