/* Sounds and motions from memory and from streams, and as files in memory. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A whole file; free it. */
static unsigned char *load_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    long end = ftell(file);
    assert_true(end > 0);
    rewind(file);
    unsigned char *data = malloc((size_t)end);
    assert_non_null(data);
    *size = fread(data, 1, (size_t)end, file);
    assert_int_equal(*size, end);
    fclose(file);
    return data;
}

/* A stream that gives few bytes at a time, and fails at `fail_at`. */
typedef struct slow_stream {
    const momu_buffer *buffer;
    size_t position, fail_at;
    int closed;
} slow_stream;

static size_t slow_read(void *user, void *buffer, size_t size) {
    slow_stream *s = user;
    size_t left = s->buffer->size - s->position, got = size < 100 ? size : 100;
    if (s->position >= s->fail_at)
        return SIZE_MAX;
    if (got > left)
        got = left;
    memcpy(buffer, (const unsigned char *)s->buffer->data + s->position, got);
    s->position += got;
    return got;
}

static void slow_close(void *user) {
    ((slow_stream *)user)->closed++;
}

static void assert_same_sound(const momu_audio *a, const momu_audio *b) {
    size_t count = (size_t)momu_audio_get_frames(a) * (size_t)momu_audio_get_channels(a);
    assert_int_equal(momu_audio_get_frames(a), momu_audio_get_frames(b));
    assert_int_equal(momu_audio_get_channels(a), momu_audio_get_channels(b));
    assert_memory_equal(momu_audio_get_samples(a), momu_audio_get_samples(b),
                        count * sizeof(float));
}

static void assert_same_motion(const momu_motion *a, const momu_motion *b) {
    size_t count = (size_t)momu_motion_get_frames(a) * (size_t)momu_motion_get_joints(a);
    assert_int_equal(momu_motion_get_frames(a), momu_motion_get_frames(b));
    assert_int_equal(momu_motion_get_joints(a), momu_motion_get_joints(b));
    assert_memory_equal(momu_motion_get_positions(a), momu_motion_get_positions(b),
                        count * 3 * sizeof(float));
}

static void assert_same_bytes(const momu_buffer *buffer, const char *path) {
    size_t size = 0;
    unsigned char *data = load_file(path, &size);
    assert_int_equal(buffer->size, size);
    assert_memory_equal(buffer->data, data, size);
    free(data);
    remove(path);
}

static void check_sound(momu_context *context, const momu_audio *song, const char *format,
                        double rate) {
    char path[64];
    momu_audio_write_options options;
    momu_audio *file = NULL, *memory = NULL, *stream = NULL;
    momu_buffer *buffer = NULL;
    snprintf(path, sizeof path, "buffers.%s", format);
    momu_audio_write_options_init(&options, sizeof options);
    options.rate = rate;
    fixture_ok(context, momu_audio_write(context, song, path, &options));
    fixture_ok(context, momu_audio_write_memory(context, song, format, &options, &buffer));
    fixture_ok(context, momu_audio_read(context, path, &file));
    assert_same_bytes(buffer, path);
    fixture_ok(context, momu_audio_read_memory(context, buffer->data, buffer->size, &memory));
    assert_same_sound(file, memory);
    slow_stream slow = {.buffer = buffer, .fail_at = SIZE_MAX};
    momu_stream source = {.read = slow_read, .close = slow_close, .user = &slow};
    fixture_ok(context, momu_audio_read_stream(context, &source, &stream));
    assert_same_sound(file, stream);
    assert_int_equal(slow.closed, 1);
    momu_audio_destroy(file);
    momu_audio_destroy(memory);
    momu_audio_destroy(stream);
    momu_buffer_destroy(buffer);
}

static void test_sounds(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    momu_audio *song = fixture_song(context, 0.5, 16000);
    check_sound(context, song, "wav", 0);
    check_sound(context, song, "wav", 8000);
    check_sound(context, song, "flac", 0);
    check_sound(context, song, "ogg", 0);
    momu_audio_destroy(song);
    momu_context_destroy(context);
}

static void check_motion(momu_context *context, const momu_motion *dance, const char *format,
                         double fps) {
    char path[64];
    momu_motion_write_options options;
    momu_motion *file = NULL, *memory = NULL, *stream = NULL;
    momu_buffer *buffer = NULL;
    momu_takes *takes = NULL;
    snprintf(path, sizeof path, "buffers.%s", format);
    momu_motion_write_options_init(&options, sizeof options);
    options.fps = fps;
    fixture_ok(context, momu_motion_write(context, dance, path, &options));
    fixture_ok(context, momu_motion_write_memory(context, dance, format, &options, &buffer));
    fixture_ok(context, momu_motion_read(context, path, NULL, &file));
    assert_same_bytes(buffer, path);
    fixture_ok(context,
               momu_motion_read_memory(context, buffer->data, buffer->size, NULL, &memory));
    assert_same_motion(file, memory);
    fixture_ok(context, momu_motion_takes_memory(context, buffer->data, buffer->size, &takes));
    assert_int_equal(takes->count, 1);
    slow_stream slow = {.buffer = buffer, .fail_at = SIZE_MAX};
    momu_stream source = {.read = slow_read, .close = slow_close, .user = &slow};
    fixture_ok(context, momu_motion_read_stream(context, &source, NULL, &stream));
    assert_same_motion(file, stream);
    assert_int_equal(slow.closed, 1);
    momu_takes_destroy(takes);
    momu_motion_destroy(file);
    momu_motion_destroy(memory);
    momu_motion_destroy(stream);
    momu_buffer_destroy(buffer);
}

static void test_motions(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    momu_motion *dance = fixture_dance(context, 1, 30);
    check_motion(context, dance, "bvh", 0);
    check_motion(context, dance, "bvh", 24);
    check_motion(context, dance, "glb", 0);
    check_motion(context, dance, "npz", 0);
    momu_motion_destroy(dance);
    momu_context_destroy(context);
}

/* A buffer may outlive its context. */
static void test_lifetime(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    momu_audio *song = fixture_song(context, 0.1, 16000);
    momu_buffer *buffer = NULL;
    fixture_ok(context, momu_audio_write_memory(context, song, "wav", NULL, &buffer));
    momu_audio_destroy(song);
    momu_context_destroy(context);
    assert_memory_equal(buffer->data, "RIFF", 4);
    momu_buffer_destroy(buffer);
    momu_buffer_destroy(NULL);
}

static void test_refused(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    momu_audio *song = fixture_song(context, 0.1, 16000), *audio = NULL;
    momu_motion *dance = fixture_dance(context, 1, 30), *motion = NULL;
    momu_buffer *buffer = NULL, *wav = NULL;
    momu_takes *takes = NULL;
    fixture_refused(context, momu_audio_write_memory(context, song, "exe", NULL, &buffer),
                    MOMU_ERROR_UNSUPPORTED, "exe");
    fixture_refused(context, momu_motion_write_memory(context, dance, "wav", NULL, &buffer),
                    MOMU_ERROR_UNSUPPORTED, "wav");
    fixture_refused(context, momu_audio_write_memory(context, song, NULL, NULL, &buffer),
                    MOMU_ERROR_ARGUMENT, "momu_audio_write_memory: no format");
    fixture_refused(context, momu_audio_write_memory(context, NULL, "wav", NULL, &buffer),
                    MOMU_ERROR_ARGUMENT, "no sound");
    fixture_refused(context, momu_motion_write_memory(context, dance, "bvh", NULL, NULL),
                    MOMU_ERROR_ARGUMENT, "no place for the buffer");
    assert_null(buffer);
    fixture_refused(context, momu_audio_read_memory(context, "no sound", 8, &audio),
                    MOMU_ERROR_FORMAT, "<memory>");
    fixture_refused(context, momu_motion_read_memory(context, "no motion", 9, NULL, &motion),
                    MOMU_ERROR_FORMAT, "<memory>");
    fixture_refused(context, momu_motion_takes_memory(context, "no motion", 9, &takes),
                    MOMU_ERROR_FORMAT, "<memory>");
    fixture_refused(context, momu_audio_read_memory(context, NULL, 9, &audio), MOMU_ERROR_ARGUMENT,
                    "momu_audio_read_memory: no data");
    fixture_refused(context, momu_audio_read_stream(context, NULL, &audio), MOMU_ERROR_ARGUMENT,
                    "no stream");
    /* A stream that fails is named, and closed; so is one that a refused call never began. */
    fixture_ok(context, momu_audio_write_memory(context, song, "wav", NULL, &wav));
    slow_stream slow = {.buffer = wav, .fail_at = 200};
    momu_stream source = {.read = slow_read, .close = slow_close, .user = &slow};
    fixture_refused(context, momu_audio_read_stream(context, &source, &audio), MOMU_ERROR_IO,
                    "byte 200");
    assert_int_equal(slow.closed, 1);
    momu_context_cancel(context);
    fixture_refused(context, momu_audio_read_stream(context, &source, &audio), MOMU_ERROR_CANCELLED,
                    "cancelled");
    assert_int_equal(slow.closed, 2);
    assert_null(audio);
    assert_null(motion);
    assert_null(takes);
    momu_buffer_destroy(wav);
    momu_audio_destroy(song);
    momu_motion_destroy(dance);
    momu_context_destroy(context);
}

/* Both kinds of calls report a failure into one struct. */
static void test_errors(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    momu_error error = {0};
    momu_audio *audio = NULL;
    assert_int_equal(momu_context_get_error(context, &error), MOMU_OK);
    assert_int_equal(error.status, MOMU_OK);
    assert_string_equal(momu_context_get_message(context), "");
    assert_int_equal(momu_audio_read(context, "gone.wav", &audio), MOMU_ERROR_NOT_FOUND);
    assert_int_equal(momu_context_get_error(context, &error), MOMU_ERROR_NOT_FOUND);
    assert_int_equal(error.status, MOMU_ERROR_NOT_FOUND);
    assert_string_equal(error.message, momu_context_get_message(context));
    assert_int_equal(momu_context_get_error(context, NULL), MOMU_ERROR_NOT_FOUND);
    /* What a call without a context left stays where the context has nothing to report. */
    fixture_ok(context, momu_audio_create(context, NULL, 0, 1, 16000, &audio));
    assert_int_equal(momu_context_get_error(context, &error), MOMU_OK);
    assert_int_equal(error.status, MOMU_ERROR_NOT_FOUND);
    assert_int_equal(momu_context_get_error(NULL, &error), MOMU_ERROR_ARGUMENT);
    momu_audio_destroy(audio);
    momu_context_destroy(context);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sounds),   cmocka_unit_test(test_motions),
        cmocka_unit_test(test_lifetime), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
