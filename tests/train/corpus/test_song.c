/* corpus/music: songs from seeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "momu/generate.h"
#include "train/corpus/music/arrangement.h"

static momui_song compose(int32_t genre, double seconds, uint64_t seed) {
    momui_song song;
    momu_error error = {0};
    assert_int_equal(momui_song_compose(NULL, genre, seconds, seed, &song, &error), MOMU_OK);
    return song;
}

static void test_every_genre_has_its_name_tempo_and_meter(void **state) {
    (void)state;
    for (int32_t genre = 1; genre <= MOMUI_SONG_GENRES; genre++) {
        const momui_genre *table = momui_genre_of(genre);
        assert_string_equal(table->name, momu_genre_name(genre));
        for (uint64_t seed = 0; seed < 12; seed++) {
            momui_song song = compose(genre, 60 + 15 * (double)seed, seed);
            double tempo = song.grid.tempo, slack = 1 + 0.02 * (table->drift > 0);
            bool main_range = tempo > table->slowest / slack && tempo < table->fastest * slack;
            bool other = table->other_slowest > 0 && tempo > table->other_slowest / slack &&
                         tempo < table->other_fastest * slack;
            assert_true(main_range || other);
            assert_int_equal(song.grid.meter, genre == 12 ? 3 : 4);
            assert_true(fabs(song.grid.seconds / (60 + 15 * (double)seed) - 1) < 0.25);
            assert_int_equal(strncmp(song.title, table->name, strlen(table->name)), 0);
            momui_song_release(&song);
        }
    }
}

static void check_grid(const momui_grid *grid) {
    double period = 60 / grid->tempo;
    int32_t beat = 0, rests = 0;
    for (size_t s = 0; s < grid->section_count; s++) {
        const momui_grid_section *section = &grid->sections[s];
        assert_int_equal(section->first_beat, beat);
        int32_t bars = section->beats / grid->meter;
        assert_true(bars == 4 || bars == 8 || bars == 16);
        assert_int_equal(section->beats % grid->meter, 0);
        assert_true(section->like >= 0 && section->like <= (int32_t)s);
        assert_string_equal(section->name, grid->sections[section->like].name);
        for (int32_t i = 0; i < section->beats; i++) {
            assert_int_equal(grid->beats[beat + i].section, s);
            assert_int_equal(grid->beats[beat + i].count, i % grid->meter);
        }
        beat += section->beats;
    }
    assert_int_equal(beat, grid->beat_count);
    for (size_t i = 0; i < grid->beat_count; i++) {
        const momui_grid_beat *b = &grid->beats[i];
        assert_true(b->time > 0 && b->time < grid->seconds);
        assert_true(b->energy >= 0 && b->energy <= 1 && b->accent >= 0 && b->accent <= 1);
        if (i > 0)
            assert_true(fabs((b->time - grid->beats[i - 1].time) / period - 1) < 0.03);
        rests += b->rest;
    }
    assert_true(rests * 8 <= (int32_t)grid->beat_count);
    assert_false(grid->beats[0].rest);
}

static void check_notes(const momui_song *song) {
    assert_true(song->note_count > 200);
    for (size_t i = 0; i < song->note_count; i++) {
        const momui_note *note = &song->notes[i];
        assert_true(note->part >= 0 && (size_t)note->part < song->part_count);
        assert_true(note->key >= 21 && note->key <= 108);
        assert_true(note->velocity > 0 && note->velocity <= 1);
        assert_true(note->time >= 0 && note->seconds > 0);
        assert_true(note->time + note->seconds <= song->grid.seconds);
        assert_true(i == 0 || song->notes[i - 1].time <= note->time);
    }
}

static void test_grids_and_notes_are_sound(void **state) {
    (void)state;
    for (int32_t genre = 1; genre <= MOMUI_SONG_GENRES; genre++)
        for (uint64_t seed = 100; seed < 110; seed++) {
            momui_song song = compose(genre, seed % 2 ? 62.5 : 180, seed);
            check_grid(&song.grid);
            check_notes(&song);
            momui_song_release(&song);
        }
}

static void test_a_seed_is_a_song(void **state) {
    (void)state;
    momui_song a = compose(4, 90, 77), b = compose(4, 90, 77);
    assert_int_equal(a.note_count, b.note_count);
    for (size_t i = 0; i < a.note_count; i++) {
        assert_true(a.notes[i].time == b.notes[i].time);
        assert_true(a.notes[i].seconds == b.notes[i].seconds);
        assert_true(a.notes[i].velocity == b.notes[i].velocity);
        assert_int_equal(a.notes[i].key, b.notes[i].key);
        assert_int_equal(a.notes[i].part, b.notes[i].part);
    }
    assert_string_equal(a.title, b.title);
    momui_song_release(&a);
    momui_song_release(&b);
}

/* Sixteenths of a beat where a part's notes are, as (place, key). */
static bool plays_at(const momui_song *song, int32_t part, int32_t key, double time) {
    for (size_t i = 0; i < song->note_count; i++)
        if (song->notes[i].part == part && song->notes[i].key == key &&
            fabs(song->notes[i].time - time) < 0.05)
            return true;
    return false;
}

/* Of the notes but drums of one section: the share that the other has at the same place. */
static double shared(const momui_song *song, const momui_grid_section *a,
                     const momui_grid_section *b) {
    const momui_grid *grid = &song->grid;
    size_t notes = 0, same = 0;
    int32_t beats = a->beats < b->beats ? a->beats : b->beats;
    double from = grid->beats[a->first_beat].time;
    double to = grid->beats[a->first_beat + beats - 1].time;
    double shift = grid->beats[b->first_beat].time - from;
    for (size_t i = 0; i < song->note_count; i++) {
        const momui_note *note = &song->notes[i];
        if (note->time < from || note->time > to || song->parts[note->part].bank == 128)
            continue;
        notes++;
        same += plays_at(song, note->part, note->key, note->time + shift);
    }
    return notes ? (double)same / (double)notes : 1;
}

static void test_sections_alike_share_their_material(void **state) {
    (void)state;
    for (int32_t genre = 1; genre <= MOMUI_SONG_GENRES; genre++) {
        if (momui_genre_of(genre)->drift > 0)
            continue; /* the tempo wanders: places cannot be compared by time */
        momui_song song = compose(genre, 150, 5);
        int32_t repeats = 0;
        for (size_t s = 0; s < song.grid.section_count; s++) {
            const momui_grid_section *section = &song.grid.sections[s];
            if (section->like == (int32_t)s)
                continue;
            const momui_grid_section *first = &song.grid.sections[section->like];
            assert_true(shared(&song, first, section) > 0.7);
            repeats++;
        }
        assert_true(repeats > 0);
        momui_song_release(&song);
    }
}

/* Where the rhythm stops nobody strikes; elsewhere most downbeats have a drum. */
static void test_drums_mark_downbeats_and_keep_rests(void **state) {
    (void)state;
    for (int32_t genre = 1; genre <= MOMUI_SONG_GENRES; genre++) {
        momui_song song = compose(genre, 120, 9);
        const momui_grid *grid = &song.grid;
        int32_t downbeats = 0, marked = 0;
        for (size_t i = 0; i < grid->beat_count; i++) {
            bool drum = false;
            for (size_t n = 0; n < song.note_count; n++) {
                bool near = fabs(song.notes[n].time - grid->beats[i].time) < 0.035;
                assert_false(near && grid->beats[i].rest &&
                             song.notes[n].time > grid->beats[i].time + 0.031);
                drum |= near && song.parts[song.notes[n].part].bank == 128;
            }
            downbeats += grid->beats[i].count == 0;
            marked += grid->beats[i].count == 0 && drum;
        }
        assert_true(marked >= 0.55 * downbeats);
        momui_song_release(&song);
    }
}

static void test_seeds_differ(void **state) {
    (void)state;
    for (int32_t genre = 1; genre <= MOMUI_SONG_GENRES; genre++) {
        momui_song first = compose(genre, 90, 1000);
        for (uint64_t seed = 1001; seed < 1006; seed++) {
            momui_song song = compose(genre, 90, seed);
            size_t same = 0;
            double offset = first.grid.beats[0].time - song.grid.beats[0].time;
            for (size_t i = 0; i < song.note_count; i++) {
                const momui_note *note = &song.notes[i];
                same += plays_at(&first, note->part, note->key, note->time + offset);
            }
            assert_true((double)same < 0.5 * (double)song.note_count);
            assert_true(fabs(song.grid.tempo - first.grid.tempo) > 1e-3);
            momui_song_release(&song);
        }
        momui_song_release(&first);
    }
}

static void test_bad_requests_are_refused(void **state) {
    (void)state;
    momui_song song;
    momu_error error = {0};
    assert_int_equal(momui_song_compose(NULL, 0, 90, 1, &song, &error), MOMU_ERROR_ARGUMENT);
    assert_int_equal(momui_song_compose(NULL, 15, 90, 1, &song, &error), MOMU_ERROR_ARGUMENT);
    assert_int_equal(momui_song_compose(NULL, 1, (double)NAN, 1, &song, &error),
                     MOMU_ERROR_ARGUMENT);
    assert_int_equal(momui_song_compose(NULL, 1, 1e9, 1, &song, &error), MOMU_ERROR_ARGUMENT);
    assert_true(strlen(error.message) > 0);
}

static void test_memory_may_end_anywhere(void **state) {
    (void)state;
    for (uint64_t limit = 1000; limit < 600000; limit = limit * 3 / 2) {
        momui_memory memory;
        momui_memory_init(&memory, NULL, limit);
        momui_song song;
        momu_error error = {0};
        momu_status status = momui_song_compose(&memory, 1, 60, 1, &song, &error);
        assert_true(status == MOMU_OK || status == MOMU_ERROR_MEMORY);
        momui_song_release(&song);
        assert_int_equal(atomic_load(&memory.used), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_genre_has_its_name_tempo_and_meter),
        cmocka_unit_test(test_grids_and_notes_are_sound),
        cmocka_unit_test(test_a_seed_is_a_song),
        cmocka_unit_test(test_sections_alike_share_their_material),
        cmocka_unit_test(test_drums_mark_downbeats_and_keep_rests),
        cmocka_unit_test(test_seeds_differ),
        cmocka_unit_test(test_bad_requests_are_refused),
        cmocka_unit_test(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
