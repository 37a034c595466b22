/* Models: from a path, from memory, from a stream; owners; the info; what is refused. */
#include "fixture.h"

#include <momu/experimental.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct blob {
    unsigned char *data;
    size_t size, at;
    bool closed;
} blob;

static blob read_model(void) {
    blob b = {0};
    FILE *file = fopen(fixture_model(0), "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    b.size = (size_t)ftell(file);
    rewind(file);
    b.data = malloc(b.size);
    assert_non_null(b.data);
    assert_int_equal(fread(b.data, 1, b.size, file), b.size);
    fclose(file);
    return b;
}

static size_t read_blob(void *user, void *buffer, size_t size) {
    blob *b = user;
    size_t left = b->size - b->at, now = size < left ? size : left;
    if (now > 1000)
        now = 1000; /* short reads are no end */
    memcpy(buffer, b->data + b->at, now);
    b->at += now;
    return now;
}

static size_t read_nothing(void *user, void *buffer, size_t size) {
    (void)user;
    (void)buffer;
    (void)size;
    return SIZE_MAX;
}

static void close_blob(void *user) {
    ((blob *)user)->closed = true;
}

static void test_sources(void **state) {
    (void)state;
    blob b = read_model();
    momu_model *path = fixture_load(0), *memory = NULL, *stream = NULL;
    assert_int_equal(momu_model_load_memory(b.data, b.size, NULL, &memory, NULL), MOMU_OK);
    momu_stream source = {.read = read_blob, .close = close_blob, .user = &b};
    assert_int_equal(momu_model_load_stream(&source, NULL, &stream, NULL), MOMU_OK);
    assert_true(b.closed);
    free(b.data);
    momu_model *models[] = {path, memory, stream};
    for (int i = 0; i < 3; i++) {
        momu_model_info info = {.struct_size = sizeof info};
        assert_int_equal(momu_model_get_info(models[i], &info), MOMU_OK);
        assert_string_equal(info.preset, "tiny");
        assert_string_equal(info.layout, "body3d");
        assert_string_equal(info.vocoder, "griffin-lim");
        assert_int_equal(info.latent_channels, 8);
        assert_int_equal(info.joints, 22);
        assert_true(info.sample_rate == 16000);
        assert_true(info.frame_rate == 62.5);
        assert_true(info.latent_rate == 15.625);
        assert_true(info.max_seconds == 600);
        assert_true(info.parameters > 10000);
        assert_true(info.memory_bytes > info.parameters * 4);
        assert_non_null(info.license);
        assert_int_equal(info.controls_trained, 0);
        momu_model_release(models[i]);
    }
}

static void test_owners(void **state) {
    (void)state;
    momu_model *model = fixture_load(0);
    assert_ptr_equal(momu_model_retain(model), model);
    momu_model_release(model);
    momu_model_info info = {.struct_size = sizeof info};
    assert_int_equal(momu_model_get_info(model, &info), MOMU_OK);
    momu_model_release(model);
    momu_model_release(NULL);
    assert_null(momu_model_retain(NULL));
}

static void test_default(void **state) {
    (void)state;
    momu_model *model = NULL;
    momu_error error = {0};
    setenv("MOMU_MODEL", fixture_model(0), 1);
    assert_int_equal(momu_model_load(NULL, NULL, &model, &error), MOMU_OK);
    momu_model_release(model);
    setenv("MOMU_MODEL", "/nowhere/model.safetensors", 1);
    assert_int_equal(momu_model_load(NULL, NULL, &model, &error), MOMU_ERROR_NOT_FOUND);
    assert_non_null(strstr(error.message, "/nowhere/model.safetensors"));
    assert_null(model);
    unsetenv("MOMU_MODEL");
}

static void refuse(const void *data, size_t size, momu_status expected, const char *word) {
    momu_model *model = (momu_model *)(uintptr_t)1;
    momu_error error = {0};
    momu_status status = momu_model_load_memory(data, size, NULL, &model, &error);
    if (status != expected)
        fail_msg("%s: %s", momu_status_name(status), error.message);
    assert_null(model);
    if (!strstr(error.message, word))
        fail_msg("expected \"%s\" in: %s", word, error.message);
}

/* Puts `now` in the place of `was`, which is as long, within the header. */
static void edit(blob *b, const char *was, const char *now) {
    size_t length = strlen(was);
    assert_int_equal(length, strlen(now));
    for (size_t i = 8; i + length < b->size; i++)
        if (memcmp(b->data + i, was, length) == 0) {
            memcpy(b->data + i, now, length);
            return;
        }
    fail_msg("no %s in the header", was);
}

static void test_refused(void **state) {
    (void)state;
    blob b = read_model();
    refuse(NULL, 10, MOMU_ERROR_ARGUMENT, "data");
    refuse("RIFF....WAVEfmt ", 16, MOMU_ERROR_FORMAT, "<memory>");
    refuse(b.data, 4, MOMU_ERROR_FORMAT, "<memory>");
    refuse(b.data, b.size / 2, MOMU_ERROR_FORMAT, "<memory>");
    refuse(b.data, b.size - 1, MOMU_ERROR_FORMAT, "<memory>");
    edit(&b, "\"stats.mel.mean\"", "\"stats.mel.mexn\"");
    refuse(b.data, b.size, MOMU_ERROR_FORMAT, "stats.mel");
    edit(&b, "\"stats.mel.mexn\"", "\"stats.mel.mean\"");
    momu_model *model = NULL;
    momu_error error = {0};
    momu_stream broken = {.read = read_nothing};
    assert_int_equal(momu_model_load_stream(&broken, NULL, &model, &error), MOMU_ERROR_IO);
    assert_non_null(strstr(error.message, "<stream>"));
    momu_stream none = {0};
    assert_int_equal(momu_model_load_stream(&none, NULL, &model, &error), MOMU_ERROR_ARGUMENT);
    assert_int_equal(momu_model_load("/tmp", NULL, &model, &error), MOMU_ERROR_IO);
    assert_int_equal(momu_model_load("x", NULL, NULL, &error), MOMU_ERROR_ARGUMENT);
    free(b.data);
}

static void test_limit(void **state) {
    (void)state;
    momu_model_options options;
    momu_model_options_init(&options, sizeof options);
    options.memory_limit = 10000;
    momu_model *model = NULL;
    momu_error error = {0};
    assert_int_equal(momu_model_load(fixture_model(0), &options, &model, &error),
                     MOMU_ERROR_MEMORY);
    assert_null(model);
    assert_true(error.message[0] != '\0');
}

static void test_info_sizes(void **state) {
    (void)state;
    momu_model *model = fixture_load(0);
    union {
        momu_model_info info;
        unsigned char bytes[sizeof(momu_model_info) + 64];
    } place;
    /* An older caller's struct ends early: nothing behind it is touched. */
    memset(&place, 0xAA, sizeof place);
    place.info.struct_size = offsetof(momu_model_info, license);
    assert_int_equal(momu_model_get_info(model, &place.info), MOMU_OK);
    assert_string_equal(place.info.preset, "tiny");
    for (size_t i = offsetof(momu_model_info, license); i < sizeof place; i++)
        assert_int_equal(place.bytes[i], 0xAA);
    /* A newer caller's struct is longer: what this library does not know becomes zero. */
    memset(&place, 0xAA, sizeof place);
    place.info.struct_size = sizeof place;
    assert_int_equal(momu_model_get_info(model, &place.info), MOMU_OK);
    for (size_t i = sizeof(momu_model_info); i < sizeof place; i++)
        assert_int_equal(place.bytes[i], 0);
    place.info.struct_size = 0;
    assert_int_equal(momu_model_get_info(model, &place.info), MOMU_ERROR_ARGUMENT);
    assert_int_equal(momu_model_get_info(NULL, &place.info), MOMU_ERROR_ARGUMENT);
    momu_model_release(model);
}

static void test_create(void **state) {
    (void)state;
    momu_error error = {0};
    assert_int_equal(momu_model_create("huge", 1, "x.safetensors", &error), MOMU_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "tiny"));
    assert_int_equal(momu_model_create("tiny", 1, "/nowhere/x.safetensors", &error), MOMU_ERROR_IO);
    assert_int_equal(momu_model_create(NULL, 1, "x", &error), MOMU_ERROR_ARGUMENT);
}

static int remove_model(void **state) {
    (void)state;
    fixture_remove();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sources), cmocka_unit_test(test_owners),
        cmocka_unit_test(test_default), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_limit),   cmocka_unit_test(test_info_sizes),
        cmocka_unit_test(test_create),
    };
    return cmocka_run_group_tests(tests, NULL, remove_model);
}
