/* io/safetensors: what others write, what we write, and every false claim of a header. */
#include "io_support.h"

#include "io/safetensors/safetensors.h"

/* A file of this header (its length is put before it) and `size` bytes of data, 0 1 2 ... */
static momui_bytes make_file(const char *header, size_t size) {
    static unsigned char buffer[4096];
    size_t length = strlen(header);
    memset(buffer, 0, 8);
    buffer[0] = (unsigned char)length;
    buffer[1] = (unsigned char)(length >> 8);
    memcpy(buffer + 8, header, length);
    for (size_t i = 0; i < size; i++)
        buffer[8 + length + i] = (unsigned char)i;
    momui_bytes bytes;
    momui_bytes_from_memory(buffer, 8 + length + size, &bytes);
    bytes.name = "model.safetensors";
    return bytes;
}

#define F32_2 "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":"

static void test_every_lie_is_named(void **state) {
    (void)state;
    static const struct {
        const char *header;
        size_t size;
        const char *words;
    } CASES[] = {
        {"{\"a\":" F32_2 "[0,9]}}", 8,
         "a.data_offsets: expected a span inside the file's 8 bytes of data, found 0 to 9"},
        {"{\"a\":" F32_2 "[8,0]}}", 8, "found 8 to 0"},
        {"{\"a\":" F32_2 "[0,4]}}", 8, "a: its shape needs 8 bytes of F32, its span has 4"},
        {"{\"a\":" F32_2 "[0,8]},\"b\":" F32_2 "[4,12]}}", 12,
         "\"b\": begins at data byte 4, expected 8: spans overlap"},
        {"{\"a\":" F32_2 "[0,8]},\"b\":" F32_2 "[12,20]}}", 20, "expected 8: a gap between spans"},
        {"{\"a\":" F32_2 "[4,12]}}", 12, "a gap between spans"},
        {"{\"a\":" F32_2 "[0,8]}}", 9, "1 bytes of data behind the last tensor"},
        {"{\"a\":" F32_2 "[0,8]},\"a\":" F32_2 "[8,16]}}", 16, "\"a\" appears twice"},
        {"{\"a\":{\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8,
         "a.dtype: expected one of"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8,
         "a.shape[0]: expected 0 to"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,8]}}", 8,
         "a.shape[0]: expected a whole number"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,8]}}", 8,
         "a.shape: expected a list of 0 to 8, found 9"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}", 8,
         "overflows"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483648,2147483649],\"data_offsets\":[0,8]}}", 8,
         "overflows"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}", 8,
         "a.data_offsets: expected a list of 2 to 2"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "\"data_offsets\" is missing"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}", 8,
         "a.x: this key is unknown"},
        {"{\"a\":7}", 0, "a: expected an object"},
        {"{\"__metadata__\":{\"k\":7}}", 0, "__metadata__.k: expected a string"},
        {"[]", 0, "does not begin with '{'"},
        {"{\"a\"", 0, "not valid JSON"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        momui_bytes bytes = make_file(CASES[i].header, CASES[i].size);
        momui_safetensors *file = NULL;
        momu_error error = {0};
        if (momui_safetensors_open(NULL, &bytes, &file, &error) == MOMU_OK)
            fail_msg("accepted: %s", CASES[i].header);
        assert_null(file);
        ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "model.safetensors: ", CASES[i].words);
    }
}

static void test_header_lengths(void **state) {
    (void)state;
    momu_error error = {0};
    momui_safetensors *file = NULL;
    unsigned char raw[16] = {9, 0, 0, 0, 0, 0, 0, 0, '{', '}'};
    momui_bytes bytes;
    momui_bytes_from_memory(raw, 10, &bytes);
    assert_int_not_equal(momui_safetensors_open(NULL, &bytes, &file, &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "the header claims 9 bytes, the file has 2");
    memset(raw, 0xFF, 8);
    assert_int_not_equal(momui_safetensors_open(NULL, &bytes, &file, &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "the header claims 18446744073709551615 bytes");
    bytes.size = 7;
    assert_int_not_equal(momui_safetensors_open(NULL, &bytes, &file, &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "no safetensors file: 7 bytes");
    /* A file that is large enough for a header beyond the limit, without being touched. */
    memset(raw, 0, 8);
    raw[3] = 7; /* 112 MiB */
    bytes.size = (size_t)200 << 20;
    assert_int_not_equal(momui_safetensors_open(NULL, &bytes, &file, &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_LIMIT, "at most 104857600 are read");
}

static void test_what_python_writes_is_read(void **state) {
    (void)state;
    momu_error error = {0};
    momui_bytes bytes;
    momui_safetensors *file = NULL;
    float out[4];
    assert_int_equal(
        momui_bytes_from_path(NULL, golden("model.safetensors"), true, 1 << 20, &bytes, &error),
        MOMU_OK);
    assert_int_equal(momui_safetensors_open(NULL, &bytes, &file, &error), MOMU_OK);
    assert_int_equal(momui_safetensors_count(file), 6);
    assert_string_equal(momui_safetensors_metadata(file, "momu.format"), "1");
    assert_string_equal(momui_safetensors_metadata(file, "words"), "gr\xC3\xBC\xC3\x9F"
                                                                   "e \"quoted\"\n");
    assert_null(momui_safetensors_metadata(file, "absent"));
    assert_int_equal(momui_safetensors_metadata_count(file), 2);
    assert_int_equal(momui_safetensors_read_f32(file, "f32", 2, (int64_t[]){2, 2}, out, &error),
                     MOMU_OK);
    assert_true(out[0] == 1.5f && out[1] == -2.25f && out[2] == 3e-5f && out[3] == 4e7f);
    assert_int_equal(momui_safetensors_read_f32(file, "f16", 1, (int64_t[]){4}, out, &error),
                     MOMU_OK);
    assert_true(out[0] == 1.5f && out[1] == -2.25f && out[2] == ldexpf(1, -24) && out[3] == 65504);
    assert_int_equal(momui_safetensors_read_f32(file, "bf16", 1, (int64_t[]){3}, out, &error),
                     MOMU_OK);
    assert_true(out[0] == 1.5f && out[1] == -2.25f && out[2] == 3.140625f);
    assert_int_equal(momui_safetensors_read_f32(file, "scalar", 0, NULL, out, &error), MOMU_OK);
    assert_true(out[0] == 0.5f);
    assert_int_equal(momui_safetensors_read_f32(file, "empty", 2, (int64_t[]){0, 3}, out, &error),
                     MOMU_OK);
    const unsigned char *raw = NULL;
    assert_int_equal(
        momui_safetensors_read_raw(file, "i64", MOMUI_I64, 1, (int64_t[]){2}, &raw, &error),
        MOMU_OK);
    assert_true(raw[0] == 7 && raw[8] == 0xF7 && raw[15] == 0xFF);

    assert_int_not_equal(momui_safetensors_read_f32(file, "absent", 1, (int64_t[]){3}, out, &error),
                         MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT,
                    "model.safetensors: the tensor \"absent\" is missing");
    assert_int_not_equal(momui_safetensors_read_f32(file, "f32", 2, (int64_t[]){2, 3}, out, &error),
                         MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "\"f32\": its shape is (2, 2), expected (2, 3)");
    assert_int_not_equal(momui_safetensors_read_f32(file, "f32", 1, (int64_t[]){4}, out, &error),
                         MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "its shape is (2, 2), expected (4)");
    assert_int_not_equal(momui_safetensors_read_f32(file, "i64", 1, (int64_t[]){2}, out, &error),
                         MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "its type is I64, expected F32, F16 or BF16");
    assert_int_not_equal(
        momui_safetensors_read_raw(file, "i64", MOMUI_I8, 1, (int64_t[]){2}, &raw, &error),
        MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "its type is I64, expected I8");
    momui_safetensors_close(file);
    momui_bytes_release(&bytes);
}

static void test_numbers_that_are_not_finite_are_refused(void **state) {
    (void)state;
    momu_error error = {0};
    momui_safetensors *file = NULL;
    float out[2];
    momui_bytes bytes = make_file("{\"a\":" F32_2 "[0,8]}}", 8);
    unsigned char *data = (unsigned char *)(uintptr_t)bytes.data + bytes.size - 8;
    assert_int_equal(momui_safetensors_open(NULL, &bytes, &file, &error), MOMU_OK);
    memcpy(data + 4, "\0\0\xC0\x7F", 4);
    assert_int_not_equal(momui_safetensors_read_f32(file, "a", 1, (int64_t[]){2}, out, &error),
                         MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_NUMERIC, "\"a\": element 1 is NaN");
    memcpy(data + 4, "\0\0\x80\xFF", 4);
    assert_int_not_equal(momui_safetensors_read_f32(file, "a", 1, (int64_t[]){2}, out, &error),
                         MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_NUMERIC, "element 1 is infinite");
    momui_safetensors_close(file);
}

static void test_round_trip_is_aligned_and_repeats(void **state) {
    (void)state;
    momu_error error = {0};
    const float odd[3] = {1, -2, 3.5f}, half[5] = {1.00390625f, 1.01171875f, -0.1f, 0, 1e30f};
    const int8_t bytes_in[3] = {-1, 0, 1};
    momui_safetensors_writer *writer = momui_safetensors_writer_new(NULL);
    assert_int_equal(momui_safetensors_writer_metadata(writer, "k", "v \"w\"", &error), MOMU_OK);
    assert_int_equal(
        momui_safetensors_writer_raw(writer, "i8", MOMUI_I8, 1, (int64_t[]){3}, bytes_in, &error),
        MOMU_OK);
    assert_int_equal(
        momui_safetensors_writer_tensor(writer, "half", 1, (int64_t[]){5}, half, true, &error),
        MOMU_OK);
    assert_int_equal(
        momui_safetensors_writer_tensor(writer, "odd", 2, (int64_t[]){1, 3}, odd, false, &error),
        MOMU_OK);
    assert_int_equal(
        momui_safetensors_writer_tensor(writer, "odd", 1, (int64_t[]){3}, odd, false, &error),
        MOMU_ERROR_ARGUMENT);
    ASSERT_SENTENCE(&error, MOMU_ERROR_ARGUMENT, "\"odd\" is written twice");
    assert_int_equal(
        momui_safetensors_writer_tensor(writer, "deep", 9, (int64_t[9]){0}, odd, false, &error),
        MOMU_ERROR_ARGUMENT);
    unsigned char *first = NULL, *second = NULL;
    size_t size = 0, again = 0;
    assert_int_equal(momui_safetensors_writer_bytes(writer, &first, &size, &error), MOMU_OK);
    assert_int_equal(momui_safetensors_writer_bytes(writer, &second, &again, &error), MOMU_OK);
    assert_int_equal(size, again);
    assert_memory_equal(first, second, size);
    const char *path = scratch_path("model.safetensors");
    assert_int_equal(momui_safetensors_writer_save(writer, path, &error), MOMU_OK);
    momui_safetensors_writer_free(writer);

    momui_bytes bytes;
    momui_safetensors *file = NULL;
    float out[5];
    assert_int_equal(momui_bytes_from_path(NULL, path, true, 1 << 20, &bytes, &error), MOMU_OK);
    assert_int_equal(momui_safetensors_open(NULL, &bytes, &file, &error), MOMU_OK);
    const momui_safetensors_entry *entry = momui_safetensors_at(file, 0);
    assert_string_equal(entry->name, "odd"); /* wide elements first */
    assert_int_equal((size_t)(entry->data - bytes.data) % 64, 0);
    assert_int_equal((uintptr_t)entry->data % 64, 0);
    assert_int_equal(momui_safetensors_read_f32(file, "odd", 2, (int64_t[]){1, 3}, out, &error),
                     MOMU_OK);
    assert_memory_equal(out, odd, sizeof odd);
    assert_int_equal(momui_safetensors_read_f32(file, "half", 1, (int64_t[]){5}, out, &error),
                     MOMU_OK);
    assert_true(out[0] == 1.0f);      /* a tie goes to the even neighbour, down */
    assert_true(out[1] == 1.015625f); /* and up */
    assert_near(out[2], -0.1, 0.0005);
    assert_string_equal(momui_safetensors_metadata(file, "k"), "v \"w\"");
    const unsigned char *raw = NULL;
    assert_int_equal(
        momui_safetensors_read_raw(file, "i8", MOMUI_I8, 1, (int64_t[]){3}, &raw, &error), MOMU_OK);
    assert_memory_equal(raw, bytes_in, 3);
    momui_safetensors_close(file);
    momui_bytes_release(&bytes);
    momui_free(first);
    momui_free(second);
}

static void test_bf16_rounding(void **state) {
    (void)state;
    assert_int_equal(momui_bf16_from_f32(1.0f), 0x3F80);
    assert_int_equal(momui_bf16_from_f32(3.4e38f), 0x7F80); /* rounds over the top */
    assert_int_equal(momui_bf16_from_f32(INFINITY), 0x7F80);
    assert_true(isnan(momui_f32_from_bf16(momui_bf16_from_f32(NAN))));
    for (uint32_t bits = 0; bits < 0x10000; bits++) {
        float value = momui_f32_from_bf16((uint16_t)bits);
        if (!isnan(value))
            assert_int_equal(momui_bf16_from_f32(value), bits);
    }
    assert_true(isinf(momui_f32_from_f16(0x7C00)) && isnan(momui_f32_from_f16(0x7C01)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_lie_is_named),
        cmocka_unit_test(test_header_lengths),
        cmocka_unit_test(test_what_python_writes_is_read),
        cmocka_unit_test(test_numbers_that_are_not_finite_are_refused),
        cmocka_unit_test(test_round_trip_is_aligned_and_repeats),
        cmocka_unit_test(test_bf16_rounding),
    };
    return cmocka_run_group_tests_name("safetensors", tests, NULL, NULL);
}
