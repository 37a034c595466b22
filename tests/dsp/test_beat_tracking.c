/* Beats: metronomes and drummers whose beats are known, odd sounds, and the matching of two lists.
 */
#include "drums.h"

#include "base/extremes.h"
#include "dsp/beat_match.h"
#include "dsp/beat_tracking.h"
#include "dsp/onset.h"

static const double RATES[] = {16000, 22050, 44100, 48000};

static void test_metronomes(void **state) {
    (void)state;
    int round = 0;
    for (double bpm = 60; bpm <= 200; bpm += 7, round++) {
        double rate = RATES[round % 4], beats[MOST_BEATS];
        size_t count = 0;
        momui_beats found;
        float *sound = drum(&METRONOME, bpm, bpm, rate, 15, beats, &count);
        assert_ok(momui_beats_track(NULL, sound, (int64_t)(15 * rate), rate, &found, NULL));
        momui_match match = momui_beats_match(found.times, found.count, beats, count, 0.02);
        assert_near(found.tempo, bpm, 0.005 * bpm);
        assert_true(match.f1 >= 0.95);
        assert_in_range((int)(100 * found.confidence), 60, 100);
        momui_beats_release(&found);
        assert_null(found.times);
        free(sound);
    }
}

static bool is_octave(double ratio) {
    static const double OCTAVES[] = {0.5, 2};
    return fabs(ratio / OCTAVES[0] - 1) < 0.02 || fabs(ratio / OCTAVES[1] - 1) < 0.02;
}

/* Where the tempo is right, so are the beats. Octaves are counted apart: many patterns have two
 * tempos. */
static void test_drummers(void **state) {
    (void)state;
    int right = 0, octaves = 0, others = 0, round = 0;
    double worst = 1;
    for (int p = 0; p < PATTERN_COUNT; p++) {
        for (double bpm = 70; bpm <= 180; bpm += 11, round++) {
            double rate = RATES[round % 4], beats[MOST_BEATS];
            size_t count = 0;
            momui_beats found;
            float *sound = drum(PATTERNS + p, bpm, bpm, rate, 15, beats, &count);
            assert_ok(momui_beats_track(NULL, sound, (int64_t)(15 * rate), rate, &found, NULL));
            momui_match match = momui_beats_match(found.times, found.count, beats, count, 0.02);
            if (fabs(found.tempo / bpm - 1) < 0.01) {
                right++;
                worst = momui_min(worst, match.f1);
            } else if (is_octave(found.tempo / bpm)) {
                octaves++;
            } else {
                print_message("%s at %.0f: %.1f\n", PATTERNS[p].name, bpm, found.tempo);
                others++;
            }
            momui_beats_release(&found);
            free(sound);
        }
    }
    print_message("tempo right %d, an octave off %d, wrong %d; worst F1 within 20 ms %.3f\n", right,
                  octaves, others, worst);
    assert_true(worst >= 0.95);
    assert_true(right >= 0.8 * (right + octaves + others));
    assert_true(others <= 1);
}

static void test_drummers_who_hurry(void **state) {
    (void)state;
    static const double TEMPOS[][2] = {{110, 120}, {125, 112}, {96, 104}};
    for (size_t i = 0; i < 3; i++) {
        double beats[MOST_BEATS];
        size_t count = 0;
        momui_beats found;
        float *sound = drum(PATTERNS, TEMPOS[i][0], TEMPOS[i][1], 22050, 30, beats, &count);
        assert_ok(momui_beats_track(NULL, sound, 30 * 22050, 22050, &found, NULL));
        assert_true(momui_beats_match(found.times, found.count, beats, count, 0.03).f1 >= 0.95);
        momui_beats_release(&found);
        free(sound);
    }
}

static void test_real_music(void **state) {
    (void)state;
    int64_t samples = 0;
    float *sound = golden_sound("music.flac", &samples);
    momui_beats found;
    assert_ok(momui_beats_track(NULL, sound, samples, 22050, &found, NULL));
    assert_near(found.tempo, 130, 0.7); /* what a minute of the track has, by two trackers */
    assert_true(found.confidence > 0.3);
    momui_beats_release(&found);
    /* Louder, or quieter, it has the same beats. */
    momui_beats quiet;
    for (int64_t i = 0; i < samples; i++)
        sound[i] *= 0.01f;
    assert_ok(momui_beats_track(NULL, sound, samples, 22050, &quiet, NULL));
    assert_near(quiet.tempo, 130, 0.7);
    momui_beats_release(&quiet);
    free(sound);
}

static void expect_none(const float *sound, int64_t samples, double rate) {
    momui_beats found = {.count = 3, .tempo = 120, .confidence = 1};
    assert_ok(momui_beats_track(NULL, sound, samples, rate, &found, NULL));
    assert_int_equal(found.count, 0);
    assert_true(found.tempo == 0 && found.confidence == 0);
    momui_beats_release(&found);
}

static void test_sound_without_beats(void **state) {
    (void)state;
    static const int64_t LENGTHS[] = {0, 1, 2, 1000, 30000, 200000};
    float *sound = silence(200000);
    for (size_t i = 0; i < 6; i++)
        for (size_t r = 0; r < 4; r++)
            expect_none(sound, LENGTHS[i], RATES[r]);
    for (int64_t i = 0; i < 200000; i++)
        sound[i] = 1;
    expect_none(sound, 200000, 44100);
    sound[0] = 0.5f;
    expect_none(sound, 1, 16000);
    momu_error error;
    momui_beats found = {.count = 3, .tempo = 120, .confidence = 1};
    sound[160000] = NAN;
    assert_int_equal(momui_beats_track(NULL, sound, 200000, 16000, &found, &error),
                     MOMU_ERROR_NUMERIC);
    assert_true(found.times == NULL && found.count == 0 && found.tempo == 0);
    assert_non_null(strstr(error.message, "10.000 s"));
    assert_int_equal(momui_beats_track(NULL, sound, 1000, -1, &found, &error), MOMU_ERROR_ARGUMENT);
    free(sound);
}

static void test_noise_has_low_confidence(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 4; seed++) {
        float *sound = noise(15 * 22050, seed, 0.1f);
        momui_beats found;
        assert_ok(momui_beats_track(NULL, sound, 15 * 22050, 22050, &found, NULL));
        assert_true(found.confidence < 0.25);
        for (size_t i = 0; i < found.count; i++)
            assert_true(found.times[i] >= 0 && found.times[i] <= 15.1 &&
                        (i == 0 || found.times[i] > found.times[i - 1]));
        momui_beats_release(&found);
        free(sound);
    }
}

static void test_failing_memory_gives_a_status(void **state) {
    (void)state;
    double beats[MOST_BEATS];
    size_t count = 0;
    int failed = 0;
    float *sound = drum(&METRONOME, 150, 150, 16000, 3, beats, &count);
    for (int allowed = 0; allowed < 64; allowed++) {
        failing_allocator f = {.fail_at = allowed, .from_then_on = true};
        momu_allocator hooks = failing_hooks(&f);
        momui_memory memory;
        momui_memory_init(&memory, &hooks, 0);
        double *times = NULL;
        momui_beats found = {0};
        momu_status status = momui_onset_detect(&memory, sound, 48000, 16000, &times, &count, NULL);
        if (status == MOMU_OK)
            status = momui_beats_track(&memory, sound, 48000, 16000, &found, NULL);
        assert_true(status == MOMU_OK || status == MOMU_ERROR_MEMORY);
        assert_true(status == MOMU_OK || found.count == 0);
        failed += status != MOMU_OK;
        momui_free(times);
        momui_beats_release(&found);
        assert_int_equal(atomic_load(&memory.used), 0);
    }
    assert_in_range(failed, 20, 60);
    free(sound);
}

/* The most pairs, by trying all. */
static size_t most_pairs(const double *a, size_t n, const double *b, size_t m, double tolerance) {
    size_t table[9][9] = {{0}};
    for (size_t i = 1; i <= n; i++)
        for (size_t j = 1; j <= m; j++) {
            size_t skip = table[i - 1][j] > table[i][j - 1] ? table[i - 1][j] : table[i][j - 1];
            size_t take = table[i - 1][j - 1] + (fabs(a[i - 1] - b[j - 1]) <= tolerance);
            table[i][j] = take > skip ? take : skip;
        }
    return table[n][m];
}

static void test_matching_is_maximum(void **state) {
    (void)state;
    momui_random random = {1, 2, 0};
    for (int round = 0; round < 2000; round++) {
        double a[8], b[8];
        size_t n = momui_random_below(&random, 9), m = momui_random_below(&random, 9);
        double at = 0;
        for (size_t i = 0; i < n; i++)
            a[i] = at += (double)momui_random_uniform(&random);
        at = 0;
        for (size_t i = 0; i < m; i++)
            b[i] = at += (double)momui_random_uniform(&random);
        momui_match match = momui_beats_match(a, n, b, m, 0.3);
        assert_int_equal(match.hits, most_pairs(a, n, b, m, 0.3));
        if (n > 0 && m > 0) {
            assert_near(match.precision, (double)match.hits / (double)n, 1e-12);
            assert_near(match.recall, (double)match.hits / (double)m, 1e-12);
            assert_near(match.f1, 2.0 * (double)match.hits / (double)(n + m), 1e-12);
        } else {
            assert_true(match.f1 == 0 && match.precision == 0 && match.recall == 0);
        }
    }
}

/* 40 beats half a second apart within 50 ms: an offset hits with a chance of 0.2. */
static void test_chance(void **state) {
    (void)state;
    double beats[40], sum = 0;
    for (int i = 0; i < 40; i++)
        beats[i] = 0.25 + 0.5 * i;
    assert_true(momui_beats_match(beats, 40, beats, 40, 0.05).f1 == 1);
    for (uint64_t seed = 0; seed < 30; seed++) {
        double chance = momui_beats_chance(beats, 40, beats, 40, 0.05, 20, seed);
        assert_true(chance == momui_beats_chance(beats, 40, beats, 40, 0.05, 20, seed));
        sum += chance;
    }
    assert_near(sum / 30, 0.2, 0.05);
    assert_true(momui_beats_chance(beats, 0, beats, 40, 0.05, 20, 1) == 0);
    assert_true(momui_beats_chance(beats, 40, beats, 40, 0.05, 0, 1) == 0);
    assert_true(momui_beats_chance(beats, 40, beats, 40, 0.05, NAN, 1) == 0);
    assert_true(momui_beats_chance(beats, 40, beats, 40, 0.05, INFINITY, 1) == 0);
}

/* Beats at 118.8 that come up to 20 ms early or late, a third of them missing, and nearby tempos. */
static void test_a_steady_grid_is_fitted_to_the_beats(void **state) {
    (void)state;
    static const double STARTS[] = {118, 119.5, 59, 238};
    momui_random random = {3, 1, 0};
    double beats[60], gap = 60 / 118.8;
    size_t count = 0;
    for (int i = 0; i < 60; i++)
        if (i % 3 != 1)
            beats[count++] = 0.31 + gap * i + 0.04 * ((double)momui_random_uniform(&random) - 0.5);
    for (int k = 0; k < 4; k++) {
        double tempo = STARTS[k], first = momui_fit_steady_beats(beats, count, &tempo);
        assert_true(fabs(tempo / STARTS[k] - 1) <= 0.01 + 1e-9);
        assert_true(first >= 0 && first < 60 / tempo);
        size_t near = 0;
        for (size_t i = 0; i < count; i++) {
            double lines = (beats[i] - first) * tempo / 60;
            near += fabs(lines - floor(lines + 0.5)) * 60 / tempo < 0.05;
        }
        /* at half the tempo every second beat is between two lines */
        assert_true(near >= (k == 2 ? count / 2 : count));
    }
    /* ten minutes between two steps of the first round */
    static double steady[1200];
    for (int i = 0; i < 1200; i++)
        steady[i] = 0.2 + 60 / 120.06 * i;
    double tempo = 120;
    momui_fit_steady_beats(steady, 1200, &tempo);
    assert_near(tempo, 120.06, 0.012);
    tempo = 100;
    assert_true(momui_fit_steady_beats(beats, 0, &tempo) == 0 && tempo == 100);
    assert_true(momui_fit_steady_beats(beats, 1, &tempo) >= 0 && fabs(tempo - 100) <= 1 + 1e-9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_metronomes),
        cmocka_unit_test(test_drummers),
        cmocka_unit_test(test_drummers_who_hurry),
        cmocka_unit_test(test_real_music),
        cmocka_unit_test(test_sound_without_beats),
        cmocka_unit_test(test_noise_has_low_confidence),
        cmocka_unit_test(test_failing_memory_gives_a_status),
        cmocka_unit_test(test_matching_is_maximum),
        cmocka_unit_test(test_chance),
        cmocka_unit_test(test_a_steady_grid_is_fitted_to_the_beats),
    };
    return cmocka_run_group_tests_name("beats", tests, NULL, NULL);
}
