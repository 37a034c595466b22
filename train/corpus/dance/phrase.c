/* The plan of a dance: phrases over the sections, what each is made of, and the counts it is danced
 * on. Sections that repeat one another repeat their phrases; within a section they go A B A' C. */
#include "train/corpus/dance/phrase.h"

#include <math.h>
#include <string.h>

/* Human timing, seconds. */
static const double PHRASE_SPREAD = 0.005, COUNT_SPREAD = 0.008, MOST_SPREAD = 0.020;

static const double LEAST_GAP = 0.26; /* seconds: sooner nothing can be arrived at */

static const int LETTERS[4] = {0, 1, 0, 2};

typedef struct planner {
    const momui_grid *grid;
    const momui_style *style;
    const momui_dance_options *options;
    bool has_units;
    momui_phrase *phrases;
    size_t count;
    double last_time;
} planner;

static momui_random stream(const planner *p, uint64_t purpose, uint64_t a, uint64_t b) {
    return (momui_random){p->options->seed, purpose << 40 | a << 16 | b, 0};
}

static uint64_t draw_seed(momui_random *random) {
    uint64_t high = momui_random_u32(random);
    return high << 32 | momui_random_u32(random);
}

static void choose_material(const planner *p, momui_phrase_plan *plan, bool rests,
                            momui_random *random) {
    double luck = (double)momui_random_uniform(random);
    const momui_style *s = p->style;
    double both = s->captured_both, upper = both + s->mocap_upper, lower = upper + s->mocap_lower;
    if (p->options->material == MOMUI_MATERIAL_MOCAP)
        luck = 0;
    if (!p->has_units || rests || p->options->material == MOMUI_MATERIAL_PROCEDURAL)
        luck = 1;
    plan->mocap_lower = luck < both || (luck >= upper && luck < lower);
    plan->mocap_upper = luck < upper;
}

static int32_t style_genre(const planner *p) {
    static const int32_t OTHERS[] = {1, 2, 6, 7, 8, 4};
    if (p->grid->genre >= 1 && p->grid->genre <= 15)
        return p->grid->genre;
    momui_random random = stream(p, 9, 0, 0);
    return OTHERS[momui_random_below(&random, 6)];
}

static void choose_figures(const planner *p, momui_phrase_plan *plan, double energy,
                           momui_random *random) {
    int32_t genre = style_genre(p), meter = p->grid->meter == 3 ? 3 : 4;
    bool travels = momui_style_chance(random, p->style->travel), calm = energy < 0.35;
    plan->legs = momui_style_draw(momui_leg_step, momui_legs_count(), genre, meter, energy, travels,
                                  calm, random);
    plan->torso = momui_style_draw(momui_torso_step, momui_torso_count(), genre, meter, energy,
                                   true, true, random);
    plan->arms = momui_style_chance(random, 0.18)
                     ? SIZE_MAX
                     : momui_style_draw(momui_arm_step, momui_arms_count(), genre, meter, energy,
                                        true, calm, random);
    plan->head = momui_style_draw(momui_head_step, momui_head_count(), genre, meter, energy, true,
                                  true, random);
}

/* Phrase `place` of section `section`. */
static void plan_material(const planner *p, int32_t section, int place, double energy, bool rests,
                          momui_phrase_plan *plan) {
    int32_t like = p->grid->section_count ? p->grid->sections[section].like : 0;
    uint64_t letter = (uint64_t)LETTERS[place % 4] + 3 * (uint64_t)(place / 8);
    momui_random random = stream(p, 1, (uint64_t)like, letter);
    *plan = (momui_phrase_plan){0};
    choose_material(p, plan, rests, &random);
    choose_figures(p, plan, energy, &random);
    plan->half_time = momui_style_chance(&random, p->style->half_time) && !rests;
    plan->mirrored = momui_style_chance(&random, 0.5) != (place % 4 == 2);
    plan->draw = draw_seed(&random);
    /* the second time round it is the same dance, not the same performance */
    momui_random again = stream(p, 2, (uint64_t)section, (uint64_t)place);
    if (like != section && momui_style_chance(&again, 0.35)) {
        momui_phrase_plan other = *plan;
        choose_figures(p, &other, energy, &again);
        plan->arms = other.arms;
        plan->head = other.head;
    }
}

static double human(momui_random *random, double offset) {
    double jitter = offset + COUNT_SPREAD * (double)momui_random_normal(random);
    return fmin(MOST_SPREAD, fmax(-MOST_SPREAD, jitter));
}

static void set_counts(planner *p, momui_phrase *phrase, momui_random *random) {
    const momui_grid_beat *beats = p->grid->beats + phrase->first_beat;
    int32_t stride = !phrase->plan.half_time ? 1 : p->grid->meter == 3 ? 3 : 2;
    double offset = PHRASE_SPREAD * (double)momui_random_normal(random), energy = 0;
    phrase->times[0] = p->last_time;
    for (int32_t i = 0; i < phrase->beats; i++)
        energy += (double)beats[i].energy / phrase->beats;
    phrase->energy = energy;
    for (int32_t i = 0; i < phrase->beats && phrase->count < MOMUI_PHRASE_COUNTS; i += stride) {
        double time = beats[i].time + human(random, offset);
        if (time < p->last_time + LEAST_GAP)
            continue;
        size_t k = ++phrase->count;
        phrase->times[k] = p->last_time = time;
        phrase->accents[k] = beats[i].accent;
        phrase->hold[k] = beats[i].rest;
    }
    phrase->from = (int64_t)ceil(phrase->times[0] * MOMUI_SEGMENT_RATE);
    phrase->to = (int64_t)ceil(phrase->times[phrase->count] * MOMUI_SEGMENT_RATE);
}

static void add_phrase(planner *p, int32_t section, int place, int32_t first, int32_t beats) {
    momui_phrase *phrase = &p->phrases[p->count];
    *phrase = (momui_phrase){.first_beat = first, .beats = beats};
    double energy = 0;
    bool rests = false;
    for (int32_t i = 0; i < beats; i++) {
        energy += (double)p->grid->beats[first + i].energy / beats;
        rests = rests || p->grid->beats[first + i].rest;
    }
    plan_material(p, section, place, energy, rests, &phrase->plan);
    momui_random random = stream(p, 3, (uint64_t)first, 0);
    set_counts(p, phrase, &random);
    if (phrase->count > 0)
        p->count++;
}

static void plan_section(planner *p, int32_t section, int32_t first, int32_t beats) {
    int32_t length = p->grid->meter == 3 ? 6 : MOMUI_PHRASE_COUNTS;
    for (int32_t at = 0, place = 0; at < beats; at += length, place++)
        add_phrase(p, section, place, first + at, beats - at < length ? beats - at : length);
}

/* Beats before the first section, and behind the last, are danced with it. */
static void plan_all(planner *p) {
    const momui_grid *g = p->grid;
    int32_t total = (int32_t)g->beat_count, at = 0;
    double interval = 60.0 / g->tempo;
    p->last_time = fmax(0, g->beats[0].time - interval);
    for (size_t k = 0; k < g->section_count; k++) {
        int32_t end = k + 1 < g->section_count ? g->sections[k + 1].first_beat : total;
        plan_section(p, (int32_t)k, at, end - at);
        at = end;
    }
    if (at < total)
        plan_section(p, 0, at, total - at);
}

momu_status momui_phrases_plan(momui_memory *memory, const momui_grid *grid,
                               const momui_style *style, const momui_dance_options *options,
                               bool has_units, int64_t frames, momui_phrase **phrases,
                               size_t *count, momu_error *error) {
    planner p = {.grid = grid, .style = style, .options = options, .has_units = has_units};
    *phrases = NULL;
    *count = 0;
    if (grid->beat_count < 2 || !(grid->tempo > 0))
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "a dance needs two beats; the track has %zu",
                          grid->beat_count);
    p.phrases = momui_alloc(memory, grid->beat_count + grid->section_count + 1, sizeof *p.phrases);
    if (!p.phrases)
        return momui_fail_memory(error, "the phrases of a dance");
    plan_all(&p);
    for (size_t i = 0; i < p.count; i++) {
        p.phrases[i].to = p.phrases[i].to < frames ? p.phrases[i].to : frames - 1;
        p.phrases[i].from = p.phrases[i].from < frames ? p.phrases[i].from : frames - 1;
    }
    *phrases = p.phrases;
    *count = p.count;
    return MOMU_OK;
}
