/* corpus/: a dance laid on beats arrests there, and the same seed gives the same dance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "corpus/pairs.h"
#include "dsp/beats.h"
#include "motion/kinematics.h"
#include "motion/rhythm.h"

static const double RATE = 62.5;

/* A figure whose arms swing from pose to pose, 0.3 s on the way and then still, every `period`
 * seconds. */
static momui_move swinging_move(double period, double seconds) {
    momui_move move = {.name = "swing", .weight = 1};
    move.body = momui_body_new(NULL, (int64_t)(seconds * RATE), RATE);
    assert_non_null(move.body);
    for (int64_t i = 0; i < move.body->frames; i++) {
        double time = ((double)i + 0.5) / RATE, beat = floor(time / period);
        double part = fmin(1, fmax(0, (time - beat * period - (period - 0.3)) / 0.3));
        double from = fmod(beat, 2) < 1 ? -1 : 1;
        float angle = (float)(0.6 * (from - 2 * from * (part * part * (3 - 2 * part))));
        for (int side = 0; side < 2; side++) {
            float *q =
                move.body->rotations +
                4 * (i * MOMUI_BODY_JOINTS + (side ? MOMUI_LEFT_SHOULDER : MOMUI_RIGHT_SHOULDER));
            q[0] = cosf(angle / 2);
            q[1] = q[2] = 0;
            q[3] = sinf(angle / 2);
        }
    }
    assert_int_equal(momui_motion_update(move.body, NULL), MOMU_OK);
    assert_int_equal(
        momui_kinematic_beats(NULL, move.body, false, &move.beats, &move.beat_count, NULL),
        MOMU_OK);
    return move;
}

static momui_motion *dance_on(const momui_moves *moves, const double *beats, size_t count,
                              uint64_t seed, char *used, size_t size) {
    momui_random random = {seed, 0, 0};
    momui_motion *dance = NULL;
    assert_int_equal(momui_dance_on_beats(NULL, moves, beats, count, (int64_t)(20 * RATE), &random,
                                          &dance, used, size, NULL),
                     MOMU_OK);
    return dance;
}

static void test_dance_arrests_on_the_beats(void **state) {
    (void)state;
    momui_move move = swinging_move(0.6, 12);
    assert_true(move.beat_count > 15);
    momui_moves moves = {&move, 1, 1, 0};
    double beats[40];
    for (int i = 0; i < 40; i++)
        beats[i] = 0.3 + 0.47 * i;
    char used[512];
    momui_motion *dance = dance_on(&moves, beats, 40, 3, used, sizeof used);
    assert_non_null(strstr(used, "swing"));
    double *found = NULL;
    size_t count = 0;
    assert_int_equal(momui_kinematic_beats(NULL, dance, false, &found, &count, NULL), MOMU_OK);
    assert_true(momui_beats_match(found, count, beats, 40, 0.07).f1 > 0.85);
    assert_true(momui_beats_chance(found, count, beats, 40, 0.07, 20, 1) < 0.6);
    for (int64_t i = 0; i < dance->frames * MOMUI_BODY_JOINTS * 3; i++)
        assert_true(isfinite(dance->positions[i]));
    momui_motion *again = dance_on(&moves, beats, 40, 3, NULL, 0);
    assert_memory_equal(dance->positions, again->positions,
                        (size_t)(dance->frames * MOMUI_BODY_JOINTS * 3) * sizeof(float));
    momui_motion_free(again);
    momui_motion_free(dance);
    momui_free(found);
    momui_motion_free(move.body);
    momui_free(move.beats);
}

static void test_nothing_to_dance_with_is_refused(void **state) {
    (void)state;
    momui_moves none = {0};
    momui_random random = {1, 0, 0};
    momui_motion *dance = NULL;
    momu_error error = {0};
    double beats[2] = {0.5, 1.0};
    assert_int_equal(
        momui_dance_on_beats(NULL, &none, beats, 2, 100, &random, &dance, NULL, 0, &error),
        MOMU_ERROR_ARGUMENT);
    assert_null(dance);
    assert_true(strlen(error.message) > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dance_arrests_on_the_beats),
        cmocka_unit_test(test_nothing_to_dance_with_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
