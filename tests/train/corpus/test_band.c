/* The band: attacks are at the notes' times; properties of the mix. */
#include "base/extremes.h"
#include "base/pool.h"
#include "dsp/levels.h"
#include "train/corpus/music/song.h"
#include "train/corpus/music/soundfont.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the four that it needs */
#include <cmocka.h>

static const double RATE = 44100;
enum { DRUMS, BASS, CHORDS, LEAD, PARTS };
enum { RIM = 37, KICK = 36, SNARE = 38, HAT = 42 };

/* Opened once for all tests: it takes a second. */
typedef struct bands {
    momui_band *one, *two;
    momu_status status;
    momu_error error;
} bands;

static int open_bands(void **state) {
    static bands all;
    *state = &all;
    all.status = momui_band_create(NULL, NULL, RATE, &all.one, &all.error);
    if (all.status == MOMU_OK)
        all.status = momui_band_create(NULL, NULL, RATE, &all.two, &all.error);
    return 0;
}

static int close_bands(void **state) {
    bands *all = *state;
    momui_band_destroy(all->one);
    momui_band_destroy(all->two);
    return 0;
}

static bands *need_bands(void **state) {
    bands *all = *state;
    if (all->status == MOMU_ERROR_NOT_FOUND)
        skip();
    if (all->status != MOMU_OK)
        fail_msg("%s", all->error.message);
    return all;
}

static void add(momui_song *song, double time, double seconds, int part, int key, float velocity) {
    song->notes[song->note_count++] = (momui_note){
        .time = time, .seconds = seconds, .velocity = velocity, .part = part, .key = key};
}

static void begin(momui_song *song, double seconds, uint64_t seed, momui_part parts[PARTS],
                  momui_note *notes) {
    static const momui_part LINE_UP[PARTS] = {{"drums", 128, 0, 1, 0, 0.2f},
                                              {"bass", 0, 33, 0.9f, 0, 0.1f},
                                              {"chords", 0, 4, 0.8f, -0.3f, 0.5f},
                                              {"lead", 0, 73, 0.8f, 0.3f, 0.6f}};
    memcpy(parts, LINE_UP, sizeof LINE_UP);
    *song = (momui_song){.seed = seed, .parts = parts, .part_count = PARTS, .notes = notes};
    song->grid.seconds = seconds;
    song->grid.genre = 1;
    snprintf(song->title, sizeof song->title, "test");
}

static int compare_notes(const void *a, const void *b) {
    const momui_note *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

/* Four on the floor at 120 with bass, chords and a tune. */
static void write_groove(momui_song *song) {
    static const int TUNE[] = {72, 74, 76, 79, 76, 74, 72, 67};
    for (int beat = 0; beat * 0.5 < song->grid.seconds - 0.5; beat++) {
        double t = beat * 0.5;
        add(song, t, 0.1, DRUMS, KICK, 0.9f);
        if (beat % 2)
            add(song, t, 0.1, DRUMS, SNARE, 0.8f);
        add(song, t + 0.25, 0.1, DRUMS, HAT, 0.6f);
        add(song, t, 0.1, DRUMS, HAT, 0.5f);
        add(song, t + 0.25, 0.2, BASS, 36 + (beat / 8 % 2) * 5, 0.8f);
        for (int k = 0; k < 3 && beat % 4 == 0; k++)
            add(song, t, 1.9, CHORDS, 60 + 4 * k - (k == 2), 0.6f);
        add(song, t, 0.45, LEAD, TUNE[beat % 8], 0.7f);
    }
    qsort(song->notes, song->note_count, sizeof *song->notes, compare_notes);
}

static momui_audio *play(momui_band *band, const momui_song *song) {
    momui_audio *audio = NULL;
    momu_error error = {0};
    if (momui_band_play(band, song, &audio, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    assert_int_equal(audio->channels, 2);
    assert_int_equal(audio->frames, llround(song->grid.seconds * audio->rate));
    return audio;
}

static double level(const momui_audio *audio, int64_t i) {
    return fabs((double)audio->samples[2 * i]) + fabs((double)audio->samples[2 * i + 1]);
}

/* When a third of the peak that is within 30 ms of `time` is reached first. */
static double onset_near(const momui_audio *audio, double time) {
    int64_t from = (int64_t)((time - 0.02) * RATE), to = (int64_t)((time + 0.03) * RATE);
    double peak = 0;
    for (int64_t i = from; i < to; i++)
        peak = momui_max(peak, level(audio, i));
    while (from < to && level(audio, from) < 0.3 * peak)
        from++;
    return (double)from / RATE;
}

static void drums_sound_on_time(void **state) {
    static const int KEYS[] = {RIM, KICK, SNARE, HAT};
    momui_band *band = need_bands(state)->one;
    momui_part parts[PARTS];
    momui_note notes[64];
    for (size_t k = 0; k < sizeof KEYS / sizeof *KEYS; k++) {
        momui_song song;
        begin(&song, 10.5, 5, parts, notes);
        song.parts[DRUMS].room = 0;
        for (int i = 0; i < 20; i++)
            add(&song, 0.3 + 0.50137 * i, 0.1, DRUMS, KEYS[k], 0.8f);
        momui_audio *audio = play(band, &song);
        double mean = 0;
        for (int i = 0; i < 20; i++) {
            double off = onset_near(audio, notes[i].time) - notes[i].time;
            mean += off / 20;
            if (fabs(off) > (KEYS[k] == RIM ? 0.001 : 0.002))
                fail_msg("key %d at %.4f s sounds %.2f ms off", KEYS[k], notes[i].time, 1e3 * off);
        }
        assert_true(fabs(mean) < (KEYS[k] == RIM ? 0.0005 : 0.0012));
        momui_audio_free(audio);
    }
}

static void first_note_sounds_at_zero(void **state) {
    momui_band *band = need_bands(state)->one;
    momui_part parts[PARTS];
    momui_note notes[8];
    momui_song song;
    begin(&song, 1, 1, parts, notes);
    add(&song, 0, 0.1, DRUMS, RIM, 0.9f);
    momui_audio *audio = play(band, &song);
    double peak = 0;
    for (int64_t i = 0; i < 300; i++)
        peak = momui_max(peak, level(audio, i));
    assert_true(peak > 0.1);
    momui_audio_free(audio);
}

static void same_song_same_bytes(void **state) {
    momui_band *band = need_bands(state)->one, *other = need_bands(state)->two;
    momui_part parts[PARTS], more[PARTS];
    momui_note notes[512], few[512];
    momui_song song, between;
    begin(&song, 8, 7, parts, notes);
    begin(&between, 3, 8, more, few);
    between.parts[CHORDS].program = 48;
    write_groove(&song);
    write_groove(&between);
    momui_audio *a = play(band, &song), *b = play(band, &between), *c = play(band, &song);
    momui_audio *d = play(other, &song);
    size_t size = (size_t)a->frames * 2 * sizeof(float);
    assert_memory_equal(a->samples, c->samples, size);
    assert_memory_equal(a->samples, d->samples, size);
    song.seed = 9; /* another mix */
    momui_audio *e = play(band, &song);
    assert_memory_not_equal(a->samples, e->samples, size);
    momui_audio *all[] = {a, b, c, d, e};
    for (int i = 0; i < 5; i++)
        momui_audio_free(all[i]);
}

typedef struct stage {
    momui_band *bands[2];
    const momui_song *song;
    momui_audio *audio[2];
} stage;

static void play_on(void *user, size_t task, int worker) {
    stage *s = user;
    (void)worker;
    momui_band_play(s->bands[task], s->song, &s->audio[task], NULL);
}

static void bands_play_side_by_side(void **state) {
    bands *all = need_bands(state);
    stage s = {.bands = {all->one, all->two}};
    momui_part parts[PARTS];
    momui_note notes[512];
    momui_song song;
    momui_pool *pool = NULL;
    begin(&song, 8, 7, parts, notes);
    write_groove(&song);
    s.song = &song;
    assert_int_equal(momui_pool_create(NULL, 2, &pool, NULL), MOMU_OK);
    momui_pool_run(pool, 2, play_on, &s);
    momui_pool_destroy(pool);
    assert_non_null(s.audio[0]);
    assert_non_null(s.audio[1]);
    assert_memory_equal(s.audio[0]->samples, s.audio[1]->samples,
                        (size_t)s.audio[0]->frames * 2 * sizeof(float));
    for (int i = 0; i < 2; i++)
        momui_audio_free(s.audio[i]);
}

static void mixes_are_within_range(void **state) {
    momui_band *band = need_bands(state)->one;
    momui_part parts[PARTS];
    momui_note notes[512];
    momui_song song;
    double least = 1, most = 0;
    for (uint64_t seed = 0; seed < 6; seed++) {
        begin(&song, 6, seed, parts, notes);
        song.grid.genre = 1 + (int32_t)(seed * 5 % 14);
        write_groove(&song);
        momui_audio *audio = play(band, &song);
        float *mono = momui_audio_mono(audio, NULL);
        momui_level_report report;
        assert_int_equal(momui_levels(NULL, mono, audio->frames, &report, NULL), MOMU_OK);
        for (int64_t i = 0; i < 2 * audio->frames; i++)
            assert_true(fabsf(audio->samples[i]) <= 1);
        assert_int_equal(report.not_finite, 0);
        assert_true(report.rms > 0.03 && report.rms < 0.4);
        assert_true(report.flatness < 0.35);
        least = momui_min(least, report.rms);
        most = momui_max(most, report.rms);
        momui_free(mono);
        momui_audio_free(audio);
    }
    assert_true(most > 1.2 * least); /* levels vary */
}

static void refuses_what_it_cannot_play(void **state) {
    momui_band *band = NULL;
    momu_error error = {0};
    assert_int_equal(momui_band_create(NULL, "/nowhere/at.sf3", RATE, &band, &error),
                     MOMU_ERROR_NOT_FOUND);
    assert_null(band);
    assert_non_null(strstr(error.message, "/nowhere/at.sf3"));
    assert_non_null(strstr(error.message, "musescore-general-soundfont-small"));
    assert_int_equal(momui_band_create(NULL, "/proc/self/status", RATE, &band, &error),
                     MOMU_ERROR_FORMAT);
    assert_string_equal(momui_soundfont_licence_of("MuseScore_General_Lite.sf3")->licence, "MIT");
    assert_null(momui_soundfont_licence_of("unknown.sf2"));
    band = need_bands(state)->one;
    assert_string_equal(momui_band_name(band), "MuseScore_General_Lite.sf3");
    momui_part parts[PARTS];
    momui_note notes[1];
    momui_song song;
    momui_audio *audio = NULL;
    begin(&song, 1, 1, parts, notes);
    add(&song, 0, 1, 99, 60, 1);
    assert_int_equal(momui_band_play(band, &song, &audio, &error), MOMU_ERROR_ARGUMENT);
    assert_null(audio);
    song.parts[0].program = 9999;
    song.parts[0].bank = 77;
    song.note_count = 0;
    assert_int_equal(momui_band_play(band, &song, &audio, &error), MOMU_ERROR_NOT_FOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drums_sound_on_time),    cmocka_unit_test(first_note_sounds_at_zero),
        cmocka_unit_test(same_song_same_bytes),   cmocka_unit_test(bands_play_side_by_side),
        cmocka_unit_test(mixes_are_within_range), cmocka_unit_test(refuses_what_it_cannot_play),
    };
    return cmocka_run_group_tests(tests, open_bands, close_bands);
}
