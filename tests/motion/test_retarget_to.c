/* Retargeting to characters. */
#include "motion/body.h"
#include "motion/retarget_to.h"
#include "motions.h"

enum { FRAMES = 120 };

/* The canonical skeleton, all of it `size` times as large and the shins `shin` times more. */
static momui_motion *character_of(double size, double shin) {
    momui_motion *character = momui_body_new(NULL, 1, 30);
    assert_non_null(character);
    for (int i = 0; i < 3 * MOMUI_BODY_JOINTS; ++i) {
        int joint = i / 3;
        bool is_shin = joint == MOMUI_LEFT_ANKLE || joint == MOMUI_RIGHT_ANKLE;
        character->skeleton.offsets[i] *= (float)(is_shin ? size * shin : size);
    }
    return character;
}

static momui_motion *standing_walker(void) {
    momui_motion *body = walker(FRAMES, 60, 0.5), *grounded = NULL;
    momu_error error;
    assert_ok(momui_body_from_motion(NULL, body, &grounded, NULL, &error));
    momui_motion_free(body);
    return grounded;
}

static void the_same_character_gets_the_same_motion(void **state) {
    (void)state;
    momui_motion *body = standing_walker(), *out = NULL;
    momu_error error;
    assert_ok(momui_retarget_to(NULL, body, &body->skeleton, &out, &error));
    assert_near(farthest(body, out), 0, 1e-4);
    momui_motion_free(out);
    momui_motion_free(body);
}

static void a_larger_character_takes_larger_steps(void **state) {
    (void)state;
    momui_motion *body = standing_walker(), *character = character_of(1.5, 1), *out = NULL;
    momu_error error;
    assert_ok(momui_retarget_to(NULL, body, &character->skeleton, &out, &error));
    for (int64_t i = 0; i < 3 * FRAMES * MOMUI_BODY_JOINTS; ++i)
        assert_near(out->positions[i], 1.5 * (double)body->positions[i], 1e-3);
    momui_motion_free(out);
    momui_motion_free(character);
    momui_motion_free(body);
}

static void feet_that_stand_go_on_standing_on_other_legs(void **state) {
    (void)state;
    momui_motion *body = standing_walker(), *character = character_of(1, 1.3), *out = NULL;
    momu_error error;
    assert_ok(momui_retarget_to(NULL, body, &character->skeleton, &out, &error));
    double scale = (0.41 + 1.3 * 0.41) / 0.82;
    for (int64_t t = 0; t < FRAMES; ++t)
        for (int side = 0; side < 2; ++side) {
            int64_t at =
                3 * (t * MOMUI_BODY_JOINTS + (side ? MOMUI_RIGHT_ANKLE : MOMUI_LEFT_ANKLE));
            assert_near(out->positions[at], scale * (double)body->positions[at], 5e-3);
            assert_near(out->positions[at + 2], scale * (double)body->positions[at + 2], 5e-3);
        }
    for (int j = 1; j < MOMUI_BODY_JOINTS; ++j) { /* bones are its own */
        const float *p = out->positions + 3 * j;
        const float *q = out->positions + 3 * momui_body_parents[j];
        momui_vec3 bone = momui_vec3_subtract(momui_vec3_load(p), momui_vec3_load(q));
        momui_vec3 own = momui_vec3_load(character->skeleton.offsets + 3 * j);
        assert_near(momui_vec3_length(bone), momui_vec3_length(own), 1e-5);
    }
    momui_motion_free(out);
    momui_motion_free(character);
    momui_motion_free(body);
}

static void joints_without_a_role_keep_their_rest_pose(void **state) {
    (void)state;
    momui_motion *body = standing_walker(), *out = NULL;
    momui_motion *character =
        momui_motion_new(NULL, MOMUI_MOTION_JOINTS, MOMUI_BODY_JOINTS + 2, 1, 30);
    momu_error error;
    assert_non_null(character);
    /* a carrier above the pelvis, a tail behind it */
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) {
        strcpy(character->skeleton.names[j + 1], momui_body_names[j]);
        character->skeleton.parents[j + 1] = momui_body_parents[j] + 1;
        memcpy(character->skeleton.offsets + 3 * (j + 1), momui_body_offsets[j], 3 * sizeof(float));
    }
    strcpy(character->skeleton.names[0], "reference");
    strcpy(character->skeleton.names[MOMUI_BODY_JOINTS + 1], "tail");
    character->skeleton.parents[MOMUI_BODY_JOINTS + 1] = 1;
    character->skeleton.offsets[3 * (MOMUI_BODY_JOINTS + 1) + 2] = -0.3f;
    assert_ok(momui_retarget_to(NULL, body, &character->skeleton, &out, &error));
    for (int64_t t = 0; t < FRAMES; ++t) {
        const float *tail = out->rotations + 4 * (t * (MOMUI_BODY_JOINTS + 2) + 23);
        assert_near(tail[0], 1, 1e-6);
        for (int i = 0; i < 3 * MOMUI_BODY_JOINTS; ++i)
            assert_near(out->positions[t * 3 * (MOMUI_BODY_JOINTS + 2) + 3 + i],
                        body->positions[t * 3 * MOMUI_BODY_JOINTS + i], 1e-4);
    }
    momui_motion_free(out);
    momui_motion_free(character);
    momui_motion_free(body);
}

static void characters_without_a_usable_rest_pose_are_refused(void **state) {
    (void)state;
    momui_motion *body = standing_walker(), *character = character_of(1, 1), *out = NULL;
    momu_error error = {0};
    strcpy(character->skeleton.names[MOMUI_LEFT_KNEE], "wheel");
    assert_int_equal(momui_retarget_to(NULL, body, &character->skeleton, &out, &error),
                     MOMU_ERROR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "left_knee"));
    assert_null(out);
    strcpy(character->skeleton.names[MOMUI_LEFT_KNEE], "left_knee");
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) { /* it lies on its back */
        float *o = character->skeleton.offsets + 3 * j, y = o[1];
        o[1] = -o[2];
        o[2] = y;
    }
    assert_int_equal(momui_retarget_to(NULL, body, &character->skeleton, &out, &error),
                     MOMU_ERROR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "upright"));
    assert_null(out);
    momui_motion_free(character);
    momui_motion_free(body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_character_gets_the_same_motion),
        cmocka_unit_test(a_larger_character_takes_larger_steps),
        cmocka_unit_test(feet_that_stand_go_on_standing_on_other_legs),
        cmocka_unit_test(joints_without_a_role_keep_their_rest_pose),
        cmocka_unit_test(characters_without_a_usable_rest_pose_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
