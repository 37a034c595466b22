/* io/sound: round trips, and sound that is cut short, damaged or no sound. */
#include "io_support.h"

#include "base/extremes.h"
#include "io/sound/sound.h"

/* Two channels: a rising tone left, its opposite at half level right. */
static momui_audio *tone(int64_t frames, double rate) {
    momui_audio *audio = momui_audio_new(NULL, frames, 2, rate);
    for (int64_t i = 0; i < frames; i++) {
        double t = (double)i / rate;
        audio->samples[2 * i] = (float)(0.8 * sin(2 * MOMUI_PI * (200 + 100 * t) * t));
        audio->samples[2 * i + 1] = -0.5f * audio->samples[2 * i];
    }
    return audio;
}

static momui_bytes file_bytes(const char *path) {
    momui_bytes bytes;
    momu_error error = {0};
    assert_int_equal(momui_bytes_from_path(NULL, path, false, 1 << 24, &bytes, &error), MOMU_OK);
    return bytes;
}

static double largest_difference(const momui_audio *a, const momui_audio *b) {
    double most = 0;
    for (int64_t i = 0; i < a->frames * a->channels; i++)
        most = momui_max(most, fabs((double)a->samples[i] - b->samples[i]));
    return most;
}

static void test_round_trips(void **state) {
    (void)state;
    static const struct {
        const char *name;
        double error;
    } CASES[] = {
        {"tone.wav", 1.3e-7}, {"tone.FLAC", 1.3e-7}, {"\xE2\x99\xAA t\xC3\xB6ne.ogg", 0.1}};
    momui_audio *audio = tone(30011, 22050);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        momu_error error = {0};
        momui_audio *back = NULL;
        const char *path = scratch_path(CASES[i].name);
        if (momui_sound_write(audio, path, &error) != MOMU_OK ||
            momui_sound_read(NULL, path, &back, &error) != MOMU_OK)
            fail_msg("%s", error.message);
        assert_int_equal(back->frames, audio->frames);
        assert_int_equal(back->channels, 2);
        assert_true(back->rate == 22050);
        assert_near(largest_difference(audio, back), 0, CASES[i].error);
        momui_audio_free(back);
    }
    momui_audio_free(audio);
}

static void test_overload_is_clipped(void **state) {
    (void)state;
    momu_error error = {0};
    momui_audio *audio = tone(100, 16000), *back = NULL;
    audio->samples[20] = 1.7f;
    audio->samples[22] = -9;
    const char *path = scratch_path("loud.wav");
    assert_int_equal(momui_sound_write(audio, path, &error), MOMU_OK);
    assert_int_equal(momui_sound_read(NULL, path, &back, &error), MOMU_OK);
    assert_near(back->samples[20], 1, 1e-6);
    assert_near(back->samples[22], -1, 1e-6);
    momui_audio_free(audio);
    momui_audio_free(back);
}

/* The same bytes in a file and in memory, also when they are written again. */
static void test_memory_holds_what_a_file_holds(void **state) {
    (void)state;
    static const char *const FORMATS[] = {"wav", "flac", "ogg"};
    momui_audio *audio = tone(30011, 22050);
    momu_error error = {0};
    for (size_t i = 0; i < 3; i++) {
        char name[32];
        momui_writer out;
        momui_audio *from_file = NULL, *from_memory = NULL;
        snprintf(name, sizeof name, "memory.%s", FORMATS[i]);
        momui_writer_init(&out, NULL);
        momui_write_text(&out, "before"); /* it appends */
        assert_int_equal(momui_sound_write_bytes(audio, FORMATS[i], &out, &error), MOMU_OK);
        assert_int_equal(momui_sound_write(audio, scratch_path(name), &error), MOMU_OK);
        momui_bytes file = file_bytes(scratch_path(name)), memory;
        assert_int_equal(out.size, file.size + 6);
        assert_memory_equal(out.data, "before", 6);
        assert_memory_equal(out.data + 6, file.data, file.size);

        momui_bytes_from_memory(out.data + 6, out.size - 6, &memory);
        assert_int_equal(momui_sound_read_bytes(NULL, &memory, &from_memory, &error), MOMU_OK);
        assert_int_equal(momui_sound_read(NULL, scratch_path(name), &from_file, &error), MOMU_OK);
        assert_int_equal(from_memory->frames, from_file->frames);
        assert_true(largest_difference(from_memory, from_file) == 0);
        momui_audio_free(from_file);
        momui_audio_free(from_memory);
        momui_bytes_release(&file);
        momui_writer_release(&out);
    }
    momui_writer out;
    momui_writer_init(&out, NULL);
    assert_int_equal(momui_sound_write_bytes(audio, "mp3", &out, &error), MOMU_ERROR_UNSUPPORTED);
    ASSERT_SENTENCE(&error, MOMU_ERROR_UNSUPPORTED,
                    "sound is written as .wav, .flac or .ogg, not as \"mp3\"");
    momui_writer_release(&out);
    momui_audio_free(audio);
}

/* Two Ogg streams of one file must differ in their serial numbers. */
static void test_ogg_serial_numbers(void **state) {
    (void)state;
    momui_audio *a = tone(3000, 16000), *b = tone(3001, 16000);
    momu_error error = {0};
    momui_writer first, second;
    momui_writer_init(&first, NULL);
    momui_writer_init(&second, NULL);
    assert_int_equal(momui_sound_write_bytes(a, "ogg", &first, &error), MOMU_OK);
    assert_int_equal(momui_sound_write_bytes(b, "ogg", &second, &error), MOMU_OK);
    assert_memory_not_equal(first.data + 14, second.data + 14, 4);
    momui_writer_release(&first);
    momui_writer_release(&second);
    momui_audio_free(a);
    momui_audio_free(b);
}

/* No memory while it encodes: a sentence, and nothing is lost. */
static void test_writing_without_memory(void **state) {
    (void)state;
    static const char *const FORMATS[] = {"wav", "flac", "ogg"};
    momui_audio *audio = tone(60000, 22050);
    for (size_t i = 0; i < 3; i++) {
        momu_error error = {0};
        momui_memory memory;
        momui_writer out;
        momui_memory_init(&memory, NULL, 20000);
        momui_writer_init(&out, &memory);
        assert_int_equal(momui_sound_write_bytes(audio, FORMATS[i], &out, &error),
                         MOMU_ERROR_MEMORY);
        ASSERT_SENTENCE(&error, MOMU_ERROR_MEMORY, "an encoded sound");
        momui_writer_release(&out);
        assert_int_equal(atomic_load(&memory.used), 0);
    }
    momui_audio_free(audio);
}

static void test_what_cannot_be_written(void **state) {
    (void)state;
    momu_error error = {0};
    momui_audio *audio = tone(100, 16000);
    assert_int_not_equal(momui_sound_write(audio, scratch_path("a.mp4"), &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_UNSUPPORTED, "a.mp4", "written as .wav, .flac or .ogg");
    assert_int_not_equal(momui_sound_write(audio, scratch_path("no/folder/a.wav"), &error),
                         MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_IO, "no/folder/a.wav: could not be written");
    audio->rate = 16000.5;
    assert_int_not_equal(momui_sound_write(audio, scratch_path("a.wav"), &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_ARGUMENT, "a whole number of frames a second");
    audio->rate = 16000;
    audio->samples[7] = NAN;
    assert_int_not_equal(momui_sound_write(audio, scratch_path("a.wav"), &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_NUMERIC, "frame 3 of the sound is not finite");
    assert_int_not_equal(access(scratch_path("a.wav"), F_OK), 0); /* nothing is left behind */
    momui_audio_free(audio);
}

static void assert_refused(momui_bytes bytes, int status, const char *words) {
    momui_audio *audio = NULL;
    momu_error error = {0};
    bytes.name = "song";
    if (momui_sound_read_bytes(NULL, &bytes, &audio, &error) == MOMU_OK)
        fail_msg("accepted, expected: %s", words);
    assert_null(audio);
    ASSERT_SENTENCE(&error, status, "song: ", words);
}

static void test_cut_files_are_refused(void **state) {
    (void)state;
    static const char *const NAMES[] = {"cut.wav", "cut.flac", "cut.ogg"};
    momui_audio *audio = tone(30011, 22050);
    for (size_t i = 0; i < 3; i++) {
        momu_error error = {0};
        const char *path = scratch_path(NAMES[i]);
        assert_int_equal(momui_sound_write(audio, path, &error), MOMU_OK);
        momui_bytes bytes = file_bytes(path), part = bytes;
        for (int tenth = 9; tenth > 0; tenth -= 2) {
            part.size = bytes.size * (size_t)tenth / 10;
            assert_refused(part, MOMU_ERROR_FORMAT, "cut short");
        }
        part.size = 10;
        assert_refused(part, MOMU_ERROR_FORMAT, i == 2 ? "cut short" : "no sound file");
        momui_bytes_release(&bytes);
    }
    momui_audio_free(audio);
}

/* A WAVE file of float samples. */
static momui_bytes float_wave(unsigned char out[64], const float *samples, uint32_t count,
                              uint32_t rate) {
    const uint32_t words[] = {0x46464952, 36 + 4 * count, 0x45564157, 0x20746D66,
                              16,         0x00010003,     rate,       rate * 4,
                              0x00200004, 0x61746164,     4 * count};
    memcpy(out, words, sizeof words);
    memcpy(out + sizeof words, samples, 4 * count);
    momui_bytes bytes;
    momui_bytes_from_memory(out, sizeof words + 4 * count, &bytes);
    bytes.name = "song";
    return bytes;
}

static void test_samples_are_checked(void **state) {
    (void)state;
    unsigned char buffer[64];
    momu_error error = {0};
    momui_audio *audio = NULL;
    momui_bytes fine = float_wave(buffer, (float[]){0.5f, -0.25f}, 2, 16000);
    assert_int_equal(momui_sound_read_bytes(NULL, &fine, &audio, &error), MOMU_OK);
    assert_true(audio->frames == 2 && audio->channels == 1 && audio->samples[1] == -0.25f);
    momui_audio_free(audio);
    assert_refused(float_wave(buffer, (float[]){0.5f, NAN}, 2, 16000), MOMU_ERROR_NUMERIC,
                   "frame 1, channel 0 is NaN");
    assert_refused(float_wave(buffer, (float[]){-INFINITY}, 1, 16000), MOMU_ERROR_NUMERIC,
                   "frame 0, channel 0 is infinite");
    assert_refused(float_wave(buffer, (float[]){0}, 1, 999), MOMU_ERROR_LIMIT,
                   "999 frames a second, expected 1000 to 768000");
    assert_refused(float_wave(buffer, (float[]){0}, 0, 16000), MOMU_ERROR_FORMAT, "");
    assert_refused(text_bytes("this is no sound at all", "x"), MOMU_ERROR_FORMAT, "no sound file");
}

static void test_open_ended_wave_is_read_to_its_end(void **state) {
    (void)state;
    unsigned char buffer[64];
    momu_error error = {0};
    momui_audio *audio = NULL;
    momui_bytes bytes = float_wave(buffer, (float[]){0.5f, -0.25f, 0.125f}, 3, 16000);
    memset(buffer + 4, 0xFF, 4); /* as ffmpeg leaves them when it writes to a pipe */
    memset(buffer + 40, 0xFF, 4);
    if (momui_sound_read_bytes(NULL, &bytes, &audio, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    assert_int_equal(audio->frames, 3);
    momui_audio_free(audio);
}

static void test_missing_files(void **state) {
    (void)state;
    momu_error error = {0};
    momui_audio *audio = NULL;
    assert_int_equal(momui_sound_read(NULL, "/no/such/song.wav", &audio, &error),
                     MOMU_ERROR_NOT_FOUND);
    ASSERT_SENTENCE(&error, MOMU_ERROR_NOT_FOUND, "/no/such/song.wav");
    assert_int_equal(momui_sound_read(NULL, "/tmp", &audio, &error), MOMU_ERROR_IO);
}

static void test_memory_limit(void **state) {
    (void)state;
    momu_error error = {0};
    momui_audio *audio = tone(300000, 22050), *back = NULL;
    const char *path = scratch_path("long.wav");
    assert_int_equal(momui_sound_write(audio, path, &error), MOMU_OK);
    momui_audio_free(audio);
    momui_memory memory;
    momui_memory_init(&memory, NULL, 1 << 20);
    assert_int_equal(momui_sound_read(&memory, path, &back, &error), MOMU_ERROR_MEMORY);
    ASSERT_SENTENCE(&error, MOMU_ERROR_MEMORY, "long.wav", "out of memory for 300000 frames");
    assert_int_equal(atomic_load(&memory.used), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_overload_is_clipped),
        cmocka_unit_test(test_memory_holds_what_a_file_holds),
        cmocka_unit_test(test_ogg_serial_numbers),
        cmocka_unit_test(test_writing_without_memory),
        cmocka_unit_test(test_what_cannot_be_written),
        cmocka_unit_test(test_cut_files_are_refused),
        cmocka_unit_test(test_samples_are_checked),
        cmocka_unit_test(test_open_ended_wave_is_read_to_its_end),
        cmocka_unit_test(test_missing_files),
        cmocka_unit_test(test_memory_limit),
    };
    return cmocka_run_group_tests_name("sound", tests, NULL, NULL);
}
