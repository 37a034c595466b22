/* Phrase by phrase: legs and upper body, from motion capture or procedural, joined to the phrase
 * before; then the solver makes a body whose feet stand. */
#include "train/corpus/dance/choreographer.h"

#include "train/corpus/dance/phrase.h"
#include "train/corpus/moves/legs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double COME_BACK = 0.9, BOUND = 1.8; /* metres away: travel leads back; never beyond */
static const double MOST_TURN = 1.2;              /* radians that a phrase's front may differ */
static const double UNHURRIED = 0.48;             /* seconds a count: less is danced smaller */
static const double UPPER_SECONDS = 0.40;         /* of a transition above the waist */

typedef struct stage {
    momui_memory *memory;
    const momui_grid *grid;
    const momui_units *units;
    const momui_dance_options *options;
    momui_dancer_style style;
    momui_segment *dance;
    momui_danced *danced;
} stage;

static momui_dancer_style style_of(const stage *s, const momui_phrase *p) {
    momui_dancer_style m = s->style;
    double gap = (p->times[p->count] - p->times[0]) / (double)p->count;
    double room = fmin(1.0, gap / UNHURRIED); /* fast music is danced smaller */
    m.size = room * fmin(1.4, fmax(0.3, m.size * (0.68 + 0.58 * p->energy)));
    m.weight = fmin(1.0, m.weight * (0.75 + 0.5 * p->energy));
    return m;
}

static double front_of(const momui_lower *start, double wish) {
    double yaw = momui_lower_yaw(start), turn = remainder(wish - yaw, 2.0 * MOMUI_PI);
    return yaw + fmin(MOST_TURN, fmax(-MOST_TURN, turn));
}

/* Metres from the origin after the figure's travel over the phrase. */
static double end_radius(const momui_legs_pattern *pattern, const momui_phrase *p,
                         const momui_lower *start, double heading, double size) {
    double rounds = (double)p->count / (double)pattern->figure.counts * size;
    double x = (double)pattern->travel.x * (p->plan.mirrored ? -1.0 : 1.0) * rounds;
    double z = (double)pattern->travel.z * rounds;
    return hypot(start->pelvis.x + cos(heading) * x + sin(heading) * z,
                 start->pelvis.z + cos(heading) * z - sin(heading) * x);
}

/* Which way the figure's front is: to the audience, within what a dancer turns in a phrase. A
 * figure that travels leads back when the dancer is far out; where it cannot, another figure
 * replaces it. */
static double choose_heading(const stage *s, momui_phrase *p, const momui_lower *start, double size,
                             momui_random *random) {
    double wish = momui_style_uniform(random, -0.6, 0.6);
    const momui_legs_pattern *pattern = momui_legs_pattern_at(p->plan.legs);
    double away = hypot(start->pelvis.x, start->pelvis.z);
    if (!pattern->figure.travels)
        return front_of(start, wish);
    if (away > COME_BACK) {
        double x = (double)pattern->travel.x * (p->plan.mirrored ? -1.0 : 1.0);
        wish = atan2(-start->pelvis.x, -start->pelvis.z) - atan2(x, (double)pattern->travel.z);
    }
    double heading = front_of(start, wish);
    if (end_radius(pattern, p, start, heading, size) > fmax(BOUND, away)) {
        int32_t genre = s->grid->genre < 15 ? s->grid->genre : 5,
                meter = s->grid->meter == 3 ? 3 : 4;
        p->plan.legs = momui_style_draw(momui_leg_step, momui_legs_count(), genre, meter, p->energy,
                                        false, false, random);
    }
    return heading;
}

static momu_status procedural_lower(stage *s, momui_phrase *p, momui_segment *segment,
                                    const momui_lower *start, char *name, size_t size,
                                    momu_error *error) {
    momui_dancer_style style = style_of(s, p);
    momui_counts counts = {p->times, p->accents, p->hold, p->count, 0};
    momui_random random = {p->plan.draw ^ (uint64_t)p->first_beat, 21, 0};
    double heading = choose_heading(s, p, start, style.size, &random);
    snprintf(name, size, "%s%s", momui_leg_step(p->plan.legs)->name,
             p->plan.mirrored ? " mirrored" : "");
    return momui_legs_dance(p->plan.legs, &style, &counts, start, heading, p->plan.mirrored,
                            &random, segment, error);
}

static momu_status procedural_upper(stage *s, const momui_phrase *p, momui_segment *segment,
                                    const momui_upper *start, char *name, size_t size,
                                    momu_error *error) {
    momui_dancer_style style = style_of(s, p);
    momui_counts counts = {p->times, p->accents, p->hold, p->count, 0};
    momui_upper_choice choice = {p->plan.torso, p->plan.arms, p->plan.head};
    momui_random random = {p->plan.draw ^ (uint64_t)p->first_beat, 22, 0};
    snprintf(name, size, "%s/%s%s", momui_torso_step(choice.torso)->name,
             choice.arms == SIZE_MAX ? "loose arms" : momui_arm_step(choice.arms)->name,
             p->plan.mirrored ? " mirrored" : "");
    return momui_upper_dance(&choice, &style, &counts, start, p->plan.mirrored, &random, segment,
                             error);
}

static void copy_lower(momui_segment *to, const momui_segment *from) {
    memcpy(to->lower, from->lower, (size_t)to->frames * sizeof *to->lower);
}

/* The lower part of the phrase into `segment`. Procedural moves fill in where no motion capture
 * fits. */
static momu_status make_lower(stage *s, momui_phrase *p, momui_segment *segment,
                              const momui_lower *start, momui_segment **source,
                              momui_danced *danced, momu_error *error) {
    if (p->plan.mocap_lower) {
        double amplitude = 0.85 + 0.3 * p->energy;
        MOMUI_TRY(momui_phrase_captured(s->memory, s->units, s->options, p, 31, amplitude, start,
                                        false, source, danced->lower, sizeof danced->lower, error));
        if (*source) {
            copy_lower(segment, *source);
            danced->mocap_lower = true;
            return MOMU_OK;
        }
    }
    return procedural_lower(s, p, segment, start, danced->lower, sizeof danced->lower, error);
}

/* The upper part; `same`: the segment that the lower part came from, whose upper part goes with it.
 */
static momu_status make_upper(stage *s, momui_phrase *p, momui_segment *segment,
                              const momui_upper *start, const momui_segment *same,
                              momui_danced *danced, momu_error *error) {
    momui_segment *source = NULL;
    double beat = p->times[1] - p->times[0];
    if (p->plan.mocap_upper && same) {
        memcpy(segment->upper, same->upper, (size_t)segment->frames * sizeof *segment->upper);
        snprintf(danced->upper, sizeof danced->upper, "%s", danced->lower);
        danced->mocap_upper = true;
        momui_transition_upper(segment, start, fmin(UPPER_SECONDS, 0.85 * beat));
        return MOMU_OK;
    }
    if (p->plan.mocap_upper) {
        double amplitude = 0.85 + 0.3 * p->energy;
        MOMUI_TRY(momui_phrase_captured(s->memory, s->units, s->options, p, 32, amplitude,
                                        &segment->lower[0], true, &source, danced->upper,
                                        sizeof danced->upper, error));
    }
    if (source) {
        momui_transition_layer(segment, source, 0.8);
        momui_segment_free(source);
        danced->mocap_upper = true;
        momui_transition_upper(segment, start, fmin(UPPER_SECONDS, 0.85 * beat));
        return MOMU_OK;
    }
    return procedural_upper(s, p, segment, start, danced->upper, sizeof danced->upper, error);
}

static momu_status dance_phrase(stage *s, momui_phrase *p, momui_danced *danced,
                                momu_error *error) {
    int64_t frames = p->to - p->from + 1;
    *danced = (momui_danced){
        .first_beat = p->first_beat, .beats = p->beats, .half_time = p->plan.half_time};
    momui_segment *segment =
        momui_segment_new(s->memory, (double)p->from / MOMUI_SEGMENT_RATE, frames);
    momui_segment *source = NULL;
    if (!segment)
        return momui_fail_memory(error, "a phrase");
    momui_lower start = s->dance->lower[p->from];
    momui_upper above = s->dance->upper[p->from];
    momu_status status = make_lower(s, p, segment, &start, &source, danced, error);
    if (status == MOMU_OK)
        status = make_upper(s, p, segment, &above, source, danced, error);
    for (int64_t t = 1; status == MOMU_OK && t < frames; t++) {
        s->dance->lower[p->from + t] = segment->lower[t];
        s->dance->upper[p->from + t] = segment->upper[t];
    }
    momui_segment_free(source);
    momui_segment_free(segment);
    return status;
}

static void hold_from(momui_segment *segment, int64_t frame) {
    for (int64_t t = frame + 1; t < segment->frames; t++) {
        segment->lower[t] = segment->lower[frame];
        segment->upper[t] = segment->upper[frame];
    }
}

static void count_shares(const momui_phrase *phrases, const momui_danced *danced, size_t count,
                         int64_t frames, momui_dance *dance) {
    int64_t mocap = 0, half = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t length = phrases[i].to - phrases[i].from;
        mocap += danced[i].mocap_lower || danced[i].mocap_upper ? length : 0;
        half += danced[i].half_time ? length : 0;
    }
    dance->mocap_share = (double)mocap / (double)frames;
    dance->half_time_share = (double)half / (double)frames;
}

static momu_status dance_all(stage *s, const momui_style *style, momui_dance *dance,
                             momu_error *error) {
    momui_phrase *phrases = NULL;
    size_t count = 0;
    MOMUI_TRY(momui_phrases_plan(s->memory, s->grid, style, s->options, s->units != NULL,
                                 s->dance->frames, &phrases, &count, error));
    momu_status status = MOMU_OK;
    dance->phrases = momui_calloc(s->memory, count + 1, sizeof *dance->phrases);
    if (!dance->phrases)
        status = momui_fail_memory(error, "a dance's phrases");
    for (size_t i = 0; i < count && status == MOMU_OK; i++) {
        if (i + 1 == count) /* the dance ends in a pose that can be held */
            phrases[i].plan.mocap_lower = phrases[i].plan.mocap_upper = false;
        status = dance_phrase(s, &phrases[i], &dance->phrases[i], error);
        hold_from(s->dance, phrases[i].to);
    }
    dance->phrase_count = count;
    if (status == MOMU_OK)
        count_shares(phrases, dance->phrases, count, s->dance->frames, dance);
    momui_free(phrases);
    return status;
}

momu_status momui_choreograph(momui_memory *memory, const momui_grid *grid,
                              const momui_units *units, const momui_dance_options *options,
                              momui_dance *dance, momu_error *error) {
    *dance = (momui_dance){0};
    int64_t frames = (int64_t)floor(grid->seconds * MOMUI_SEGMENT_RATE);
    if (frames < 2)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "a dance of %g s; expected some frames",
                          grid->seconds);
    momui_random random = {options->seed, 1, 0};
    momui_style style = momui_style_of(grid->genre, grid->tempo, &random);
    stage s = {.memory = memory, .grid = grid, .units = units, .options = options};
    s.style = momui_draw_dancer_style(&style, grid->swing, &random);
    s.dance = momui_segment_new(memory, 0, frames);
    if (!s.dance)
        return momui_fail_memory(error, "a dance");
    momu_status status = dance_all(&s, &style, dance, error);
    if (status == MOMU_OK) {
        momui_add_idle_motion(s.dance, &s.style, &random);
        status = momui_segment_solve(s.dance, &dance->body, &dance->skate, error);
    }
    momui_segment_free(s.dance);
    if (status != MOMU_OK)
        momui_dance_release(dance);
    return status;
}

void momui_dance_release(momui_dance *dance) {
    momui_motion_free(dance->body);
    momui_free(dance->phrases);
    *dance = (momui_dance){0};
}
