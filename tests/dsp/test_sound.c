/* resample, levels: how clean the converter is, and what the limiter promises. */
#include "sounds.h"

#include "base/extremes.h"
#include "dsp/levels.h"
#include "dsp/resample.h"

/* The best sine of a known frequency is taken out; what is left, against it, in dB. Ends are left
 * out: there the tone begins and stops. */
static double noise_below_tone(const float *x, int64_t count, double cycles) {
    double ss = 0, sc = 0, cc = 0, xs = 0, xc = 0, left = 0, power = 0;
    int64_t from = count / 8, to = count - count / 8;
    for (int64_t i = from; i < to; i++) {
        double s = sin(2 * PI * cycles * (double)i), c = cos(2 * PI * cycles * (double)i);
        ss += s * s;
        sc += s * c;
        cc += c * c;
        xs += (double)x[i] * s;
        xc += (double)x[i] * c;
    }
    double d = ss * cc - sc * sc, a = (xs * cc - xc * sc) / d, b = (xc * ss - xs * sc) / d;
    for (int64_t i = from; i < to; i++) {
        double tone = a * sin(2 * PI * cycles * (double)i) + b * cos(2 * PI * cycles * (double)i);
        left += ((double)x[i] - tone) * ((double)x[i] - tone);
        power += tone * tone;
    }
    return 10 * log10(power / left);
}

static void test_tones_stay_clean(void **state) {
    (void)state;
    static const struct {
        double from, to, hz, least; /* dB */
    } TABLE[] = {
        {48000, 16000, 1000, 130}, {48000, 16000, 7000, 130}, {44100, 16000, 1000, 130},
        {44100, 16000, 7000, 130}, {22050, 16000, 440, 130},  {16000, 22050, 440, 130},
        {16000, 22050, 7000, 130}, {16000, 44100, 1000, 130}, {16000, 44100, 7000, 130},
        {16000, 48000, 1000, 130}, {44100, 48000, 997, 130},  {96000, 22050, 9500, 130},
    };
    for (size_t t = 0; t < sizeof TABLE / sizeof *TABLE; t++) {
        int64_t samples = (int64_t)TABLE[t].from, made = 0;
        float *tone = silence(samples), *out = NULL;
        for (int64_t i = 0; i < samples; i++)
            tone[i] = (float)(0.5 * sin(2 * PI * TABLE[t].hz * (double)i / TABLE[t].from));
        assert_ok(
            momui_resample(NULL, tone, samples, 1, TABLE[t].from, TABLE[t].to, &out, &made, NULL));
        assert_int_equal(made, (int64_t)TABLE[t].to);
        double clean = noise_below_tone(out, made, TABLE[t].hz / TABLE[t].to);
        print_message("%6.0f -> %6.0f Hz, tone of %5.0f Hz: %.1f dB\n", TABLE[t].from, TABLE[t].to,
                      TABLE[t].hz, clean);
        assert_true(clean >= TABLE[t].least);
        momui_free(out);
        free(tone);
    }
}

static void test_tones_above_the_new_band_vanish(void **state) {
    (void)state;
    static const struct {
        double from, to, hz;
    } TABLE[] = {{48000, 16000, 9000}, {44100, 16000, 12000}, {44100, 22050, 12500}};
    for (size_t t = 0; t < 3; t++) {
        int64_t samples = (int64_t)TABLE[t].from, made = 0;
        float *tone = silence(samples), *out = NULL;
        for (int64_t i = 0; i < samples; i++)
            tone[i] = (float)(0.5 * sin(2 * PI * TABLE[t].hz * (double)i / TABLE[t].from));
        assert_ok(
            momui_resample(NULL, tone, samples, 1, TABLE[t].from, TABLE[t].to, &out, &made, NULL));
        double worst = 0;
        for (int64_t i = made / 8; i < made - made / 8; i++)
            worst = momui_max(worst, fabs((double)out[i]));
        assert_true(20 * log10(worst / 0.5 + 1e-12) < -120);
        momui_free(out);
        free(tone);
    }
}

static void test_resampling_keeps_channels_time_and_bits(void **state) {
    (void)state;
    /* A click in the second channel stays there, at its time. */
    float *stereo = silence(2 * 4410), *out = NULL;
    int64_t made = 0;
    stereo[2 * 2205 + 1] = 1;
    assert_ok(momui_resample(NULL, stereo, 4410, 2, 44100, 16000, &out, &made, NULL));
    assert_int_equal(made, 1600);
    int64_t peak = 0;
    for (int64_t i = 0; i < made; i++) {
        assert_near(out[2 * i], 0, 1e-7);
        if (out[2 * i + 1] > out[2 * peak + 1])
            peak = i;
    }
    assert_int_equal(peak, 800);
    momui_free(out);
    assert_ok(momui_resample(NULL, stereo, 4410, 2, 16000, 16000, &out, &made, NULL));
    assert_memory_equal(out, stereo, 2 * 4410 * sizeof *out);
    momui_free(out);
    free(stereo);
}

static void test_resampling_of_odd_inputs(void **state) {
    (void)state;
    static const int64_t LENGTHS[] = {0, 1, 2, 3, 17};
    static const double RATES[][2] = {
        {16000, 48000}, {48000, 16000}, {44100, 22050}, {8000, 8000}, {1, 3}};
    float in[17];
    momu_error error;
    for (int i = 0; i < 17; i++)
        in[i] = 0.5f;
    for (size_t t = 0; t < 25; t++) {
        float *out = NULL;
        int64_t made = -1, frames = LENGTHS[t % 5];
        const double *r = RATES[t / 5];
        assert_ok(momui_resample(NULL, in, frames, 1, r[0], r[1], &out, &made, NULL));
        assert_int_equal(made, (int64_t)floor((double)frames * r[1] / r[0] + 0.5));
        for (int64_t i = 0; i < made; i++)
            assert_true(isfinite(out[i]) && fabsf(out[i]) < 1);
        momui_free(out);
    }
    float *out = NULL;
    int64_t made = 0;
    assert_int_equal(momui_resample(NULL, in, 17, 1, 0, 16000, &out, &made, &error),
                     MOMU_ERROR_ARGUMENT);
    assert_int_equal(momui_resample(NULL, in, 17, 1, 16000, NAN, &out, &made, &error),
                     MOMU_ERROR_ARGUMENT);
    assert_int_equal(momui_resample(NULL, in, 17, 0, 16000, 8000, &out, &made, &error),
                     MOMU_ERROR_ARGUMENT);
    assert_int_equal(momui_resample(NULL, in, INT64_MAX, 1, 1, 1e6, &out, &made, &error),
                     MOMU_ERROR_ARGUMENT);
    in[16] = INFINITY;
    assert_int_equal(momui_resample(NULL, in, 17, 1, 16000, 8000, &out, &made, &error),
                     MOMU_ERROR_NUMERIC);
    assert_non_null(strstr(error.message, "frame 16"));
    assert_null(out);
}

static void test_levels(void **state) {
    (void)state;
    enum { SAMPLES = 16384 };
    momui_level_report report;
    float *tone = silence(SAMPLES), *hiss = noise(SAMPLES, 9, 0.2f);
    assert_ok(momui_levels(NULL, tone, SAMPLES, &report, NULL));
    assert_true(report.peak == 0 && report.rms == 0 && report.flatness == 0 &&
                report.not_finite == 0);
    for (int i = 0; i < SAMPLES; i++)
        tone[i] = (float)(0.5 * sin(2 * PI * 1000 * i / 16000.0));
    assert_ok(momui_levels(NULL, tone, SAMPLES, &report, NULL));
    assert_near(report.peak, 0.5, 1e-6);
    assert_near(report.rms, 0.5 / sqrt(2), 1e-4);
    assert_true(report.flatness < 1e-3);
    assert_ok(momui_levels(NULL, hiss, SAMPLES, &report, NULL));
    assert_near(report.rms, 0.2, 0.005);
    assert_near(report.flatness, 0.5615, 0.02); /* exp(-Euler's constant) */
    hiss[5] = NAN;
    hiss[6] = -INFINITY;
    assert_ok(momui_levels(NULL, hiss, SAMPLES, &report, NULL));
    assert_int_equal(report.not_finite, 2);
    assert_near(report.rms, 0.2, 0.005);
    assert_true(isfinite(report.flatness) && isfinite(report.peak));
    assert_ok(momui_levels(NULL, hiss, 1, &report, NULL));
    assert_true(report.flatness == 0);
    assert_ok(momui_levels(NULL, hiss, 0, &report, NULL));
    assert_true(report.rms == 0);
    free(tone);
    free(hiss);
}

static void test_limiter(void **state) {
    (void)state;
    enum { SAMPLES = 48000 };
    float *sound = noise(SAMPLES, 4, 0.1f), *kept = noise(SAMPLES, 4, 0.1f);
    momui_limit(sound, SAMPLES, 0.99f);
    assert_memory_equal(sound, kept, SAMPLES * sizeof *sound);
    /* A loud stretch from 24000 to 25000, and single peaks at both ends. */
    for (int i = 24000; i < 25000; i++)
        sound[i] *= 30;
    sound[0] = 5;
    sound[SAMPLES - 1] = -7;
    memcpy(kept, sound, SAMPLES * sizeof *sound);
    momui_limit(sound, SAMPLES, 0.9f);
    for (int i = 0; i < SAMPLES; i++)
        assert_true(fabsf(sound[i]) <= 0.9f);
    assert_near(sound[0], 0.9, 1e-5);
    assert_near(sound[SAMPLES - 1], -0.9, 1e-5);
    /* No more, and not yet. */
    assert_memory_equal(sound + 18000, kept + 18000, 5800 * sizeof *sound);
    assert_memory_equal(sound + 42000, kept + 42000, 5800 * sizeof *sound);
    /* Gain, not clipping: neighbours within the loud stretch keep their ratios. */
    int clipped = 0;
    for (int i = 24000; i < 25000; i++)
        clipped += fabsf(sound[i]) >= 0.9f;
    assert_in_range(clipped, 0, 10);
    for (int i = 1; i < SAMPLES; i++) {
        double now = (double)sound[i] / (double)kept[i],
               before = (double)sound[i - 1] / (double)kept[i - 1];
        assert_true(fabs(now - before) < 0.02);
    }
    sound[100] = NAN;
    momui_limit(sound, SAMPLES, 0.9f);
    assert_true(sound[100] == 0);
    momui_limit(sound, 0, 0.9f);
    free(sound);
    free(kept);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tones_stay_clean),
        cmocka_unit_test(test_tones_above_the_new_band_vanish),
        cmocka_unit_test(test_resampling_keeps_channels_time_and_bits),
        cmocka_unit_test(test_resampling_of_odd_inputs),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_limiter),
    };
    return cmocka_run_group_tests_name("sound", tests, NULL, NULL);
}
