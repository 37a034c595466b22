/* Melody from motifs: stated, repeated or moved, answered, brought home. */
#include "train/corpus/music/arrangement.h"

#include <stdlib.h>
#include <string.h>

enum { PHRASE_BARS = 4, PERIOD_BARS = 8, BAR_NOTES = 16 };

/* One bar: where notes begin, how long they are, and steps of the scale from a start. */
typedef struct motif {
    int32_t step[BAR_NOTES], length[BAR_NOTES], degree[BAR_NOTES], count;
} motif;

static void draw_motif(const momui_arrangement *score, momui_random *random, motif *m) {
    const char *rhythm = momui_pick(random, score->genre->rhythms, MOMUI_GENRE_PATTERNS);
    int32_t steps = score->genre->meter * MOMUI_STEPS, degree = 0;
    int32_t drift = momui_chance(random, 0.5f) ? 1 : -1;
    *m = (motif){0};
    for (int32_t step = 0; step < steps && m->count < BAR_NOTES; step++) {
        char symbol = momui_pattern_at(rhythm, step);
        bool left_out = momui_chance(random, 0.12f) && step > 0;
        if ((symbol != 'x' && symbol != 'X') || left_out)
            continue;
        m->step[m->count] = step;
        m->length[m->count] = momui_pattern_hold(rhythm, step);
        m->degree[m->count++] = degree;
        float luck = momui_random_uniform(random);
        int32_t size = luck < 0.15f ? 0 : luck < 0.7f ? 1 : luck < 0.88f ? 2 : 4;
        degree += momui_chance(random, 0.68f) ? drift * size : -drift * size;
        if (abs(degree) > 4)
            drift = degree > 0 ? -1 : 1;
    }
}

static bool in_chord(const momui_chord *chord, int32_t key) {
    int32_t above = ((key - chord->root) % 12 + 12) % 12;
    for (int32_t i = 0; i < chord->count; i++)
        if (chord->tones[i] % 12 == above)
            return true;
    return false;
}

/* Half a tone from the root or the third: would rub. */
static bool rubs(const momui_chord *chord, int32_t key) {
    int32_t above = ((key - chord->root) % 12 + 12) % 12, third = chord->tones[1];
    return !in_chord(chord, key) && (above == 1 || above == 11 || abs(above - third) == 1);
}

static bool in_scale(const momui_arrangement *score, int32_t key) {
    return score->scale >> (((key - score->key) % 12 + 12) % 12) & 1;
}

/* `degree` steps of the scale from `from`. */
static int32_t walk_scale(const momui_arrangement *score, int32_t from, int32_t degree) {
    int32_t key = from, step = degree < 0 ? -1 : 1;
    for (int32_t left = abs(degree); left > 0; left--) {
        key += step;
        for (int32_t guard = 0; guard < 5 && !in_scale(score, key); guard++)
            key += step;
    }
    return key;
}

static int32_t nearest_chord_tone(const momui_chord *chord, int32_t key) {
    for (int32_t distance = 0; distance < 7; distance++) {
        if (in_chord(chord, key - distance))
            return key - distance;
        if (in_chord(chord, key + distance))
            return key + distance;
    }
    return key;
}

static int32_t centre_of(const momui_arrangement *score, momui_role role, momui_section_kind kind) {
    int32_t program = score->song->parts[score->parts[role]].program;
    bool low = program == 42 || program == 57 || program == 60 || program == 66;
    return (low ? 62 : 72) + (kind == MOMUI_CHORUS ? 3 : 0) + (role == MOMUI_COUNTER ? -5 : 0);
}

/* The keys of a bar: the motif from `start`, chord tones where it is strong. */
static void play_motif(momui_arrangement *score, const motif *m, int32_t first, int32_t start,
                       bool close, momui_random *ornament) {
    int32_t steps = score->genre->meter * MOMUI_STEPS;
    for (int32_t i = 0; i < m->count; i++) {
        int32_t beat = first + m->step[i] / MOMUI_STEPS;
        const momui_chord *chord = &score->chords[beat];
        int32_t key = walk_scale(score, start, m->degree[i]), length = m->length[i];
        bool strong = m->step[i] % 8 == 0 || length >= 4, last = close && i == m->count - 1;
        if (strong || last || rubs(chord, key))
            key = nearest_chord_tone(chord, key);
        while (key > 88)
            key -= 12;
        while (key < 55)
            key += 12;
        double at = first + (double)m->step[i] / MOMUI_STEPS;
        double held = (double)length / MOMUI_STEPS;
        if (last && m->step[i] + length < steps)
            held = (double)(steps - m->step[i]) / MOMUI_STEPS * 0.8;
        /* Now and then a grace from below, when a section comes again. */
        if (length >= 4 && ornament && momui_chance(ornament, 0.15f)) {
            momui_play(score, MOMUI_LEAD, at, 0.24, 0.6f, walk_scale(score, key, -1));
            at += 0.25;
            held -= 0.25;
        }
        momui_play(score, MOMUI_LEAD, at, held * 0.93, strong ? 0.86f : 0.74f, key);
    }
}

/* Eight bars are two phrases of four: motif, motif again elsewhere or another one, motif, close. */
static void play_section(momui_arrangement *score, int32_t s) {
    const momui_song_section *section = &score->sections[s];
    momui_random random = momui_material(score, MOMUI_LEAD, section->kind, 0);
    motif motifs[3];
    for (int i = 0; i < 3; i++)
        draw_motif(score, &random, &motifs[i]);
    static const char *const plans[] = {"aabc", "abac", "aaac", "ab.c", "a.bc", "abbc", "a.ac"};
    const char *plan = plans[momui_random_below(&random, sizeof plans / sizeof *plans)];
    int32_t centre = centre_of(score, MOMUI_LEAD, section->kind), moved[PHRASE_BARS];
    for (int32_t i = 0; i < PHRASE_BARS; i++)
        moved[i] = i == 0 ? 0 : (int32_t)momui_random_below(&random, 5) - 2;
    momui_random ornament = momui_variation(score, MOMUI_LEAD, s, 0);
    for (int32_t bar = 0; bar < section->bars; bar++) {
        char which = plan[bar % PHRASE_BARS];
        if (which == '.' || !momui_has_role(score, section, MOMUI_LEAD, bar))
            continue;
        int32_t first = momui_bar_beat(score, section, bar), in_period = bar % PERIOD_BARS;
        int32_t rise = in_period >= PHRASE_BARS ? 1 : 0;
        int32_t start = walk_scale(score, nearest_chord_tone(&score->chords[first], centre),
                                   moved[bar % PHRASE_BARS] + rise);
        play_motif(score, &motifs[which - 'a'], first, start, which == 'c',
                   section->visit > 0 ? &ornament : NULL);
    }
}

void momui_write_lead(momui_arrangement *score) {
    for (int32_t s = 0; s < score->section_count && score->parts[MOMUI_LEAD] >= 0; s++)
        play_section(score, s);
}

/* A second voice: guide tones held, or strokes together in the second half of every other bar,
 * where the melody breathes. */
void momui_write_counter(momui_arrangement *score) {
    int32_t meter = score->genre->meter;
    for (int32_t s = 0; s < score->section_count && score->parts[MOMUI_COUNTER] >= 0; s++) {
        const momui_song_section *section = &score->sections[s];
        momui_random random = momui_material(score, MOMUI_COUNTER, section->kind, 0);
        bool held = momui_chance(&random, 0.5f);
        int32_t centre = centre_of(score, MOMUI_COUNTER, section->kind), key = centre;
        motif stabs;
        draw_motif(score, &random, &stabs);
        for (int32_t bar = 0; bar < section->bars; bar++) {
            int32_t first = momui_bar_beat(score, section, bar);
            const momui_chord *chord = &score->chords[first];
            int32_t guide = chord->tones[bar % 2 && chord->count > 3 ? 3 : 1] + chord->root;
            key = momui_closest_key(guide, abs(key - centre) > 7 ? centre : key);
            if (!momui_has_role(score, section, MOMUI_COUNTER, bar))
                continue;
            if (held)
                momui_play(score, MOMUI_COUNTER, first, meter - 0.1, 0.62f, key);
            for (int32_t i = 0; !held && bar % 2 && i < stabs.count; i++)
                if (stabs.step[i] >= meter * 2)
                    for (int32_t tone = 0; tone < 3 && tone < chord->count; tone++)
                        momui_play(score, MOMUI_COUNTER,
                                   first + (double)stabs.step[i] / MOMUI_STEPS,
                                   (double)stabs.length[i] / MOMUI_STEPS * 0.8, 0.74f,
                                   momui_closest_key(chord->root + chord->tones[tone], key));
        }
    }
}
