/* Every animation of the two humanoid rigs in the test data, all the way. Skipped without the data.
 */
#include "io/motion_file.h"
#include "motion/body.h"
#include "motion/clock.h"
#include "motion/contacts.h"
#include "motion/layout.h"
#include "motions.h"
#include <stdio.h>
#include <stdlib.h>

/* Left is on the left of the way the body faces, and the spine is above the pelvis in most frames.
 */
static void assert_stands_as_a_person(const momui_motion *body, const char *take) {
    int64_t upright = 0, handed = 0;
    for (int64_t t = 0; t < body->frames; ++t) {
        const float *p = body->positions + t * MOMUI_BODY_JOINTS * 3;
        momui_quat pelvis = momui_quat_load(body->rotations + t * MOMUI_BODY_JOINTS * 4);
        momui_vec3 across = momui_vec3_subtract(momui_vec3_load(p + 3 * MOMUI_LEFT_SHOULDER),
                                                momui_vec3_load(p + 3 * MOMUI_RIGHT_SHOULDER));
        momui_vec3 left = momui_quat_rotate(pelvis, momui_vec3_of(1, 0, 0));
        handed += momui_vec3_dot(across, left) > 0.0;
        upright += p[3 * MOMUI_HEAD + 1] > p[1];
    }
    if (handed < body->frames)
        print_error("%s: shoulders the wrong way round\n", take);
    assert_int_equal(handed, body->frames);
    if (strstr(take, "Dance") || strstr(take, "Walk") || strstr(take, "Idle"))
        assert_true(upright * 10 >= body->frames * 9);
}

static void assert_goes_round(const char *path, const char *take, double *slip) {
    momui_motion *source, *body, *clocked, *back;
    momu_error error;
    uint32_t missing;
    float *features;
    momui_body3d_start start;
    double ground;
    uint8_t *contacts;
    assert_ok(momui_motion_read(NULL, path, take, &source, &error));
    assert_ok(momui_body_from_motion(NULL, source, &body, &missing, &error));
    assert_int_equal(missing, 0);
    assert_stands_as_a_person(body, take);
    int64_t frames = momui_motion_frames_at(body, MOMUI_MOTION_RATE);
    assert_ok(momui_motion_resample(NULL, body, MOMUI_MOTION_RATE, 0.5 / MOMUI_MOTION_RATE,
                                    frames > 0 ? frames : 1, &clocked, &error));
    assert_ok(momui_body3d_encode(NULL, clocked, &features, &start, &error));
    assert_ok(
        momui_body3d_decode(NULL, features, clocked->frames, &start, false, &back, NULL, &error));
    assert_true(farthest(clocked, back) < 1e-4);
    assert_ok(momui_body_ground(NULL, clocked, &ground, &error));
    assert_ok(momui_contacts_detect(NULL, clocked, ground, &contacts, &error));
    slip[0] += momui_contact_slip(back, contacts);
    momui_motion_free(back);
    assert_ok(
        momui_body3d_decode(NULL, features, clocked->frames, &start, true, &back, NULL, &error));
    slip[1] += momui_contact_slip(back, contacts);
    momui_free(contacts);
    momui_motion_free(back);
    momui_motion_free(clocked);
    momui_motion_free(body);
    momui_motion_free(source);
    momui_free(features);
}

static void both_rigs_go_round(void **state) {
    static const char *const files[2] = {"human-addon-animations.glb", "human-base-animations.glb"};
    const char *data = getenv("MOMU_TEST_DATA");
    (void)state;
    for (int f = 0; f < 2; ++f) {
        char path[1024], (*names)[64];
        double slip[2] = {0.0, 0.0};
        size_t count;
        momu_error error;
        snprintf(path, sizeof path, "%s/loops/%s", data ? data : "", files[f]);
        FILE *there = data ? fopen(path, "rb") : NULL;
        if (!there)
            skip();
        fclose(there);
        assert_ok(momui_motion_takes(NULL, path, &names, &count, &error));
        assert_true(count >= 37);
        for (size_t i = 0; i < count; ++i)
            assert_goes_round(path, names[i], slip);
        assert_true(slip[1] < 0.1 * slip[0]);
        momui_free(names);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(both_rigs_go_round)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
