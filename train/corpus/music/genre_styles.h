/* What a genre is, as a table that a musician can read: tempos, progressions, patterns, players. */
#ifndef MOMUI_TRAIN_CORPUS_MUSIC_GENRE_STYLES_H
#define MOMUI_TRAIN_CORPUS_MUSIC_GENRE_STYLES_H

#include <stdbool.h>
#include <stdint.h>

enum { MOMUI_SONG_GENRES = 14, MOMUI_LANE_VARIANTS = 5, MOMUI_GENRE_PATTERNS = 8 };

typedef enum momui_role {
    MOMUI_DRUMS,
    MOMUI_PERCUSSION,
    MOMUI_BASS,
    MOMUI_CHORDS,
    MOMUI_PAD,
    MOMUI_ARPEGGIO,
    MOMUI_LEAD,
    MOMUI_COUNTER,
    MOMUI_ROLES
} momui_role;

/* Letters of roles in layers, in the order of momui_role. */
#define MOMUI_ROLE_LETTERS "dpbcsalo"

typedef enum momui_section_kind {
    MOMUI_INTRO,
    MOMUI_VERSE,
    MOMUI_CHORUS,
    MOMUI_BRIDGE,
    MOMUI_BREAK,
    MOMUI_OUTRO,
    MOMUI_SECTION_KINDS
} momui_section_kind;

/* One drum through one or two bars. A character is a sixteenth: X accent, x stroke, o soft,
 * g ghost, ? a soft stroke now and then, . nothing. Plays where the section's energy is within
 * from .. to. A song chooses one variant for each kind of section. */
typedef struct momui_lane {
    momui_role role;
    int32_t key; /* General MIDI percussion */
    float from, to, gain;
    const char *variants[MOMUI_LANE_VARIANTS];
} momui_lane;

/* Patterns are one or two bars of sixteenths; '-' holds what sounds, '.' is silence.
 *   bass: 1 3 5 7 the chord's tones, 8 the octave, 6 the fifth below, a leads into the next chord,
 *         g a dead note; "walk" is a walking line
 *   chords: X x the chord, u its upper tones softly, b its root below, 1..6 single tones upwards
 *   arpeggios: 1..8 tones upwards
 *   rhythms: x a note of the melody, X a stressed one
 *   fills (last beats of a bar): s snare, g ghost, r rim, c clap, h m l toms downwards, k kick,
 *         o open hat, t T timbales, b B bongos, q Q congas, w cowbell
 * Progressions: Roman numerals over the major scale's degrees, one bar between bars "|". */
typedef struct momui_genre {
    const char *name;
    double slowest, fastest;             /* bpm */
    double other_slowest, other_fastest; /* a second range; 0: none */
    int32_t meter;
    float swing[2];   /* where a beat's second eighth falls, range */
    float shuffle[2]; /* where an eighth's second sixteenth falls, range */
    float drift;      /* the tempo's wandering, relative */
    float loose;      /* players' timing, seconds of deviation */
    float minor;      /* share of songs in minor */
    float stops;      /* chance of a stop before a section */
    float breaks;     /* chance that a middle section is a break, not a bridge */
    bool loops;       /* club form: ends on the beat, not with a last chord */
    bool four_bars;   /* fills every four bars, not every eight */
    const char *layers[MOMUI_SECTION_KINDS]; /* who plays, in the order of entrance */
    float energies[MOMUI_SECTION_KINDS];
    /* General MIDI numbers from 1; 0 ends. Drums and percussion: kits. */
    uint8_t programs[MOMUI_ROLES][8];
    float gains[MOMUI_ROLES];
    const char *major[MOMUI_GENRE_PATTERNS], *minor_progressions[MOMUI_GENRE_PATTERNS];
    const char *modes; /* minor scales: a aeolian, d dorian, h harmonic, p pentatonic, b blues */
    const momui_lane *lanes;
    int32_t lane_count;
    const char *bass[MOMUI_GENRE_PATTERNS], *chords[MOMUI_GENRE_PATTERNS];
    const char *arpeggios[MOMUI_GENRE_PATTERNS], *rhythms[MOMUI_GENRE_PATTERNS];
    const char *fills[MOMUI_GENRE_PATTERNS];
} momui_genre;

extern const momui_genre momui_house, momui_techno, momui_hip_hop, momui_funk, momui_pop,
    momui_rock, momui_synthwave, momui_drum_and_bass, momui_reggaeton, momui_cha_cha, momui_rumba,
    momui_waltz, momui_swing, momui_ballad;

/* genre 1..MOMUI_SONG_GENRES */
const momui_genre *momui_genre_of(int32_t genre);

#endif
