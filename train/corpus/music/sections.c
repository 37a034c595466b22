/* The form of a song: tempo, sections, beats with their energy, stops. */
#include "train/corpus/music/arrangement.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TEMPO_ITEM = 1, FORM_ITEM, STOP_ITEM, DRIFT_ITEM, START_ITEM };
enum { SHORTEST_SECTION = 4, LONGEST_SECTION = 16 };

static const char *const KIND_NAMES[MOMUI_SECTION_KINDS] = {"intro",  "verse", "chorus",
                                                            "bridge", "break", "outro"};

static double draw_tempo(const momui_arrangement *score) {
    const momui_genre *genre = score->genre;
    momui_random random = momui_whole(score, TEMPO_ITEM);
    bool other = genre->other_slowest > 0 && momui_chance(&random, 0.5f);
    double low = other ? genre->other_slowest : genre->slowest;
    double high = other ? genre->other_fastest : genre->fastest;
    return low + (high - low) * (double)momui_random_uniform(&random);
}

/* Pairs of verse and chorus, something else before the last chorus, intro and outro round it. */
static int32_t plan_form(const momui_arrangement *score, int32_t count, momui_random *random,
                         momui_section_kind *kinds) {
    int32_t middle = count - 2, n = 0;
    bool other = middle >= 4, doubled = middle - 2 * other > 0 && (middle & 1);
    kinds[n++] = MOMUI_INTRO;
    int32_t pairs = (middle - (other ? 2 : 0)) / 2;
    for (int32_t i = 0; i < pairs; i++) {
        kinds[n++] = MOMUI_VERSE;
        if (i == 0 && doubled && momui_chance(random, 0.5f)) {
            kinds[n++] = MOMUI_VERSE;
            doubled = false;
        }
        kinds[n++] = MOMUI_CHORUS;
        /* A second middle section in the long forms. */
        if (i == 1 && pairs > 3 && doubled) {
            kinds[n++] = momui_chance(random, score->genre->breaks) ? MOMUI_BREAK : MOMUI_BRIDGE;
            doubled = false;
        }
    }
    if (other) {
        kinds[n++] = momui_chance(random, score->genre->breaks) ? MOMUI_BREAK : MOMUI_BRIDGE;
        kinds[n++] = MOMUI_CHORUS;
    }
    if (doubled)
        kinds[n++] = MOMUI_CHORUS;
    kinds[n++] = MOMUI_OUTRO;
    return n;
}

/* Doubles sections, kind by kind, while the song stays within its length; then the last ones
 * alone. */
static void lengthen_sections(momui_arrangement *score, int32_t bars, momui_random *random) {
    momui_song_section *all = score->sections;
    int32_t total = SHORTEST_SECTION * score->section_count;
    for (int32_t round = 0; round < 24; round++) {
        static const momui_section_kind order[] = {MOMUI_VERSE, MOMUI_CHORUS, MOMUI_CHORUS,
                                                   MOMUI_VERSE, MOMUI_BRIDGE, MOMUI_INTRO,
                                                   MOMUI_BREAK, MOMUI_OUTRO};
        momui_section_kind kind = order[momui_random_below(random, 8)];
        bool short_kind = kind == MOMUI_BREAK || kind == MOMUI_INTRO || kind == MOMUI_OUTRO;
        int32_t limit = short_kind ? LONGEST_SECTION / 2 : LONGEST_SECTION, more = 0;
        for (int32_t i = 0; i < score->section_count; i++)
            if (all[i].kind == kind && all[i].bars < limit)
                more += all[i].bars;
        if (more == 0 || total + more > bars + 2)
            continue;
        total += more;
        for (int32_t i = 0; i < score->section_count; i++)
            if (all[i].kind == kind && all[i].bars < limit)
                all[i].bars *= 2;
    }
    for (int32_t i = score->section_count - 1; i >= 0; i--)
        if (all[i].bars < LONGEST_SECTION && total + all[i].bars <= bars + 2) {
            total += all[i].bars;
            all[i].bars *= 2;
        }
}

/* Who plays: the genre's layers for this kind of section; a section that repeats gains a voice, and
 * now and then a voice is absent for a whole song. */
static unsigned draw_roles(const momui_arrangement *score, const momui_song_section *section) {
    unsigned roles = 0;
    const char *layers = score->genre->layers[section->kind];
    for (int32_t role = 0; role < MOMUI_ROLES; role++)
        if (strchr(layers, MOMUI_ROLE_LETTERS[role]))
            roles |= 1u << role;
    momui_random random = momui_material(score, MOMUI_ROLES, section->kind, 0);
    if (section->kind == MOMUI_VERSE && section->visit == 0 && momui_chance(&random, 0.4f))
        roles &= ~(1u << MOMUI_ARPEGGIO);
    if (section->kind == MOMUI_VERSE && section->visit > 0)
        roles |= 1u << (momui_chance(&random, 0.5f) ? MOMUI_COUNTER : MOMUI_PAD);
    if (section->kind == MOMUI_CHORUS && section->visit == 0 && momui_chance(&random, 0.4f))
        roles &= ~(1u << MOMUI_COUNTER);
    return roles;
}

static void plan_sections(momui_arrangement *score, double bars) {
    momui_random random = momui_whole(score, FORM_ITEM);
    int32_t count = (int32_t)lround(bars / (8 + 1.5 * (double)momui_random_uniform(&random)));
    count = count < 4 ? 4 : count > 15 ? 15 : count;
    momui_section_kind kinds[MOMUI_SECTIONS];
    score->section_count = plan_form(score, count, &random, kinds);
    for (int32_t i = 0; i < score->section_count; i++)
        score->sections[i] = (momui_song_section){.kind = kinds[i], .bars = SHORTEST_SECTION};
    lengthen_sections(score, (int32_t)lround(bars), &random);
    int32_t beat = 0, motion_found[MOMUI_SECTION_KINDS] = {0}, first[MOMUI_SECTION_KINDS] = {0};
    float lift = momui_between(&random, -0.06f, 0.06f);
    for (int32_t i = 0; i < score->section_count; i++) {
        momui_song_section *s = &score->sections[i];
        if (motion_found[s->kind] == 0)
            first[s->kind] = i;
        s->like = first[s->kind];
        s->visit = motion_found[s->kind]++;
        s->first_beat = beat;
        s->beats = s->bars * score->genre->meter;
        beat += s->beats;
        s->energy = score->genre->energies[s->kind] + lift + 0.05f * (float)s->visit;
        s->energy = fminf(fmaxf(s->energy, 0.1f), 1);
        s->roles = draw_roles(score, s);
    }
    score->beat_count = beat;
}

/* The tempo of people wanders a little about itself. */
static void set_times(momui_arrangement *score, double tempo) {
    momui_random random = momui_whole(score, DRIFT_ITEM);
    momui_random start = momui_whole(score, START_ITEM);
    double time = 0.08 + 0.6 * (double)momui_random_uniform(&start), wander = 0;
    for (int32_t i = 0; i <= score->beat_count; i++) {
        score->times[i] = time;
        wander = 0.93 * wander + 0.37 * (double)momui_random_normal(&random);
        wander = fmin(fmax(wander, -2.5), 2.5);
        time += 60 / tempo * (1 + (double)score->genre->drift * wander);
    }
}

static void set_beats(momui_arrangement *score) {
    momui_grid *grid = &score->song->grid;
    for (int32_t s = 0; s < score->section_count; s++) {
        const momui_song_section *section = &score->sections[s];
        momui_grid_section *made = &grid->sections[s];
        snprintf(made->name, sizeof made->name, "%s", KIND_NAMES[section->kind]);
        made->first_beat = section->first_beat;
        made->beats = section->beats;
        made->energy = section->energy;
        made->like = section->like;
        float next = s + 1 < score->section_count ? score->sections[s + 1].energy : 0.2f;
        for (int32_t i = 0; i < section->beats; i++) {
            momui_grid_beat *beat = &grid->beats[section->first_beat + i];
            float part = (float)i / (float)section->beats;
            /* Towards a louder section the energy builds in the second half. */
            float build = next > section->energy ? fmaxf(0, 2 * part - 1) : 0;
            beat->energy = section->energy + 0.4f * build * (next - section->energy);
            if (section->kind == MOMUI_OUTRO)
                beat->energy *= 1 - 0.5f * part;
            beat->time = score->times[section->first_beat + i];
            beat->count = i % score->genre->meter;
            beat->section = s;
        }
    }
}

/* A strike, then nothing on the beats behind it. */
static void stop(momui_arrangement *score, int32_t strike, int32_t end) {
    score->hits[strike] = true;
    for (int32_t i = strike + 1; i < end && i < score->beat_count; i++)
        score->song->grid.beats[i].rest = true;
}

static int32_t rests_before(const momui_arrangement *score, int32_t end) {
    int32_t rests = 0;
    for (int32_t i = 0; i < end; i++)
        rests += score->song->grid.beats[i].rest;
    return rests;
}

/* Before a section: the last bar stops after its first beat, or the last beats fall silent; a
 * break may be stop-time: every other bar one strike. */
static void set_stops(momui_arrangement *score) {
    int32_t meter = score->genre->meter;
    for (int32_t s = 0; s < score->section_count; s++) {
        const momui_song_section *section = &score->sections[s];
        momui_random random = momui_variation(score, MOMUI_ROLES, s, STOP_ITEM);
        int32_t end = section->first_beat + section->beats, last = end - meter;
        if (section->energy > 0.45f || section->kind == MOMUI_CHORUS)
            score->hits[section->first_beat] = true;
        if (section->kind == MOMUI_BREAK && momui_chance(&random, 0.6f)) {
            int32_t every = momui_chance(&random, 0.5f) ? 2 : 1;
            for (int32_t bar = 0; bar < 4; bar += every)
                stop(score, momui_bar_beat(score, section, bar),
                     momui_bar_beat(score, section, bar + 1) - (momui_chance(&random, 0.5f)));
        }
        if (section->kind == MOMUI_OUTRO) {
            if (!score->genre->loops)
                stop(score, last, end);
        } else if (momui_chance(&random, score->genre->stops) &&
                   12 * rests_before(score, end) <= score->beat_count) {
            bool whole = momui_chance(&random, 0.4f);
            stop(score, whole ? last : end - 2, end - (whole && momui_chance(&random, 0.5f)));
        }
    }
}

momu_status momui_write_form(momui_arrangement *score, double seconds, momu_error *error) {
    momui_grid *grid = &score->song->grid;
    double tempo = draw_tempo(score);
    int32_t meter = score->genre->meter;
    plan_sections(score, (seconds - 2) * tempo / 60 / meter);
    size_t beats = (size_t)score->beat_count;
    score->times = momui_calloc(score->memory, beats + 1, sizeof *score->times);
    score->hits = momui_calloc(score->memory, beats, sizeof *score->hits);
    grid->beats = momui_calloc(score->memory, beats, sizeof *grid->beats);
    grid->sections =
        momui_calloc(score->memory, (size_t)score->section_count, sizeof *grid->sections);
    if (!score->times || !score->hits || !grid->beats || !grid->sections)
        return momui_fail_memory(error, "the form of a song");
    grid->beat_count = beats;
    grid->section_count = (size_t)score->section_count;
    grid->meter = meter;
    set_times(score, tempo);
    set_beats(score);
    set_stops(score);
    grid->tempo = 60 * (double)(beats - 1) / (score->times[beats - 1] - score->times[0]);
    grid->swing = score->swing;
    grid->seconds = score->times[beats] + 1 + 0.2 * score->genre->drift;
    return MOMU_OK;
}
