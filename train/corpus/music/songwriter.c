/* A song from a genre and a seed: form, players, harmony, then each player's notes. */
#include "train/corpus/music/arrangement.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLAYER_ITEM = 32, GROOVE_ITEM = 48 };

static const char *const ROLE_NAMES[MOMUI_ROLES] = {"drums", "percussion", "bass", "chords",
                                                    "pad",   "arpeggio",   "lead", "counter"};

/* The player's instrument, and how close to the beat and how evenly this one plays. */
momu_status momui_write_parts(momui_arrangement *score, momu_error *error) {
    momui_song *song = score->song;
    song->parts = momui_calloc(score->memory, MOMUI_ROLES, sizeof *song->parts);
    if (!song->parts)
        return momui_fail_memory(error, "the players of a song");
    static const float rooms[MOMUI_ROLES] = {0.2f, 0.3f, 0.05f, 0.3f, 0.5f, 0.4f, 0.4f, 0.4f};
    for (int32_t role = 0; role < MOMUI_ROLES; role++) {
        momui_random random = momui_whole(score, PLAYER_ITEM + role);
        const uint8_t *programs = score->genre->programs[role];
        uint32_t count = (uint32_t)strlen((const char *)programs);
        bool drum = role <= MOMUI_PERCUSSION;
        momui_part *part = &song->parts[song->part_count];
        score->parts[role] = count ? (int32_t)song->part_count++ : -1;
        if (!count)
            continue;
        snprintf(part->name, sizeof part->name, "%s", ROLE_NAMES[role]);
        part->bank = drum ? 128 : 0;
        part->program = programs[momui_random_below(&random, count)] - 1;
        part->gain = score->genre->gains[role] * momui_between(&random, 0.85f, 1.18f);
        float side = role == MOMUI_BASS || role == MOMUI_DRUMS ? 0.05f : 0.5f;
        part->pan = role == MOMUI_LEAD ? 0 : momui_between(&random, -side, side);
        part->room = rooms[role] * momui_between(&random, 0.6f, 1.4f);
        float loose = score->genre->loose, mean = drum ? 0.2f : 0.8f;
        score->feels[role].late = loose * mean * momui_between(&random, -0.6f, 1);
        score->feels[role].loose = loose * (drum ? 0.5f : 0.8f);
        score->feels[role].uneven = loose > 0.004f ? 0.07f : 0.03f;
    }
    return MOMU_OK;
}

static int compare_notes(const void *a, const void *b) {
    const momui_note *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->part != y->part)
        return x->part - y->part;
    if (x->key != y->key)
        return x->key - y->key;
    return x->velocity < y->velocity ? 1 : x->velocity > y->velocity ? -1 : 0;
}

/* One key of one player is struck once at a time: what still sounds ends, what comes twice within
 * a moment is one. */
static void mend_overlaps(momui_song *song) {
    size_t last[MOMUI_ROLES][128], kept = 0;
    memset(last, 0xFF, sizeof last);
    for (size_t i = 0; i < song->note_count; i++) {
        momui_note note = song->notes[i];
        size_t before = last[note.part][note.key];
        note.seconds = fmin(note.seconds, song->grid.seconds - 0.05 - note.time);
        if (before != SIZE_MAX) {
            momui_note *old = &song->notes[before];
            if (note.time - old->time < 0.03) {
                old->velocity = fmaxf(old->velocity, note.velocity);
                continue;
            }
            old->seconds = fmin(old->seconds, note.time - old->time - 0.002);
        }
        last[note.part][note.key] = kept;
        song->notes[kept++] = note;
    }
    song->note_count = kept;
}

/* How hard each beat is hit: what strikes within 50 ms of it, relative to the hardest beats. */
static void measure_accents(momui_arrangement *score) {
    momui_grid *grid = &score->song->grid;
    const momui_song *song = score->song;
    size_t note = 0;
    for (size_t i = 0; i < grid->beat_count; i++) {
        momui_grid_beat *beat = &grid->beats[i];
        while (note < song->note_count && song->notes[note].time < beat->time - 0.05)
            note++;
        float sum = 0;
        for (size_t j = note; j < song->note_count && song->notes[j].time < beat->time + 0.05;
             j++) {
            float loud = song->notes[j].velocity * song->parts[song->notes[j].part].gain;
            sum += loud * loud;
        }
        float place = beat->count == 0 ? 0.12f : 0;
        beat->accent = 0.75f * (1 - expf(-0.32f * sum)) + place;
        if (score->hits[i])
            beat->accent = fmaxf(beat->accent, 0.8f) + 0.12f;
        beat->accent = beat->rest ? 0 : fminf(beat->accent, 1);
    }
}

void momui_finish_song(momui_arrangement *score) {
    momui_song *song = score->song;
    qsort(song->notes, song->note_count, sizeof *song->notes, compare_notes);
    mend_overlaps(song);
    measure_accents(score);
}

static void name_song(const momui_arrangement *score) {
    static const char *const keys[12] = {"C",       "D flat", "D",      "E flat", "E",      "F",
                                         "F sharp", "G",      "A flat", "A",      "B flat", "B"};
    momui_song *song = score->song;
    int tenths = (int)lround(song->grid.tempo * 10); /* no decimal point of a locale */
    snprintf(song->title, sizeof song->title, "%s in %s %s, %d.%d bpm", score->genre->name,
             keys[score->key], score->minor ? "minor" : "major", tenths / 10, tenths % 10);
}

static momu_status write_song(momui_arrangement *score, double seconds, momu_error *error) {
    MOMUI_TRY(momui_write_form(score, seconds, error));
    MOMUI_TRY(momui_write_parts(score, error));
    MOMUI_TRY(momui_write_harmony(score, error));
    momui_write_drums(score);
    momui_write_bass(score);
    momui_write_chords(score);
    momui_write_pads(score);
    momui_write_arpeggios(score);
    momui_write_lead(score);
    momui_write_counter(score);
    if (score->failed)
        return momui_fail_memory(error, "the notes of a song");
    momui_finish_song(score);
    name_song(score);
    return MOMU_OK;
}

momu_status momui_song_compose(momui_memory *memory, int32_t genre, double seconds, uint64_t seed,
                               momui_song *song, momu_error *error) {
    *song = (momui_song){.seed = seed};
    if (genre < 1 || genre > MOMUI_SONG_GENRES)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "genre is %d; songs are composed for 1..%d",
                          (int)genre, MOMUI_SONG_GENRES);
    if (!(seconds >= 20 && seconds <= 600))
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "a song of %g s; expected 20..600", seconds);
    momui_arrangement score = {.memory = memory, .genre = momui_genre_of(genre), .song = song};
    score.seed = seed ^ (uint64_t)genre << 60; /* the same seed says something else elsewhere */
    momui_random random = momui_whole(&score, GROOVE_ITEM);
    score.swing = (double)momui_between(&random, score.genre->swing[0], score.genre->swing[1]);
    score.shuffle =
        (double)momui_between(&random, score.genre->shuffle[0], score.genre->shuffle[1]);
    score.human = momui_whole(&score, GROOVE_ITEM + 1);
    song->grid.genre = genre;
    momu_status status = write_song(&score, seconds, error);
    momui_free(score.times);
    momui_free(score.hits);
    momui_free(score.chords);
    if (status != MOMU_OK)
        momui_song_release(song);
    return status;
}

void momui_song_release(momui_song *song) {
    momui_grid_release(&song->grid);
    momui_free(song->parts);
    momui_free(song->notes);
    *song = (momui_song){0};
}
