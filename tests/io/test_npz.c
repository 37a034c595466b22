/* io/npz: what NumPy writes, what we write, and zips that claim what is not there. */
#include "io_support.h"

#include "io/motion_file.h"
#include "io/npz/npz.h"
#include "motion/kinematics.h"

static momui_motion *read_golden(const char *name) {
    momu_error error = {0};
    momui_motion *motion = NULL;
    if (momui_motion_read(NULL, golden(name), NULL, &motion, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return motion;
}

static void test_joints_from_numpy(void **state) {
    (void)state;
    momui_motion *motion = read_golden("joints.npz"); /* deflated, zip64 */
    assert_int_equal(motion->kind, MOMUI_MOTION_JOINTS);
    assert_int_equal(motion->skeleton.joints, 4);
    assert_int_equal(motion->frames, 3);
    assert_true(motion->fps == 62.5);
    assert_string_equal(motion->skeleton.names[0], "h\xC3\xBC"
                                                   "fte");
    assert_int_equal(motion->skeleton.parents[2], 1);
    /* No positions in the file: by forward kinematics. At frame 2 the root is turned by 1 rad about
     * z. */
    const float *head = motion->positions + 3 * (4 * 2 + 2);
    assert_near(head[0], 2 - 1.5 * sin(1), 1e-6);
    assert_near(head[1], 1 + 1.5 * cos(1), 1e-6);
    momui_motion_free(motion);
}

static void test_keypoints_from_numpy(void **state) {
    (void)state;
    momui_motion *motion = read_golden("keypoints.npz");
    assert_int_equal(motion->kind, MOMUI_MOTION_KEYPOINTS);
    assert_int_equal(motion->skeleton.joints, 17);
    assert_true(motion->fps == 30 && motion->frames == 4);
    assert_string_equal(motion->skeleton.names[16], "right_ankle");
    assert_true(motion->positions[2 * 17 + 5] == 39);
    assert_near(motion->confidence[17 + 2], 0.5, 1e-6);
    momui_motion_free(motion);

    motion = read_golden("scored.npz"); /* x, y, confidence; one point is NaN */
    assert_int_equal(motion->kind, MOMUI_MOTION_KEYPOINTS);
    assert_near(motion->positions[3], 0.004, 1e-7);
    assert_near(motion->confidence[1], 0.005, 1e-7);
    assert_true(motion->confidence[17 + 3] == 0 && motion->positions[2 * (17 + 3)] == 0);
    momui_motion_free(motion);

    motion = read_golden("fortran.npy"); /* big-endian doubles in Fortran order */
    assert_int_equal(motion->kind, MOMUI_MOTION_POSITIONS);
    assert_true(motion->fps == 60 && motion->frames == 2 && !motion->confidence);
    assert_string_equal(motion->skeleton.names[0], "nose");
    for (int i = 0; i < 2 * 14 * 3; i++)
        assert_true(motion->positions[i] == (float)i);
    momui_motion_free(motion);
}

static void test_objects_are_refused(void **state) {
    (void)state;
    momu_error error = {0};
    momui_motion *motion = NULL;
    assert_int_equal(momui_motion_read(NULL, golden("objects.npz"), NULL, &motion, &error),
                     MOMU_ERROR_UNSUPPORTED);
    ASSERT_SENTENCE(&error, MOMU_ERROR_UNSUPPORTED,
                    "objects.npz: array \"joint_names\": dtype \"|O\"", "pickle");
}

/* Every kind, filled with numbers that differ everywhere. */
static momui_motion *make_motion(momui_motion_kind kind) {
    int32_t joints = kind == MOMUI_MOTION_JOINTS ? 5 : 17;
    momui_motion *motion = momui_motion_new(NULL, kind, joints, 7, 29.97);
    size_t axes = kind == MOMUI_MOTION_KEYPOINTS ? 2 : 3;
    for (int32_t j = 0; j < joints; j++) {
        snprintf(motion->skeleton.names[j], 64, "j\xC3\xB6int%d", (int)j);
        /* one chain, three chains, points without bones */
        motion->skeleton.parents[j] = kind == MOMUI_MOTION_JOINTS                    ? j - 1
                                      : kind == MOMUI_MOTION_POSITIONS && j % 6 != 0 ? j - 1
                                                                                     : -1;
        motion->skeleton.offsets[3 * j] = (float)j * 0.1f;
    }
    for (size_t i = 0; i < 7 * (size_t)joints * axes; i++)
        motion->positions[i] = (float)i * 0.01f;
    if (kind == MOMUI_MOTION_JOINTS) {
        momu_error error = {0};
        for (size_t i = 0; i < 21; i++)
            motion->root[i] = (float)i;
        for (size_t i = 0; i < 35; i++) {
            motion->rotations[4 * i] = cosf((float)i);
            motion->rotations[4 * i + 2] = sinf((float)i);
        }
        assert_int_equal(momui_motion_update(motion, &error), MOMU_OK);
    } else {
        motion->confidence = momui_alloc(NULL, 7 * 17, sizeof(float));
        for (size_t i = 0; i < 7 * 17; i++)
            motion->confidence[i] = (float)i / 119;
    }
    return motion;
}

static void assert_same(const float *a, const float *b, size_t count) {
    for (size_t i = 0; i < count; i++)
        assert_near(a[i], b[i], 1e-6);
}

static void test_round_trips(void **state) {
    (void)state;
    static const momui_motion_kind KINDS[] = {MOMUI_MOTION_JOINTS, MOMUI_MOTION_POSITIONS,
                                              MOMUI_MOTION_KEYPOINTS};
    for (int k = 0; k < 3; k++) {
        momui_motion *motion = make_motion(KINDS[k]), *back = NULL;
        momu_error error = {0};
        const char *path = scratch_path("r\xC3\xB6und.npz");
        assert_int_equal(momui_motion_write(motion, path, NULL, &error), MOMU_OK);
        if (momui_motion_read(NULL, path, NULL, &back, &error) != MOMU_OK)
            fail_msg("%s", error.message);
        size_t joints = (size_t)motion->skeleton.joints,
               axes = KINDS[k] == MOMUI_MOTION_KEYPOINTS ? 2 : 3;
        assert_int_equal(back->kind, motion->kind);
        assert_int_equal(back->frames, 7);
        assert_true(back->fps == 29.97);
        assert_memory_equal(back->skeleton.names, motion->skeleton.names, joints * 64);
        assert_memory_equal(back->skeleton.parents, motion->skeleton.parents, joints * 4);
        assert_same(back->positions, motion->positions, 7 * joints * axes);
        if (KINDS[k] == MOMUI_MOTION_JOINTS) {
            assert_same(back->skeleton.offsets, motion->skeleton.offsets, joints * 3);
            assert_same(back->rotations, motion->rotations, 7 * joints * 4);
            assert_same(back->root, motion->root, 21);
            assert_null(back->confidence);
        } else {
            assert_same(back->confidence, motion->confidence, 7 * joints);
        }
        momui_motion_free(motion);
        momui_motion_free(back);
    }
}

/* ---- arrays that do not fit ---- */

static momui_npz_writer *writer;
static momui_writer zip;

/* A new zip, with the arrays of a motion of 2 frames and 3 joints but for those that a test adds
 * itself. */
static void begin(void) {
    writer = momui_npz_writer_new(NULL);
    momui_writer_init(&zip, NULL);
}

static void add(const char *key, const char *descr, int32_t rank, int64_t a, int64_t b, int64_t c,
                const void *data, size_t size) {
    momui_npz_writer_add(writer, key, descr, rank, (int64_t[]){a, b, c}, data, size);
}

static void assert_zip_refused(int status, const char *words) {
    momu_error error = {0};
    momui_motion *motion = NULL;
    assert_int_equal(momui_npz_writer_finish(writer, &zip, &error), MOMU_OK);
    momui_bytes bytes;
    momui_bytes_from_memory(zip.data, zip.size, &bytes);
    bytes.name = "bad.npz";
    if (momui_motion_npz_read(NULL, &bytes, &motion, &error) == MOMU_OK)
        fail_msg("accepted, expected: %s", words);
    ASSERT_SENTENCE(&error, status, "bad.npz: ", words);
    momui_npz_writer_free(writer);
    momui_writer_release(&zip);
}

static void test_arrays_that_do_not_fit(void **state) {
    (void)state;
    static const float zeros[64], nan_first[42] = {NAN}, huge[42] = {2e9f};
    static const float units[24] = {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1};
    static const int32_t loop[3] = {-1, 2, 1};
    const double fast = 2000;
    begin();
    add("other", "<f4", 1, 3, 0, 0, zeros, 12);
    assert_zip_refused(
        MOMU_ERROR_FORMAT,
        "no array \"rotations\", \"positions\" or \"keypoints\"; its arrays: \"other\"");
    begin();
    add("positions", "<f4", 2, 3, 3, 0, zeros, 36);
    assert_zip_refused(MOMU_ERROR_FORMAT,
                       "array \"positions\": expected the shape (frames, joints, 2)");
    begin();
    add("positions", "<f4", 3, 2, 3, 3, zeros, 72);
    assert_zip_refused(MOMU_ERROR_UNSUPPORTED, "3 joints without \"joint_names\"");
    begin();
    add("positions", "<f4", 3, 0, 17, 3, zeros, 0);
    assert_zip_refused(MOMU_ERROR_LIMIT, "0 frames, expected 1 to");
    begin();
    add("positions", "<f4", 3, 1, 14, 3, huge, 168);
    assert_zip_refused(MOMU_ERROR_NUMERIC, "element 0 is huge");
    begin();
    add("positions", "<f4", 3, 1, 14, 3, zeros, 168);
    add("fps", "<f8", 0, 0, 0, 0, &fast, 8);
    assert_zip_refused(MOMU_ERROR_FORMAT,
                       "array \"fps\": 2000.000 frames a second, expected 1 to 1000");
    begin();
    add("positions", "<f4", 3, 1, 14, 3, zeros, 168);
    add("joint_names", "|S2", 1, 3, 0, 0, "aabbcc", 6);
    assert_zip_refused(MOMU_ERROR_FORMAT, "array \"joint_names\": its shape is (3), expected (14)");
    begin();
    add("positions", "<f4", 3, 1, 14, 3, zeros, 160);
    assert_zip_refused(MOMU_ERROR_FORMAT, "its shape and dtype need 168 bytes, 160 are there");
    begin();
    add("positions", "<c8", 3, 1, 14, 3, zeros, 168);
    assert_zip_refused(MOMU_ERROR_UNSUPPORTED, "dtype \"<c8\", expected float, int");
    begin();
    add("rotations", "<f4", 3, 2, 3, 4, units, 96);
    add("joint_names", "|S1", 1, 3, 0, 0, "abc", 3);
    add("parents", "<i4", 1, 3, 0, 0, loop, 12);
    assert_zip_refused(MOMU_ERROR_FORMAT,
                       "array \"parents\": joint 1 has parent 2, expected a joint before it");
    begin();
    add("positions", "<f4", 3, 2, 3, 3, zeros, 72);
    add("joint_names", "|S1", 1, 3, 0, 0, "abc", 3);
    add("parents", "<i4", 1, 3, 0, 0, loop, 12);
    assert_zip_refused(MOMU_ERROR_FORMAT,
                       "array \"parents\": joint 1 has parent 2, expected -1 or a joint before it");
    begin();
    add("rotations", "<f4", 3, 2, 3, 4, zeros, 96);
    add("joint_names", "|S1", 1, 3, 0, 0, "abc", 3);
    add("parents", "<i4", 1, 3, 0, 0, (int32_t[]){-1, 0, 1}, 12);
    add("offsets", "<f4", 2, 3, 3, 0, zeros, 36);
    add("root", "<f4", 2, 2, 3, 0, zeros, 24);
    assert_zip_refused(MOMU_ERROR_FORMAT, "frame 0, joint 0 is no unit quaternion");
    begin();
    add("rotations", "<f4", 3, 2, 3, 4, units, 96);
    add("joint_names", "|S1", 1, 3, 0, 0, "abc", 3);
    add("parents", "<i4", 1, 3, 0, 0, (int32_t[]){-1, 0, 1}, 12);
    add("offsets", "<f4", 2, 3, 3, 0, nan_first, 36);
    assert_zip_refused(MOMU_ERROR_NUMERIC, "array \"offsets\": element 0 is NaN");
}

static void test_zips_that_claim_too_much(void **state) {
    (void)state;
    momu_error error = {0};
    momui_motion *motion = NULL;
    momui_bytes bytes;
    assert_int_equal(
        momui_bytes_from_path(NULL, golden("joints.npz"), false, 1 << 20, &bytes, &error), MOMU_OK);
    unsigned char *data = (unsigned char *)(uintptr_t)bytes.data, *kept = malloc(bytes.size);
    memcpy(kept, data, bytes.size);
    /* The directory's first entry, found by its signature. */
    size_t entry = 0;
    while (memcmp(data + entry, "PK\1\2", 4) != 0)
        entry++;
    static const struct {
        size_t at;
        unsigned char value;
        const char *words;
        int status;
    } CASES[] = {
        {8, 1, "array \"rotations\": encrypted", MOMU_ERROR_UNSUPPORTED},
        {10, 12, "zip method 12, expected 0 (stored) or 8 (deflated)", MOMU_ERROR_UNSUPPORTED},
        {16, 0, "its checksum does not fit", MOMU_ERROR_FORMAT},
        {27, 0x40, "claims to unpack", MOMU_ERROR_LIMIT},
        {24, 0, "its deflated bytes are damaged", MOMU_ERROR_FORMAT},
        {45, 0x7F, "no local header at byte", MOMU_ERROR_FORMAT},
        {28, 0, "an array's name that is empty", MOMU_ERROR_FORMAT},
        {0, 0, "no directory entry", MOMU_ERROR_FORMAT},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        memcpy(data, kept, bytes.size);
        data[entry + CASES[i].at] = CASES[i].value;
        if (data[entry + CASES[i].at] == kept[entry + CASES[i].at])
            data[entry + CASES[i].at] ^= 1;
        if (momui_motion_npz_read(NULL, &bytes, &motion, &error) == MOMU_OK)
            fail_msg("accepted, expected: %s", CASES[i].words);
        ASSERT_SENTENCE(&error, CASES[i].status, "joints.npz", CASES[i].words);
    }
    memcpy(data, kept, bytes.size);
    bytes.size -= 30;
    assert_int_equal(momui_motion_npz_read(NULL, &bytes, &motion, &error), MOMU_ERROR_FORMAT);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "the zip's end record is missing");
    bytes.size += 30;
    free(kept);
    momui_bytes_release(&bytes);
}

static void test_npy_headers(void **state) {
    (void)state;
    static const struct {
        const char *header, *words;
    } CASES[] = {
        {"", "no dictionary"},
        {"{'descr': '<f4', 'fortran_order': False, }", "descr, fortran_order or shape is missing"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': 3}", "\"shape\" is no tuple"},
        {"{'descr': '<f4', 'fortran_order': Maybe, 'shape': (3,)}", "neither True nor False"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (-3,)}",
         "a dimension is no whole number"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
         "a dimension is no whole number"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (281474976710655,281474976710655,)}",
         "overflows"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}",
         "more than 8 dimensions"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'extra': 1}",
         "an unknown or repeated key"},
        {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,)}", "a structured array"},
        {"{'descr': '<f3', 'fortran_order': False, 'shape': (3,)}", "dtype \"<f3\""},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (3",
         "\"shape\" is no tuple of numbers"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        unsigned char data[256] = "\x93NUMPY\1";
        size_t length = strlen(CASES[i].header);
        data[8] = (unsigned char)length;
        memcpy(data + 10, CASES[i].header, length);
        momui_npy array;
        momu_error error = {0};
        if (momui_npy_parse(data, 12 + length, "a.npy", &array, &error) == MOMU_OK)
            fail_msg("accepted: %s", CASES[i].header);
        if (!strstr(error.message, CASES[i].words))
            fail_msg("\"%s\" does not hold \"%s\"", error.message, CASES[i].words);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_joints_from_numpy),
        cmocka_unit_test(test_keypoints_from_numpy),
        cmocka_unit_test(test_objects_are_refused),
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_arrays_that_do_not_fit),
        cmocka_unit_test(test_zips_that_claim_too_much),
        cmocka_unit_test(test_npy_headers),
    };
    return cmocka_run_group_tests_name("npz", tests, NULL, NULL);
}
