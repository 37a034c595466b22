/* Rotations in all their forms, kinematics and names. */
#include "base/random.h"
#include "motion/joint_names.h"
#include "motions.h"

static momui_quat random_rotation(momui_random *random) {
    momui_quat q = {momui_random_normal(random), momui_random_normal(random),
                    momui_random_normal(random), momui_random_normal(random)};
    return momui_quat_unit(q);
}

static void quaternions_and_matrices_agree(void **state) {
    momui_random random = {.seed = 1};
    (void)state;
    for (int i = 0; i < 500; ++i) {
        momui_quat a = random_rotation(&random), b = random_rotation(&random);
        double m[9];
        momui_vec3 v = {1.0, -2.0, 0.5};
        momui_vec3 one = momui_quat_rotate(momui_quat_multiply(a, b), v);
        momui_vec3 two = momui_quat_rotate(a, momui_quat_rotate(b, v));
        assert_true(momui_vec3_length(momui_vec3_subtract(one, two)) < 1e-12);
        momui_quat_to_matrix(a, m);
        momui_vec3 turned = momui_quat_rotate(a, v);
        assert_near(turned.x, m[0] * v.x + m[1] * v.y + m[2] * v.z, 1e-12);
        assert_near(turned.y, m[3] * v.x + m[4] * v.y + m[5] * v.z, 1e-12);
        assert_near(turned.z, m[6] * v.x + m[7] * v.y + m[8] * v.z, 1e-12);
        assert_true(momui_quat_angle(a, momui_quat_from_matrix(m)) < 1e-7);
        float six[6];
        momui_quat c;
        momui_quat_to_6d(a, six);
        assert_near(six[1], m[3], 1e-6); /* a column, not a row */
        assert_true(momui_quat_from_6d(six, &c));
        assert_true(momui_quat_angle(a, c) < 1e-6);
    }
}

static void matrices_of_half_turns(void **state) {
    (void)state;
    for (int axis = 0; axis < 3; ++axis) {
        momui_vec3 v = {axis == 0, axis == 1, axis == 2};
        momui_quat q = momui_quat_about(v, MOMUI_PI);
        double m[9];
        momui_quat_to_matrix(q, m);
        assert_true(momui_quat_angle(q, momui_quat_from_matrix(m)) < 1e-7);
    }
}

static void directions_that_span_nothing_are_refused(void **state) {
    float zero[6] = {0}, same[6] = {1, 2, 3, 2, 4, 6}, odd[6] = {1, 0, 0, NAN, 0, 0};
    momui_quat q = {0.5, 0.5, 0.5, 0.5};
    (void)state;
    assert_false(momui_quat_from_6d(zero, &q));
    assert_false(momui_quat_from_6d(same, &q));
    assert_false(momui_quat_from_6d(odd, &q));
    assert_near(q.w, 0.5, 0.0);
}

static void euler_orders(momui_euler_order orders[12]) {
    int n = 0;
    for (uint8_t a = 0; a < 3; ++a)
        for (uint8_t b = 0; b < 3; ++b)
            for (uint8_t c = 0; c < 3; ++c)
                if (a != b && b != c) {
                    orders[n].axes[0] = a;
                    orders[n].axes[1] = b;
                    orders[n++].axes[2] = c;
                }
    assert_int_equal(n, 12);
}

static void euler_angles_round_trip(void **state) {
    momui_euler_order orders[12];
    momui_random random = {.seed = 2};
    (void)state;
    euler_orders(orders);
    for (int o = 0; o < 12; ++o)
        for (int i = 0; i < 300; ++i) {
            momui_quat q = random_rotation(&random);
            double angles[3];
            momui_quat_to_euler(orders[o], q, NULL, angles);
            assert_true(momui_quat_angle(q, momui_quat_from_euler(orders[o], angles)) < 1e-7);
        }
}

static void euler_angles_at_gimbal_lock(void **state) {
    momui_euler_order orders[12];
    (void)state;
    euler_orders(orders);
    for (int o = 0; o < 12; ++o)
        for (int side = -1; side <= 1; side += 2) {
            bool proper = orders[o].axes[0] == orders[o].axes[2];
            double middle = proper ? (side > 0 ? 0.0 : MOMUI_PI) : side * MOMUI_PI / 2.0;
            double in[3] = {0.7, middle, -0.4}, out[3], before[3] = {0.6, middle, -0.3};
            momui_quat q = momui_quat_from_euler(orders[o], in);
            momui_quat_to_euler(orders[o], q, NULL, out);
            assert_true(momui_quat_angle(q, momui_quat_from_euler(orders[o], out)) < 1e-6);
            momui_quat_to_euler(orders[o], q, before, out); /* the third angle stays */
            assert_true(momui_quat_angle(q, momui_quat_from_euler(orders[o], out)) < 1e-6);
            assert_near(out[2], before[2], 1e-9);
            assert_true(fabs(out[0] - before[0]) < 0.3);
        }
}

static void euler_angles_are_continuous(void **state) {
    momui_euler_order orders[12];
    (void)state;
    euler_orders(orders);
    for (int o = 0; o < 12; ++o) {
        double last[3] = {0}, angles[3];
        bool proper = orders[o].axes[0] == orders[o].axes[2];
        /* three turns and more about the first axis; the second stays clear of the lock */
        for (int i = 0; i <= 1200; ++i) {
            double in[3] = {0.02 * i, (proper ? 1.2 : 0.0) + 0.9 * sin(0.01 * i),
                            1.5 * sin(0.013 * i)};
            momui_quat q = momui_quat_from_euler(orders[o], in);
            momui_quat_to_euler(orders[o], q, i ? last : in, angles);
            for (int k = 0; k < 3; ++k) {
                assert_near(angles[k], in[k], 1e-6);
                last[k] = angles[k];
            }
        }
        assert_true(last[0] > 23.0);
    }
}

static void slerp_goes_the_shorter_way(void **state) {
    momui_vec3 up = {0, 1, 0};
    momui_quat a = momui_quat_about(up, 0.2), b = momui_quat_about(up, 1.0);
    momui_quat minus = {-b.w, -b.x, -b.y, -b.z};
    (void)state;
    assert_true(momui_quat_angle(momui_quat_slerp(a, minus, 0.25), momui_quat_about(up, 0.4)) <
                1e-7);
    assert_true(momui_quat_angle(momui_quat_slerp(a, b, 0.0), a) < 1e-7);
    assert_true(momui_quat_angle(momui_quat_slerp(a, b, 1.0), b) < 1e-7);
    float signs[12] = {1, 0, 0, 0, -1, 0, 0, 0, 1, 0, 0, 0};
    momui_quat_continue(signs, 3, 4);
    assert_near(signs[4], 1.0, 0.0);
    assert_near(signs[8], 1.0, 0.0);
}

static void one_direction_turns_into_another(void **state) {
    momui_random random = {.seed = 3};
    (void)state;
    for (int i = 0; i < 200; ++i) {
        momui_vec3 a = {momui_random_normal(&random), momui_random_normal(&random),
                        momui_random_normal(&random)};
        momui_vec3 b = i % 4 ? momui_vec3_of(momui_random_normal(&random), 1.0, 0.3)
                             : momui_vec3_scale(a, i % 8 ? -2.0 : 3.0); /* also opposite ones */
        momui_vec3 turned = momui_quat_rotate(momui_quat_between(a, b), a);
        momui_vec3 none = {0, 0, 0};
        momui_vec3 d = momui_vec3_subtract(momui_vec3_unit(turned, none), momui_vec3_unit(b, none));
        assert_true(momui_vec3_length(d) < 1e-6);
    }
}

/* ---- kinematics ---- */

static void rest_pose_stands_as_documented(void **state) {
    momui_motion *body = momui_body_new(NULL, 1, 62.5);
    momu_error error;
    (void)state;
    body->root[1] = 0.98f;
    assert_ok(momui_motion_update(body, &error));
    const float *p = body->positions;
    assert_near(p[3 * MOMUI_LEFT_ANKLE + 1], 0.08, 1e-6);
    assert_near(p[3 * MOMUI_LEFT_FOOT + 1], 0.02, 1e-6);
    assert_near(p[3 * MOMUI_LEFT_WRIST], 0.69, 1e-6);
    assert_near(p[3 * MOMUI_RIGHT_WRIST], -0.69, 1e-6);
    assert_near(p[3 * MOMUI_HEAD + 1], 1.60, 1e-6);
    assert_true(momui_motion_is_body(body));
    momui_motion_free(body);
}

static double bone(const momui_motion *m, int64_t t, int j) {
    const float *p = m->positions + t * m->skeleton.joints * 3;
    return momui_vec3_length(momui_vec3_subtract(momui_vec3_load(p + 3 * j),
                                                 momui_vec3_load(p + 3 * m->skeleton.parents[j])));
}

static void kinematics_keep_bones(void **state) {
    momui_motion *body = tumbler(100, 62.5);
    (void)state;
    for (int64_t t = 0; t < 100; ++t)
        for (int j = 1; j < MOMUI_BODY_JOINTS; ++j)
            assert_near(bone(body, t, j), momui_vec3_length(momui_vec3_load(momui_body_offsets[j])),
                        2e-6);
    momui_motion_free(body);
}

static void limbs_reach_their_targets(void **state) {
    momui_random random = {.seed = 4};
    (void)state;
    for (int i = 0; i < 500; ++i) {
        momui_vec3 root = {0.1, 0.9, 0.0}, none = {0, 0, 0}, hint = {1, 0, 0};
        momui_vec3 knee = momui_vec3_add(root, momui_vec3_of(0.0, -0.41, 0.02));
        momui_vec3 ankle = momui_vec3_add(knee, momui_vec3_of(0.0, -0.40, i % 3 ? -0.1 : -0.02));
        momui_vec3 way = {momui_random_normal(&random), momui_random_normal(&random),
                          momui_random_normal(&random)};
        double far = 0.1 + 0.7 * (double)momui_random_uniform(&random);
        momui_vec3 target = momui_vec3_add(root, momui_vec3_scale(momui_vec3_unit(way, hint), far));
        momui_quat upper, lower;
        double left = momui_two_bone_ik(root, knee, ankle, target, hint, &upper, &lower);
        assert_true(left < 1e-9);
        momui_vec3 a = momui_quat_rotate(upper, momui_vec3_subtract(knee, root));
        momui_vec3 b = momui_quat_rotate(lower, momui_vec3_subtract(ankle, knee));
        momui_vec3 end = momui_vec3_add(root, momui_vec3_add(a, b));
        assert_true(momui_vec3_length(momui_vec3_subtract(end, target)) < 1e-9);
        (void)none;
    }
}

static void knees_bend_forward_from_straight(void **state) {
    momui_vec3 hip = {0, 0.9, 0}, knee = {0, 0.5, 0}, ankle = {0, 0.1, 0}, target = {0, 0.3, 0};
    momui_quat upper, lower;
    (void)state;
    momui_two_bone_ik(hip, knee, ankle, target, momui_vec3_of(1, 0, 0), &upper, &lower);
    momui_vec3 bent = momui_quat_rotate(upper, momui_vec3_subtract(knee, hip));
    assert_true(bent.z > 0.2); /* +z is front */
    double left = momui_two_bone_ik(hip, knee, ankle, momui_vec3_of(0, -1.1, 0),
                                    momui_vec3_of(1, 0, 0), &upper, &lower);
    assert_near(left, 1.2, 1e-4); /* out of reach: stretched towards it */
}

/* ---- names ---- */

typedef struct naming {
    const char *name;
    int role;
} naming;

static void expect_names(const naming *names, int count) {
    momui_motion *m = momui_motion_new(NULL, MOMUI_MOTION_POSITIONS, count, 1, 30.0);
    momui_joint_map map;
    bool found[MOMUI_ROLES] = {false};
    assert_non_null(m);
    for (int j = 0; j < count; ++j) {
        strcpy(m->skeleton.names[j], names[j].name);
        m->skeleton.offsets[3 * j + 1] = 0.1f;
    }
    momui_map_joints(&m->skeleton, &map);
    for (int j = 0; j < count; ++j) {
        if (names[j].role < 0)
            continue;
        if (map.role[names[j].role] != j)
            print_error("%s should be %s\n", names[j].name, momui_role_name(names[j].role));
        assert_int_equal(map.role[names[j].role], j);
        found[names[j].role] = true;
    }
    for (int r = 0; r < MOMUI_ROLES; ++r)
        if (!found[r] && r != MOMUI_SPINE1 && r != MOMUI_SPINE2 && r != MOMUI_SPINE3) {
            if (map.role[r] >= 0)
                print_error("%s should not be %s\n", names[map.role[r]].name, momui_role_name(r));
            assert_int_equal(map.role[r], -1);
        }
    momui_motion_free(m);
}

#define LIMBS(l_hip, l_knee, l_ankle, l_shoulder, l_elbow, l_wrist, r_hip, r_knee, r_ankle,        \
              r_shoulder, r_elbow, r_wrist)                                                        \
    {l_hip, MOMUI_LEFT_HIP}, {l_knee, MOMUI_LEFT_KNEE}, {l_ankle, MOMUI_LEFT_ANKLE},               \
        {l_shoulder, MOMUI_LEFT_SHOULDER}, {l_elbow, MOMUI_LEFT_ELBOW},                            \
        {l_wrist, MOMUI_LEFT_WRIST}, {r_hip, MOMUI_RIGHT_HIP}, {r_knee, MOMUI_RIGHT_KNEE},         \
        {r_ankle, MOMUI_RIGHT_ANKLE}, {r_shoulder, MOMUI_RIGHT_SHOULDER},                          \
        {r_elbow, MOMUI_RIGHT_ELBOW}, {                                                            \
        r_wrist, MOMUI_RIGHT_WRIST                                                                 \
    }

#define EXPECT(...)                                                                                \
    do {                                                                                           \
        const naming names[] = {__VA_ARGS__};                                                      \
        expect_names(names, (int)(sizeof names / sizeof *names));                                  \
    } while (0)

static void names_of_game_rigs(void **state) {
    (void)state;
    EXPECT({"mixamorig:Hips", MOMUI_PELVIS}, {"mixamorig:Spine", MOMUI_SPINE1},
           {"mixamorig:Spine1", MOMUI_SPINE2}, {"mixamorig:Spine2", MOMUI_SPINE3},
           {"mixamorig:Neck", MOMUI_NECK}, {"mixamorig:Head", MOMUI_HEAD},
           {"mixamorig:HeadTop_End", MOMUI_ROLE_HEAD_END},
           {"mixamorig:LeftShoulder", MOMUI_LEFT_COLLAR},
           {"mixamorig:RightShoulder", MOMUI_RIGHT_COLLAR},
           LIMBS("mixamorig:LeftUpLeg", "mixamorig:LeftLeg", "mixamorig:LeftFoot",
                 "mixamorig:LeftArm", "mixamorig:LeftForeArm", "mixamorig:LeftHand",
                 "mixamorig:RightUpLeg", "mixamorig:RightLeg", "mixamorig:RightFoot",
                 "mixamorig:RightArm", "mixamorig:RightForeArm", "mixamorig:RightHand"),
           {"mixamorig:LeftToeBase", MOMUI_LEFT_FOOT}, {"mixamorig:RightToeBase", MOMUI_RIGHT_FOOT},
           {"mixamorig:LeftToe_End", MOMUI_ROLE_LEFT_TOE_END},
           {"mixamorig:LeftHandMiddle1", MOMUI_ROLE_LEFT_HAND_END},
           {"mixamorig:LeftHandThumb1", -1});
    EXPECT({"root", -1}, {"pelvis", MOMUI_PELVIS}, {"spine_01", MOMUI_SPINE1},
           {"spine_02", MOMUI_SPINE2}, {"spine_03", MOMUI_SPINE3}, {"neck_01", MOMUI_NECK},
           {"head", MOMUI_HEAD}, {"head_leaf", MOMUI_ROLE_HEAD_END},
           {"clavicle_l", MOMUI_LEFT_COLLAR}, {"clavicle_r", MOMUI_RIGHT_COLLAR},
           LIMBS("thigh_l", "calf_l", "foot_l", "upperarm_l", "lowerarm_l", "hand_l", "thigh_r",
                 "calf_r", "foot_r", "upperarm_r", "lowerarm_r", "hand_r"),
           {"ball_l", MOMUI_LEFT_FOOT}, {"ball_r", MOMUI_RIGHT_FOOT},
           {"ball_leaf_l", MOMUI_ROLE_LEFT_TOE_END}, {"middle_01_l", MOMUI_ROLE_LEFT_HAND_END},
           {"middle_02_l", -1}, {"thumb_01_l", -1});
    EXPECT({"DEF-hips", MOMUI_PELVIS}, {"DEF-spine.001", MOMUI_SPINE1},
           {"DEF-spine.002", MOMUI_SPINE2}, {"DEF-spine.003", MOMUI_SPINE3},
           {"DEF-neck", MOMUI_NECK}, {"DEF-head", MOMUI_HEAD},
           {"DEF-shoulder.L", MOMUI_LEFT_COLLAR}, {"DEF-shoulder.R", MOMUI_RIGHT_COLLAR},
           LIMBS("DEF-thigh.L", "DEF-shin.L", "DEF-foot.L", "DEF-upper_arm.L", "DEF-forearm.L",
                 "DEF-hand.L", "DEF-thigh.R", "DEF-shin.R", "DEF-foot.R", "DEF-upper_arm.R",
                 "DEF-forearm.R", "DEF-hand.R"),
           {"DEF-toe.L", MOMUI_LEFT_FOOT}, {"DEF-toe.R", MOMUI_RIGHT_FOOT},
           {"DEF-f_middle.01.L", MOMUI_ROLE_LEFT_HAND_END});
    EXPECT({"Bip01 Pelvis", MOMUI_PELVIS}, {"Bip01 Spine", MOMUI_SPINE1},
           {"Bip01 Spine1", MOMUI_SPINE3}, {"Bip01 Neck", MOMUI_NECK}, {"Bip01 Head", MOMUI_HEAD},
           {"Bip01 HeadNub", MOMUI_ROLE_HEAD_END}, {"Bip01 L Clavicle", MOMUI_LEFT_COLLAR},
           LIMBS("Bip01 L Thigh", "Bip01 L Calf", "Bip01 L Foot", "Bip01 L UpperArm",
                 "Bip01 L Forearm", "Bip01 L Hand", "Bip01 R Thigh", "Bip01 R Calf", "Bip01 R Foot",
                 "Bip01 R UpperArm", "Bip01 R Forearm", "Bip01 R Hand"),
           {"Bip01 L Toe0", MOMUI_LEFT_FOOT});
}

static void names_of_capture_and_models(void **state) {
    (void)state;
    EXPECT({"Hips", MOMUI_PELVIS}, {"LHipJoint", -1}, {"RHipJoint", -1}, {"LowerBack", -1},
           {"Spine", -1}, {"Spine1", MOMUI_SPINE3}, {"Neck", MOMUI_NECK}, {"Head", MOMUI_HEAD},
           {"LeftShoulder", MOMUI_LEFT_COLLAR}, {"RightShoulder", MOMUI_RIGHT_COLLAR},
           LIMBS("LeftUpLeg", "LeftLeg", "LeftFoot", "LeftArm", "LeftForeArm", "LeftHand",
                 "RightUpLeg", "RightLeg", "RightFoot", "RightArm", "RightForeArm", "RightHand"),
           {"LeftToeBase", MOMUI_LEFT_FOOT}, {"LeftHandIndex1", MOMUI_ROLE_LEFT_HAND_END},
           {"LThumb", -1});
    EXPECT({"Hips", MOMUI_PELVIS}, {"Spine1", MOMUI_SPINE1}, {"Spine2", -1}, {"Spine3", -1},
           {"Spine4", MOMUI_SPINE3}, {"Neck", MOMUI_NECK}, {"Head", MOMUI_HEAD},
           {"LeftShoulder", MOMUI_LEFT_COLLAR},
           LIMBS("LeftThigh", "LeftShin", "LeftFoot", "LeftArm", "LeftForeArm", "LeftHand",
                 "RightThigh", "RightShin", "RightFoot", "RightArm", "RightForeArm", "RightHand"),
           {"LeftToe", MOMUI_LEFT_FOOT}, {"LeftToeTip", MOMUI_ROLE_LEFT_TOE_END});
    EXPECT({"m_avg_Pelvis", MOMUI_PELVIS}, {"m_avg_Spine1", MOMUI_SPINE1},
           {"m_avg_Spine2", MOMUI_SPINE2}, {"m_avg_Spine3", MOMUI_SPINE3},
           {"m_avg_Neck", MOMUI_NECK}, {"m_avg_Head", MOMUI_HEAD},
           {"m_avg_L_Collar", MOMUI_LEFT_COLLAR}, {"m_avg_R_Collar", MOMUI_RIGHT_COLLAR},
           LIMBS("m_avg_L_Hip", "m_avg_L_Knee", "m_avg_L_Ankle", "m_avg_L_Shoulder",
                 "m_avg_L_Elbow", "m_avg_L_Wrist", "m_avg_R_Hip", "m_avg_R_Knee", "m_avg_R_Ankle",
                 "m_avg_R_Shoulder", "m_avg_R_Elbow", "m_avg_R_Wrist"),
           {"m_avg_L_Foot", MOMUI_LEFT_FOOT}, {"m_avg_L_Hand", MOMUI_ROLE_LEFT_HAND_END});
    naming own[MOMUI_BODY_JOINTS];
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) {
        own[j].name = momui_body_names[j];
        own[j].role = j;
    }
    expect_names(own, MOMUI_BODY_JOINTS);
}

static void names_of_keypoints(void **state) {
    (void)state;
    EXPECT({"nose", MOMUI_ROLE_NOSE}, {"left_eye", MOMUI_ROLE_LEFT_EYE},
           {"right_eye", MOMUI_ROLE_RIGHT_EYE}, {"left_ear", MOMUI_ROLE_LEFT_EAR},
           {"right_ear", MOMUI_ROLE_RIGHT_EAR},
           LIMBS("left_hip", "left_knee", "left_ankle", "left_shoulder", "left_elbow", "left_wrist",
                 "right_hip", "right_knee", "right_ankle", "right_shoulder", "right_elbow",
                 "right_wrist"));
    EXPECT({"Nose", MOMUI_ROLE_NOSE}, {"Neck", MOMUI_NECK}, {"MidHip", MOMUI_PELVIS},
           LIMBS("LHip", "LKnee", "LAnkle", "LShoulder", "LElbow", "LWrist", "RHip", "RKnee",
                 "RAnkle", "RShoulder", "RElbow", "RWrist"),
           {"REye", MOMUI_ROLE_RIGHT_EYE}, {"LEar", MOMUI_ROLE_LEFT_EAR},
           {"LBigToe", MOMUI_LEFT_FOOT}, {"LSmallToe", -1}, {"LHeel", -1});
    EXPECT(LIMBS("lhip", "lknee", "lankle", "lshoulder", "lelbow", "lwrist", "RHIP", "RKNEE",
                 "RANKLE", "RSHOULDER", "RELBOW", "RWRIST"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quaternions_and_matrices_agree),
        cmocka_unit_test(matrices_of_half_turns),
        cmocka_unit_test(directions_that_span_nothing_are_refused),
        cmocka_unit_test(euler_angles_round_trip),
        cmocka_unit_test(euler_angles_at_gimbal_lock),
        cmocka_unit_test(euler_angles_are_continuous),
        cmocka_unit_test(slerp_goes_the_shorter_way),
        cmocka_unit_test(one_direction_turns_into_another),
        cmocka_unit_test(rest_pose_stands_as_documented),
        cmocka_unit_test(kinematics_keep_bones),
        cmocka_unit_test(limbs_reach_their_targets),
        cmocka_unit_test(knees_bend_forward_from_straight),
        cmocka_unit_test(names_of_game_rigs),
        cmocka_unit_test(names_of_capture_and_models),
        cmocka_unit_test(names_of_keypoints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
