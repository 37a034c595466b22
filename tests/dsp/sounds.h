/* Sounds for the tests of dsp: stored and synthetic ones. */
#ifndef MOMU_TESTS_SOUNDS_H
#define MOMU_TESTS_SOUNDS_H

#include "tests/support/support.h"

#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

static const double PI = 3.14159265358979323846;

#define assert_ok(expression) assert_int_equal(expression, MOMU_OK)

static inline void golden_path(const char *name, char path[1024]) {
    const char *folder = getenv("MOMU_TEST_GOLDEN");
    if (!folder)
        skip();
    snprintf(path, 1024, "%s/dsp/%s", folder, name);
}

/* A stored array of four-byte numbers; free() it. */
static inline void *golden(const char *name, size_t *count) {
    char path[1024];
    golden_path(name, path);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *count = (size_t)ftell(file) / 4;
    rewind(file);
    void *data = malloc(*count * 4 + 4);
    assert_non_null(data);
    assert_int_equal(fread(data, 4, *count, file), *count);
    fclose(file);
    return data;
}

/* A stored mono sound at 22 050 Hz; free() it. */
static inline float *golden_sound(const char *name, int64_t *samples) {
    char path[1024];
    golden_path(name, path);
    SF_INFO info = {0};
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    assert_non_null(file);
    assert_int_equal(info.channels, 1);
    assert_int_equal(info.samplerate, 22050);
    float *sound = malloc((size_t)info.frames * sizeof *sound);
    assert_non_null(sound);
    assert_int_equal(sf_readf_float(file, sound, info.frames), info.frames);
    sf_close(file);
    *samples = info.frames;
    return sound;
}

static inline float *silence(int64_t samples) {
    float *sound = calloc((size_t)samples + 1, sizeof *sound);
    assert_non_null(sound);
    return sound;
}

static inline float *noise(int64_t samples, uint64_t seed, float level) {
    float *sound = silence(samples);
    momui_fill_normal(sound, (size_t)samples, seed, 50);
    for (int64_t i = 0; i < samples; i++)
        sound[i] *= level;
    return sound;
}

#endif
