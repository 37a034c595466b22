/* Tracks from logits: steady ones, faint ones, a change of tempo, nothing at all. */
#include "drums.h"

#include "dsp/beat_grid.h"

#include <math.h>
#include <stdlib.h>

static const double RATE = 62.5;

/* Logits of beats at `bpm` from `first` seconds on, as a finder says them, into frames from..to. */
static void say_beats(float *logits, int64_t from, int64_t to, double bpm, double first,
                      double height) {
    double period = 60 / bpm;
    for (int64_t k = from; k < to; k++) {
        double time = ((double)k + 0.5) / RATE, beats = (time - first) / period;
        double away = (beats - floor(beats + 0.5)) * period / 0.025;
        double chance = 0.03 + height * exp(-0.5 * away * away);
        logits[k] = (float)log(chance / (1 - chance));
    }
}

static momui_beats track(const float *logits, double seconds) {
    momui_beats found;
    momu_error error = {0};
    if (momui_beat_grid_track(NULL, logits, (int64_t)(seconds * RATE), RATE, 60, 200, &found,
                              &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return found;
}

static float *frames_of(double seconds) {
    float *logits = calloc((size_t)(seconds * RATE) + 1, sizeof *logits);
    assert_non_null(logits);
    return logits;
}

static void assert_on_beat(const momui_beats *found, double from, double bpm, double first) {
    for (size_t i = 0; i < found->count; i++) {
        double beats = (found->times[i] - first) * bpm / 60;
        if (found->times[i] >= from)
            assert_near((beats - floor(beats + 0.5)) * 60 / bpm, 0, 0.02);
    }
}

static void test_steady(void **state) {
    (void)state;
    int round = 0;
    for (double bpm = 61; bpm < 199; bpm += 8.7, round++) {
        double seconds = round % 3 == 0   ? 6
                         : round % 3 == 1 ? 25
                                          : 180,
               first = 0.11 + 0.02 * round;
        float *logits = frames_of(seconds);
        say_beats(logits, 0, (int64_t)(seconds * RATE), bpm, first, 0.9);
        momui_beats found = track(logits, seconds);
        assert_near(found.tempo, bpm, bpm * (seconds < 10 ? 0.004 : 0.001));
        assert_on_beat(&found, 0, bpm, first);
        assert_true(fabs((double)found.count - seconds * bpm / 60) <= 1);
        assert_true(found.confidence > 0.8);
        momui_beats_release(&found);
        free(logits);
    }
}

/* Half of the beats are not danced, and others are: the track goes on through them. */
static void test_gaps(void **state) {
    (void)state;
    const double SECONDS = 25, BPM = 104;
    int64_t frames = (int64_t)(SECONDS * RATE);
    float *logits = frames_of(SECONDS);
    uint64_t seed = 5;
    say_beats(logits, 0, frames, BPM, 0.3, 0.6);
    for (int64_t beat = 0; beat < 44; beat++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int64_t at = (int64_t)((0.3 + (double)beat * 60 / BPM) * RATE);
        bool skipped = (seed >> 60) < 7, strange = (seed >> 50) % 8 == 0;
        for (int64_t k = at - 8; k <= at + 8; k++)
            if (skipped && k >= 0 && k < frames)
                logits[k] = -3.5f;
        if (strange && at + 12 < frames)
            logits[at + 12] = 0.5f;
    }
    momui_beats found = track(logits, SECONDS);
    assert_near(found.tempo, BPM, 0.2);
    assert_on_beat(&found, 0, BPM, 0.3);
    assert_true(found.count >= 42);
    momui_beats_release(&found);
    free(logits);
}

/* A minute of one tempo and a minute of another: both are followed, and no tempo is claimed. */
static void test_changes(void **state) {
    (void)state;
    float *logits = frames_of(120);
    say_beats(logits, 0, 60 * 62, 96, 0.2, 0.9);
    say_beats(logits, 60 * 62, (int64_t)(120 * RATE), 131, 59.9, 0.9);
    momui_beats found = track(logits, 120);
    assert_true(found.tempo == 0);
    assert_true(found.confidence > 0.6);
    size_t early = 0;
    while (early < found.count && found.times[early] < 45)
        early++;
    assert_in_range(early, 70, 73);
    momui_beats first = {.times = found.times, .count = early};
    assert_on_beat(&first, 0, 96, 0.2);
    assert_on_beat(&found, 75, 131, 59.9);
    for (size_t i = 1; i < found.count; i++)
        assert_true(found.times[i] > found.times[i - 1]);
    momui_beats_release(&found);
    free(logits);
}

/* Forty seconds, forty quiet ones, forty of another tempo: the first beats go on until the second
 * ones begin, and no others are made up. */
static void test_pause(void **state) {
    (void)state;
    const int64_t FORTY = (int64_t)(40 * RATE);
    float *logits = frames_of(120);
    say_beats(logits, 0, FORTY, 120, 0.1, 0.9);
    for (int64_t k = FORTY; k < 2 * FORTY; k++)
        logits[k] = -3.5f;
    say_beats(logits, 2 * FORTY, 3 * FORTY, 97, 80.1, 0.9);
    momui_beats found = track(logits, 120);
    size_t early = 0;
    while (early < found.count && found.times[early] < 70)
        early++;
    momui_beats first = {.times = found.times, .count = early};
    assert_in_range(early, 139, 141);
    assert_on_beat(&first, 0, 120, 0.1);
    assert_on_beat(&found, 95, 97, 80.1);
    momui_beats_release(&found);
    free(logits);
}

static void test_nothing(void **state) {
    (void)state;
    float *logits = frames_of(60);
    for (int64_t k = 0; k < 60 * 62; k++)
        logits[k] = -3;
    momui_beats found = track(logits, 20);
    assert_int_equal(found.count, 0);
    assert_true(found.tempo == 0 && found.confidence == 0);
    momui_beats_release(&found);
    found = track(logits, 60);
    assert_int_equal(found.count, 0);
    momui_beats_release(&found);
    say_beats(logits, 0, 120, 120, 0, 0.9);
    found = track(logits, 1.9); /* too short to say */
    assert_int_equal(found.count, 0);
    momui_beats_release(&found);
    free(logits);
}

/* Only tempos that are allowed are looked for. */
static void test_range(void **state) {
    (void)state;
    float *logits = frames_of(25);
    int64_t frames = (int64_t)(25 * RATE);
    momui_beats found;
    say_beats(logits, 0, frames, 120, 0.1, 0.9);
    assert_int_equal(momui_beat_grid_track(NULL, logits, frames, RATE, 59.5, 60.5, &found, NULL),
                     MOMU_OK);
    assert_near(found.tempo, 60, 0.1);
    assert_on_beat(&found, 0, 120, 0.1);
    momui_beats_release(&found);
    assert_int_equal(momui_beat_grid_track(NULL, logits, frames, RATE, 99, 101, &found, NULL),
                     MOMU_OK);
    assert_int_equal(found.count, 0); /* most of its lines lie where no beat is */
    momui_beats_release(&found);
    free(logits);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steady),  cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_changes), cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_range),   cmocka_unit_test(test_pause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
