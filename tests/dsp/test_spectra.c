/* fft, stft, mel, griffin_lim: against librosa's and PyTorch's figures, and there and back again.
 */
#include "sounds.h"

#include "base/extremes.h"
#include "dsp/griffin_lim.h"
#include "dsp/stft.h"

#include <pthread.h>

static void test_transform_is_the_sum_it_says(void **state) {
    (void)state;
    static const int32_t SIZES[] = {2, 4, 10, 64, 96, 1024};
    for (size_t s = 0; s < sizeof SIZES / sizeof *SIZES; s++) {
        int32_t n = SIZES[s];
        momui_fft *fft = NULL;
        assert_ok(momui_fft_create(NULL, n, &fft, NULL));
        float *in = momui_alloc(NULL, (size_t)n, sizeof *in),
              *back = momui_alloc(NULL, (size_t)n, sizeof *back);
        float *bins = momui_alloc(NULL, (size_t)n + 2, sizeof *bins);
        assert_true(in && back && bins);
        momui_fill_normal(in, (size_t)n, 5, 6);
        momui_fft_forward(fft, in, bins);
        for (int32_t k = 0; k <= n / 2; k++) {
            double re = 0, im = 0;
            for (int32_t i = 0; i < n; i++) {
                double angle = -2 * PI * (double)((int64_t)k * i % n) / n;
                re += (double)in[i] * cos(angle);
                im += (double)in[i] * sin(angle);
            }
            assert_near(bins[2 * k], re, 1e-5 * n);
            assert_near(bins[2 * k + 1], im, 1e-5 * n);
        }
        momui_fft_inverse(fft, bins, back);
        for (int32_t i = 0; i < n; i++)
            assert_near(back[i], in[i], 1e-5);
        momui_fft_destroy(fft);
        momui_free(in);
        momui_free(back);
        momui_free(bins);
    }
}

static void test_sizes_that_cannot_be_are_refused(void **state) {
    (void)state;
    static const int32_t SIZES[] = {0, -4, 7, 1 << 20, INT32_MIN, INT32_MAX};
    momu_error error;
    for (size_t s = 0; s < sizeof SIZES / sizeof *SIZES; s++) {
        momui_fft *fft = NULL;
        assert_int_equal(momui_fft_create(NULL, SIZES[s], &fft, &error), MOMU_ERROR_ARGUMENT);
        assert_null(fft);
    }
    momui_mel_config wrong[] = {momui_mel_default, momui_mel_default, momui_mel_default,
                                momui_mel_default};
    wrong[0].hop = 0;
    wrong[1].high = 9000;
    wrong[2].bands = 2000;
    wrong[3].low = NAN;
    float sound[4] = {0}, *mel = NULL;
    int64_t frames = 0;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(momui_mel(NULL, wrong + i, sound, 4, &mel, &frames, &error),
                         MOMU_ERROR_ARGUMENT);
        assert_int_equal(momui_griffin_lim(NULL, wrong + i, sound, 0, 4, 1, &mel, &frames, &error),
                         MOMU_ERROR_ARGUMENT);
    }
}

static void test_round_trip_is_the_identity(void **state) {
    (void)state;
    enum { SAMPLES = 8192 };
    float *sound = noise(SAMPLES, 1, 0.3f), *spectrum = NULL, *back = silence(SAMPLES);
    int64_t frames = 0;
    for (int reflect = 0; reflect < 2; reflect++) {
        assert_ok(
            momui_stft(NULL, sound, SAMPLES, 1024, 256, 384, reflect, &spectrum, &frames, NULL));
        assert_int_equal(frames, SAMPLES / 256);
        assert_ok(momui_istft(NULL, spectrum, frames, 1024, 256, 384, back, NULL));
        double worst = 0;
        for (int i = 0; i < SAMPLES; i++)
            worst = momui_max(worst, fabs((double)(back[i] - sound[i])));
        assert_true(worst < 1e-6);
        momui_free(spectrum);
    }
    free(sound);
    free(back);
}

static void compare_mel(const char *sound_name, const char *mel_name) {
    size_t count = 0;
    int64_t samples = 0, frames = 0;
    float *expected = golden(mel_name, &count), *sound = golden_sound(sound_name, &samples),
          *mel = NULL;
    assert_ok(momui_mel(NULL, &momui_mel_default, sound, 60 * 256 + 77, &mel, &frames, NULL));
    assert_int_equal(frames, 60);
    assert_int_equal(count, 60 * 80);
    /* Near the floor of -5 single precision rounding of a transform with loud bass is visible. */
    double audio_found = 0, floor_level = 0;
    for (size_t i = 0; i < count; i++) {
        double *worst = expected[i] > -3.5f ? &audio_found : &floor_level;
        *worst = momui_max(*worst, fabs((double)(mel[i] - expected[i])));
    }
    print_message("mel of %s: at most %.2g from librosa's, %.2g below -3.5\n", sound_name,
                  audio_found, floor_level);
    assert_true(audio_found < 1e-4 && floor_level < 2e-3);
    momui_free(mel);
    free(expected);
    free(sound);
}

static void test_mel_is_librosas(void **state) {
    (void)state;
    compare_mel("synthetic.flac", "synthetic_mel.f32");
    compare_mel("music.flac", "music_mel.f32");
}

static void test_mel_of_odd_sounds(void **state) {
    (void)state;
    static const int64_t LENGTHS[] = {0, 1, 255, 256, 257, 511};
    float *sound = silence(600), *mel = NULL;
    int64_t frames = 0;
    for (size_t i = 0; i < sizeof LENGTHS / sizeof *LENGTHS; i++) {
        assert_ok(momui_mel(NULL, &momui_mel_default, sound, LENGTHS[i], &mel, &frames, NULL));
        assert_int_equal(frames, LENGTHS[i] / 256);
        for (int64_t k = 0; k < frames * 80; k++)
            assert_true(mel[k] == -5.0f);
        momui_free(mel);
    }
    momu_error error;
    sound[300] = NAN;
    assert_int_equal(momui_mel(NULL, &momui_mel_default, sound, 600, &mel, &frames, &error),
                     MOMU_ERROR_NUMERIC);
    assert_non_null(strstr(error.message, "300"));
    assert_null(mel);
    free(sound);
}

static void test_vocos_is_pytorchs(void **state) {
    (void)state;
    size_t heads = 0, sounds = 0;
    float *head = golden("vocos_head.f32", &heads), *expected = golden("vocos_sound.f32", &sounds),
          *mono = NULL;
    int64_t samples = 0;
    assert_int_equal(heads, 20 * 66);
    assert_ok(momui_vocos_synthesis(NULL, head, 20, 64, 16, &mono, &samples, NULL));
    assert_int_equal(samples, sounds);
    for (size_t i = 0; i < sounds; i++)
        assert_near(mono[i], expected[i], 2e-5);
    momui_free(mono);
    head[7 * 66 + 3] = NAN;
    assert_int_equal(momui_vocos_synthesis(NULL, head, 20, 64, 16, &mono, &samples, NULL),
                     MOMU_ERROR_NUMERIC);
    assert_null(mono);
    free(head);
    free(expected);
}

/* Mean |difference| of log10 mels, where the wanted one is not silence. */
static double mel_error(const float *wanted, const float *got, int64_t count) {
    double sum = 0, audio_found = 0;
    for (int64_t i = 0; i < count; i++)
        if (wanted[i] > -3.0f) {
            sum += fabs((double)(wanted[i] - got[i]));
            audio_found += 1;
        }
    return audio_found > 0 ? sum / audio_found : 0;
}

static void there_and_back(const char *name, int iterations, double allowed) {
    int64_t samples = 0, frames = 0, made = 0, again_frames = 0;
    float *sound = golden_sound(name, &samples), *mel = NULL, *mono = NULL, *again = NULL;
    samples = 250 * 256;
    assert_ok(momui_mel(NULL, &momui_mel_default, sound, samples, &mel, &frames, NULL));
    assert_ok(momui_griffin_lim(NULL, &momui_mel_default, mel, frames, iterations, 1, &mono, &made,
                                NULL));
    assert_int_equal(made, frames * 256);
    assert_ok(momui_mel(NULL, &momui_mel_default, mono, made, &again, &again_frames, NULL));
    assert_int_equal(again_frames, frames);
    double error = mel_error(mel, again, frames * 80);
    print_message("%s, %d iterations: the mel comes back with %.4f log10 (%.4f ln) of error\n",
                  name, iterations, error, error * log(10));
    assert_true(error < allowed);
    momui_free(mel);
    momui_free(mono);
    momui_free(again);
    free(sound);
}

static void test_griffin_lim_keeps_the_mel(void **state) {
    (void)state;
    there_and_back("synthetic.flac", 60, 0.06);
    there_and_back("music.flac", 60, 0.06);
}

static void test_griffin_lim_is_repeatable_and_bounded(void **state) {
    (void)state;
    float mel[12 * 80], *first = NULL, *second = NULL;
    int64_t samples = 0;
    for (int i = 0; i < 12 * 80; i++)
        mel[i] = -1.0f - (float)(i % 7) * 0.3f;
    mel[100] = 38.0f; /* 10^38 squared is no float */
    assert_ok(momui_griffin_lim(NULL, &momui_mel_default, mel, 12, 8, 42, &first, &samples, NULL));
    assert_ok(momui_griffin_lim(NULL, &momui_mel_default, mel, 12, 8, 42, &second, &samples, NULL));
    assert_memory_equal(first, second, (size_t)samples * sizeof *first);
    for (int64_t i = 0; i < samples; i++)
        assert_true(isfinite(first[i]));
    momui_free(second);
    assert_ok(momui_griffin_lim(NULL, &momui_mel_default, mel, 12, 8, 43, &second, &samples, NULL));
    assert_memory_not_equal(first, second, (size_t)samples * sizeof *first);
    momui_free(first);
    momui_free(second);
    assert_ok(momui_griffin_lim(NULL, &momui_mel_default, mel, 0, 8, 1, &first, &samples, NULL));
    assert_int_equal(samples, 0);
    momui_free(first);
    mel[5] = NAN;
    assert_int_equal(
        momui_griffin_lim(NULL, &momui_mel_default, mel, 12, 8, 1, &first, &samples, NULL),
        MOMU_ERROR_NUMERIC);
}

/* Plans are made under a lock; everything else is each thread's own. */
static void *mel_again(void *user) {
    float *sound = noise(4096, 8, 0.1f), *mel = NULL;
    int64_t frames = 0;
    for (int round = 0; round < 20; round++) {
        momui_free(mel);
        if (momui_mel(NULL, &momui_mel_default, sound, 4096, &mel, &frames, NULL) != MOMU_OK)
            break;
    }
    *(float **)user = mel;
    free(sound);
    return NULL;
}

static void test_threads_are_independent(void **state) {
    (void)state;
    pthread_t threads[4];
    float *mels[4] = {NULL};
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(threads + i, NULL, mel_again, mels + i), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < 4; i++) {
        assert_non_null(mels[i]);
        assert_memory_equal(mels[i], mels[0], 16 * 80 * sizeof *mels[i]);
    }
    for (int i = 0; i < 4; i++)
        momui_free(mels[i]);
}

static void test_failing_memory_gives_a_status(void **state) {
    (void)state;
    float *sound = noise(2048, 3, 0.1f);
    int failed = 0;
    for (int allowed = 0; allowed < 64; allowed++) {
        failing_allocator f = {.fail_at = allowed, .from_then_on = true};
        momu_allocator hooks = failing_hooks(&f);
        momui_memory memory;
        momui_memory_init(&memory, &hooks, 0);
        float *mel = NULL, *mono = NULL;
        int64_t frames = 0, samples = 0;
        momu_status status =
            momui_mel(&memory, &momui_mel_default, sound, 2048, &mel, &frames, NULL);
        if (status == MOMU_OK)
            status = momui_griffin_lim(&memory, &momui_mel_default, mel, frames, 2, 1, &mono,
                                       &samples, NULL);
        assert_true(status == MOMU_OK || status == MOMU_ERROR_MEMORY);
        failed += status != MOMU_OK;
        momui_free(mel);
        momui_free(mono);
        assert_int_equal(atomic_load(&memory.used), 0);
    }
    assert_in_range(failed, 15, 60);
    free(sound);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transform_is_the_sum_it_says),
        cmocka_unit_test(test_sizes_that_cannot_be_are_refused),
        cmocka_unit_test(test_round_trip_is_the_identity),
        cmocka_unit_test(test_mel_is_librosas),
        cmocka_unit_test(test_mel_of_odd_sounds),
        cmocka_unit_test(test_vocos_is_pytorchs),
        cmocka_unit_test(test_griffin_lim_keeps_the_mel),
        cmocka_unit_test(test_griffin_lim_is_repeatable_and_bounded),
        cmocka_unit_test(test_threads_are_independent),
        cmocka_unit_test(test_failing_memory_gives_a_status),
    };
    return cmocka_run_group_tests_name("spectra", tests, NULL, NULL);
}
