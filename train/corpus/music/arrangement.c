/* What all writers of a score share: chance, patterns, and notes played by people. */
#include "train/corpus/music/arrangement.h"

#include <math.h>
#include <string.h>

static momui_random stream(const momui_arrangement *score, uint64_t kind, uint64_t a, uint64_t b,
                           uint64_t c) {
    return (momui_random){score->seed, kind << 56 | a << 48 | b << 32 | c, 0};
}

momui_random momui_material(const momui_arrangement *score, momui_role role,
                            momui_section_kind kind, int32_t index) {
    return stream(score, 1, (uint64_t)role, (uint64_t)kind, (uint32_t)index);
}

momui_random momui_variation(const momui_arrangement *score, momui_role role, int32_t section,
                             int32_t index) {
    return stream(score, 2, (uint64_t)role, (uint64_t)section, (uint32_t)index);
}

momui_random momui_whole(const momui_arrangement *score, int32_t index) {
    return stream(score, 3, 0, 0, (uint32_t)index);
}

bool momui_chance(momui_random *random, float chance) {
    return momui_random_uniform(random) < chance;
}

float momui_between(momui_random *random, float low, float high) {
    return low + (high - low) * momui_random_uniform(random);
}

const char *momui_pick(momui_random *random, const char *const *list, int32_t room) {
    uint32_t count = 0;
    while ((int32_t)count < room && list[count])
        count++;
    return count == 0 ? NULL : list[momui_random_below(random, count)];
}

char momui_pattern_at(const char *pattern, int32_t step) {
    return pattern[(size_t)step % strlen(pattern)];
}

int32_t momui_pattern_hold(const char *pattern, int32_t step) {
    int32_t held = 1, length = (int32_t)strlen(pattern);
    while (held < length && pattern[(step + held) % length] == '-')
        held++;
    return held;
}

/* Players enter one after the other in an intro and leave in an outro. */
bool momui_has_role(const momui_arrangement *score, const momui_song_section *section,
                    momui_role role, int32_t bar) {
    if (score->parts[role] < 0 || !(section->roles & 1u << role))
        return false;
    if (section->kind != MOMUI_INTRO && section->kind != MOMUI_OUTRO)
        return true;
    const char *layers = score->genre->layers[section->kind];
    const char *at = strchr(layers, MOMUI_ROLE_LETTERS[role]);
    bool early = !at || 2 * (at - layers) < (ptrdiff_t)strlen(layers);
    bool first_half = 2 * bar < section->bars;
    return early || first_half == (section->kind == MOMUI_OUTRO);
}

int32_t momui_bar_beat(const momui_arrangement *score, const momui_song_section *section,
                       int32_t bar) {
    return section->first_beat + bar * score->genre->meter;
}

float momui_beat_energy(const momui_arrangement *score, int32_t beat) {
    return score->song->grid.beats[beat].energy;
}

/* Bends the unit interval so that its middle falls on `middle`. */
static double bend(double x, double middle) {
    return x < 0.5 ? 2 * x * middle : middle + (2 * x - 1) * (1 - middle);
}

double momui_arrangement_time(const momui_arrangement *score, double beats) {
    double last = (double)score->beat_count, whole = floor(fmin(fmax(beats, 0), last - 1));
    double phase = beats - whole;
    if (phase >= 0 && phase < 1) {
        double eighth = phase < 0.5 ? 0 : 0.5;
        phase = eighth + 0.5 * bend((phase - eighth) * 2, score->shuffle);
        phase = bend(phase, score->swing);
    }
    int32_t beat = (int32_t)whole;
    return score->times[beat] + phase * (score->times[beat + 1] - score->times[beat]);
}

static bool grow(momui_arrangement *score) {
    momui_song *song = score->song;
    if (song->note_count < score->note_room)
        return true;
    size_t room = score->note_room ? 2 * score->note_room : 4096;
    momui_note *notes = momui_realloc(score->memory, song->notes, room, sizeof *notes);
    if (!notes) {
        score->failed = true;
        return false;
    }
    song->notes = notes;
    score->note_room = room;
    return true;
}

/* Where the next rest at or after `beat` begins. */
static double rest_from(const momui_arrangement *score, int32_t beat, double end) {
    for (int32_t i = beat + 1; i < score->beat_count && i < end; i++)
        if (score->song->grid.beats[i].rest)
            return i;
    return end;
}

void momui_play(momui_arrangement *score, momui_role role, double beat, double beats,
                float velocity, int32_t key) {
    int32_t on = (int32_t)floor(beat + 1e-6);
    if (score->parts[role] < 0 || on < 0 || on >= score->beat_count || key < 0 || key > 127)
        return;
    const momui_feel *feel = &score->feels[role];
    double human = (double)(feel->late + feel->loose * momui_random_normal(&score->human));
    float uneven = 1 + feel->uneven * momui_random_normal(&score->human);
    if (score->song->grid.beats[on].rest || score->failed || !grow(score))
        return;
    double end = fmin(rest_from(score, on, beat + beats), (double)score->beat_count);
    double from = momui_arrangement_time(score, beat), to = momui_arrangement_time(score, end);
    double energy = (double)momui_beat_energy(score, on);
    float loud = velocity * uneven * (float)(0.78 + 0.22 * energy);
    momui_note *note = &score->song->notes[score->song->note_count++];
    note->time = fmax(0, from + fmin(fmax(human, -0.03), 0.03));
    note->seconds = fmax(0.03, to - from);
    note->velocity = fminf(fmaxf(loud, 0.05f), 1);
    note->part = score->parts[role];
    note->key = key;
}
