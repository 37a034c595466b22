/* Recorded tracks: the segments found are steady, and those drawn keep their beats. The test makes
 * its tracks. */
#include "io/sound/sound.h"
#include "train/corpus/music/attacks.h"
#include "train/corpus/music/recorded.h"
#include "train/corpus/music/time_stretch.h"

#include "tests/support/support.h"

#include <sys/stat.h>

static const double RATE = 22050, TEMPO = 118;
static const double TAU = 6.283185307179586;

static double noise(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return (double)(*state >> 8) / 8388608.0 - 1;
}

static void hit(momui_audio *audio, double time, double pitch, double hiss, double decay,
                double level, uint32_t *state) {
    int64_t from = llround(time * audio->rate);
    for (int64_t i = 0; i < (int64_t)(6 * decay * audio->rate); i++) {
        double t = (double)i / audio->rate;
        double value = (1 - hiss) * sin(TAU * pitch * t * (1 + 0.5 * exp(-60 * t)));
        value = level * exp(-t / decay) * (value + hiss * noise(state));
        for (int c = 0; c < 2 && from + i < audio->frames; c++)
            audio->samples[2 * (from + i) + c] += (float)value;
    }
}

/* Drums at `tempo` over chords that change with each bar; the first downbeat is at 0.4 s. The first
 * half is softer. */
static momui_audio *make_track(double seconds, double tempo, bool drums) {
    static const double ROOTS[4] = {110, 146.83, 98, 130.81};
    momui_audio *audio = momui_audio_new(NULL, (int64_t)(seconds * RATE), 2, RATE);
    assert_non_null(audio);
    uint32_t state = 1;
    double period = 60 / tempo;
    for (int beat = 0; 0.4 + beat * period < seconds - 0.3 && drums; beat++) {
        double t = 0.4 + beat * period, level = t < seconds / 2 ? 0.35 : 0.7;
        hit(audio, t, 60, 0.05, 0.08, (beat % 4 == 0 ? 1 : 0.7) * level, &state);
        if (beat % 2)
            hit(audio, t, 190, 0.7, 0.04, 0.6 * level, &state);
        hit(audio, t + period / 2, 8000, 0.9, 0.015, 0.3 * level, &state);
    }
    for (int64_t i = 0; i < audio->frames; i++) {
        double t = (double)i / RATE, level = t < seconds / 2 ? 0.03 : 0.07;
        int bar = t < 0.4 ? 0 : (int)((t - 0.4) / (4 * period));
        for (int c = 0; c < 2; c++)
            for (int h = 0; h < 3; h++)
                audio->samples[2 * i + c] +=
                    (float)(level * sin(TAU * ROOTS[bar % 4] * (2 + h) * t + 0.3 * c));
    }
    return audio;
}

static double nearest(const double *places, size_t count, double at) {
    double best = 1e9;
    for (size_t i = 0; i < count; i++)
        best = fabs(places[i] - at) < fabs(best) ? places[i] - at : best;
    return best;
}

static void stretching_keeps_attacks(void **state) {
    (void)state;
    static const double SPEEDS[] = {0.72, 0.85, 0.97, 1.1, 1.18, 1.4};
    momui_audio *track = make_track(20, TEMPO, true);
    momu_error error = {0};
    for (size_t s = 0; s < sizeof SPEEDS / sizeof *SPEEDS; s++) {
        float *out = NULL;
        int64_t frames = 0;
        momu_status status = momui_time_stretch(NULL, track->samples, track->frames, RATE,
                                                SPEEDS[s], &out, &frames, &error);
        assert_int_equal(status, MOMU_OK);
        assert_int_equal(frames, llround((double)track->frames / SPEEDS[s]));
        momui_audio made = {.frames = frames, .channels = 2, .rate = RATE, .samples = out};
        float *mono = momui_audio_mono(&made, NULL);
        momui_attacks found;
        assert_int_equal(momui_attacks_find(NULL, mono, frames, RATE, &found, &error), MOMU_OK);
        int near = 0, beats = 0;
        for (int beat = 1; 0.4 + beat * 60 / TEMPO < 19; beat++, beats++) {
            double at = (0.4 + beat * 60 / TEMPO) / SPEEDS[s];
            near += fabs(nearest(found.places, found.count, at * RATE)) < 0.005 * RATE;
        }
        if (near < beats)
            fail_msg("speed %g: %d of %d beats within 5 ms", SPEEDS[s], near, beats);
        momui_attacks_release(&found);
        momui_free(mono);
        momui_free(out);
    }
    momui_audio_free(track);
}

/* A chord without attacks keeps its level and its pitch. */
static void stretching_keeps_tones(void **state) {
    (void)state;
    momu_error error = {0};
    for (int k = 0; k < 2; k++) {
        double speed = k ? 1.3 : 0.8, frequency = 441.3, power[2] = {0, 0}, re = 0, im = 0;
        int64_t frames = (int64_t)(4 * RATE), count = 0;
        float *in = momui_alloc(NULL, (size_t)frames, 2 * sizeof *in), *out = NULL;
        for (int64_t i = 0; i < frames; i++) {
            in[2 * i] = 0.4f * (float)sin(TAU * frequency * (double)i / RATE);
            in[2 * i + 1] = -in[2 * i];
        }
        assert_int_equal(momui_time_stretch(NULL, in, frames, RATE, speed, &out, &count, &error),
                         MOMU_OK);
        int64_t from = (int64_t)(0.5 * RATE), to = count - from;
        for (int64_t i = from; i < to; i++) {
            double angle = TAU * frequency * (double)i / RATE;
            assert_true(fabsf(out[2 * i] + out[2 * i + 1]) < 1e-3f); /* channels keep their sides */
            power[0] += (double)out[2 * i] * (double)out[2 * i] / (double)(to - from);
            power[1] += 0.08 / (double)(to - from);
            re += (double)out[2 * i] * cos(angle) / (double)(to - from);
            im += (double)out[2 * i] * sin(angle) / (double)(to - from);
        }
        assert_true(fabs(10 * log10(power[0] / power[1])) < 0.3);
        assert_true(2 * sqrt(re * re + im * im) > 0.39); /* one tone, of that frequency */
        momui_free(in);
        momui_free(out);
    }
}

static void analysis_finds_beats_and_bars(void **state) {
    (void)state;
    momui_audio *track = make_track(60, TEMPO, true);
    float *mono = momui_audio_mono(track, NULL);
    momui_grid grid;
    momu_error error = {0};
    double from, confidence;
    momu_status status = momui_recorded_analyse(NULL, mono, track->frames, RATE, false, &from,
                                                &confidence, &grid, &error);
    if (status != MOMU_OK)
        fail_msg("%s", error.message);
    assert_true(fabs(grid.tempo - TEMPO) < 0.1);
    assert_int_equal(grid.meter, 4);
    assert_true(grid.beat_count > 100);
    double quiet = 0, loud = 0;
    for (size_t b = 0; b < grid.beat_count; b++) {
        double number = (grid.beats[b].time + from - 0.4) * TEMPO / 60;
        assert_true(fabs(number - round(number)) * 60 / TEMPO < 0.006);
        assert_int_equal(grid.beats[b].count, ((int)round(number) + 400) % 4);
        assert_true(grid.beats[b].energy >= 0 && grid.beats[b].energy <= 1);
        assert_true(grid.beats[b].accent >= 0 && grid.beats[b].accent <= 1);
        assert_false(grid.beats[b].rest);
        *(b < grid.beat_count / 2 ? &quiet : &loud) += (double)grid.beats[b].energy;
    }
    assert_true(loud > 1.5 * quiet);
    assert_true(grid.section_count >= 2);
    assert_int_equal(grid.sections[0].first_beat, 0);
    momui_grid_release(&grid);
    momui_free(mono);
    momui_audio_free(track);
}

static void analysis_refuses_what_has_no_pulse(void **state) {
    (void)state;
    momui_audio *track = make_track(30, 60, false);
    float *mono = momui_audio_mono(track, NULL);
    uint32_t seed = 5;
    for (int64_t i = 0; i < track->frames; i++)
        mono[i] = (float)(0.1 * noise(&seed));
    momui_grid grid;
    momu_error error = {0};
    double from, confidence;
    assert_int_equal(momui_recorded_analyse(NULL, mono, track->frames, RATE, false, &from,
                                            &confidence, &grid, &error),
                     MOMU_ERROR_LIMIT);
    assert_non_null(strstr(error.message, "pulse"));
    momui_free(mono);
    momui_audio_free(track);
}

static void names_decide_splits(void **state) {
    (void)state;
    int splits[MOMUI_SPLITS] = {0};
    for (int i = 0; i < 1000; i++) {
        char name[64];
        snprintf(name, sizeof name, "album%d/track %d.ogg", i / 10, i % 10);
        splits[momui_recorded_split(name)]++;
    }
    assert_true(splits[MOMUI_TRAIN] > 740 && splits[MOMUI_TRAIN] < 860);
    assert_true(splits[MOMUI_VALIDATION] > 60 && splits[MOMUI_TEST] > 60);
    assert_int_equal(momui_recorded_split("Musics/MCD1.ogg"),
                     momui_recorded_split("musics/mcd1.ogg"));
    /* Tracks of the listed packages are in every split. */
    assert_int_equal(momui_recorded_split("Feelings/song.ogg"), MOMUI_TRAIN);
    assert_int_equal(momui_recorded_split("musics/mcd1.ogg"), MOMUI_VALIDATION);
    assert_int_equal(momui_recorded_split("sounds/stg4.ogg"), MOMUI_TEST);
    assert_true(momui_recorded_held_out("/a/sectoid/War of freedom/song.ogg"));
    assert_true(momui_recorded_held_out("/x/noiz2sa/sounds/stg3.ogg"));
    assert_true(momui_recorded_held_out("/x/musics/tt3.ogg"));
    assert_false(momui_recorded_held_out("/x/musics/tt1.ogg"));
    assert_false(momui_recorded_held_out("/x/other/stg3.ogg"));
}

/* Two songs, one with a stem, and one that is held out. */
static void fill_folder(void) {
    static const char *const NAMES[4] = {"one/song.wav", "two/song.wav", "one/guitar.ogg",
                                         "two/tt3.ogg"};
    assert_int_equal(mkdir(scratch_path("one"), 0700), 0);
    assert_int_equal(mkdir(scratch_path("two"), 0700), 0);
    momui_audio *track = make_track(40, TEMPO, true);
    momu_error error;
    for (int i = 0; i < 4; i++)
        assert_int_equal(momui_sound_write_16(track, scratch_path(NAMES[i]), &error), MOMU_OK);
    momui_audio_free(track);
}

static void check_segment(const momui_recorded_segment *a) {
    momui_attacks found;
    float *mono = momui_audio_mono(a->sound, NULL);
    momu_error error;
    assert_true(a->speed >= 0.85 && a->speed <= 1.18 && fabs(a->pitch) <= 3);
    assert_true(fabs(a->grid.seconds - (double)a->sound->frames / a->sound->rate) < 1e-9);
    assert_int_equal(
        momui_attacks_find(NULL, mono, a->sound->frames, a->sound->rate, &found, &error), MOMU_OK);
    int near = 0;
    for (size_t b = 0; b < a->grid.beat_count; b++) {
        double at = a->grid.beats[b].time * a->sound->rate;
        assert_in_range(a->grid.beats[b].section, 0, a->grid.section_count - 1);
        near += fabs(nearest(found.places, found.count, at)) < 0.009 * a->sound->rate;
    }
    assert_true(a->grid.beat_count >= 16);
    assert_true(near >= (int)a->grid.beat_count - 2);
    for (int64_t i = 0; i < 2 * a->sound->frames; i++)
        assert_true(fabsf(a->sound->samples[i]) <= 1);
    momui_attacks_release(&found);
    momui_free(mono);
}

static void finds_and_draws(void **state) {
    (void)state;
    fill_folder();
    momui_recorded_library library;
    momu_error error = {0};
    if (momui_recorded_find(NULL, scratch_folder(), NULL, NULL, &library, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    assert_int_equal(library.count, 2);
    assert_int_equal(library.skipped, 2);
    assert_string_equal(library.tracks[0].name, "one/song.wav");
    assert_string_equal(library.tracks[1].name, "two/song.wav");
    momui_split split = library.tracks[0].split;
    for (uint64_t seed = 0; seed < 3; seed++) {
        momui_recorded_segment a, b;
        assert_int_equal(momui_recorded_draw(NULL, &library, split, seed, 15, 16000, &a, &error),
                         MOMU_OK);
        assert_int_equal(momui_recorded_draw(NULL, &library, split, seed, 15, 16000, &b, &error),
                         MOMU_OK);
        assert_int_equal(a.sound->frames, b.sound->frames);
        assert_memory_equal(a.sound->samples, b.sound->samples,
                            (size_t)a.sound->frames * 2 * sizeof(float));
        check_segment(&a);
        momui_recorded_segment_release(&a);
        momui_recorded_segment_release(&b);
    }
    momui_recorded_segment none;
    for (momui_split s = MOMUI_TRAIN; s < MOMUI_SPLITS; s++)
        if (momui_recorded_count(&library, s) == 0)
            assert_int_equal(momui_recorded_draw(NULL, &library, s, 1, 15, 16000, &none, &error),
                             MOMU_ERROR_NOT_FOUND);
    momui_recorded_release(&library);
}

static void says_what_to_fetch(void **state) {
    (void)state;
    momui_recorded_library library;
    momu_error error = {0};
    assert_int_equal(momui_recorded_find(NULL, "/nowhere/at/all", NULL, NULL, &library, &error),
                     MOMU_ERROR_NOT_FOUND);
    assert_non_null(strstr(error.message, "/nowhere/at/all"));
    assert_non_null(strstr(error.message, "fretsonfire-songs-sectoid"));
    assert_int_equal(library.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stretching_keeps_attacks),
        cmocka_unit_test(stretching_keeps_tones),
        cmocka_unit_test(analysis_finds_beats_and_bars),
        cmocka_unit_test(analysis_refuses_what_has_no_pulse),
        cmocka_unit_test(names_decide_splits),
        cmocka_unit_test(finds_and_draws),
        cmocka_unit_test(says_what_to_fetch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
