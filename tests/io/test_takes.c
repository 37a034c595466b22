/* Real files, when they are there: CMU's BVH takes and two GLB characters. People stand upright on
 * the ground and face the viewer. */
#include "io_support.h"

#include "base/extremes.h"
#include "io/motion_file.h"

static momui_motion *read_take(const char *path, const char *take) {
    momu_error error = {0};
    momui_motion *motion = NULL;
    if (momui_motion_read(NULL, path, take, &motion, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return motion;
}

static const float *place(const momui_motion *motion, int64_t frame, const char *name) {
    int32_t joint = momui_skeleton_find(&motion->skeleton, name);
    if (joint < 0)
        fail_msg("no joint %s", name);
    return motion->positions + 3 * (frame * motion->skeleton.joints + joint);
}

/* Height of the lowest joint over all frames from `first`, and of the lowest one in the middlemost
 * frame. */
static void lowest(const momui_motion *motion, int64_t first, double *ever, double *typical) {
    int64_t joints = motion->skeleton.joints;
    double sum = 0;
    *ever = INFINITY;
    for (int64_t f = first; f < motion->frames; f++) {
        double low = INFINITY;
        for (int64_t j = 0; j < joints; j++)
            low = momui_min(low, motion->positions[3 * (f * joints + j) + 1]);
        *ever = momui_min(*ever, low);
        sum += low;
    }
    *typical = sum / (double)(motion->frames - first);
}

static void assert_stands(const momui_motion *motion, int64_t first, const char *hips,
                          const char *head) {
    double ever = 0, typical = 0;
    lowest(motion, first, &ever, &typical);
    if (!(ever > -0.1 && typical < 0.2))
        fail_msg("feet at %g, typically %g", ever, typical);
    for (int64_t f = first; f < motion->frames; f++) {
        double body = place(motion, f, head)[1] - place(motion, f, hips)[1];
        if (!(body > 0.25 && body < 0.8))
            fail_msg("frame %lld: the head is %g above the hips", (long long)f, body);
    }
}

static void assert_faces_front(const momui_motion *motion, int64_t frame, const char *left_hand,
                               const char *right_hand, const char *ankle, const char *toe) {
    assert_true(place(motion, frame, left_hand)[0] > 0.4 + place(motion, frame, right_hand)[0]);
    assert_true(place(motion, frame, toe)[2] > 0.05 + place(motion, frame, ankle)[2]);
}

/* One file out of an archive, unpacked into the test's own folder; NULL when that is not possible.
 */
static const char *cmu_take(const char *archive, const char *name) {
    char command[9000];
    const char *from = test_file("MOMU_TEST_DATA", "cmu/", archive);
    if (!from)
        return NULL;
    snprintf(command, sizeof command, "tar -xJf '%s' -C '%s' --wildcards '*%s' 2>/dev/null", from,
             scratch_path("."), name);
    if (system(command) != 0)
        return NULL;
    const char *path = scratch_path(name);
    return access(path, R_OK) == 0 ? path : NULL;
}

static void test_cmu_dance(void **state) {
    (void)state;
    const char *path = cmu_take("cmu_05_modern_dance.tar.xz", "05_01.bvh");
    if (!path)
        skip();
    momui_motion *motion = read_take(path, NULL);
    assert_int_equal(motion->skeleton.joints, 38);
    assert_int_equal(motion->frames, 599);
    assert_true(motion->fps == 120);
    assert_stands(motion, 1, "Hips", "Head");
    /* The first frame is a T-pose. */
    assert_faces_front(motion, 0, "LeftHand", "RightHand", "LeftFoot", "LeftToeBase");
    /* 14.5 units of thigh and shin are 0.82 m. */
    const float *hip = place(motion, 0, "LeftUpLeg"), *foot = place(motion, 0, "LeftFoot");
    assert_near(hypot(hypot(hip[0] - foot[0], hip[1] - foot[1]), hip[2] - foot[2]), 0.82, 0.01);
    momui_motion_free(motion);
}

static void test_cmu_walk(void **state) {
    (void)state;
    const char *path = cmu_take("cmu_02_07_09_everyday.tar.xz", "07_12.bvh");
    if (!path)
        skip();
    momui_motion *motion = read_take(path, "07_12");
    assert_int_equal(motion->skeleton.joints, 38);
    assert_int_equal(motion->frames, 264);
    assert_stands(motion, 2, "Hips", "Head");
    for (int64_t f = 0; f < 2; f++)
        assert_faces_front(motion, f, "LeftHand", "RightHand", "LeftFoot", "LeftToeBase");
    momui_motion_free(motion);
}

static void test_glb_base_character(void **state) {
    (void)state;
    const char *path = test_file("MOMU_TEST_DATA", "loops/", "human-base-animations.glb");
    if (!path)
        skip();
    momu_error error = {0};
    char(*names)[64] = NULL;
    size_t count = 0;
    assert_int_equal(momui_motion_takes(NULL, path, &names, &count, &error), MOMU_OK);
    assert_int_equal(count, 50);
    assert_string_equal(names[0], "A_TPose");
    assert_string_equal(names[3], "Dance_Loop");
    for (size_t i = 0; i < count; i++) {
        momui_motion *motion = read_take(path, names[i]);
        assert_int_equal(motion->skeleton.joints, 52);
        assert_string_equal(motion->skeleton.names[0], "DEF-hips");
        momui_motion_free(motion);
    }
    momui_free(names);
    momui_motion *pose = read_take(path, "T-Pose");
    assert_stands(pose, 0, "DEF-hips", "DEF-head");
    assert_faces_front(pose, 0, "DEF-hand.L", "DEF-hand.R", "DEF-foot.L", "DEF-toe.L");
    momui_motion_free(pose);
    static const char *const TAKES[] = {"Dance_Loop", "Walk_Loop", "Jog_Fwd_Loop"};
    static const double SECONDS[] = {1, 4.0 / 3, 0};
    for (int i = 0; i < 3; i++) {
        momui_motion *motion = read_take(path, TAKES[i]);
        assert_stands(motion, 0, "DEF-hips", "DEF-head");
        assert_near(motion->fps, 24, 1e-3);
        if (SECONDS[i] > 0)
            assert_near((double)(motion->frames - 1) / motion->fps, SECONDS[i], 1e-3);
        momui_motion_free(motion);
    }
}

static void test_glb_dances(void **state) {
    (void)state;
    const char *path = test_file("MOMU_TEST_DATA", "loops/", "human-addon-animations.glb");
    if (!path)
        skip();
    static const char *const TAKES[] = {"Dance Charleston", "Dance Body Roll", "Dance Reach Hip",
                                        "Jumping Jacks"};
    for (size_t i = 0; i < 4; i++) {
        momui_motion *motion = read_take(path, TAKES[i]);
        assert_int_equal(motion->skeleton.joints, 65);
        assert_string_equal(motion->skeleton.names[0], "pelvis");
        assert_stands(motion, 0, "pelvis", "head");
        momui_motion_free(motion);
    }
    /* In jumping jacks the hands go from the thighs to above the head. */
    momui_motion *jacks = read_take(path, "Jumping Jacks");
    double least = INFINITY, most = -INFINITY;
    for (int64_t f = 0; f < jacks->frames; f++) {
        double hand = place(jacks, f, "hand_l")[1] - place(jacks, f, "head")[1];
        least = momui_min(least, hand);
        most = momui_max(most, hand);
    }
    assert_true(least < -0.5 && most > 0.2);
    momui_motion_free(jacks);
}

static void test_what_no_reader_knows(void **state) {
    (void)state;
    momu_error error = {0};
    momui_motion *motion = NULL;
    const char *path = scratch_path("dance.bvh");
    assert_int_equal(momui_write_file(path, "dance dance dance", 17, &error), MOMU_OK);
    assert_int_equal(momui_motion_read(NULL, path, NULL, &motion, &error), MOMU_ERROR_FORMAT);
    ASSERT_SENTENCE(
        &error, MOMU_ERROR_FORMAT,
        "dance.bvh: its content is of no known format: a BVH file begins with HIERARCHY");
    assert_int_equal(momui_motion_read(NULL, scratch_path("absent.glb"), NULL, &motion, &error),
                     MOMU_ERROR_NOT_FOUND);
    ASSERT_SENTENCE(&error, MOMU_ERROR_NOT_FOUND, "absent.glb");
    motion = momui_motion_new(NULL, MOMUI_MOTION_POSITIONS, 1, 1, 30);
    assert_int_equal(momui_motion_write(motion, scratch_path("a.fbx"), NULL, &error),
                     MOMU_ERROR_UNSUPPORTED);
    ASSERT_SENTENCE(&error, MOMU_ERROR_UNSUPPORTED,
                    "a.fbx: motion is written as .bvh, .glb or .npz");
    assert_int_equal(momui_motion_write(motion, scratch_path("a.bvh"), NULL, &error),
                     MOMU_ERROR_UNSUPPORTED);
    ASSERT_SENTENCE(&error, MOMU_ERROR_UNSUPPORTED, "a.bvh: BVH holds joint rotations");
    assert_int_not_equal(access(scratch_path("a.bvh"), F_OK), 0);
    momui_motion_free(motion);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cmu_dance),
        cmocka_unit_test(test_cmu_walk),
        cmocka_unit_test(test_glb_base_character),
        cmocka_unit_test(test_glb_dances),
        cmocka_unit_test(test_what_no_reader_knows),
    };
    return cmocka_run_group_tests_name("takes", tests, NULL, NULL);
}
