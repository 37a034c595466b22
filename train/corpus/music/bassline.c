/* The bass: its genre's patterns on the chords, or a line that walks. */
#include "train/corpus/music/arrangement.h"

#include <string.h>

enum { LOWEST = 28 };

static int32_t root_key(const momui_chord *chord) {
    return LOWEST + ((chord->root - LOWEST) % 12 + 12) % 12;
}

/* The chord that the line leads to: the next one, or this again. */
static const momui_chord *next_chord(const momui_arrangement *score, int32_t beat) {
    const momui_chord *now = &score->chords[beat];
    for (int32_t i = beat + 1; i < score->beat_count && i <= beat + score->genre->meter; i++)
        if (!momui_same_chord(now, &score->chords[i]))
            return &score->chords[i];
    return now;
}

static int32_t tone_key(const momui_arrangement *score, int32_t beat, char symbol,
                        momui_random *random) {
    const momui_chord *chord = &score->chords[beat];
    int32_t root = root_key(chord);
    switch (symbol) {
    case '3':
        return root + (chord->count > 2 ? chord->tones[1] : 12);
    case '5':
        return root + (chord->count > 2 ? chord->tones[2] : chord->tones[1]);
    case '6': /* the fifth below */
        return root - 5 < LOWEST - 4 ? root + 7 : root - 5;
    case '7':
        return root + (chord->count > 3 && chord->tones[3] < 12 ? chord->tones[3] : 12);
    case '8':
        return root + 12;
    case 'a': {
        int32_t goal = root_key(next_chord(score, beat));
        return goal + (goal > LOWEST && momui_chance(random, 0.5f) ? -1 : 1);
    }
    default:
        return root;
    }
}

/* Root on the chord, tones and steps of the scale towards the next one, a half-tone before it. */
static void walk_bar(momui_arrangement *score, const momui_song_section *section, int32_t bar) {
    momui_random random = momui_material(score, MOMUI_BASS, section->kind, 64 + bar % 8);
    int32_t first = momui_bar_beat(score, section, bar), meter = score->genre->meter, key = 0;
    for (int32_t i = 0; i < meter; i++) {
        int32_t beat = first + i;
        bool change = i == 0 || momui_chord_begins(score, section, beat);
        bool leads = i == meter - 1 ||
                     (beat + 1 < score->beat_count && momui_chord_begins(score, section, beat + 1));
        char symbol = change ? '1' : leads ? 'a' : momui_chance(&random, 0.5f) ? '5' : '3';
        int32_t wanted = tone_key(score, beat, symbol, &random);
        key = key && !change && wanted - key > 8 ? wanted - 12 : wanted;
        key = key < LOWEST - 2 ? key + 12 : key;
        momui_play(score, MOMUI_BASS, beat, 0.92, i % 2 ? 0.82f : 0.76f, key);
        if (momui_chance(&random, 0.12f))
            momui_play(score, MOMUI_BASS, beat + 0.5, 0.3, 0.55f, key);
    }
}

static void play_bar(momui_arrangement *score, const momui_song_section *section, int32_t bar,
                     const char *pattern) {
    int32_t first = momui_bar_beat(score, section, bar), steps = score->genre->meter * MOMUI_STEPS;
    momui_random material = momui_material(score, MOMUI_BASS, section->kind, 8 + bar % 8);
    for (int32_t step = 0; step < steps; step++) {
        int32_t place = bar * steps + step, beat = first + step / MOMUI_STEPS;
        char symbol = momui_pattern_at(pattern, place);
        bool drop = momui_chance(&material, 0.04f), rise = momui_chance(&material, 0.05f);
        if (symbol == '.' || symbol == '-' || (drop && step > 0))
            continue;
        bool ghost = symbol == 'g';
        if (rise && symbol == '1' && step > 0)
            symbol = '8';
        double length = (double)momui_pattern_hold(pattern, place) / MOMUI_STEPS * 0.95;
        float velocity = ghost ? 0.38f : step == 0 ? 0.9f : step % 4 == 0 ? 0.82f : 0.76f;
        momui_play(score, MOMUI_BASS, first + (double)step / MOMUI_STEPS, ghost ? 0.12 : length,
                   velocity, tone_key(score, beat, symbol, &material));
    }
}

void momui_write_bass(momui_arrangement *score) {
    for (int32_t s = 0; s < score->section_count; s++) {
        const momui_song_section *section = &score->sections[s];
        momui_random random = momui_material(score, MOMUI_BASS, section->kind, 0);
        const char *pattern = momui_pick(&random, score->genre->bass, MOMUI_GENRE_PATTERNS);
        for (int32_t bar = 0; bar < section->bars; bar++) {
            if (!momui_has_role(score, section, MOMUI_BASS, bar))
                continue;
            if (strcmp(pattern, "walk") == 0)
                walk_bar(score, section, bar);
            else
                play_bar(score, section, bar, pattern);
        }
    }
}
