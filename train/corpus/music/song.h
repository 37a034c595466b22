/* A composed song: notes on a beat grid, and its sound. */
#ifndef MOMUI_TRAIN_CORPUS_MUSIC_SONG_H
#define MOMUI_TRAIN_CORPUS_MUSIC_SONG_H

#include "base/audio_buffer.h"
#include "base/random.h"
#include "train/corpus/time_grid.h"

/* An instrument of a song, General MIDI. */
typedef struct momui_part {
    char name[24];         /* drums, percussion, bass, chords, pad, lead, ... */
    int32_t bank, program; /* drums: bank 128, program = kit */
    float gain;            /* linear, 1 = as the soundfont has it */
    float pan;             /* -1 left .. 1 right */
    float room;            /* 0..1: how much of it goes into the room */
} momui_part;

typedef struct momui_note {
    double time, seconds; /* on the song's clock, human timing included */
    float velocity;       /* 0..1 */
    int32_t part;         /* index */
    int32_t key;          /* MIDI key; General MIDI percussion key for drums */
} momui_note;

typedef struct momui_song {
    momui_grid grid; /* exact: the beats are where the score has them, not where players play */
    char title[64];  /* genre, key, tempo: for people */
    uint64_t seed;
    momui_part *parts;
    size_t part_count;
    momui_note *notes; /* sorted by time */
    size_t note_count;
} momui_song;

/* A song of `genre` (1..14, momu_genre_name()) of about `seconds` (it ends with its form). The same
 * seed gives the same song. */
momu_status momui_song_compose(momui_memory *memory, int32_t genre, double seconds, uint64_t seed,
                               momui_song *song, momu_error *error);
void momui_song_release(momui_song *song);

/* Soundfonts, loaded once; used by one thread at a time. `path` NULL: MuseScore General where
 * Debian puts it; where it is missing the sentence names the package to install. */
typedef struct momui_band momui_band;
momu_status momui_band_create(momui_memory *memory, const char *path, double rate,
                              momui_band **band, momu_error *error);
void momui_band_destroy(momui_band *band);
const char *
momui_band_name(const momui_band *band); /* file name of the soundfont, for the manifest */

/* Renders and mixes: room, balance, gain and tone drawn from the song's seed. (frames, 2) at the
 * band's rate, exactly song->grid.seconds long, peaks within -1..1. */
momu_status momui_band_play(momui_band *band, const momui_song *song, momui_audio **audio,
                            momu_error *error);

#endif
