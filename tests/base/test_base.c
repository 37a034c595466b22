/* base/: numbers, random, memory, pool, files. */
#include "tests/support/support.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/numbers.h"
#include "base/pool.h"
#include "base/random.h"
#include "base/stream.h"

static double parsed(const char *text) {
    double value = 0;
    const char *next = NULL;
    assert_true(momui_parse_double(text, text + strlen(text), &value, &next));
    assert_true(*next == '\0');
    return value;
}

static void test_numbers_are_read_without_locale(void **state) {
    (void)state;
    setlocale(LC_ALL, "de_DE.UTF-8");
    assert_true(parsed("1.5") == 1.5);
    assert_true(parsed("-0.00015e3") == -0.15);
    assert_true(parsed("+17") == 17.0);
    assert_true(parsed(".25") == 0.25);
    assert_true(isnan(parsed("NaN")));
    assert_true(isinf(parsed("-inf")));
    assert_true(isinf(parsed("1e999")));
    assert_true(parsed("1e-999") == 0.0);
    assert_true(fabs(parsed("123456789012345678901234567890") / 1.2345678901234568e29 - 1) < 1e-15);
    double value;
    const char *next;
    assert_false(momui_parse_double("x", (const char *)"x" + 1, &value, &next));
    const char *cut = "12345";
    assert_true(momui_parse_double(cut, cut + 2, &value, &next) && value == 12.0);
    const char *unfinished = "1e";
    assert_true(momui_parse_double(unfinished, unfinished + 2, &value, &next));
    assert_true(next == unfinished + 1);
}

static void test_numbers_are_written_without_locale(void **state) {
    (void)state;
    char out[64];
    setlocale(LC_ALL, "de_DE.UTF-8");
    momui_format_fixed(out, 1.2345678, 3);
    assert_string_equal(out, "1.235");
    momui_format_fixed(out, -0.0001, 3);
    assert_string_equal(out, "0.000");
    momui_format_fixed(out, -12.9996, 3);
    assert_string_equal(out, "-13.000");
    momui_format_fixed(out, 1e300, 0);
    assert_string_equal(out, "100000000000000000");
}

/* Known answers of the Philox paper's own test file: counter and key all zero, then all ones. */
static void test_philox_known_answers(void **state) {
    (void)state;
    uint32_t out[4];
    momui_philox(0, 0, 0, out);
    assert_true(out[0] == 0x6627e8d5u && out[1] == 0xe169c58du && out[2] == 0xbc57ac4cu &&
                out[3] == 0x9b00dbd8u);
    momui_philox(UINT64_MAX, UINT64_MAX, UINT64_MAX, out);
    assert_true(out[0] == 0x408f276du && out[1] == 0x41c83b0eu && out[2] == 0xa20bc7c6u &&
                out[3] == 0x6d5451fdu);
}

static void test_normals_have_unit_variance(void **state) {
    (void)state;
    static float x[100000];
    momui_fill_normal(x, 100000, 7, 1);
    double sum = 0, square = 0;
    for (int i = 0; i < 100000; i++) {
        sum += x[i];
        square += (double)x[i] * x[i];
    }
    assert_true(fabs(sum / 1e5) < 0.02 && fabs(square / 1e5 - 1) < 0.02);
    momui_random random = {7, 1, 5};
    assert_true(momui_random_normal(&random) == x[5]);
}

static void test_arena_allocates_in_its_first_round_only(void **state) {
    (void)state;
    momui_memory memory;
    momui_memory_init(&memory, NULL, 0);
    momui_arena *arena = momui_arena_create(&memory);
    momui_arena_mark start = momui_arena_position(arena);
    unsigned after_first = 0;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 40; i++) {
            char *block = momui_arena_alloc(arena, 300000, 1);
            assert_non_null(block);
            assert_true((uintptr_t)block % MOMUI_ALIGNMENT == 0);
            memset(block, i, 300000);
        }
        if (round == 0)
            after_first = momui_arena_chunk_count(arena);
        assert_int_equal(momui_arena_chunk_count(arena), after_first);
        momui_arena_reset(arena, start);
    }
    momui_arena_destroy(arena);
    assert_true(atomic_load(&memory.used) == 0);
}

static void test_memory_limit_and_overflow(void **state) {
    (void)state;
    momui_memory memory;
    momui_memory_init(&memory, NULL, 1000);
    assert_null(momui_alloc(&memory, 2000, 1));
    assert_null(momui_alloc(&memory, SIZE_MAX / 2, 4));
    void *block = momui_alloc(&memory, 500, 1);
    assert_non_null(block);
    momui_free(block);
    assert_true(atomic_load(&memory.used) == 0);
}

static void add_task(void *user, size_t task, int worker) {
    (void)worker;
    ((int *)user)[task]++;
}

static void test_pool_runs_every_task_once(void **state) {
    (void)state;
    momui_pool *pool = NULL;
    assert_int_equal(momui_pool_create(NULL, 4, &pool, NULL), MOMU_OK);
    int counts[1000] = {0};
    for (int round = 0; round < 50; round++)
        momui_pool_run(pool, 1000, add_task, counts);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(counts[i], 50);
    momui_pool_destroy(pool);
}

static void test_files_are_whole_or_absent(void **state) {
    (void)state;
    const char *path = scratch_path("file");
    FILE *empty = fopen(path, "w");
    assert_non_null(empty);
    fclose(empty);
    momu_error error = {0};
    momui_bytes bytes;
    assert_int_equal(momui_bytes_from_path(NULL, path, true, 100, &bytes, &error),
                     MOMU_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "empty"));
    assert_int_equal(momui_write_file(path, "hello", 5, &error), MOMU_OK);
    assert_int_equal(momui_bytes_from_path(NULL, path, true, 100, &bytes, &error), MOMU_OK);
    assert_true(bytes.size == 5 && memcmp(bytes.data, "hello", 5) == 0);
    momui_bytes_release(&bytes);
    assert_int_equal(momui_bytes_from_path(NULL, path, false, 4, &bytes, &error), MOMU_ERROR_LIMIT);
    assert_int_equal(momui_write_file("/no/such/folder/x", "x", 1, &error), MOMU_ERROR_IO);
    unlink(path);
    assert_int_equal(momui_bytes_from_path(NULL, path, true, 9, &bytes, &error),
                     MOMU_ERROR_NOT_FOUND);
    assert_int_equal(momui_bytes_from_path(NULL, "/tmp", true, 9, &bytes, &error), MOMU_ERROR_IO);
}

static void test_long_sentences_stay_text(void **state) {
    (void)state;
    momu_error error;
    char text[1200];
    for (int i = 0; i < 399; i++)
        memcpy(text + 3 * i, "\xe2\x96\xa0", 3);
    text[3 * 399] = '\0';
    momui_fail(&error, MOMU_ERROR_IO, "%s", text);
    size_t length = strlen(error.message);
    assert_true(length % 3 == 0 && length > 490);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_read_without_locale),
        cmocka_unit_test(test_numbers_are_written_without_locale),
        cmocka_unit_test(test_philox_known_answers),
        cmocka_unit_test(test_normals_have_unit_variance),
        cmocka_unit_test(test_arena_allocates_in_its_first_round_only),
        cmocka_unit_test(test_memory_limit_and_overflow),
        cmocka_unit_test(test_pool_runs_every_task_once),
        cmocka_unit_test(test_files_are_whole_or_absent),
        cmocka_unit_test(test_long_sentences_stay_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
