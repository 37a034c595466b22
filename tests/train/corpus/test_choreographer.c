/* corpus/dance/: whole dances are on their beats, on feet that stand, in their place; units of
 * motion capture too, where there are takes. */
#include "tests/support/support.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dsp/beat_match.h"
#include "dsp/beat_tracking.h"
#include "motion/kinematic_beats.h"
#include "motion/kinematics.h"
#include "train/corpus/dance/choreographer.h"
#include "train/corpus/moves/move_library.h"

enum { BARS = 24 };

/* A metronome with an intro, a verse and a chorus that comes twice; the last bar of the verse
 * rests. */
static momui_grid make_grid(int32_t genre, double tempo, int32_t meter) {
    static const char *const NAMES[4] = {"intro", "chorus", "verse", "chorus"};
    momui_grid g = {.tempo = tempo, .meter = meter, .genre = genre, .swing = 0.5};
    g.beat_count = (size_t)(BARS * meter);
    g.section_count = 4;
    g.beats = momui_calloc(NULL, g.beat_count, sizeof *g.beats);
    g.sections = momui_calloc(NULL, g.section_count, sizeof *g.sections);
    assert_true(g.beats && g.sections);
    for (int32_t s = 0; s < 4; s++) {
        g.sections[s] = (momui_grid_section){.first_beat = s * 6 * meter,
                                             .beats = 6 * meter,
                                             .energy = s % 2 ? 0.8f : 0.5f,
                                             .like = s == 3 ? 1 : s};
        snprintf(g.sections[s].name, sizeof g.sections[s].name, "%s", NAMES[s]);
    }
    for (size_t i = 0; i < g.beat_count; i++) {
        int32_t section = (int32_t)i / (6 * meter), count = (int32_t)i % meter;
        bool rest = section == 2 && (int32_t)i % (6 * meter) > 5 * meter;
        g.beats[i] = (momui_grid_beat){.time = 0.4 + 60.0 / tempo * (double)i,
                                       .count = count,
                                       .section = section,
                                       .energy = g.sections[section].energy,
                                       .accent = count ? 0.3f : 0.7f,
                                       .rest = rest};
    }
    g.seconds = g.beats[g.beat_count - 1].time + 1.5;
    return g;
}

static double agreement(const momui_motion *body, const momui_grid *g, double *chance) {
    double *beats = NULL, *times = malloc(g->beat_count * sizeof *times);
    size_t count = 0;
    assert_non_null(times);
    for (size_t i = 0; i < g->beat_count; i++)
        times[i] = g->beats[i].time;
    assert_int_equal(momui_kinematic_beats(NULL, body, false, &beats, &count, NULL), MOMU_OK);
    double f1 = momui_beats_match(beats, count, times, g->beat_count, 0.07).f1;
    *chance = momui_beats_chance(beats, count, times, g->beat_count, 0.07, g->seconds, 1);
    momui_free(beats);
    free(times);
    return f1;
}

static void check_body(const momui_dance *dance, const momui_grid *g) {
    const momui_motion *body = dance->body;
    assert_int_equal(body->frames, (int64_t)floor(g->seconds * 62.5));
    assert_int_equal(momui_motion_check(body, NULL), MOMU_OK);
    assert_true(momui_motion_is_body(body));
    assert_true(dance->skate < 1.0);
    for (int64_t t = 0; t < body->frames; t++) {
        assert_true(hypot((double)body->root[3 * t], (double)body->root[3 * t + 2]) < 5.0);
        assert_true(body->positions[3 * (t * MOMUI_BODY_JOINTS + MOMUI_LEFT_FOOT) + 1] > 0.015f);
    }
    assert_true(dance->phrase_count > 0);
    int32_t next = 0;
    for (size_t i = 0; i < dance->phrase_count; i++) {
        assert_true(dance->phrases[i].first_beat >= next && dance->phrases[i].beats > 0);
        assert_true(dance->phrases[i].lower[0] && dance->phrases[i].upper[0]);
        next = dance->phrases[i].first_beat + dance->phrases[i].beats;
    }
    assert_true((size_t)next <= g->beat_count);
}

static void procedural_dances_are_on_their_beats(void **state) {
    (void)state;
    static const struct {
        int32_t genre, meter;
        double tempo;
    } GRIDS[] = {{1, 4, 123.4}, {3, 4, 91},  {6, 4, 132}, {8, 4, 172},
                 {10, 4, 116},  {12, 3, 92}, {14, 4, 70}};
    double sum = 0, random = 0;
    size_t count = sizeof GRIDS / sizeof *GRIDS;
    for (size_t i = 0; i < count; i++) {
        momui_grid g = make_grid(GRIDS[i].genre, GRIDS[i].tempo, GRIDS[i].meter);
        momui_dance_options options = {.seed = 40 + i, .material = MOMUI_MATERIAL_PROCEDURAL};
        momui_dance dance;
        momu_error error = {0};
        double chance;
        if (momui_choreograph(NULL, &g, NULL, &options, &dance, &error) != MOMU_OK)
            fail_msg("%s", error.message);
        check_body(&dance, &g);
        assert_true(dance.mocap_share == 0);
        sum += agreement(dance.body, &g, &chance) / (double)count;
        random += chance / (double)count;
        momui_dance_release(&dance);
        momui_grid_release(&g);
    }
    if (sum < 0.7 || sum < 2.3 * random)
        fail_msg("F1 %.3f, at random offsets %.3f", sum, random);
}

static momui_motion *danced(const momui_grid *g, uint64_t seed) {
    momui_dance_options options = {.seed = seed, .material = MOMUI_MATERIAL_PROCEDURAL};
    momui_dance dance;
    assert_int_equal(momui_choreograph(NULL, g, NULL, &options, &dance, NULL), MOMU_OK);
    momui_motion *body = dance.body;
    dance.body = NULL;
    momui_dance_release(&dance);
    return body;
}

static void same_seed_same_dance(void **state) {
    (void)state;
    momui_grid g = make_grid(5, 110, 4);
    momui_motion *a = danced(&g, 7), *b = danced(&g, 7), *c = danced(&g, 8);
    size_t size = (size_t)a->frames * MOMUI_BODY_JOINTS * 4 * sizeof(float);
    assert_memory_equal(a->rotations, b->rotations, size);
    assert_memory_not_equal(a->rotations, c->rotations, size);
    momui_motion_free(a);
    momui_motion_free(b);
    momui_motion_free(c);
    momui_grid_release(&g);
}

/* The unpacked takes, or NULL. Unpacks the archives of the project's shared data. */
static const char *takes_folder(void) {
    const char *folder = scratch_folder(), *data = getenv("MOMU_TEST_DATA");
    char command[8192];
    snprintf(command, sizeof command, "%s/loops", data ? data : "/nowhere");
    if (!data || access(command, R_OK) != 0)
        return NULL;
    snprintf(command, sizeof command,
             "mkdir %s/cmu && for a in '%s'/cmu/*.tar.xz; do tar -xJf \"$a\" -C %s/cmu; done && "
             "ln -s '%s/loops' '%s/deepmimic' %s/",
             folder, data, folder, data, data, folder);
    return system(command) == 0 ? folder : NULL;
}

static void mocap_dances_are_on_their_beats(void **state) {
    (void)state;
    momu_error error = {0};
    momui_units units;
    const char *folder = takes_folder();
    if (!folder)
        skip();
    if (momui_units_load(NULL, folder, NULL, NULL, &units, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    double sum = 0, random = 0, share = 0;
    for (int split = 0; split < MOMUI_SPLITS; split++) {
        momui_grid g = make_grid(15, 108, 4);
        momui_dance_options options = {
            .seed = 3, .split = (momui_split)split, .material = MOMUI_MATERIAL_MIXED};
        momui_dance dance;
        double chance;
        if (momui_choreograph(NULL, &g, &units, &options, &dance, &error) != MOMU_OK)
            fail_msg("%s", error.message);
        check_body(&dance, &g);
        for (size_t i = 0; i < dance.phrase_count; i++)
            for (size_t k = 0; k < units.take_count; k++)
                if (units.takes[k].split != options.split && dance.phrases[i].mocap_lower)
                    assert_null(strstr(dance.phrases[i].lower, units.takes[k].name));
        sum += agreement(dance.body, &g, &chance) / MOMUI_SPLITS;
        random += chance / MOMUI_SPLITS;
        share += dance.mocap_share / MOMUI_SPLITS;
        momui_dance_release(&dance);
        momui_grid_release(&g);
    }
    momui_units_release(&units);
    assert_true(share > 0.33);
    if (sum < 0.5 || sum < 1.8 * random)
        fail_msg("F1 %.3f, at random offsets %.3f", sum, random);
}

static void what_cannot_be_danced_is_refused(void **state) {
    (void)state;
    momu_error error = {0};
    momui_dance dance;
    momui_dance_options options = {.seed = 1, .material = MOMUI_MATERIAL_PROCEDURAL};
    momui_grid g = {.seconds = 10, .tempo = 120, .meter = 4, .genre = 1};
    assert_int_equal(momui_choreograph(NULL, &g, NULL, &options, &dance, &error),
                     MOMU_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "two beats"));
    momui_units units;
    assert_int_equal(momui_units_load(NULL, "/nowhere/at all", NULL, NULL, &units, &error),
                     MOMU_ERROR_IO);
    assert_non_null(strstr(error.message, "/nowhere/at all"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(procedural_dances_are_on_their_beats),
                                       cmocka_unit_test(same_seed_same_dance),
                                       cmocka_unit_test(mocap_dances_are_on_their_beats),
                                       cmocka_unit_test(what_cannot_be_danced_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
