/* A song while it is composed. */
#ifndef MOMUI_TRAIN_CORPUS_MUSIC_ARRANGEMENT_H
#define MOMUI_TRAIN_CORPUS_MUSIC_ARRANGEMENT_H

#include "train/corpus/music/genre_styles.h"
#include "train/corpus/music/song.h"

enum { MOMUI_STEPS = 4, MOMUI_CHORD_TONES = 5, MOMUI_SECTIONS = 18, MOMUI_VOICES = 4 };

typedef struct momui_chord {
    int8_t root;                     /* 0..11 */
    int8_t count;                    /* tones */
    int8_t tones[MOMUI_CHORD_TONES]; /* semitones above the root, ascending from 0 */
} momui_chord;

/* A section of the song while it is composed: more than the grid keeps of it. */
typedef struct momui_song_section {
    momui_section_kind kind;
    int32_t bars, first_beat, beats;
    int32_t like, visit; /* the first of its kind; how often it was there before */
    float energy;
    unsigned roles; /* bit 1 << role */
} momui_song_section;

/* How one player plays. */
typedef struct momui_feel {
    float late, loose; /* seconds: mean and deviation */
    float uneven;      /* deviation of velocity, relative */
} momui_feel;

typedef struct momui_arrangement {
    momui_memory *memory;
    const momui_genre *genre;
    momui_song *song;
    uint64_t seed;
    double swing, shuffle;
    int32_t key; /* tonic, 0..11 */
    bool minor;
    uint32_t scale; /* bit n: n semitones above the tonic belong to it */
    momui_song_section sections[MOMUI_SECTIONS];
    int32_t section_count, beat_count;
    double *times;              /* (beat_count + 1) */
    momui_chord *chords;        /* (beat_count) */
    bool *hits;                 /* (beat_count): everybody strikes */
    int32_t parts[MOMUI_ROLES]; /* index of a role's part, -1: not in this song */
    momui_feel feels[MOMUI_ROLES];
    size_t note_room;
    momui_random human;
    bool failed; /* out of memory for notes */
} momui_arrangement;

/* Streams of random numbers. Material: the same in all sections of a kind; variation: of one
 * section. */
momui_random momui_material(const momui_arrangement *score, momui_role role,
                            momui_section_kind kind, int32_t index);
momui_random momui_variation(const momui_arrangement *score, momui_role role, int32_t section,
                             int32_t index);
momui_random momui_whole(const momui_arrangement *score, int32_t index); /* of the song */

bool momui_chance(momui_random *random, float chance);
float momui_between(momui_random *random, float low, float high);
/* One of a list of at most `room` that ends early with NULL; NULL when it is empty. */
const char *momui_pick(momui_random *random, const char *const *list, int32_t room);
/* Sixteenth `step` of a pattern that repeats. */
char momui_pattern_at(const char *pattern, int32_t step);
/* Sixteenths that a note which begins at `step` is held, itself included. */
int32_t momui_pattern_hold(const char *pattern, int32_t step);

bool momui_has_role(const momui_arrangement *score, const momui_song_section *section,
                    momui_role role, int32_t bar);
int32_t momui_bar_beat(const momui_arrangement *score, const momui_song_section *section,
                       int32_t bar);
float momui_beat_energy(const momui_arrangement *score, int32_t beat);

/* Seconds at a place in beats, swung. */
double momui_arrangement_time(const momui_arrangement *score, double beats);
/* Adds a note for a player. Nothing sounds on beats of rest, and what sounds into them is cut. */
void momui_play(momui_arrangement *score, momui_role role, double beat, double beats,
                float velocity, int32_t key);

/* In this order. */
momu_status momui_write_form(momui_arrangement *score, double seconds, momu_error *error);
momu_status momui_write_parts(momui_arrangement *score, momu_error *error);
momu_status momui_write_harmony(momui_arrangement *score, momu_error *error);
void momui_write_drums(momui_arrangement *score);
void momui_write_bass(momui_arrangement *score);
void momui_write_chords(momui_arrangement *score);
void momui_write_pads(momui_arrangement *score);
void momui_write_arpeggios(momui_arrangement *score);
void momui_write_lead(momui_arrangement *score);
void momui_write_counter(momui_arrangement *score);
/* Sorts the notes, resolves overlaps, and measures how hard each beat is hit. */
void momui_finish_song(momui_arrangement *score);

/* A chord's tones (at most MOMUI_VOICES, ascending keys) close to those of `voicing` before and to
 * `centre`; count 0 begins anew. */
typedef struct momui_voicing {
    int32_t count, keys[MOMUI_VOICES];
} momui_voicing;
void momui_voice(const momui_chord *chord, int32_t centre, momui_voicing *voicing);
bool momui_same_chord(const momui_chord *a, const momui_chord *b);
/* Whether a chord begins on a beat; a section's first beat counts. */
bool momui_chord_begins(const momui_arrangement *score, const momui_song_section *section,
                        int32_t beat);
/* The key of pitch class `pitch` closest to `near`. */
int32_t momui_closest_key(int32_t pitch, int32_t near);

#endif
