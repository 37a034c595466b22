/* metrics/: the paper's beat scores and Frechet distances, held against librosa's and SciPy's
 * results; phases, tempos, beat alignment, variety. */
#include "tests/support/support.h"

#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/onset.h"
#include "train/metrics/agreement.h"
#include "train/metrics/frechet.h"
#include "train/metrics/paper_metrics.h"

#include "tests/golden/metrics/figures.h"

/* ---- the paper's scores ---- */

enum { SOUNDS = 3, RATE = 22050 };

typedef struct audio_analysis {
    double *times;
    size_t count;
    double seconds;
} audio_analysis;

/* Onsets of the first `seconds` of a sound; name NULL: silence. */
static audio_analysis analyse(const char *name, double seconds) {
    char path[1024];
    int64_t samples = (int64_t)(seconds * RATE);
    float *sound = calloc((size_t)samples, sizeof *sound);
    assert_non_null(sound);
    if (name) {
        snprintf(path, sizeof path, "%s/dsp/%s", getenv("MOMU_TEST_GOLDEN"), name);
        SF_INFO info = {0};
        SNDFILE *file = sf_open(path, SFM_READ, &info);
        assert_non_null(file);
        samples = sf_readf_float(file, sound, samples < info.frames ? samples : info.frames);
        sf_close(file);
    }
    audio_analysis h = {.seconds = (double)samples / RATE};
    assert_int_equal(momui_onset_detect(NULL, sound, samples, RATE, &h.times, &h.count, NULL), 0);
    free(sound);
    return h;
}

static void scores_are_those_of_loris(void **state) {
    (void)state;
    audio_analysis music = analyse("music.flac", 60), made = analyse("synthetic.flac", 60);
    audio_analysis cut_made = analyse("synthetic.flac", 2), silent = analyse(NULL, 3);
    const audio_analysis *pairs[6][2] = {{&music, &music},    {&made, &music},
                                         {&music, &made},     {&cut_made, &music},
                                         {&music, &cut_made}, {&silent, &music}};
    momui_paper_score clips[6];
    for (int i = 0; i < 6; i++)
        clips[i] =
            momui_paper_score_seconds(pairs[i][0]->times, pairs[i][0]->count, pairs[i][0]->seconds,
                                      pairs[i][1]->times, pairs[i][1]->count);
    momui_paper_scores s = momui_paper_scores_of(clips, 6);
    const double found[5] = {s.bcs, s.csd, s.bhs, s.hsd, s.f1};
    for (int i = 0; i < 5; i++)
        assert_near(found[i], LORIS[i], 1e-9);
    assert_int_equal(clips[5].made, 0);
    assert_true(clips[5].bcs == 0 && clips[5].bhs == 0);
    for (int i = 0; i < 4; i++)
        momui_free((audio_analysis *[]){&music, &made, &cut_made, &silent}[i]->times);
}

static void scores_of_little(void **state) {
    (void)state;
    const double odd[] = {-1, 0.2, 0.9, 5.5, 1e12, NAN};
    momui_paper_score p = momui_paper_score_seconds(odd, 6, 3.5, odd, 4);
    assert_int_equal(p.made, 1);
    assert_int_equal(p.truth, 1);
    assert_int_equal(p.hits, 1);
    p = momui_paper_score_seconds(NULL, 0, 0, NULL, 0);
    assert_true(p.bcs == 0 && p.bhs == 0);
    momui_paper_scores none = momui_paper_scores_of(NULL, 0), one = momui_paper_scores_of(&p, 1);
    assert_true(none.f1 == 0 && one.f1 == 0 && one.csd == 0);
    const double dance[] = {1.0, 2.0, 3.0, 4.0}, music[] = {1.05, 2.2};
    p = momui_paper_score_matches(dance, 4, music, 2);
    assert_int_equal(p.hits, 1);
    assert_near(p.bcs, 0.25, 1e-12);
    assert_near(p.bhs, 0.5, 1e-12);
}

/* ---- tempo and phase ---- */

static void tempos_and_octaves(void **state) {
    (void)state;
    assert_int_equal(momui_tempo_compare(121, 120), MOMUI_TEMPO_RIGHT);
    assert_int_equal(momui_tempo_compare(123, 120), MOMUI_TEMPO_WRONG);
    assert_int_equal(momui_tempo_compare(60, 120), MOMUI_TEMPO_OCTAVE);
    assert_int_equal(momui_tempo_compare(246, 123), MOMUI_TEMPO_OCTAVE);
    assert_int_equal(momui_tempo_compare(40, 120), MOMUI_TEMPO_OCTAVE);
    assert_int_equal(momui_tempo_compare(150, 120), MOMUI_TEMPO_WRONG);
    assert_int_equal(momui_tempo_compare(0, 120), MOMUI_TEMPO_NONE);
    assert_int_equal(momui_tempo_compare(120, NAN), MOMUI_TEMPO_NONE);
}

static void phases(void **state) {
    (void)state;
    double beats[20], late[20], anywhere[19];
    for (int i = 0; i < 20; i++) {
        beats[i] = 0.5 * i;
        late[i] = 0.5 * i + 0.1;
    }
    for (int i = 0; i < 19; i++)
        anywhere[i] = 0.5 * i + 0.5 * i / 19;
    momui_phase p = momui_phase_of(late, 20, beats, 20);
    assert_int_equal(p.count, 19);
    assert_near(p.concentration, 1, 1e-9);
    assert_near(p.place, 0.2, 1e-9);
    p = momui_phase_of(anywhere, 19, beats, 20);
    assert_near(p.concentration, 0, 1e-9);
    p = momui_phase_of(late, 20, beats, 1);
    assert_true(p.count == 0 && p.concentration == 0);
}

static double aligned(const momui_motion *m, const double *music, size_t count) {
    double *minima = NULL;
    size_t found = 0;
    assert_int_equal(momui_speed_minima(NULL, m, &minima, &found, NULL), 0);
    double score = momui_beat_alignment(minima, found, music, count);
    momui_free(minima);
    return score;
}

/* A point that stops twice a second. */
static void beat_alignment(void **state) {
    (void)state;
    enum { FRAMES = 600 };
    momui_motion *m = momui_motion_new(NULL, MOMUI_MOTION_POSITIONS, 1, FRAMES, 60);
    assert_non_null(m);
    for (int t = 0; t < FRAMES;
         t++) { /* not halfway between frames: it would be two equal minima */
        double at = t / 60.0 + 0.004;
        m->positions[3 * t] = (float)(at - sin(4 * MOMUI_PI * at) / (4 * MOMUI_PI));
    }
    double on[18], off[18];
    for (int i = 0; i < 18; i++) {
        on[i] = 0.5 + 0.5 * i;
        off[i] = 0.75 + 0.5 * i;
    }
    assert_true(aligned(m, on, 18) > 0.95);
    assert_true(aligned(m, off, 18) < 0.02);
    assert_true(aligned(m, NULL, 0) == 0);
    memset(m->positions, 0, 3 * FRAMES * sizeof(float));
    assert_true(aligned(m, on, 18) == 0);
    momui_motion_free(m);
}

/* ---- sets ---- */

/* As make_golden.py draws them. */
static momui_cloud cloud(uint64_t seed, size_t rows, int32_t channels, float **values) {
    size_t count = rows * (size_t)channels;
    double *x = calloc(count, sizeof *x);
    *values = calloc(count, sizeof **values);
    assert_true(x && *values);
    uint64_t random = seed;
    for (size_t i = 0; i < count; i++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        x[i] = (double)(random >> 40) / 16777216.0 - 0.5;
    }
    for (size_t i = 0; i < count; i++) {
        size_t width = (size_t)channels, before = i % width ? i - 1 : i + width - 1;
        (*values)[i] = (float)(x[i] + 0.5 * x[before] * (1 + (double)seed / 10));
    }
    free(x);
    return (momui_cloud){rows, channels, *values};
}

static double between(const momui_cloud *a, const momui_cloud *b) {
    momui_gaussian one, two;
    double distance = -1;
    assert_int_equal(momui_gaussian_of(NULL, a, &one, NULL), 0);
    assert_int_equal(momui_gaussian_of(NULL, b, &two, NULL), 0);
    assert_int_equal(momui_frechet(NULL, &one, &two, &distance, NULL), 0);
    momui_gaussian_release(&one);
    momui_gaussian_release(&two);
    return distance;
}

static void frechet_is_scipys(void **state) {
    (void)state;
    static const struct {
        uint64_t seeds[2];
        size_t rows[2];
        int32_t channels;
    } CASES[3] = {{{1, 2}, {200, 300}, 24}, {{3, 4}, {20, 500}, 24}, {{5, 6}, {400, 400}, 1}};
    for (int i = 0; i < 3; i++) {
        float *values[2];
        momui_cloud a = cloud(CASES[i].seeds[0], CASES[i].rows[0], CASES[i].channels, &values[0]);
        momui_cloud b = cloud(CASES[i].seeds[1], CASES[i].rows[1], CASES[i].channels, &values[1]);
        assert_near(between(&a, &b), FRECHET[i], 1e-6 * (1 + FRECHET[i]));
        assert_near(between(&b, &a), FRECHET[i], 1e-6 * (1 + FRECHET[i]));
        assert_near(between(&a, &a), 0, 1e-6);
        free(values[0]);
        free(values[1]);
    }
}

static void sets_that_are_too_small(void **state) {
    (void)state;
    momu_error error = {0};
    float row[2] = {1, 2};
    momui_gaussian g;
    momui_cloud one = {1, 2, row};
    assert_int_equal(momui_gaussian_of(NULL, &one, &g, &error), MOMU_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "at least 2 rows"));
    assert_true(momui_diversity(&one, 200, 1) == 0);
}

static void variety(void **state) {
    (void)state;
    float rows[6] = {0, 0, 3, 4, 0, 0};
    momui_cloud two = {2, 2, rows};
    assert_near(momui_diversity(&two, 200, 1), 5, 1e-9);
    momui_cloud three = {3, 2, rows}; /* of three pairs two are 5 apart */
    assert_near(momui_diversity(&three, 20000, 1), 10.0 / 3, 0.05);
    const float p[4] = {0.5f, 0.5f, 1, 0}, q[4] = {0.25f, 0.75f, 1, 0};
    double one = 0.5 * log(2) + 0.5 * log(0.5 / 0.75);
    assert_near(momui_mean_divergence(p, q, 2, 2), one / 2, 1e-5);
    assert_near(momui_mean_divergence(p, p, 2, 2), 0, 1e-12);
    assert_true(isfinite(momui_mean_divergence(p + 2, q, 1, 2)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_those_of_loris),
        cmocka_unit_test(scores_of_little),
        cmocka_unit_test(tempos_and_octaves),
        cmocka_unit_test(phases),
        cmocka_unit_test(beat_alignment),
        cmocka_unit_test(frechet_is_scipys),
        cmocka_unit_test(sets_that_are_too_small),
        cmocka_unit_test(variety),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
