/* Comping, pads and arpeggios: the chords in time. */
#include "train/corpus/music/arrangement.h"

#include <string.h>

enum { CHORD_CENTRE = 60, PAD_CENTRE = 57, ARPEGGIO_CENTRE = 70 };

static bool is_guitar(const momui_arrangement *score) {
    int32_t program = score->song->parts[score->parts[MOMUI_CHORDS]].program;
    return program >= 24 && program <= 31;
}

static void strike(momui_arrangement *score, const momui_voicing *voicing, double beat,
                   double length, float velocity, int32_t from, bool up) {
    double tempo = score->song->grid.tempo, spread = is_guitar(score) ? 0.009 * tempo / 60 : 0;
    for (int32_t i = from; i < voicing->count; i++) {
        int32_t order = up ? voicing->count - 1 - i : i - from;
        momui_play(score, MOMUI_CHORDS, beat + spread * order, length, velocity, voicing->keys[i]);
    }
}

static void comp_step(momui_arrangement *score, const momui_voicing *voicing, int32_t beat,
                      double position, char symbol, double length) {
    bool strong = position == (double)(int32_t)position;
    if (symbol == 'b') {
        int32_t root = 36 + score->chords[beat].root;
        momui_play(score, MOMUI_CHORDS, position, length, 0.8f, root);
    } else if (symbol >= '1' && symbol <= '8') {
        int32_t tone = symbol - '1', count = voicing->count;
        momui_play(score, MOMUI_CHORDS, position, length, strong ? 0.74f : 0.64f,
                   voicing->keys[tone % count] + 12 * (tone / count));
    } else {
        float velocity = symbol == 'X' ? 0.88f : symbol == 'u' ? 0.55f : 0.72f;
        int32_t from = symbol == 'u' && voicing->count > 3 ? 1 : 0;
        strike(score, voicing, position, length, velocity, from, symbol == 'u');
    }
}

static void comp_section(momui_arrangement *score, const momui_song_section *section,
                         const char *pattern) {
    momui_voicing voicing = {0};
    int32_t steps = score->genre->meter * MOMUI_STEPS;
    for (int32_t bar = 0; bar < section->bars; bar++) {
        int32_t first = momui_bar_beat(score, section, bar);
        for (int32_t step = 0; step < steps; step++) {
            int32_t beat = first + step / MOMUI_STEPS, place = bar * steps + step;
            if (step % MOMUI_STEPS == 0 && momui_chord_begins(score, section, beat))
                momui_voice(&score->chords[beat], CHORD_CENTRE, &voicing);
            char symbol = momui_pattern_at(pattern, place);
            bool hit = step % MOMUI_STEPS == 0 && score->hits[beat];
            if (!momui_has_role(score, section, MOMUI_CHORDS, bar))
                continue;
            if (hit)
                strike(score, &voicing, beat, 0.7, 0.95f, 0, false);
            else if (symbol != '.' && symbol != '-')
                comp_step(score, &voicing, beat, first + (double)step / MOMUI_STEPS, symbol,
                          (double)momui_pattern_hold(pattern, place) / MOMUI_STEPS * 0.9);
        }
    }
}

void momui_write_chords(momui_arrangement *score) {
    if (score->parts[MOMUI_CHORDS] < 0)
        return;
    for (int32_t s = 0; s < score->section_count; s++) {
        momui_random random = momui_material(score, MOMUI_CHORDS, score->sections[s].kind, 0);
        const char *pattern = momui_pick(&random, score->genre->chords, MOMUI_GENRE_PATTERNS);
        if (pattern)
            comp_section(score, &score->sections[s], pattern);
    }
}

/* Chords held until the next. */
void momui_write_pads(momui_arrangement *score) {
    for (int32_t s = 0; s < score->section_count; s++) {
        const momui_song_section *section = &score->sections[s];
        momui_voicing voicing = {0};
        int32_t meter = score->genre->meter, end = section->first_beat + section->beats;
        for (int32_t beat = section->first_beat; beat < end; beat++) {
            int32_t bar = (beat - section->first_beat) / meter, length = 1;
            bool begins = momui_chord_begins(score, section, beat);
            if (begins)
                momui_voice(&score->chords[beat], PAD_CENTRE, &voicing);
            if (!momui_has_role(score, section, MOMUI_PAD, bar) ||
                (!begins && (beat - section->first_beat) % (2 * meter) != 0))
                continue;
            while (beat + length < end && !momui_chord_begins(score, section, beat + length) &&
                   (beat + length - section->first_beat) % (2 * meter) != 0)
                length++;
            for (int32_t i = 0; i < voicing.count; i++)
                momui_play(score, MOMUI_PAD, beat, length - 0.05, 0.6f, voicing.keys[i]);
        }
    }
}

static void arpeggiate(momui_arrangement *score, const momui_song_section *section,
                       const char *pattern) {
    momui_voicing voicing = {0};
    int32_t steps = score->genre->meter * MOMUI_STEPS;
    for (int32_t bar = 0; bar < section->bars; bar++) {
        int32_t first = momui_bar_beat(score, section, bar);
        for (int32_t step = 0; step < steps; step++) {
            int32_t beat = first + step / MOMUI_STEPS, place = bar * steps + step;
            if (step % MOMUI_STEPS == 0 && momui_chord_begins(score, section, beat))
                momui_voice(&score->chords[beat], ARPEGGIO_CENTRE, &voicing);
            char symbol = momui_pattern_at(pattern, place);
            if (symbol < '1' || symbol > '8' ||
                !momui_has_role(score, section, MOMUI_ARPEGGIO, bar))
                continue;
            int32_t tone = symbol - '1', count = voicing.count;
            double length = (double)momui_pattern_hold(pattern, place) / MOMUI_STEPS * 0.85;
            momui_play(score, MOMUI_ARPEGGIO, first + (double)step / MOMUI_STEPS, length,
                       step % MOMUI_STEPS == 0 ? 0.75f : 0.62f,
                       voicing.keys[tone % count] + 12 * (tone / count));
        }
    }
}

void momui_write_arpeggios(momui_arrangement *score) {
    for (int32_t s = 0; s < score->section_count; s++) {
        momui_random random = momui_material(score, MOMUI_ARPEGGIO, score->sections[s].kind, 0);
        const char *pattern = momui_pick(&random, score->genre->arpeggios, MOMUI_GENRE_PATTERNS);
        if (pattern)
            arpeggiate(score, &score->sections[s], pattern);
    }
}
