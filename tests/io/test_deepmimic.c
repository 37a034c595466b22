/* io/deepmimic: frames of 44 numbers, and what is none. */
#include "io_support.h"

#include "io/motion_file.h"

/* Standing, the arms hanging, but for the right knee, bent by 90 degrees. */
static void frame_text(char *out, size_t size, double duration, const char *tail) {
    snprintf(out, size,
             "[%g, 0.5,1,0.25, 1,0,0,0, 1,0,0,0, 1,0,0,0, 1,0,0,0, -1.5707963267948966, 1,0,0,0, "
             "1,0,0,0, 0, 1,0,0,0, 0, 1,0,0,0, 1,0,0,0, 0%s]",
             duration, tail);
}

static momu_status read_text(const char *text, momui_motion **motion, momu_error *error) {
    momui_bytes bytes = text_bytes(text, "dance.txt");
    return momui_motion_read_bytes(NULL, &bytes, NULL, motion, error);
}

static void test_standing(void **state) {
    (void)state;
    char frame[512], last[512], text[2048];
    momu_error error = {0};
    momui_motion *m = NULL;
    frame_text(frame, sizeof frame, 0.02, "");
    frame_text(last, sizeof last, 0, "");
    snprintf(text, sizeof text, "{\"Loop\": \"wrap\", \"Frames\": [%s,%s,%s]}", frame, frame, last);
    if (read_text(text, &m, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    assert_int_equal(m->kind, MOMUI_MOTION_POSITIONS);
    assert_int_equal(m->frames, 3);
    assert_near(m->fps, 50, 1e-9);
    int32_t hip = momui_skeleton_find(&m->skeleton, "right_hip");
    int32_t ankle = momui_skeleton_find(&m->skeleton, "right_ankle");
    int32_t wrist = momui_skeleton_find(&m->skeleton, "left_wrist");
    assert_true(hip > 0 && ankle > 0 && wrist > 0);
    /* the file's X (ahead) is our Z, its Z (to the right) our -X */
    assert_near(m->positions[3 * hip], -0.25 - 0.084887, 1e-6);
    assert_near(m->positions[3 * hip + 1], 1, 1e-6);
    assert_near(m->positions[3 * hip + 2], 0.5, 1e-6);
    /* the shin points back */
    assert_near(m->positions[3 * ankle + 1], 1 - 0.421546, 1e-6);
    assert_near(m->positions[3 * ankle + 2], 0.5 - 0.409870, 1e-6);
    assert_true(m->positions[3 * wrist] > -0.25f); /* the left is +X */
    momui_motion_free(m);
}

static void refused(const char *frames, const char *where, const char *what) {
    char text[2048];
    momu_error error = {0};
    momui_motion *m = NULL;
    snprintf(text, sizeof text, "{\"Frames\": %s}", frames);
    assert_int_equal(read_text(text, &m, &error), MOMU_ERROR_FORMAT);
    assert_null(m);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "dance.txt", where, what);
}

static void test_refusals(void **state) {
    (void)state;
    char frame[512], list[1024];
    refused("[]", "Frames", "0");
    refused("[[1,2,3]]", "Frames[0]", "44");
    frame_text(frame, sizeof frame, 0.02, ",7");
    snprintf(list, sizeof list, "[%s]", frame);
    refused(list, "Frames[0]", "44");
    frame_text(frame, sizeof frame, -1, "");
    snprintf(list, sizeof list, "[%s]", frame);
    refused(list, "Frames[0]", "-1");
    momu_error error = {0};
    momui_motion *m = NULL;
    assert_int_equal(read_text("{\"Loop\": \"wrap\"}", &m, &error), MOMU_ERROR_FORMAT);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "dance.txt", "Frames");
    assert_int_equal(read_text("{\"Frames\": [", &m, &error), MOMU_ERROR_FORMAT);
    memset(list, '{', 80); /* the call's status is the sentence's */
    list[80] = 0;
    assert_int_equal(read_text(list, &m, &error), MOMU_ERROR_LIMIT);
    ASSERT_SENTENCE(&error, MOMU_ERROR_LIMIT, "dance.txt", "nested deeper than 64 levels");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_standing),
                                       cmocka_unit_test(test_refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
