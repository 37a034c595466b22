/* io/bvh: dialects, units, round trips and refusals with their line. */
#include "io_support.h"

#include "io/bvh/bvh.h"
#include "motion/kinematics.h"
#include "motion/rotation.h"

static momui_motion *read_text(const char *text) {
    momu_error error = {0};
    momui_motion *motion = NULL;
    momui_bytes bytes = text_bytes(text, "dance.bvh");
    if (momui_bvh_read(NULL, &bytes, &motion, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return motion;
}

/* A root, an arm and its End Site; metres, since the foot says so. `order` names three channels. */
static const char *small_text(const char *order, const char *motion) {
    static char text[2048];
    snprintf(text, sizeof text,
             "HIERARCHY\nROOT hips\n{\n OFFSET 0 0 0\n CHANNELS 6 Xposition Yposition Zposition "
             "Zrotation Xrotation Yrotation\n JOINT left_foot\n {\n  OFFSET 0 -0.9 0\n  CHANNELS 3 "
             "%s\n  End Site\n  {\n   OFFSET 0 0 0.2\n  }\n }\n}\nMOTION\n%s",
             order, motion);
    return text;
}

#define ONE_FRAME "Frames: 1\nFrame Time: 0.016\n"

static void test_every_rotation_order(void **state) {
    (void)state;
    static const char *const AXES = "XYZ";
    for (int code = 0; code < 27; code++) {
        int axes[3] = {code / 9, code / 3 % 3, code % 3};
        if (axes[0] == axes[1] || axes[1] == axes[2] || axes[0] == axes[2])
            continue;
        char order[64];
        snprintf(order, sizeof order, "%crotation %crotation %crotation", AXES[axes[0]],
                 AXES[axes[1]], AXES[axes[2]]);
        momui_motion *motion = read_text(small_text(order, ONE_FRAME "0 1 0 0 0 0 30 -40 50\n"));
        double angles[3] = {30 * MOMUI_PI / 180, -40 * MOMUI_PI / 180, 50 * MOMUI_PI / 180};
        momui_euler_order as = {{(uint8_t)axes[0], (uint8_t)axes[1], (uint8_t)axes[2]}};
        momui_quat expected = momui_quat_from_euler(as, angles);
        momui_quat found = momui_quat_load(motion->rotations + 4);
        assert_near(momui_quat_angle(expected, found), 0, 1e-3);
        momui_vec3 tip = momui_quat_rotate(expected, momui_vec3_of(0, 0, 0.2));
        assert_near(motion->positions[6], tip.x, 1e-6);
        assert_near(motion->positions[7], tip.y + 0.1, 1e-6);
        assert_near(motion->positions[8], tip.z, 1e-6);
        momui_motion_free(motion);
    }
}

static void test_skeleton_and_clock(void **state) {
    (void)state;
    momui_motion *motion = read_text(small_text(
        "Yrotation Xrotation Zrotation",
        "Frames:\t2\nFrame Time: .0083333\n0 1 0 90 0 0 0 0 0\n\n0 2 0 -1e1 0 0 0 0 0\n"));
    assert_int_equal(motion->kind, MOMUI_MOTION_JOINTS);
    assert_int_equal(motion->skeleton.joints, 3);
    assert_int_equal(motion->frames, 2);
    assert_true(motion->fps == 120); /* what .0083333 means */
    assert_string_equal(motion->skeleton.names[2], "left_foot_end");
    assert_int_equal(motion->skeleton.parents[0], -1);
    assert_int_equal(motion->skeleton.parents[2], 1);
    assert_near(motion->skeleton.offsets[4], -0.9, 1e-7);
    /* Turned by 90 degrees about z, the leg points to +x. */
    assert_near(motion->positions[3], 0.9, 1e-6);
    assert_near(motion->positions[4], 1, 1e-6);
    assert_near(motion->root[4], 2, 1e-7);
    momui_motion_free(motion);
}

static void test_dialects(void **state) {
    (void)state;
    /* CRLF, tabs, a byte order mark, braces on the line, small letters, names with blanks and
     * colons. */
    momui_motion *motion = read_text(
        "\xEF\xBB\xBFhierarchy\r\nRoot mixamorig:Hips {\r\n\toffset\t0 90 0\r\n\tCHANNELS 6 "
        "XPOSITION YPOSITION "
        "ZPOSITION Yrotation Xrotation Zrotation\r\n\tJOINT Left Foot \r\n\t{\r\n\tOFFSET 0 -90 "
        "0\r\n"
        "\tCHANNELS 1 Xrotation\r\n\tEnd Site {\r\n\tOFFSET 0 0 10 } } }\r\nMOTION\r\nFrames: 1\r\n"
        "Frame Time: 0.04\r\n\t0 93 0 0 0 0 90\r\n");
    assert_string_equal(motion->skeleton.names[0], "mixamorig:Hips");
    assert_string_equal(motion->skeleton.names[1], "Left Foot");
    assert_true(motion->fps == 25);
    /* Position channels stand in place of the OFFSET; centimetres. */
    assert_near(motion->positions[1], 0.93, 1e-6);
    /* The toe turned by 90 degrees about x points down. */
    assert_near(motion->positions[7], 0.93 - 0.9 - 0.1, 1e-6);
    momui_motion_free(motion);
}

static void test_position_channels_of_any_joint(void **state) {
    (void)state;
    momui_motion *motion = read_text(
        small_text("Zposition Yposition Xposition", ONE_FRAME "0 1 0 0 0 0 0.3 -0.5 0.1\n"));
    assert_near(motion->positions[3], 0.1, 1e-6);
    assert_near(motion->positions[4], 0.5, 1e-6);
    assert_near(motion->positions[5], 0.3, 1e-6);
    momui_motion_free(motion);
}

static void test_a_root_that_only_carries_is_taken_in(void **state) {
    (void)state;
    momui_motion *motion =
        read_text("HIERARCHY ROOT reference { OFFSET 0 0 0 CHANNELS 6 Xposition Yposition "
                  "Zposition Zrotation Xrotation Yrotation\n"
                  "JOINT Hips\n{ OFFSET 0 1 0 CHANNELS 6 Xposition Yposition Zposition Zrotation "
                  "Xrotation Yrotation\n"
                  "JOINT LeftFoot\n{ OFFSET 0 -1 0 CHANNELS 3 Zrotation Xrotation Yrotation }\n"
                  "JOINT Head\n{ OFFSET 0 0.6 0 CHANNELS 3 Zrotation Xrotation Yrotation } } }\n"
                  "MOTION " ONE_FRAME "2 0 0 0 0 90 0 1 0.5 0 0 0 0 0 0 0 0 0\n");
    assert_int_equal(motion->skeleton.joints, 3);
    assert_string_equal(motion->skeleton.names[0], "Hips");
    assert_int_equal(motion->skeleton.parents[0], -1);
    assert_int_equal(motion->skeleton.parents[2], 0);
    assert_near(motion->root[0], 2.5, 1e-6); /* 0.5 along z, turned by 90 degrees about y */
    assert_near(momui_quat_angle(momui_quat_load(motion->rotations),
                                 momui_quat_about(momui_vec3_of(0, 1, 0), MOMUI_PI / 2)),
                0, 1e-3);
    momui_motion_free(motion);
}

static void test_units(void **state) {
    (void)state;
    /* A leg of 0.94 m in metres, centimetres, inches, CMU's units and millimetres; and of no usual
     * unit. */
    static const double UNITS[] = {1, 0.01, 0.0254, 0.0254 / 0.45, 0.001};
    char text[1024];
    for (size_t i = 0; i < 5; i++) {
        snprintf(text, sizeof text,
                 "HIERARCHY\nROOT h\n{\nOFFSET 0 0 0\nCHANNELS 3 Xposition Yposition Zposition\n"
                 "JOINT RightAnkle\n{\nOFFSET 0 %.6f 0\nCHANNELS 0\n}\n}\nMOTION\n" ONE_FRAME
                 "%.6f 0 0\n",
                 -0.94 / UNITS[i], 2 / UNITS[i]);
        momui_motion *motion = read_text(text);
        assert_near(motion->positions[0], 2, 1e-5);
        assert_near(motion->positions[4], -0.94, 1e-5);
        momui_motion_free(motion);
    }
    momui_motion *odd = read_text("HIERARCHY\nROOT h\n{\nOFFSET 0 0 0\nCHANNELS 3 Xposition "
                                  "Yposition Zposition\nJOINT l_ankle\n{\n"
                                  "OFFSET 0 -5 0\nCHANNELS 0\n}\n}\nMOTION\n" ONE_FRAME "10 0 0\n");
    assert_near(odd->positions[0], 10 * 0.94 / 5, 1e-5);
    momui_motion_free(odd);
}

/* A branching skeleton that turns more than once and passes gimbal lock. */
static momui_motion *branching(int64_t frames) {
    static const char *const NAMES[] = {"hips",          "left_knee", "left_foot",
                                        "left_foot_end", "spine",     "head"};
    static const int32_t PARENTS[] = {-1, 0, 1, 2, 0, 4};
    static const float OFFSETS[] = {0, 0, 0,    .1f, -.45f, 0, 0, -.45f, 0,
                                    0, 0, .15f, 0,   .4f,   0, 0, .2f,   .05f};
    momui_motion *motion = momui_motion_new(NULL, MOMUI_MOTION_JOINTS, 6, frames, 62.5);
    momu_error error = {0};
    for (int j = 0; j < 6; j++)
        snprintf(motion->skeleton.names[j], 64, "%s", NAMES[j]);
    memcpy(motion->skeleton.parents, PARENTS, sizeof PARENTS);
    memcpy(motion->skeleton.offsets, OFFSETS, sizeof OFFSETS);
    for (int64_t f = 0; f < frames; f++) {
        double t = (double)f / 62.5;
        motion->root[3 * f] = (float)sin(t);
        motion->root[3 * f + 1] = 0.95f;
        motion->root[3 * f + 2] = (float)(t * t);
        for (int j = 0; j < 6; j++) {
            if (j == 3)
                continue; /* an End Site does not turn */
            double angles[3] = {1.7 * sin(2 * t + j), 1.7 * sin(3 * t), 4 * t};
            momui_quat_store(momui_quat_from_euler((momui_euler_order){{1, 0, 2}}, angles),
                             motion->rotations + 4 * (6 * f + j));
        }
    }
    assert_int_equal(momui_motion_update(motion, &error), MOMU_OK);
    return motion;
}

static momui_motion *there_and_back(const momui_motion *motion, momui_writer *out) {
    momu_error error = {0};
    momui_motion *back = NULL;
    momui_writer_init(out, NULL);
    assert_int_equal(momui_bvh_write(motion, NULL, out, &error), MOMU_OK);
    momui_bytes bytes;
    momui_bytes_from_memory(out->data, out->size, &bytes);
    if (momui_bvh_read(NULL, &bytes, &back, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return back;
}

static void test_round_trip(void **state) {
    (void)state;
    comma_locale();
    momui_writer out, again;
    momui_motion *motion = branching(200), *back = there_and_back(motion, &out);
    assert_int_equal(back->frames, 200);
    assert_true(back->fps == 62.5);
    /* The head, a tip, has gained an End Site. */
    assert_int_equal(back->skeleton.joints, 7);
    for (int32_t j = 0; j < 6; j++) {
        assert_string_equal(back->skeleton.names[j], motion->skeleton.names[j]);
        assert_int_equal(back->skeleton.parents[j], motion->skeleton.parents[j]);
        for (int i = 0; i < 3; i++)
            assert_near(back->skeleton.offsets[3 * j + i], motion->skeleton.offsets[3 * j + i],
                        1e-6);
    }
    assert_string_equal(back->skeleton.names[6], "head_end");
    for (int64_t f = 0; f < 200; f++)
        for (int64_t j = 0; j < 6; j++)
            for (int i = 0; i < 3; i++)
                assert_near(back->positions[3 * (7 * f + j) + i],
                            motion->positions[3 * (6 * f + j) + i], 2e-6);
    /* A second time nothing is gained. */
    momui_motion *third = there_and_back(back, &again);
    assert_int_equal(third->skeleton.joints, 7);
    for (size_t i = 0; i < 200 * 7 * 3; i++)
        assert_near(third->positions[i], back->positions[i], 2e-6);
    momui_motion_free(motion);
    momui_motion_free(back);
    momui_motion_free(third);
    momui_writer_release(&out);
    momui_writer_release(&again);
    setlocale(LC_ALL, "C");
}

static void test_written_angles_have_no_jumps(void **state) {
    (void)state;
    momu_error error = {0};
    momui_writer out;
    momui_motion *motion = branching(400);
    momui_writer_init(&out, NULL);
    assert_int_equal(momui_bvh_write(motion, NULL, &out, &error), MOMU_OK);
    momui_write(&out, "", 1);
    assert_null(strchr((char *)out.data, ','));
    assert_non_null(strstr((char *)out.data, "Frame Time: 0.016000000000\n"));
    assert_non_null(
        strstr((char *)out.data,
               "CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation\n"));
    /* Columns: 3 positions, then 3 angles for each of five joints. */
    char *line = strstr((char *)out.data, "Frame Time:");
    double before[18] = {0};
    for (int f = 0; f < 400; f++) {
        line = strchr(line, '\n') + 1;
        char *at = line;
        for (int c = 0; c < 18; c++) {
            double value = strtod(at, &at);
            if (f > 0 && c >= 3 && fabs(value - before[c]) > 120)
                fail_msg("frame %d, column %d: from %g to %g degrees", f, c, before[c], value);
            before[c] = value;
        }
        assert_int_equal(*at, '\n');
    }
    momui_motion_free(motion);
    momui_writer_release(&out);
}

static void test_names_cannot_break_the_file(void **state) {
    (void)state;
    momui_writer out;
    momui_motion *motion = branching(2);
    snprintf(motion->skeleton.names[1], 64, "a}\nJOINT {evil ");
    motion->skeleton.names[4][0] = '\0';
    momui_motion *back = there_and_back(motion, &out);
    assert_string_equal(back->skeleton.names[1], "a_?JOINT _evil_");
    assert_string_equal(back->skeleton.names[4], "joint4");
    momui_motion_free(motion);
    momui_motion_free(back);
    momui_writer_release(&out);
}

static void test_keypoints_are_not_written(void **state) {
    (void)state;
    momu_error error = {0};
    momui_writer out;
    momui_motion *points = momui_motion_new(NULL, MOMUI_MOTION_KEYPOINTS, 17, 3, 30);
    momui_writer_init(&out, NULL);
    assert_int_equal(momui_bvh_write(points, NULL, &out, &error), MOMU_ERROR_UNSUPPORTED);
    momui_motion_free(points);
    momui_writer_release(&out);
}

#define HEAD "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 3 Xposition Yposition Zposition\n"

static void test_refusals_name_the_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *words;
        int status;
    } CASES[] = {
        {"", "bad.bvh:1: no BVH file: expected HIERARCHY, found \"the end", MOMU_ERROR_FORMAT},
        {"\nMOTION", "bad.bvh:2: no BVH file: expected HIERARCHY, found \"MOTION\"",
         MOMU_ERROR_FORMAT},
        {"HIERARCHY\nJOINT a\n", "bad.bvh:2: expected ROOT, found \"JOINT\"", MOMU_ERROR_FORMAT},
        {"HIERARCHY\nROOT a\nOFFSET",
         "bad.bvh:3: expected { behind the joint's name, found \"OFFSET\"", MOMU_ERROR_FORMAT},
        {"HIERARCHY\nROOT\n{", "bad.bvh:2: a joint without a name", MOMU_ERROR_FORMAT},
        {HEAD "}\nROOT b\n{\nOFFSET 0 0 0\n}\nMOTION\n", "bad.bvh:7: a second ROOT",
         MOMU_ERROR_UNSUPPORTED},
        {"HIERARCHY\nROOT a\n{\nOFFSET 0 zero 0\n",
         "bad.bvh:4: OFFSET: expected a number, found \"zero\"", MOMU_ERROR_FORMAT},
        {"HIERARCHY\nROOT a\n{\nOFFSET 0 nan 0\n", "bad.bvh:4: OFFSET: \"nan\" is not finite",
         MOMU_ERROR_NUMERIC},
        {"HIERARCHY\nROOT a\n{\nOFFSET 0 1e8 0\n", "bad.bvh:4: OFFSET: \"1e8\" is beyond",
         MOMU_ERROR_LIMIT},
        {"HIERARCHY\nROOT a\n{\nOFFSET 0 0\n",
         "bad.bvh:5: OFFSET: expected a number, found \"the end of the file\"", MOMU_ERROR_FORMAT},
        {"HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nOFFSET 0 0 0\n",
         "bad.bvh:5: joint \"a\": OFFSET appears twice", MOMU_ERROR_FORMAT},
        {"HIERARCHY\nROOT a\n{\nCHANNELS 3 Xrotation Yrotation Xrotation\n",
         "bad.bvh:4: joint \"a\": Xrotation appears twice", MOMU_ERROR_FORMAT},
        {"HIERARCHY\nROOT a\n{\nCHANNELS 1 Wrotation\n",
         "bad.bvh:4: joint \"a\": expected a channel such as Xrotation, found \"Wrotation\"",
         MOMU_ERROR_FORMAT},
        {"HIERARCHY\nROOT a\n{\nCHANNELS 7\n",
         "bad.bvh:4: joint \"a\": \"7\" channels, expected 0 to 6", MOMU_ERROR_FORMAT},
        {"HIERARCHY\nROOT a\n{\nCHANNELS 0\n}\n", "bad.bvh:5: joint \"a\" has no OFFSET",
         MOMU_ERROR_FORMAT},
        {HEAD "End Spot\n", "bad.bvh:6: expected \"End Site\"", MOMU_ERROR_FORMAT},
        {HEAD "End Site\n{\nOFFSET 0 0 0\nCHANNELS 3",
         "bad.bvh:9: joint \"a_end\": CHANNELS where none belong", MOMU_ERROR_FORMAT},
        {HEAD "MOTION\n",
         "bad.bvh:6: expected OFFSET, CHANNELS, JOINT, End Site or }, found \"MOTION\"",
         MOMU_ERROR_FORMAT},
        {HEAD "}\n", "cut short: the file ends before MOTION", MOMU_ERROR_FORMAT},
        {HEAD "}\nMOTION\nFrame Time: 1\n", "bad.bvh:8: expected \"Frames:\"", MOMU_ERROR_FORMAT},
        {HEAD "}\nMOTION\nFrames: 0\n", "bad.bvh:8: \"Frames: 0\": expected a whole number",
         MOMU_ERROR_LIMIT},
        {HEAD "}\nMOTION\nFrames: 1.5\n", "\"Frames: 1.5\"", MOMU_ERROR_LIMIT},
        {HEAD "}\nMOTION\nFrames: 9999999\n",
         "\"Frames: 9999999\": expected a whole number, 1 to 4194304", MOMU_ERROR_LIMIT},
        {HEAD "}\nMOTION\nFrames: 1\nFrame Time: 0\n0 0 0",
         "bad.bvh:9: \"Frame Time: 0\": expected 0.001 to 1 second", MOMU_ERROR_FORMAT},
        {HEAD "}\nMOTION\nFrames: 1\nFrame Time: -1\n0 0 0", "\"Frame Time: -1\"",
         MOMU_ERROR_FORMAT},
        {HEAD "}\nMOTION\nFrames: 1\nFrame Time: inf\n0 0 0",
         "bad.bvh:9: Frame Time: \"inf\" is not finite", MOMU_ERROR_NUMERIC},
        {HEAD "}\nMOTION\n" ONE_FRAME "0 0\n 0 0 0",
         "bad.bvh:10: only 2 values in this frame, expected 3", MOMU_ERROR_FORMAT},
        {HEAD "}\nMOTION\n" ONE_FRAME "0 0 0 0\n",
         "bad.bvh:10: more than 3 values in this frame, expected 3", MOMU_ERROR_FORMAT},
        {HEAD "}\nMOTION\n" ONE_FRAME "0 inf 0\n",
         "bad.bvh:10: a channel's value: \"inf\" is not finite", MOMU_ERROR_NUMERIC},
        {HEAD "}\nMOTION\n" ONE_FRAME "0 x 0\n",
         "bad.bvh:10: a channel's value: expected a number, found \"x\"", MOMU_ERROR_FORMAT},
        {HEAD "}\nMOTION\nFrames: 2\nFrame Time: 0.1\n0.00000000000 0 0\n",
         "cut short: the file ends after 1 of 2 frames", MOMU_ERROR_FORMAT},
        {HEAD "}\nMOTION\nFrames: 1000\nFrame Time: 0.1\n0 0 0\n",
         "cut short: 1000 frames of 3 values do not fit into", MOMU_ERROR_FORMAT},
        {HEAD "}\nMOTION\n" ONE_FRAME "0 0 0\n0 0 0\n", "bad.bvh:11: more text behind the 1 frames",
         MOMU_ERROR_FORMAT},
        {"HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\n}\nMOTION\n" ONE_FRAME "\n", "no joint has channels",
         MOMU_ERROR_FORMAT},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        momu_error error = {0};
        momui_motion *motion = NULL;
        momui_bytes bytes = text_bytes(CASES[i].text, "bad.bvh");
        if (momui_bvh_read(NULL, &bytes, &motion, &error) == MOMU_OK)
            fail_msg("accepted: %s", CASES[i].text);
        assert_null(motion);
        ASSERT_SENTENCE(&error, CASES[i].status, "bad.bvh:", CASES[i].words);
    }
}

static void test_too_many_joints(void **state) {
    (void)state;
    momu_error error = {0};
    momui_motion *motion = NULL;
    char *text = malloc(40000), *at = text;
    at += sprintf(at, "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\n");
    for (int i = 0; i < MOMUI_MAX_JOINTS; i++)
        at += sprintf(at, "JOINT j%d\n{\nOFFSET 0 1 0\n", i);
    momui_bytes bytes = text_bytes(text, "deep.bvh");
    assert_int_equal(momui_bvh_read(NULL, &bytes, &motion, &error), MOMU_ERROR_LIMIT);
    ASSERT_SENTENCE(&error, MOMU_ERROR_LIMIT, "deep.bvh:1538: more than 512 joints");
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_rotation_order),
        cmocka_unit_test(test_skeleton_and_clock),
        cmocka_unit_test(test_dialects),
        cmocka_unit_test(test_position_channels_of_any_joint),
        cmocka_unit_test(test_a_root_that_only_carries_is_taken_in),
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_written_angles_have_no_jumps),
        cmocka_unit_test(test_names_cannot_break_the_file),
        cmocka_unit_test(test_keypoints_are_not_written),
        cmocka_unit_test(test_refusals_name_the_line),
        cmocka_unit_test(test_too_many_joints),
    };
    return cmocka_run_group_tests_name("bvh", tests, NULL, NULL);
}
