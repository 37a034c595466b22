/* io/glb: curves, rest poses, and accessors that claim too much. */
#include "glb_support.h"

#include "io/glb/glb.h"
#include "motion/kinematics.h"
#include "motion/rotation.h"

/* Three keys at 0, 0.05, 0.1 s; the armature's z is up, so the hips turn about y of the world. */
static const float TURN[] = {0, 0.05f,       0.1f,        0, 0, 0, 1, 0,
                             0, 0.70710678f, 0.70710678f, 0, 0, 1, 0};

static momui_motion *read_glb(momui_bytes bytes, const char *take) {
    momu_error error = {0};
    momui_motion *motion = NULL;
    if (momui_glb_read(NULL, &bytes, take, &motion, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return motion;
}

static void test_rest_pose_and_turn(void **state) {
    (void)state;
    glb_builder glb;
    momui_motion *motion = read_glb(make_glb(&glb, GLB_HEAD GLB_VIEWS GLB_TURN, TURN, 15), NULL);
    assert_int_equal(motion->skeleton.joints, 3);
    assert_int_equal(motion->frames, 3); /* the keys' own rate: 20 */
    assert_near(motion->fps, 20, 1e-9);
    assert_string_equal(motion->skeleton.names[0], "hips");
    assert_int_equal(motion->skeleton.parents[2], 0);
    /* The armature's turn and scale are in the bones: metres, Y up. */
    assert_near(motion->skeleton.offsets[4], -0.5, 1e-6);
    assert_near(motion->skeleton.offsets[7], 0.6, 1e-6);
    assert_near(motion->root[1], 1, 1e-6);
    assert_near(motion->positions[4], 0.5, 1e-6);
    assert_near(motion->positions[7], 1.6, 1e-6);
    /* At rest no joint is turned; then the hips by 90 and 180 degrees about the world's y. */
    for (int f = 0; f < 3; f++) {
        momui_quat expected = momui_quat_about(momui_vec3_of(0, 1, 0), f * MOMUI_PI / 2);
        assert_near(momui_quat_angle(momui_quat_load(motion->rotations + 12 * f), expected), 0,
                    1e-3);
        assert_near(fabs(motion->rotations[12 * f + 4]), 1, 1e-6);
    }
    /* Forward kinematics of what was read gives the same places. */
    float before[27];
    momu_error error = {0};
    memcpy(before, motion->positions, sizeof before);
    assert_int_equal(momui_motion_update(motion, &error), MOMU_OK);
    for (int i = 0; i < 27; i++)
        assert_near(motion->positions[i], before[i], 1e-6);
    momui_motion_free(motion);
}

/* The animation of the head's translation with these floats, `count` values in accessor 2 or 3. */
static momui_motion *move_head(glb_builder *glb, const char *mode, int accessor,
                               const float *floats, size_t count) {
    char json[4096];
    snprintf(json, sizeof json,
             GLB_HEAD GLB_VIEWS
             "\"animations\":[{\"samplers\":[{\"input\":0,\"output\":%d,\"interpolation\":\"%s\"}],"
             "\"channels\":[{\"sampler\":0,\"target\":{\"node\":3,\"path\":\"translation\"}}]}]}",
             accessor, mode);
    return read_glb(make_glb(glb, json, floats, count), NULL);
}

static void test_interpolation(void **state) {
    (void)state;
    glb_builder glb;
    /* Keys at 0, 1, 2 s: no frame grid, so 60 a second. Values are (x, 0, 0) in hundredths. */
    const float keys[] = {0, 1, 2, 0, 0, 0, 0.01f, 0, 0, 0.03f, 0, 0};
    momui_motion *motion = move_head(&glb, "LINEAR", 2, keys, 12);
    assert_true(motion->fps == 60 && motion->frames == 121);
    assert_near(motion->positions[9 * 30 + 6], 0.5, 1e-4);
    assert_near(motion->positions[9 * 90 + 6], 2, 1e-4);
    assert_near(motion->positions[9 * 120 + 6], 3, 1e-4);
    momui_motion_free(motion);
    motion = move_head(&glb, "STEP", 2, keys, 12);
    assert_near(motion->positions[9 * 59 + 6], 0, 1e-4);
    assert_near(motion->positions[9 * 60 + 6], 1, 1e-4);
    assert_near(motion->positions[9 * 119 + 6], 1, 1e-4);
    momui_motion_free(motion);
    /* In-tangent, value, out-tangent of each key. */
    float cubic[3 + 27] = {0, 1, 2};
    cubic[3 + 6] = 0.02f;  /* leaves 0 at 2 a second */
    cubic[3 + 9] = -0.01f; /* reaches 1 at -1 a second */
    cubic[3 + 12] = 0.01f;
    cubic[3 + 21] = 0.03f;
    motion = move_head(&glb, "CUBICSPLINE", 3, cubic, 30);
    double s = 0.25, expected = (3 * s * s - 2 * s * s * s) * 1 + 2 * (s * s * s - 2 * s * s + s) -
                                1 * (s * s * s - s * s);
    assert_near(motion->positions[9 * 15 + 6], expected, 1e-4);
    assert_near(motion->positions[9 * 60 + 6], 1, 1e-4);
    assert_near(motion->positions[9 * 120 + 6], 3, 1e-4);
    momui_motion_free(motion);
}

static void test_takes(void **state) {
    (void)state;
    glb_builder glb;
    momu_error error = {0};
    char(*names)[64] = NULL;
    size_t count = 0;
    momui_motion *motion = NULL;
    momui_bytes bytes =
        make_glb(&glb,
                 GLB_HEAD GLB_VIEWS
                 "\"animations\":[{\"name\":\"bend\",\"samplers\":[{\"input\":0,\"output\":1}],"
                 "\"channels\":[{\"sampler\":0,\"target\":{\"node\":1,\"path\":\"rotation\"}}]},"
                 "{\"samplers\":[{\"input\":0,\"output\":1}],"
                 "\"channels\":[{\"sampler\":0,\"target\":{\"node\":2,\"path\":\"rotation\"}}]}]}",
                 TURN, 15);
    assert_int_equal(momui_glb_takes(NULL, &bytes, &names, &count, &error), MOMU_OK);
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "bend");
    assert_string_equal(names[1], "animation 1");
    momui_free(names);
    motion = read_glb(bytes, "animation 1");
    assert_near(fabs(motion->rotations[12]), 1, 1e-6); /* the hips stay */
    assert_near(fabs(motion->rotations[16]), 0.7071, 1e-3);
    momui_motion_free(motion);
    assert_int_equal(momui_glb_read(NULL, &bytes, "jump", &motion, &error), MOMU_ERROR_ARGUMENT);
    ASSERT_SENTENCE(&error, MOMU_ERROR_ARGUMENT,
                    "dance.glb: no take \"jump\" among its 2: \"bend\", \"animation 1\"");
}

static void test_plain_nodes_without_a_skin(void **state) {
    (void)state;
    glb_builder glb;
    momui_motion *motion = read_glb(
        make_glb(
            &glb,
            "{\"asset\":{\"version\":\"2.0\"},\"nodes\":[{\"name\":\"world\",\"children\":[1,4]},"
            "{\"name\":\"body\",\"children\":[2,3]},{\"name\":\"left\",\"translation\":[1,0,0]},"
            "{\"translation\":[-1,0,0]},{\"name\":\"camera\"}]," GLB_VIEWS
            "\"animations\":[{\"samplers\":[{\"input\":0,\"output\":1}],\"channels\":["
            "{\"sampler\":0,\"target\":{\"node\":2,\"path\":\"rotation\"}},"
            "{\"sampler\":0,\"target\":{\"node\":3,\"path\":\"rotation\"}}]}]}",
            TURN, 15),
        NULL);
    assert_int_equal(motion->skeleton.joints, 3);
    assert_string_equal(motion->skeleton.names[0], "body");
    assert_string_equal(motion->skeleton.names[2], "node 3");
    momui_motion_free(motion);
}

static void test_a_root_that_only_carries_is_taken_in(void **state) {
    (void)state;
    glb_builder glb;
    const float keys[] = {0, 0.05f, 0.1f, 0, 1, 0, 0, 1, 0.5f, 0, 1, 1};
    momui_motion *motion = read_glb(
        make_glb(
            &glb,
            "{\"asset\":{\"version\":\"2.0\"},\"nodes\":[{\"name\":\"root\",\"children\":[1]},"
            "{\"name\":\"pelvis\",\"translation\":[0,1,0],\"children\":[2,3]},{\"name\":\"leg\","
            "\"translation\":[0,-1,0]},{\"name\":\"head\",\"translation\":[0,1,0]}],"
            "\"skins\":[{\"joints\":[0,1,2,3]}]," GLB_VIEWS
            "\"animations\":[{\"samplers\":[{\"input\":0,\"output\":2}],\"channels\":["
            "{\"sampler\":0,\"target\":{\"node\":1,\"path\":\"translation\"}}]}]}",
            keys, 12),
        NULL);
    assert_int_equal(motion->skeleton.joints, 3);
    assert_string_equal(motion->skeleton.names[0], "pelvis");
    assert_near(motion->root[8], 1, 1e-6);
    momui_motion_free(motion);
}

static void test_refusals(void **state) {
    (void)state;
    static const struct {
        const char *json, *words;
        int status;
    } CASES[] = {
        {"{}", "\"asset\" is missing", MOMU_ERROR_FORMAT},
        {"{\"asset\":{\"version\":\"1.0\"}}", "glTF version \"1.0\"", MOMU_ERROR_UNSUPPORTED},
        {"{\"asset\":{\"version\":\"2.0\"}}", "without nodes", MOMU_ERROR_FORMAT},
        {"{\"asset\":{\"version\":\"2.0\"},\"nodes\":[{}]}", "without animations",
         MOMU_ERROR_FORMAT},
        {"{\"asset\":{\"version\":\"2.0\"},\"nodes\":[{\"children\":[1]},{\"children\":[0]}],"
         "\"animations\":[{\"channels\":[]}]}",
         "nodes: nodes are their own ancestors", MOMU_ERROR_FORMAT},
        {"{\"asset\":{\"version\":\"2.0\"},\"nodes\":[{\"children\":[2]},{\"children\":[2]},{}],"
         "\"animations\":[{\"channels\":[]}]}",
         "nodes[1].children[0]: node 2 has two parents", MOMU_ERROR_FORMAT},
        {"{\"asset\":{\"version\":\"2.0\"},\"nodes\":[{\"children\":[1]}],\"animations\":[{"
         "\"channels\":[]}]}",
         "nodes[0].children[0]: expected 0 to 0, found 1", MOMU_ERROR_FORMAT},
        {"{\"asset\":{\"version\":\"2.0\"},\"nodes\":[{\"translation\":[1,2]}],\"animations\":[{"
         "\"channels\":[]}]}",
         "nodes[0].translation: expected a list of 3 to 3", MOMU_ERROR_FORMAT},
        {"{\"asset\":{\"version\":\"2.0\"},\"nodes\":[{},{}],\"skins\":[{\"joints\":[0,1]}],"
         "\"animations\":[{\"channels\":[]}]}",
         "several roots", MOMU_ERROR_FORMAT},
        {"{\"asset\":{\"version\":\"2.0\"},\"nodes\":[{}],\"animations\":[{\"channels\":[]}]}",
         "no animation moves a node", MOMU_ERROR_FORMAT},
        {GLB_HEAD GLB_VIEWS "\"animations\":[{\"samplers\":[],\"channels\":[{\"sampler\":0,"
                            "\"target\":{\"node\":9,\"path\":\"rotation\"}}]}]}",
         "animations[0].channels[0].target: \"node\" is 9, the last element is 3",
         MOMU_ERROR_FORMAT},
        {GLB_HEAD GLB_VIEWS "\"animations\":[{\"samplers\":[],\"channels\":[{\"sampler\":0,"
                            "\"target\":{\"node\":1,\"path\":\"rotation\"}}]}]}",
         "\"sampler\" is 0, the last element is -1", MOMU_ERROR_FORMAT},
        {GLB_HEAD GLB_VIEWS
         "\"animations\":[{\"samplers\":[{\"input\":0,\"output\":2}],\"channels\":[{\"sampler\":0,"
         "\"target\":{\"node\":1,\"path\":\"rotation\"}}]}]}",
         "accessors[2]: expected type VEC4, found \"VEC3\"", MOMU_ERROR_FORMAT},
        {GLB_HEAD GLB_VIEWS
         "\"animations\":[{\"samplers\":[{\"input\":0,\"output\":3}],\"channels\":[{\"sampler\":0,"
         "\"target\":{\"node\":1,\"path\":\"scale\"}}]}]}",
         "9 values for 3 keys, expected 3", MOMU_ERROR_FORMAT},
        {GLB_HEAD
         "\"bufferViews\":[{\"buffer\":0,\"byteLength\":99999}],\"accessors\":[{\"bufferView\":0,"
         "\"componentType\":5126,\"count\":3,\"type\":\"SCALAR\"}]," GLB_TURN,
         "bufferViews[0]: bytes 0 to 99999 of a buffer of 160", MOMU_ERROR_FORMAT},
        {GLB_HEAD
         "\"bufferViews\":[{\"buffer\":0,\"byteLength\":12}],\"accessors\":[{\"bufferView\":0,"
         "\"componentType\":5126,\"count\":4,\"type\":\"SCALAR\"}]," GLB_TURN,
         "accessors[0]: 4 elements from byte 0 do not fit into a view of 12 bytes",
         MOMU_ERROR_FORMAT},
        {GLB_HEAD "\"bufferViews\":[{\"buffer\":0,\"byteLength\":12}],\"accessors\":[{"
                  "\"bufferView\":0,\"byteOffset\":9007199254740992,\"componentType\":5126,"
                  "\"count\":1,\"type\":\"SCALAR\"}]," GLB_TURN,
         "do not fit into", MOMU_ERROR_FORMAT},
        {GLB_HEAD
         "\"bufferViews\":[{\"buffer\":1,\"byteLength\":12}],\"accessors\":[{\"bufferView\":0,"
         "\"componentType\":5126,\"count\":3,\"type\":\"SCALAR\"}]," GLB_TURN,
         "buffer 1: only the file's own is read", MOMU_ERROR_FORMAT},
        {GLB_HEAD
         "\"bufferViews\":[{\"buffer\":0,\"byteLength\":12}],\"accessors\":[{\"bufferView\":0,"
         "\"componentType\":5126,\"count\":3,\"type\":\"SCALAR\",\"sparse\":{}}]," GLB_TURN,
         "sparse accessors are not read", MOMU_ERROR_FORMAT},
        {GLB_HEAD
         "\"bufferViews\":[{\"buffer\":0,\"byteLength\":12}],\"accessors\":[{\"bufferView\":0,"
         "\"componentType\":5123,\"count\":3,\"type\":\"SCALAR\"}]," GLB_TURN,
         "component type 5123, expected 5126 (float)", MOMU_ERROR_FORMAT},
        {GLB_HEAD
         "\"bufferViews\":[{\"buffer\":0,\"byteOffset\":4,\"byteLength\":12}],\"accessors\":[{"
         "\"bufferView\":0,\"componentType\":5126,\"count\":3,\"type\":\"SCALAR\"}]," GLB_TURN,
         "key 2: times must rise", MOMU_ERROR_FORMAT},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        glb_builder glb;
        momu_error error = {0};
        momui_motion *motion = NULL;
        momui_bytes bytes = make_glb(&glb, CASES[i].json, TURN, 15);
        if (momui_glb_read(NULL, &bytes, NULL, &motion, &error) == MOMU_OK)
            fail_msg("accepted: %s", CASES[i].json);
        assert_null(motion);
        ASSERT_SENTENCE(&error, CASES[i].status, "dance.glb: ", CASES[i].words);
    }
}

static void test_containers_that_claim_too_much(void **state) {
    (void)state;
    glb_builder glb;
    momu_error error = {0};
    momui_motion *motion = NULL;
    momui_bytes bytes = make_glb(&glb, GLB_HEAD GLB_VIEWS GLB_TURN, TURN, 15);
    size_t whole = bytes.size;
    for (size_t size = 0; size < whole; size += size < 40 ? 1 : 97) {
        bytes.size = size;
        assert_int_equal(momui_glb_read(NULL, &bytes, NULL, &motion, &error), MOMU_ERROR_FORMAT);
    }
    bytes.size = whole;
    put32(glb.bytes + 8, whole - 61); /* the header claims less: the BIN chunk is cut off */
    assert_int_equal(momui_glb_read(NULL, &bytes, NULL, &motion, &error), MOMU_ERROR_FORMAT);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "the BIN chunk at byte");
    put32(glb.bytes + 8, whole);
    put32(glb.bytes + 12, whole);
    assert_int_equal(momui_glb_read(NULL, &bytes, NULL, &motion, &error), MOMU_ERROR_FORMAT);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "the JSON chunk at byte 12 claims");
    put32(glb.bytes + 4, 1);
    assert_int_equal(momui_glb_read(NULL, &bytes, NULL, &motion, &error), MOMU_ERROR_UNSUPPORTED);
    ASSERT_SENTENCE(&error, MOMU_ERROR_UNSUPPORTED, "GLB version 1, expected 2");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rest_pose_and_turn),
        cmocka_unit_test(test_interpolation),
        cmocka_unit_test(test_takes),
        cmocka_unit_test(test_plain_nodes_without_a_skin),
        cmocka_unit_test(test_a_root_that_only_carries_is_taken_in),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_containers_that_claim_too_much),
    };
    return cmocka_run_group_tests_name("glb", tests, NULL, NULL);
}
