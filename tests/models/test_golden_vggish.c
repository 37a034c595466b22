/* VGGish and its front end against PyTorch, on random weights; and files that are none. */
#include "base/extremes.h"
#include "base/stream.h"
#include "io/safetensors/safetensors.h"
#include "train/evaluate/vggish.h"
#include "train/evaluate/vggish_mel.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SAMPLES = 32000, FRAMES = 32, PATCHES = 2 };

static momui_bytes open_golden(const char *name) {
    char path[1024];
    momui_bytes bytes;
    momu_error error = {0};
    const char *folder = getenv("MOMU_TEST_GOLDEN");
    assert_non_null(folder);
    snprintf(path, sizeof path, "%s/networks/%s", folder, name);
    assert_int_equal(momui_bytes_from_path(NULL, path, false, 1 << 24, &bytes, &error), MOMU_OK);
    bytes.name = "golden"; /* `path` ends here */
    return bytes;
}

static float *tensor(const momui_safetensors *file, const char *name, int rank,
                     const int64_t *shape, size_t count) {
    momu_error error = {0};
    float *out = malloc(count * sizeof *out);
    assert_non_null(out);
    assert_int_equal(momui_safetensors_read_f32(file, name, rank, shape, out, &error), MOMU_OK);
    return out;
}

static double farthest(const float *a, const float *b, size_t count) {
    double away = 0;
    for (size_t i = 0; i < count; i++)
        away = momui_max(away, fabs((double)a[i] - (double)b[i]));
    return away;
}

static void as_pytorch(void **state) {
    (void)state;
    momu_error error = {0};
    momui_bytes bytes = open_golden("vggish.safetensors");
    momui_safetensors *file = NULL;
    momui_vggish *vggish = NULL;
    float *mel = NULL, *embeddings = NULL;
    int64_t frames = 0;
    int32_t patches = 0;
    assert_int_equal(momui_safetensors_open(NULL, &bytes, &file, &error), MOMU_OK);
    float *sound = tensor(file, "sound", 1, (int64_t[]){SAMPLES}, SAMPLES);
    float *true_mel = tensor(file, "mel", 2, (int64_t[]){FRAMES, MOMUI_VGGISH_BANDS},
                             FRAMES * MOMUI_VGGISH_BANDS);
    float *truth = tensor(file, "embeddings", 2, (int64_t[]){PATCHES, MOMUI_VGGISH_EMBEDDING},
                          PATCHES * MOMUI_VGGISH_EMBEDDING);
    assert_int_equal(momui_vggish_mel(NULL, sound, SAMPLES, &mel, &frames, &error), MOMU_OK);
    assert_int_equal(frames, 198);
    assert_true(farthest(mel, true_mel, FRAMES * MOMUI_VGGISH_BANDS) < 2e-5);
    assert_int_equal(momui_vggish_load(NULL, &bytes, &vggish, &error), MOMU_OK);
    assert_int_equal(
        momui_vggish_embed(NULL, vggish, sound, SAMPLES, &embeddings, &patches, &error), MOMU_OK);
    assert_int_equal(patches, PATCHES);
    float zeros[PATCHES * MOMUI_VGGISH_EMBEDDING] = {0};
    double size = farthest(truth, zeros, PATCHES * MOMUI_VGGISH_EMBEDDING);
    assert_true(size > 0.1);
    assert_true(farthest(embeddings, truth, PATCHES * MOMUI_VGGISH_EMBEDDING) < 1e-4 * size);
    momui_free(mel);
    momui_free(embeddings);
    assert_int_equal(momui_vggish_embed(NULL, vggish, sound, 399, &embeddings, &patches, &error),
                     MOMU_OK);
    assert_int_equal(patches, 0); /* too short for a patch */
    momui_free(embeddings);
    momui_vggish_free(vggish);
    momui_safetensors_close(file);
    momui_bytes_release(&bytes);
    free(sound);
    free(true_mel);
    free(truth);
}

static void no_vggish(void **state) {
    (void)state;
    momu_error error = {0};
    momui_vggish *vggish = NULL;
    momui_bytes bytes = open_golden("hifi.safetensors");
    assert_int_equal(momui_vggish_load(NULL, &bytes, &vggish, &error), MOMU_ERROR_FORMAT);
    assert_null(vggish);
    assert_non_null(strstr(error.message, "momu.vggish is missing"));
    momui_bytes_release(&bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_pytorch), cmocka_unit_test(no_vggish)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
