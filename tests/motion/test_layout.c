/* Feature layouts and their decoding, and the foot lock. */
#include "motion/camera.h"
#include "motion/contacts.h"
#include "motion/heading.h"
#include "motion/layout.h"
#include "motions.h"

static void body3d_round_trip(void **state) {
    momui_motion *dances[2] = {walker(2000, 62.5, 0.8), tumbler(500, 62.5)};
    momu_error error;
    (void)state;
    for (int i = 0; i < 2; ++i) {
        float *features;
        momui_body3d_start start;
        momui_motion *back;
        assert_ok(momui_body3d_encode(NULL, dances[i], &features, &start, &error));
        assert_ok(momui_body3d_decode(NULL, features, dances[i]->frames, &start, false, &back, NULL,
                                      &error));
        assert_true(farthest(dances[i], back) < 1e-4);
        momui_motion_free(back);
        momui_free(features);
        momui_motion_free(dances[i]);
    }
}

/* A body at rest, facing `yaw`, at (3, 4), that moves to its front at 0.5 m/s. */
static void body3d_is_as_documented(void **state) {
    momui_motion *body = momui_body_new(NULL, 50, 62.5);
    momu_error error;
    float *features;
    momui_body3d_start start;
    double yaw = 1.1;
    (void)state;
    for (int64_t t = 0; t < 50; ++t) {
        momui_quat_store(momui_quat_about(momui_vec3_of(0, 1, 0), yaw),
                         body->rotations + t * MOMUI_BODY_JOINTS * 4);
        body->root[3 * t] = (float)(3.0 + sin(yaw) * 0.5 * (double)t / 62.5);
        body->root[3 * t + 1] = 0.98f;
        body->root[3 * t + 2] = (float)(4.0 + cos(yaw) * 0.5 * (double)t / 62.5);
    }
    assert_ok(momui_motion_update(body, &error));
    assert_ok(momui_body3d_encode(NULL, body, &features, &start, &error));
    assert_near(start.x, 3.0, 1e-6);
    assert_near(start.z, 4.0, 1e-6);
    assert_near(start.yaw, yaw, 1e-6);
    for (int t = 0; t < 50; t += 7) {
        const float *f = features + t * MOMUI_BODY3D_FEATURES;
        assert_near(f[0], 0.98, 1e-6);
        assert_near(f[1], 0.0, 1e-4);
        assert_near(f[2], 0.5, 1e-4); /* ahead */
        assert_near(f[3], 0.0, 1e-6);
        assert_near(f[4 + 3 * MOMUI_LEFT_WRIST], 0.69, 1e-5); /* the dancer's left is +x */
        assert_near(f[4 + 3 * MOMUI_LEFT_FOOT + 1], 0.02, 1e-5);
        assert_near(f[4 + 3 * MOMUI_LEFT_FOOT + 2], 0.12, 1e-5);
        for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) { /* nothing is turned, seen from the heading */
            assert_near(f[70 + 6 * j], 1.0, 1e-6);
            assert_near(f[70 + 6 * j + 4], 1.0, 1e-6);
            assert_near(f[70 + 6 * j + 1], 0.0, 1e-6);
        }
        assert_near(f[202], 0.0, 0.0); /* it glides at 0.5 m/s: no contact */
    }
    momui_free(features);
    for (int64_t t = 0; t < 50; ++t)
        memcpy(body->root + 3 * t, body->root, 3 * sizeof(float));
    assert_ok(momui_motion_update(body, &error));
    assert_ok(momui_body3d_encode(NULL, body, &features, NULL, &error));
    for (int c = 202; c < 206; ++c) /* it stands */
        assert_near(features[20 * MOMUI_BODY3D_FEATURES + c], 1.0, 0.0);
    momui_free(features);
    momui_motion_free(body);
}

static void headings_run_on_through_whole_turns(void **state) {
    momui_motion *body = walker(1250, 62.5, 1.5);
    momu_error error;
    double *yaw;
    (void)state;
    assert_ok(momui_heading(NULL, body, &yaw, &error));
    assert_near(yaw[1200] - yaw[100], 1.5 * 1100 / 62.5, 0.2); /* four turns */
    for (int t = 1; t < 1250; ++t)
        assert_true(fabs(yaw[t] - yaw[t - 1]) < 0.1);
    momui_free(yaw);
    momui_motion_free(body);
}

static void features_from_nowhere_are_refused(void **state) {
    momui_motion *body = walker(10, 30.0, 0.0), *out;
    momu_error error;
    float *features;
    (void)state;
    assert_int_equal(momui_body3d_encode(NULL, body, &features, NULL, &error), MOMU_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "62.5"));
    body->fps = 62.5;
    assert_ok(momui_body3d_encode(NULL, body, &features, NULL, &error));
    features[3 * MOMUI_BODY3D_FEATURES + 17] = NAN;
    assert_int_equal(momui_body3d_decode(NULL, features, 10, NULL, true, &out, NULL, &error),
                     MOMU_ERROR_NUMERIC);
    assert_non_null(strstr(error.message, "frame 3, feature 17"));
    assert_null(out);
    memset(features, 0,
           10 * MOMUI_BODY3D_FEATURES * sizeof *features); /* rotations that are none */
    assert_ok(momui_body3d_decode(NULL, features, 10, NULL, true, &out, NULL, &error));
    for (int64_t i = 0; i < 10 * MOMUI_BODY_JOINTS * 3; ++i)
        assert_true(isfinite(out->positions[i]));
    momui_motion_free(out);
    assert_int_equal(momui_body3d_decode(NULL, features, 0, NULL, true, &out, NULL, &error),
                     MOMU_ERROR_LIMIT);
    momui_free(features);
    momui_motion_free(body);
}

/* ---- feet ---- */

/* Stands with bent knees, sways, and slides over the ground at 6 cm/s; between 2 s and 3 s the left
 * leg is lifted. */
static momui_motion *slider(int64_t frames) {
    momui_motion *body = momui_body_new(NULL, frames, 62.5);
    momu_error error;
    momui_vec3 x = {1, 0, 0};
    assert_non_null(body);
    for (int64_t t = 0; t < frames; ++t) {
        double seconds = (double)t / 62.5, bend = 0.35;
        double lift =
            0.6 * momui_smoothstep(2.0, 2.3, seconds) * (1.0 - momui_smoothstep(2.7, 3.0, seconds));
        float *q = body->rotations + t * MOMUI_BODY_JOINTS * 4;
        for (int side = 0; side < 2; ++side) {
            double up = side == 0 ? lift : 0.0;
            momui_quat_store(momui_quat_about(x, -bend - up), q + 4 * (MOMUI_LEFT_HIP + side));
            momui_quat_store(momui_quat_about(x, 2.0 * (bend + up)),
                             q + 4 * (MOMUI_LEFT_KNEE + side));
            momui_quat_store(momui_quat_about(x, -bend - up), q + 4 * (MOMUI_LEFT_ANKLE + side));
        }
        body->root[3 * t] = (float)(0.06 * fmod(seconds, 1.5) + 0.01 * sin(3.0 * seconds));
        body->root[3 * t + 1] = (float)(0.16 + 2.0 * 0.41 * cos(bend));
        body->root[3 * t + 2] = (float)(0.06 * fmin(seconds, 1.0));
    }
    assert_ok(momui_motion_update(body, &error));
    return body;
}

static void foot_lock_stops_sliding_and_stretches_nothing(void **state) {
    momui_motion *body = slider(280), *free_feet, *locked;
    momu_error error;
    float *features;
    momui_body3d_start start;
    momui_feet_report before, after;
    (void)state;
    assert_ok(momui_body3d_encode(NULL, body, &features, &start, &error));
    assert_ok(momui_body3d_decode(NULL, features, 280, &start, false, &free_feet, &before, &error));
    assert_ok(momui_body3d_decode(NULL, features, 280, &start, true, &locked, &after, &error));
    assert_true(before.skate_before > 4.0);
    assert_near(before.skate_after, before.skate_before, 0.0);
    assert_near(after.skate_before, before.skate_before, 1e-9);
    assert_true(after.skate_after < 0.2 * after.skate_before);
    for (int64_t t = 0; t < 280; ++t)
        for (int j = 1; j < MOMUI_BODY_JOINTS; ++j) {
            const float *p = locked->positions + t * MOMUI_BODY_JOINTS * 3;
            momui_vec3 bone = momui_vec3_subtract(momui_vec3_load(p + 3 * j),
                                                  momui_vec3_load(p + 3 * momui_body_parents[j]));
            assert_near(momui_vec3_length(bone),
                        momui_vec3_length(momui_vec3_load(momui_body_offsets[j])), 1e-5);
        }
    /* no pops: no joint moves much farther in a frame than it does without the lock */
    for (int64_t i = MOMUI_BODY_JOINTS; i < 280 * MOMUI_BODY_JOINTS; ++i) {
        momui_vec3 a = momui_vec3_subtract(
            momui_vec3_load(free_feet->positions + 3 * i),
            momui_vec3_load(free_feet->positions + 3 * (i - MOMUI_BODY_JOINTS)));
        momui_vec3 b =
            momui_vec3_subtract(momui_vec3_load(locked->positions + 3 * i),
                                momui_vec3_load(locked->positions + 3 * (i - MOMUI_BODY_JOINTS)));
        if (momui_vec3_length(a) < 0.05) /* the slide's own jump back apart */
            assert_true(momui_vec3_length(b) < momui_vec3_length(a) + 0.02);
    }
    momui_motion_free(locked);
    momui_motion_free(free_feet);
    momui_free(features);
    momui_motion_free(body);
}

static void feet_in_the_air_are_unchanged(void **state) {
    momui_motion *body = walker(200, 62.5, 0.3), *copy = walker(200, 62.5, 0.3);
    uint8_t contacts[200 * MOMUI_CONTACTS] = {0};
    momu_error error;
    (void)state;
    assert_ok(momui_foot_lock(NULL, body, contacts, &error));
    assert_memory_equal(body->rotations, copy->rotations,
                        200 * MOMUI_BODY_JOINTS * 4 * sizeof(float));
    assert_near(momui_contact_slip(body, contacts), 0.0, 0.0);
    momui_motion_free(copy);
    momui_motion_free(body);
}

/* ---- cameras ---- */

static void cameras_differ_and_lose_joints(void **state) {
    (void)state;
    enum { FRAMES = 200 };
    static float features[FRAMES * 206], rows[2][FRAMES * MOMUI_PROJECTED_FEATURES];
    for (int t = 0; t < FRAMES; t++) { /* a standing body that walks ahead and sways */
        float *f = features + t * 206;
        memset(f, 0, 206 * sizeof *f);
        f[2] = 0.5f;
        float at[3] = {0, 0, 0};
        for (int j = 0; j < MOMUI_BODY_JOINTS; j++) {
            const float *offset = momui_body_offsets[j];
            const float *from = j > 0 ? f + 4 + 3 * momui_body_parents[j] : at;
            for (int a = 0; a < 3; a++)
                f[4 + 3 * j + a] = (j > 0 ? from[a] : a == 1 ? 0.95f : 0) + (j > 0 ? offset[a] : 0);
            f[4 + 3 * j] += j > 0 ? 0.0f : 0.1f * sinf(0.1f * (float)t);
        }
    }
    momui_arena *arena = momui_arena_create(NULL);
    assert_non_null(arena);
    int lost = 0, differ = 0;
    for (uint64_t seed = 0; seed < 12; seed++) {
        for (int again = 0; again < 2; again++) {
            momui_random random = {seed, 3, 0};
            assert_int_equal(
                momui_camera_augment(arena, features, FRAMES, &random, rows[again], NULL), MOMU_OK);
        }
        assert_memory_equal(rows[0], rows[1], sizeof rows[0]);
        double hips = 0, torso = 0;
        for (int t = 0; t < FRAMES; t++) {
            const float *r = rows[0] + t * MOMUI_PROJECTED_FEATURES;
            for (int i = 0; i < MOMUI_PROJECTED_FEATURES; i++)
                assert_true(isfinite(r[i]) && fabsf(r[i]) < 20);
            for (int j = 0; j < 14; j++) {
                assert_true(r[28 + j] == 0 || r[28 + j] == 1);
                lost += r[28 + j] == 0;
            }
            hips += (double)(r[16] + r[22]) / 2 / FRAMES;
            torso +=
                hypot((double)(r[2] - (r[16] + r[22]) / 2), (double)(r[3] - (r[17] + r[23]) / 2)) /
                FRAMES;
        }
        assert_true(fabs(hips) < 1e-3); /* normalised as positions2d */
        assert_true(fabs(torso - 1) < 0.2);
        assert_true(rows[0][1] > 0.8f); /* the head is up */
        differ += fabsf(rows[0][8] - rows[0][14]) > 0.3f;
    }
    assert_true(lost > 100 && lost < 12 * 14 * FRAMES / 3);
    assert_true(differ > 0);
    momui_arena_destroy(arena);
}

/* ---- pictures ---- */

/* COCO-17 keypoints of a body seen from the front by a camera: 200 pixels a metre, y down. */
static momui_motion *film(const momui_motion *body) {
    static const char *const names[17] = {
        "nose",           "left_eye",   "right_eye",   "left_ear",   "right_ear",   "left_shoulder",
        "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip",
        "right_hip",      "left_knee",  "right_knee",  "left_ankle", "right_ankle"};
    static const int joints[17] = {15, 15, 15, 15, 15, 16, 17, 18, 19, 20, 21, 1, 2, 4, 5, 7, 8};
    momui_motion *m = momui_motion_new(NULL, MOMUI_MOTION_KEYPOINTS, 17, body->frames, body->fps);
    assert_non_null(m);
    m->confidence = momui_alloc(NULL, (size_t)body->frames * 17, sizeof(float));
    for (int64_t i = 0; i < body->frames * 17; ++i) {
        const float *p = body->positions + ((i / 17) * MOMUI_BODY_JOINTS + joints[i % 17]) * 3;
        m->positions[2 * i] = 320.0f + 200.0f * p[0];
        m->positions[2 * i + 1] = 400.0f - 200.0f * p[1];
        m->confidence[i] = 1.0f;
    }
    for (int j = 0; j < 17; ++j)
        strcpy(m->skeleton.names[j], names[j]);
    return m;
}

static void positions2d_round_trip(void **state) {
    momui_motion *body = walker(100, 62.5, 0.2), *film17 = film(body), *back;
    momu_error error;
    momui_keypoints_start start;
    float *features;
    (void)state;
    assert_ok(momui_positions2d_encode(NULL, film17, &features, &start, &error));
    assert_true(start.torso > 80.0f && start.torso < 130.0f);
    double mean[2] = {0};
    for (int64_t t = 0; t < 100; ++t) /* mid-hip is around nothing; the neck is above it: y is up */
        for (int a = 0; a < 2; ++a)
            mean[a] += 0.005 * (double)(features[28 * t + 16 + a] + features[28 * t + 22 + a]);
    assert_near(mean[0], 0.0, 1e-4);
    assert_near(mean[1], 0.0, 1e-4);
    assert_true(features[3] > features[17]);
    float bones[13], long_bones[13];
    momui_positions2d_bones(features, 100, bones);
    for (int b = 0; b < 13; ++b)
        long_bones[b] = 10.0f; /* nothing is too long */
    assert_ok(momui_positions2d_decode(NULL, features, 100, &start, long_bones, &back, &error));
    const int coco_of[14] = {0, -1, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15};
    for (int64_t t = 0; t < 100; ++t)
        for (int j = 0; j < 14; ++j)
            for (int a = 0; a < 2 && coco_of[j] >= 0; ++a)
                assert_near(back->positions[(t * 14 + j) * 2 + a],
                            film17->positions[(t * 17 + coco_of[j]) * 2 + a], 0.01);
    momui_motion_free(back);
    /* a wrist thrown far away comes back to the bone's mean length */
    features[28 * 50 + 8] += 5.0f; /* right wrist */
    assert_ok(momui_positions2d_decode(NULL, features, 100, NULL, bones, &back, &error));
    const float *p = back->positions + 50 * 28;
    assert_near(hypot((double)p[8] - (double)p[6], (double)p[9] - (double)p[7]), bones[3], 1e-4);
    momui_motion_free(back);
    momui_free(features);
    momui_motion_free(film17);
    momui_motion_free(body);
}

static void missing_keypoints_lie_between_their_neighbours(void **state) {
    momui_motion *body = walker(20, 62.5, 0.2), *film17 = film(body);
    momu_error error;
    momui_keypoints_start start;
    float *whole, *gappy;
    (void)state;
    assert_ok(momui_positions2d_encode(NULL, film17, &whole, &start, &error));
    for (int t = 8; t < 11; ++t) { /* left wrist: COCO 9, ours 7 */
        film17->confidence[t * 17 + 9] = 0.0f;
        film17->positions[(t * 17 + 9) * 2] = NAN;
    }
    assert_ok(momui_positions2d_encode(NULL, film17, &gappy, &start, &error));
    for (int t = 8; t < 11; ++t)
        for (int a = 0; a < 2; ++a) {
            double from = (double)whole[28 * 7 + 14 + a], to = (double)whole[28 * 11 + 14 + a];
            assert_near(gappy[28 * t + 14 + a], from + (to - from) * (t - 7) / 4.0, 1e-5);
        }
    momui_free(gappy);
    for (int t = 0; t < 20; ++t)
        film17->confidence[t * 17 + 13] = 0.0f;
    assert_int_equal(momui_positions2d_encode(NULL, film17, &gappy, &start, &error),
                     MOMU_ERROR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "left_knee"));
    momui_free(whole);
    momui_motion_free(film17);
    momui_motion_free(body);
}

/* The camera stands where the dancer mostly faces: turned and moved on the ground, a dancer looks
 * the same but for the place in the picture. */
static void a_body_is_seen_from_its_front(void **state) {
    momui_motion *body = walker(60, 50.0, 0.2), *picture, *turned;
    momu_error error;
    (void)state;
    assert_ok(momui_body_project(NULL, body, &picture, &error));
    assert_int_equal(picture->kind, MOMUI_MOTION_KEYPOINTS);
    assert_int_equal(picture->skeleton.joints, 14);
    assert_int_equal(picture->frames, 60);
    assert_near(picture->fps, 50.0, 0.0);
    assert_string_equal(picture->skeleton.names[7], "left_wrist");
    const float *first = picture->positions;
    assert_true(first[2 * 5] - first[2 * 2] > 0.25f); /* the left shoulder is on the right */
    assert_true(first[2 * 1 + 1] <
                first[2 * 10 + 1] - 1.0f); /* y is down: the neck over an ankle */
    momui_quat half = momui_quat_about(momui_vec3_of(0, 1, 0), 2.2);
    for (int64_t t = 0; t < body->frames; ++t) {
        float *q = body->rotations + t * MOMUI_BODY_JOINTS * 4, *r = body->root + 3 * t;
        double x = (double)r[0], z = (double)r[2];
        momui_quat_store(momui_quat_multiply(half, momui_quat_load(q)), q);
        r[0] = (float)(cos(2.2) * x + sin(2.2) * z + 5.0);
        r[2] = (float)(cos(2.2) * z - sin(2.2) * x - 3.0);
    }
    assert_ok(momui_motion_update(body, &error));
    assert_ok(momui_body_project(NULL, body, &turned, &error));
    float away = turned->positions[0] - first[0];
    for (int64_t i = 0; i < 60 * 28; ++i)
        assert_near(turned->positions[i], first[i] + (i % 2 == 0 ? away : 0.0f), 1e-4);
    momui_motion *none = NULL;
    assert_int_equal(momui_body_project(NULL, picture, &none, &error), MOMU_ERROR_INTERNAL);
    assert_null(none);
    momui_motion_free(turned);
    momui_motion_free(picture);
    momui_motion_free(body);
}

static void directions2d_round_trip(void **state) {
    momui_motion *body = walker(40, 62.5, 0.2), *film17 = film(body), *back;
    momu_error error;
    momui_keypoints_start start;
    float *features, *points, *again, bones[13];
    (void)state;
    assert_ok(momui_positions2d_encode(NULL, film17, &points, &start, &error));
    assert_ok(momui_directions2d_encode(NULL, film17, &features, &start, &error));
    for (int64_t i = 0; i < 40 * 14; ++i)
        if (i % 14 < 13)
            assert_near(hypot((double)features[2 * i], (double)features[2 * i + 1]), 1.0, 1e-5);
    momui_positions2d_bones(points, 1,
                            bones); /* the first frame's own lengths give the first frame back */
    assert_ok(momui_directions2d_decode(NULL, features, 40, &start, bones, &back, &error));
    assert_ok(momui_directions2d_encode(NULL, back, &again, NULL, &error));
    for (int i = 0; i < 40 * 28; ++i)
        if (i % 28 < 26)
            assert_near(again[i], features[i], 1e-3);
    assert_near(back->positions[2 * 4], film17->positions[2 * 10], 0.02);
    assert_near(back->positions[2 * 4 + 1], film17->positions[2 * 10 + 1], 0.02);
    momui_free(again);
    momui_motion_free(back);
    momui_free(features);
    momui_free(points);
    momui_motion_free(film17);
    momui_motion_free(body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cameras_differ_and_lose_joints),
        cmocka_unit_test(body3d_round_trip),
        cmocka_unit_test(body3d_is_as_documented),
        cmocka_unit_test(headings_run_on_through_whole_turns),
        cmocka_unit_test(features_from_nowhere_are_refused),
        cmocka_unit_test(foot_lock_stops_sliding_and_stretches_nothing),
        cmocka_unit_test(feet_in_the_air_are_unchanged),
        cmocka_unit_test(positions2d_round_trip),
        cmocka_unit_test(missing_keypoints_lie_between_their_neighbours),
        cmocka_unit_test(a_body_is_seen_from_its_front),
        cmocka_unit_test(directions2d_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
