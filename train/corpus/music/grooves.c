/* Drums and percussion: lanes, ghost strokes, fills before what changes, crashes where it begins.
 */
#include "train/corpus/music/arrangement.h"

#include <math.h>
#include <string.h>

enum { KICK = 36, SNARE = 38, CRASH = 49, OTHER_CRASH = 57, FILL_ITEM = 500, CRASH_ITEM = 600 };

static float stroke(char symbol, momui_random *random) {
    switch (symbol) {
    case 'X':
        return 0.97f;
    case 'x':
        return 0.78f;
    case 'o':
        return 0.52f;
    case 'g':
        return 0.32f;
    case '?':
        return momui_chance(random, 0.35f) ? 0.5f : 0;
    default:
        return 0;
    }
}

/* A fill's string for the end of this bar, or NULL: before another section always, every four or
 * eight bars now and then. */
static const char *draw_fill(const momui_arrangement *score, int32_t s, int32_t bar) {
    const momui_song_section *section = &score->sections[s];
    momui_random random = momui_variation(score, MOMUI_DRUMS, s, FILL_ITEM + bar);
    int32_t phrase = score->genre->four_bars ? 4 : 8;
    bool last = bar == section->bars - 1, end = (bar + 1) % phrase == 0;
    if (section->kind == MOMUI_OUTRO || (!last && !end) || section->energy < 0.25f)
        return NULL;
    if (!last && momui_chance(&random, 0.35f))
        return NULL;
    return momui_pick(&random, score->genre->fills, MOMUI_GENRE_PATTERNS);
}

/* Sixteenths of the bar that the fill leaves to the groove. */
static int32_t fill_from(const char *fill, int32_t steps) {
    int32_t step = 0;
    while (fill && step < steps && momui_pattern_at(fill, step) == '.')
        step++;
    return fill ? step - step % MOMUI_STEPS : steps;
}

/* A lane's strokes in one bar. Each kind of section has its own variant, with strokes of its own
 * added where little sounds. */
static void play_lane(momui_arrangement *score, int32_t s, int32_t bar, int32_t lane_index,
                      const char *pattern, int32_t until) {
    const momui_song_section *section = &score->sections[s];
    const momui_lane *lane = &score->genre->lanes[lane_index];
    int32_t steps = score->genre->meter * MOMUI_STEPS, first = momui_bar_beat(score, section, bar);
    momui_random material =
        momui_material(score, lane->role, section->kind, 32 + 64 * lane_index + bar % 4);
    bool pulse = lane->role == MOMUI_DRUMS && lane->key == KICK;
    for (int32_t step = 0; step < steps; step++) {
        char symbol = momui_pattern_at(pattern, bar * steps + step);
        float velocity = stroke(symbol, &material), luck = momui_random_uniform(&material);
        if (symbol == '.' && step % 2 && luck < 0.02f)
            velocity = 0.36f;
        if (symbol == 'o' && luck < 0.06f)
            velocity = 0;
        bool kept = step < until || (pulse && step % MOMUI_STEPS == 0);
        float energy = momui_beat_energy(score, first + step / MOMUI_STEPS);
        if (velocity == 0 || !kept || energy < lane->from || energy >= lane->to)
            continue;
        momui_play(score, lane->role, first + (double)step / MOMUI_STEPS, 0.2,
                   velocity * lane->gain, lane->key);
    }
}

static int32_t fill_key(char symbol) {
    static const struct {
        char symbol;
        int8_t key;
    } keys[] = {{'s', 38}, {'g', 38}, {'r', 37}, {'c', 39}, {'h', 50}, {'m', 47},
                {'l', 43}, {'k', 36}, {'o', 46}, {'t', 65}, {'T', 66}, {'b', 60},
                {'B', 61}, {'q', 63}, {'Q', 64}, {'w', 56}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].symbol == symbol)
            return keys[i].key;
    return 0;
}

/* Louder towards its end. */
static void play_fill(momui_arrangement *score, const momui_song_section *section, int32_t bar,
                      const char *fill, int32_t from) {
    int32_t steps = score->genre->meter * MOMUI_STEPS, first = momui_bar_beat(score, section, bar);
    for (int32_t step = from; step < steps; step++) {
        char symbol = momui_pattern_at(fill, step);
        int32_t key = fill_key(symbol);
        bool latin = key >= 60;
        float swell = 0.66f + 0.3f * (float)(step - from + 1) / (float)(steps - from);
        if (key)
            momui_play(score, latin ? MOMUI_PERCUSSION : MOMUI_DRUMS,
                       first + (double)step / MOMUI_STEPS, 0.2,
                       symbol == 'g'   ? 0.35f
                       : step % 4 == 0 ? fminf(1, swell + 0.12f)
                                       : swell,
                       key);
    }
}

/* Where everybody strikes: kick, snare and crash. */
static void play_hits(momui_arrangement *score, int32_t s) {
    const momui_song_section *section = &score->sections[s];
    momui_random random = momui_variation(score, MOMUI_DRUMS, s, CRASH_ITEM);
    for (int32_t i = 0; i < section->beats; i++) {
        int32_t beat = section->first_beat + i, bar = i / score->genre->meter;
        if (!score->hits[beat] || !momui_has_role(score, section, MOMUI_DRUMS, bar))
            continue;
        momui_play(score, MOMUI_DRUMS, beat, 0.2, 1, KICK);
        if (i > 0)
            momui_play(score, MOMUI_DRUMS, beat, 0.2, 0.9f, SNARE);
        momui_play(score, MOMUI_DRUMS, beat, 2, 0.32f + 0.5f * section->energy,
                   momui_chance(&random, 0.6f) ? CRASH : OTHER_CRASH);
    }
}

void momui_write_drums(momui_arrangement *score) {
    const momui_genre *genre = score->genre;
    int32_t steps = genre->meter * MOMUI_STEPS;
    for (int32_t s = 0; s < score->section_count; s++) {
        const momui_song_section *section = &score->sections[s];
        play_hits(score, s);
        for (int32_t bar = 0; bar < section->bars; bar++) {
            bool drums = momui_has_role(score, section, MOMUI_DRUMS, bar);
            const char *fill = drums ? draw_fill(score, s, bar) : NULL;
            int32_t from = fill_from(fill, steps);
            for (int32_t lane = 0; lane < genre->lane_count; lane++) {
                momui_role role = genre->lanes[lane].role;
                momui_random random = momui_material(score, role, section->kind, lane);
                const char *pattern =
                    momui_pick(&random, genre->lanes[lane].variants, MOMUI_LANE_VARIANTS);
                if (pattern && *pattern && momui_has_role(score, section, role, bar))
                    play_lane(score, s, bar, lane, pattern, from);
            }
            if (fill)
                play_fill(score, section, bar, fill, from);
        }
    }
}
