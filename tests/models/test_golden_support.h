/* What the golden tests share: files made by reference/make_golden.py, read into an arena. */
#ifndef TEST_GOLDEN_SUPPORT_H
#define TEST_GOLDEN_SUPPORT_H

#include "tests/support/support.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/extremes.h"
#include "io/safetensors/safetensors.h"
#include "models/models.h"

/* One test: a golden file, an arena for all it reads and computes, and a graph. */
typedef struct golden {
    char path[1024];
    momui_bytes bytes;
    momui_safetensors *file;
    momui_arena *arena;
    momu_error error;
    momui_graph g;
} golden;

static inline void golden_fine(golden *test, momu_status status) {
    if (status != MOMU_OK)
        fail_msg("%s", test->error.message);
}

static inline void golden_path(char path[1024], const char *name) {
    const char *folder = getenv("MOMU_TEST_GOLDEN");
    assert_non_null(folder);
    snprintf(path, 1024, "%s/networks/%s", folder, name);
}

static inline void golden_open(golden *test, const char *name, momui_pool *pool, bool tape) {
    *test = (golden){0};
    golden_path(test->path, name);
    golden_fine(
        test, momui_bytes_from_path(NULL, test->path, false, 1 << 24, &test->bytes, &test->error));
    golden_fine(test, momui_safetensors_open(NULL, &test->bytes, &test->file, &test->error));
    test->arena = momui_arena_create(NULL);
    assert_non_null(test->arena);
    golden_fine(test, momui_graph_begin(&test->g, test->arena, pool, tape, &test->error));
}

static inline void golden_close(golden *test) {
    momui_arena_destroy(test->arena);
    momui_safetensors_close(test->file);
    momui_bytes_release(&test->bytes);
}

static inline const momui_safetensors_entry *golden_entry(golden *test, const char *name,
                                                          const char *part) {
    char full[256];
    snprintf(full, sizeof full, "%s%s", name, part);
    return momui_safetensors_find(test->file, full);
}

/* "NAME" "PART"; NULL when the file has none of it. */
static inline momui_tensor *golden_tensor(golden *test, const char *name, const char *part) {
    const momui_safetensors_entry *entry = golden_entry(test, name, part);
    if (!entry)
        return NULL;
    momui_tensor *x = momui_tensor_new(&test->g, entry->rank, entry->shape);
    assert_non_null(x);
    golden_fine(test, momui_safetensors_read_f32(test->file, entry->name, entry->rank, entry->shape,
                                                 x->data, &test->error));
    return x;
}

/* A copy of raw values of this type. */
static inline const void *golden_values(golden *test, const char *name, const char *part,
                                        momui_dtype type) {
    const momui_safetensors_entry *entry = golden_entry(test, name, part);
    if (!entry)
        return NULL;
    assert_int_equal(entry->type, type);
    void *copy = momui_arena_alloc(test->arena, entry->size, 1);
    assert_non_null(copy);
    return memcpy(copy, entry->data, entry->size);
}

static inline const uint8_t *golden_bytes(golden *test, const char *name, const char *part) {
    return golden_values(test, name, part, MOMUI_U8);
}

static inline const int32_t *golden_integers(golden *test, const char *name, const char *part) {
    return golden_values(test, name, part, MOMUI_I32);
}

static inline double golden_peak(const float *x, size_t count) {
    double peak = 0;
    for (size_t i = 0; i < count; i++)
        peak = momui_max(peak, fabs((double)x[i]));
    return peak;
}

static inline void assert_tensor_near(golden *test, const char *name, const char *part,
                                      const momui_tensor *found, double tolerance) {
    if (test->g.status != MOMU_OK)
        fail_msg("%s%s: %s", name, part, test->error.message);
    momui_tensor *expected = golden_tensor(test, name, part);
    assert_non_null(found);
    assert_non_null(expected);
    assert_int_equal(found->rank, expected->rank);
    for (int i = 0; i < found->rank; i++)
        assert_int_equal(found->shape[i], expected->shape[i]);
    assert_all_near(name, part, found->data, expected->data, (size_t)momui_tensor_count(found),
                    tolerance, 0);
}

/* A model file of the golden ones. */
static inline momui_bundle *golden_bundle(const char *name, bool pack) {
    char path[1024];
    momu_error error = {0};
    momui_bytes bytes;
    momui_bundle *bundle = NULL;
    golden_path(path, name);
    if (momui_bytes_from_path(NULL, path, false, 1 << 24, &bytes, &error) != MOMU_OK ||
        momui_bundle_load(NULL, &bytes, pack, &bundle, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    momui_bytes_release(&bytes);
    return bundle;
}

#endif
