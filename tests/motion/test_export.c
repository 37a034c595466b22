/* Motion made ready for other programs: written, read again, and the same dance. */
#include "base/extremes.h"
#include "io/motion_file.h"
#include "motion/heading.h"
#include "motion/joint_names.h"
#include "motions.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FRAMES = 90 };

static momui_motion *there_and_back(const momui_motion *motion, const char *extension,
                                    momui_target target, momui_root_mode root) {
    momui_export options = {target, root};
    char name[32];
    snprintf(name, sizeof name, "a%s", extension);
    momu_error error = {0};
    momui_motion *back = NULL;
    if (momui_motion_write(motion, scratch_path(name), &options, &error) != MOMU_OK ||
        momui_motion_read(NULL, scratch_path(name), NULL, &back, &error) != MOMU_OK)
        fail_msg("%s for %s, %s: %s", extension, momui_target_name((int32_t)target),
                 momui_root_mode_name((int32_t)root), error.message);
    remove(scratch_path(name));
    assert_int_equal(back->frames, motion->frames);
    assert_near(back->fps, motion->fps, 1e-6);
    return back;
}

/* Where the joint that plays a role is. */
static momui_vec3 place(const momui_motion *motion, int64_t frame, int role) {
    momui_joint_map map;
    momui_map_joints(&motion->skeleton, &map);
    int32_t joint = map.role[role];
    assert_true(joint >= 0);
    return momui_vec3_load(motion->positions + 3 * (frame * motion->skeleton.joints + joint));
}

/* The farthest that any of the body's joints is from where it was, once `still` has been added. */
static double apart(const momui_motion *a, const momui_motion *b, bool in_place) {
    double most = 0;
    for (int64_t t = 0; t < a->frames; ++t) {
        momui_vec3 still =
            momui_vec3_subtract(place(a, t, MOMUI_PELVIS), place(a, 0, MOMUI_PELVIS));
        still.y = 0;
        for (int role = 0; role < MOMUI_BODY_JOINTS; ++role) {
            momui_vec3 d = momui_vec3_subtract(place(a, t, role), place(b, t, role));
            if (in_place)
                d = momui_vec3_subtract(d, still);
            most = momui_max(most, momui_vec3_length(d));
        }
    }
    return most;
}

static void every_target_and_root_comes_back_as_the_same_dance(void **state) {
    (void)state;
    momui_motion *body = walker(FRAMES, 30, 0.7);
    static const char *const EXTENSIONS[] = {".bvh", ".glb"};
    for (int e = 0; e < 2; ++e)
        for (int target = MOMUI_TARGET_NONE; target <= MOMUI_TARGET_MAYA; ++target)
            for (int root = 0; root < MOMUI_ROOT_MODES; ++root) {
                momui_motion *back = there_and_back(body, EXTENSIONS[e], (momui_target)target,
                                                    (momui_root_mode)root);
                assert_near(apart(body, back, root == MOMUI_ROOT_IN_PLACE), 0, 2e-5);
                const char *pelvis = momui_target_joint((momui_target)target, MOMUI_PELVIS);
                assert_string_equal(back->skeleton.names[0], pelvis ? pelvis : "pelvis");
                momui_motion_free(back);
            }
    momui_motion_free(body);
}

static void a_target_names_every_joint_as_its_program_knows_it(void **state) {
    (void)state;
    momui_motion *body = walker(2, 30, 0), *made = NULL;
    momu_error error;
    for (int target = MOMUI_TARGET_BLENDER; target <= MOMUI_TARGET_MAYA; ++target) {
        momui_export options = {(momui_target)target, MOMUI_ROOT_WORLD};
        assert_ok(momui_export_prepare(NULL, body, &options, &made, &error));
        momui_joint_map map;
        momui_map_joints(&made->skeleton, &map);
        for (int role = 0; role < MOMUI_BODY_JOINTS; ++role)
            assert_int_equal(map.role[role], role);
        momui_motion_free(made);
    }
    momui_motion_free(body);
}

static void a_name_that_another_joint_has_taken_becomes_free(void **state) {
    (void)state;
    momui_motion *body = walker(2, 30, 0), *made = NULL;
    momu_error error;
    strcpy(body->skeleton.names[MOMUI_HEAD], "Hips"); /* Unity's pelvis */
    momui_export options = {MOMUI_TARGET_UNITY, MOMUI_ROOT_WORLD};
    assert_ok(momui_export_prepare(NULL, body, &options, &made, &error));
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
        assert_int_equal(momui_skeleton_find(&made->skeleton, made->skeleton.names[j]), j);
    momui_motion_free(made);
    momui_motion_free(body);
}

static void an_extracted_root_is_on_the_ground_and_turns_with_the_heading(void **state) {
    (void)state;
    momui_motion *body = walker(FRAMES, 30, 0.7), *made = NULL;
    momu_error error;
    double *yaw = NULL;
    momui_export options = {MOMUI_TARGET_UNREAL, MOMUI_ROOT_EXTRACTED};
    assert_ok(momui_export_prepare(NULL, body, &options, &made, &error));
    assert_ok(momui_heading(NULL, body, &yaw, &error));
    assert_int_equal(made->skeleton.joints, MOMUI_BODY_JOINTS + 1);
    assert_string_equal(made->skeleton.names[0], "root");
    assert_string_equal(made->skeleton.names[1], "pelvis");
    assert_int_equal(made->skeleton.parents[1], 0);
    double turned = 0;
    for (int64_t t = 0; t < FRAMES; ++t) {
        assert_near(made->root[3 * t], body->root[3 * t], 1e-6);
        assert_near(made->root[3 * t + 1], 0, 0);
        momui_quat q = momui_quat_load(made->rotations + 4 * t * made->skeleton.joints);
        momui_quat heading = momui_quat_about(momui_vec3_of(0, 1, 0), yaw[t]);
        assert_near(momui_quat_angle(q, heading), 0, 1e-3);
        turned = momui_max(turned, momui_quat_angle(heading, momui_quat_identity()));
    }
    assert_true(turned > 1);
    momui_free(yaw);
    momui_motion_free(made);
    momui_motion_free(body);
}

static void smpl_arrays_are_the_same_dance(void **state) {
    (void)state;
    momui_motion *body = tumbler(FRAMES, 30);
    momui_motion *back = there_and_back(body, ".npz", MOMUI_TARGET_SMPL, MOMUI_ROOT_WORLD);
    assert_true(momui_motion_is_body(back));
    assert_near(farthest(body, back), 0, 1e-5);
    momui_motion_free(back);
    momui_motion_free(body);
}

static void keypoints_are_fourteen_as_seen_from_the_front(void **state) {
    (void)state;
    momui_motion *body = walker(FRAMES, 30, 0);
    momui_motion *back = there_and_back(body, ".npz", MOMUI_TARGET_KEYPOINTS, MOMUI_ROOT_WORLD);
    assert_int_equal(back->kind, MOMUI_MOTION_KEYPOINTS);
    assert_int_equal(back->skeleton.joints, 14);
    const float *p = back->positions;
    int32_t nose = momui_skeleton_find(&back->skeleton, "nose");
    int32_t ankle = momui_skeleton_find(&back->skeleton, "left_ankle");
    assert_true(nose >= 0 && ankle >= 0);
    assert_true(p[2 * nose + 1] < p[2 * ankle + 1] - 1); /* y down */
    momui_motion_free(back);
    momui_motion_free(body);
}

/* The same bytes in a file and in memory, and the same motion out of either. */
static void memory_holds_what_a_file_holds(void **state) {
    (void)state;
    static const struct {
        const char *format;
        momui_export options;
    } CASES[] = {
        {"bvh", {MOMUI_TARGET_NONE, MOMUI_ROOT_WORLD}},
        {"bvh", {MOMUI_TARGET_UNREAL, MOMUI_ROOT_EXTRACTED}},
        {"glb", {MOMUI_TARGET_BLENDER, MOMUI_ROOT_IN_PLACE}},
        {"npz", {MOMUI_TARGET_NONE, MOMUI_ROOT_WORLD}},
        {"npz", {MOMUI_TARGET_SMPL, MOMUI_ROOT_WORLD}},
    };
    momui_motion *body = walker(20, 30, 0.7);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; ++i) {
        momu_error error = {0};
        momui_writer out;
        momui_bytes file, memory;
        momui_motion *from_file = NULL, *from_memory = NULL;
        char name[32];
        snprintf(name, sizeof name, "memory.%s", CASES[i].format);
        momui_writer_init(&out, NULL);
        momui_write_text(&out, "before"); /* it appends */
        assert_ok(momui_motion_write_bytes(body, CASES[i].format, &CASES[i].options, &out, &error));
        assert_ok(momui_motion_write(body, scratch_path(name), &CASES[i].options, &error));
        assert_ok(momui_bytes_from_path(NULL, scratch_path(name), false, 1 << 24, &file, &error));
        assert_int_equal(out.size, file.size + 6);
        assert_memory_equal(out.data, "before", 6);
        assert_memory_equal(out.data + 6, file.data, file.size);

        momui_bytes_from_memory(file.data, file.size, &memory);
        assert_ok(momui_motion_read_bytes(NULL, &memory, NULL, &from_memory, &error));
        assert_ok(momui_motion_read(NULL, scratch_path(name), NULL, &from_file, &error));
        assert_int_equal(from_file->frames, from_memory->frames);
        assert_int_equal(from_file->skeleton.joints, from_memory->skeleton.joints);
        assert_true(from_file->fps == from_memory->fps);
        assert_memory_equal(from_file->positions, from_memory->positions,
                            (size_t)(3 * from_file->frames * from_file->skeleton.joints) *
                                sizeof *from_file->positions);
        momui_motion_free(from_file);
        momui_motion_free(from_memory);
        momui_bytes_release(&file);
        momui_writer_release(&out);
        remove(scratch_path(name));
    }
    momu_error error = {0};
    momui_writer out;
    momui_writer_init(&out, NULL);
    assert_int_equal(momui_motion_write_bytes(body, "fbx", NULL, &out, &error),
                     MOMU_ERROR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "written as .bvh, .glb or .npz, not as \"fbx\""));
    assert_int_equal(momui_motion_write_bytes(body, "npy", NULL, &out, &error),
                     MOMU_ERROR_UNSUPPORTED); /* read, never written */
    momui_writer_release(&out);
    momui_motion_free(body);
}

static void what_a_format_cannot_hold_is_refused(void **state) {
    (void)state;
    momui_motion *body = walker(2, 30, 0);
    momui_motion *points = momui_motion_new(NULL, MOMUI_MOTION_POSITIONS, 22, 2, 30);
    static const struct {
        const char *name;
        momui_export options;
        bool points;
        const char *word;
    } CASES[] = {
        {"a.npz", {MOMUI_TARGET_UNITY, MOMUI_ROOT_WORLD}, false, "for unity"},
        {"a.bvh", {MOMUI_TARGET_SMPL, MOMUI_ROOT_WORLD}, false, "for smpl"},
        {"a.glb", {MOMUI_TARGET_KEYPOINTS, MOMUI_ROOT_WORLD}, false, "for keypoints"},
        {"a.fbx", {MOMUI_TARGET_NONE, MOMUI_ROOT_WORLD}, false, "not as \".fbx\""},
        {"a.glb", {MOMUI_TARGET_NONE, MOMUI_ROOT_WORLD}, true, "positions alone"},
        {"a.bvh", {MOMUI_TARGET_MAYA, MOMUI_ROOT_WORLD}, true, "positions alone"},
        {"a.npz", {MOMUI_TARGET_NONE, MOMUI_ROOT_EXTRACTED}, true, "positions alone"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; ++i) {
        momu_error error = {0};
        assert_int_equal(momui_motion_write(CASES[i].points ? points : body,
                                            scratch_path(CASES[i].name), &CASES[i].options, &error),
                         MOMU_ERROR_UNSUPPORTED);
        assert_non_null(strstr(error.message, CASES[i].word));
        assert_non_null(strstr(error.message, CASES[i].name));
        assert_int_not_equal(access(scratch_path(CASES[i].name), F_OK), 0);
    }
    momui_motion_free(points);
    momui_motion_free(body);
}

static void an_extracted_root_needs_room_for_a_joint(void **state) {
    (void)state;
    momui_motion *many = momui_motion_new(NULL, MOMUI_MOTION_JOINTS, MOMUI_MAX_JOINTS, 1, 30);
    momui_motion *made = NULL;
    momu_error error = {0};
    assert_non_null(many);
    for (int32_t j = 1; j < MOMUI_MAX_JOINTS; ++j)
        many->skeleton.parents[j] = 0;
    momui_export options = {MOMUI_TARGET_NONE, MOMUI_ROOT_EXTRACTED};
    assert_int_equal(momui_export_prepare(NULL, many, &options, &made, &error), MOMU_ERROR_LIMIT);
    assert_null(made);
    momui_motion_free(many);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_target_and_root_comes_back_as_the_same_dance),
        cmocka_unit_test(a_target_names_every_joint_as_its_program_knows_it),
        cmocka_unit_test(a_name_that_another_joint_has_taken_becomes_free),
        cmocka_unit_test(an_extracted_root_is_on_the_ground_and_turns_with_the_heading),
        cmocka_unit_test(smpl_arrays_are_the_same_dance),
        cmocka_unit_test(keypoints_are_fourteen_as_seen_from_the_front),
        cmocka_unit_test(memory_holds_what_a_file_holds),
        cmocka_unit_test(what_a_format_cannot_hold_is_refused),
        cmocka_unit_test(an_extracted_root_needs_room_for_a_joint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
