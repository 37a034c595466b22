/* Random numbers, MFCCs, the vocoder's way from spectra to sound, and a body in a picture, against
 * the reference. */
#include "test_golden_support.h"

#include "base/random.h"
#include "dsp/mfcc.h"
#include "dsp/stft.h"
#include "motion/kinematics.h"
#include "motion/layout.h"
#include "motion/rhythm.h"

static const uint64_t SEED = 20240601;

static void test_philox_words(void **state) {
    (void)state;
    static const struct {
        uint64_t key, high, low;
    } PLACES[] = {{0, 0, 0}, {UINT64_MAX, UINT64_MAX, UINT64_MAX}, {20240601, 7, 5}};
    golden test;
    golden_open(&test, "numbers.safetensors", NULL, false);
    const int64_t *expected = golden_values(&test, "words", "", MOMUI_I64);
    for (size_t i = 0; i < 3; i++) {
        uint32_t words[4];
        momui_philox(PLACES[i].key, PLACES[i].high, PLACES[i].low, words);
        for (size_t j = 0; j < 4; j++)
            assert_int_equal(words[j], expected[4 * i + j]);
    }
    golden_close(&test);
}

/* Not further apart than neighbouring floats. */
static void check_normals(golden *test, const char *name, size_t count, uint64_t seed,
                          uint64_t stream) {
    const momui_tensor *expected = golden_tensor(test, name, "");
    assert_int_equal(expected->shape[0], count);
    float *found = momui_arena_alloc(test->arena, count, sizeof *found);
    momui_fill_normal(found, count, seed, stream);
    for (size_t i = 0; i < count; i++) {
        float want = expected->data[i];
        if (found[i] < nextafterf(want, -INFINITY) || found[i] > nextafterf(want, INFINITY))
            fail_msg("%s[%zu]: found %.9g, expected %.9g", name, i, (double)found[i], (double)want);
    }
}

static void test_normals(void **state) {
    (void)state;
    golden test;
    golden_open(&test, "numbers.safetensors", NULL, false);
    check_normals(&test, "normals", 1001, SEED, 1);
    check_normals(&test, "normals_wide", 37, (UINT64_C(1) << 63) + 12345, (UINT64_C(1) << 40) + 3);
    golden_close(&test);
}

static void test_synthesis(void **state) {
    (void)state;
    golden test;
    golden_open(&test, "vocoder.safetensors", NULL, false);
    const momui_tensor *head = golden_tensor(&test, "head", "");
    const momui_tensor *expected = golden_tensor(&test, "mono", "");
    float *mono = NULL;
    int64_t samples = 0;
    golden_fine(&test, momui_vocos_synthesis(NULL, head->data, head->shape[1], 1024, 256, &mono,
                                             &samples, &test.error));
    assert_int_equal(samples, expected->shape[0]);
    assert_all_near("mono", "", mono, expected->data, (size_t)samples, 1e-4, 0);
    momui_free(mono);
    golden_close(&test);
}

static void test_mfcc(void **state) {
    (void)state;
    golden test;
    golden_open(&test, "encoder.safetensors", NULL, false);
    const momui_tensor *mel = golden_tensor(&test, "mel", "");
    const momui_tensor *expected = golden_tensor(&test, "mfcc", "");
    float *found = NULL;
    assert_int_equal(expected->shape[1], MOMUI_MFCCS);
    golden_fine(&test,
                momui_mfcc(NULL, mel->data, mel->shape[0], 80, MOMUI_MFCCS, &found, &test.error));
    assert_all_near("mfcc", "", found, expected->data, (size_t)momui_tensor_count(expected), 1e-6,
                    0);
    momui_free(found);
    assert_int_equal(momui_mfcc(NULL, mel->data, 5, 39, MOMUI_MFCCS, &found, &test.error),
                     MOMU_ERROR_INTERNAL);
    golden_close(&test);
}

/* The pelvis goes straight up and down in its own plane, between two bins: rounding decides which.
 */
static void check_rhythm(golden *test, const momui_motion *motion, const char *name) {
    float *rows = NULL;
    const momui_tensor *expected = golden_tensor(test, name, "");
    golden_fine(test, momui_rhythm_rows(NULL, motion, &rows, &test->error));
    assert_int_equal(momui_tensor_count(expected), motion->frames * MOMUI_RHYTHM_ROWS);
    assert_all_near(name, "", rows, expected->data, (size_t)momui_tensor_count(expected), 2e-2, 0);
    momui_free(rows);
}

/* A body that turns, as a camera sees it: positions2d and directions2d; and its rhythm. */
static void test_pictures(void **state) {
    (void)state;
    golden test;
    golden_open(&test, "pictures.safetensors", NULL, false);
    const momui_tensor *quaternions = golden_tensor(&test, "quaternions", "");
    const momui_tensor *root = golden_tensor(&test, "root", "");
    momui_motion *body = momui_body_new(NULL, root->shape[0], MOMUI_MOTION_RATE), *picture = NULL;
    assert_non_null(body);
    memcpy(body->rotations, quaternions->data,
           (size_t)momui_tensor_count(quaternions) * sizeof(float));
    memcpy(body->root, root->data, (size_t)momui_tensor_count(root) * sizeof(float));
    golden_fine(&test, momui_motion_update(body, &test.error));
    golden_fine(&test, momui_body_project(NULL, body, &picture, &test.error));
    float *features = NULL;
    size_t count = (size_t)root->shape[0] * 28;
    golden_fine(&test, momui_positions2d_encode(NULL, picture, &features, NULL, &test.error));
    assert_all_near("positions2d", "", features, golden_tensor(&test, "positions2d", "")->data,
                    count, 1e-5, 0);
    momui_free(features);
    golden_fine(&test, momui_directions2d_encode(NULL, picture, &features, NULL, &test.error));
    assert_all_near("directions2d", "", features, golden_tensor(&test, "directions2d", "")->data,
                    count, 1e-5, 0);
    momui_free(features);
    check_rhythm(&test, body, "rhythm");
    check_rhythm(&test, picture, "rhythm2d");
    momui_motion_free(picture);
    momui_motion_free(body);
    golden_close(&test);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_philox_words), cmocka_unit_test(test_normals),
        cmocka_unit_test(test_synthesis),    cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_mfcc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
