/* Plans a phrase of the legs: from a figure's lines to the keys on its counts. */
#include "train/corpus/moves/legs_keys.h"

#define ALMOST_DOWN 0.035

static bool full(const momui_legs_plan *plan) {
    return plan->foot_keys[0] + 2 > MOMUI_LEGS_KEYS || plan->foot_keys[1] + 2 > MOMUI_LEGS_KEYS ||
           plan->pelvis_keys + 2 > MOMUI_LEGS_KEYS;
}

/* Whether one foot comes down for the other to be lifted, without a jump: it lands before. */
static bool takes_over(const momui_legs_step *const *lines, size_t count) {
    return count == 2 && ((lines[0]->how == MOMUI_STEP && momui_legs_in_air(lines[1]->how)) ||
                          (lines[1]->how == MOMUI_STEP && momui_legs_in_air(lines[0]->how)));
}

/* Who turns on one foot has his place about that foot afterwards. */
static void turn_about(momui_legs_planner *p, int side, double turn) {
    momui_vec3 way = momui_vec3_subtract(momui_legs_foot_now(p, side)->ball,
                                         momui_legs_place(p, side, 0.0, 0.0, turn));
    p->home.x += way.x;
    p->home.z += way.z;
}

/* Right after a foot was put where the dance can begin. */
static bool too_soon(const momui_legs_planner *p, double time) {
    const momui_legs_plan *plan = p->plan;
    return plan->foot[0][plan->foot_keys[0] - 1].time > time - 0.05 ||
           plan->foot[1][plan->foot_keys[1] - 1].time > time - 0.05;
}

/* Lines that arrive together. */
static void plan_lines(momui_legs_planner *p, const momui_legs_step *const *lines, size_t count,
                       double time, double beat, double accent) {
    if (full(p->plan) || too_soon(p, time))
        return;
    double turn = momui_legs_mirror(p, momui_legs_radians(lines[0]->turn));
    bool moved[2] = {false, false}, over = takes_over(lines, count);
    double early = over ? fmin(0.2, 0.65 * momui_legs_share(p) * beat) : 0.0;
    for (size_t i = 0; i < count; ++i) {
        int side = momui_legs_side(p, lines[i]);
        double lead = lines[i]->how == MOMUI_STEP ? early : 0.0;
        for (int s = 0; s < 2 && side < 3; ++s)
            if (side == 2 || side == s) {
                momui_legs_add_foot(p, s, time - lead, over ? 0.75 * beat : beat, lines[i]->how,
                                    momui_legs_arrived(p, s, lines[i]));
                moved[s] = true;
            }
        if (lines[i]->how == MOMUI_PIVOT && side < 2)
            turn_about(p, side, turn);
    }
    p->left = momui_legs_weight(p, lines, count);
    bool twist = lines[0]->how == MOMUI_TWIST;
    for (int s = 0; s < 2; ++s)
        if (!moved[s])
            momui_legs_settle_foot(p, s, time, beat, twist ? 0.0 : turn,
                                   s == 0 ? p->left : 1.0 - p->left);
    momui_legs_add_pelvis(p, lines, count, time, beat, turn, accent);
}

/* Home is where the foot that does not move first stands right; else in the middle. */
static void find_home(momui_legs_planner *p, const momui_lower *start, int moving) {
    momui_vec3 sum = {0, 0, 0}, none = {0, 0, 0};
    double feet = 0.0;
    p->home = none;
    for (int side = 0; side < 2; ++side) {
        bool stands = start->foot[side].state != MOMUI_FOOT_AIR;
        if (moving == side || (!stands && moving != 1 - side))
            continue;
        momui_vec3 place = start->foot[side].ball;
        sum = momui_vec3_add(sum,
                             momui_vec3_subtract(place, momui_legs_place(p, side, 0.0, 0.0, 0.0)));
        feet += 1.0;
    }
    p->home = feet > 0.0 ? momui_vec3_scale(sum, 1.0 / feet) : start->pelvis;
    p->home.y = 0.0;
}

/* Feet that cannot be danced on as they are: too far apart, or crossed. */
static bool poor_stance(const momui_lower *start) {
    momui_vec3 way = momui_vec3_subtract(start->foot[0].ball, start->foot[1].ball);
    double yaw = momui_lower_yaw(start), wide = momui_legs_turned(-yaw, way.x, 0.0, way.z).x;
    return wide < 0.12 || hypot(way.x, way.z) > 0.55 || start->foot[0].state == MOMUI_FOOT_AIR ||
           start->foot[1].state == MOMUI_FOOT_AIR;
}

static void go_round(momui_legs_planner *p) {
    const momui_legs_pattern *pattern = p->pattern;
    momui_vec3 way =
        momui_legs_turned(p->heading, p->size * momui_legs_mirror(p, (double)pattern->travel.x),
                          0.0, p->size * (double)pattern->travel.z);
    p->home = momui_vec3_add(p->home, way);
    p->heading += momui_legs_mirror(p, momui_legs_radians(pattern->travel.turn));
}

static double time_of(const momui_legs_planner *p, size_t count, double behind) {
    const double *times = p->counts->times;
    double share = 1.0 - behind; /* from the count before to this one */
    if (fabs(share - 0.5) < 1e-6)
        share = momui_legs_clamp(0.5, p->style->swing, 0.7);
    return times[count - 1] + share * (times[count] - times[count - 1]);
}

/* The lines between the count before and this one, which is `number` (1..) of the figure. */
static void plan_count(momui_legs_planner *p, size_t count, int32_t number, bool again) {
    const momui_legs_pattern *pattern = p->pattern;
    double beat = p->counts->times[count] - p->counts->times[count - 1];
    double accent = p->counts->accents ? (double)p->counts->accents[count] : 0.5;
    for (int upbeat = 1; upbeat >= 0; --upbeat) {
        if (number == 1 && !upbeat && again)
            go_round(p);
        for (size_t i = 0, n; i < pattern->step_count; i += n) {
            const momui_legs_step *lines[4];
            double at = (double)pattern->steps[i].at;
            for (n = 0; n < 4 && i + n < pattern->step_count && pattern->steps[i + n].at == at; ++n)
                lines[n] = &pattern->steps[i + n];
            if (at > (double)pattern->figure.counts && number == 1)
                at -= (double)pattern->figure.counts;
            double behind = (double)number - at;
            if (behind < 0.0 || behind >= 1.0 || (behind > 0.0) != (upbeat == 1))
                continue;
            double strength = upbeat ? 0.3 : accent;
            plan_lines(p, lines, n, time_of(p, count, behind), beat * (upbeat ? 0.8 : 1.0),
                       strength);
        }
    }
}

/* Which foot the phrase's first lines move: 0, 1, or 2 where none or both. */
static int first_moving(const momui_legs_planner *p, int32_t number) {
    int moving = 2;
    for (size_t i = 0; i < p->pattern->step_count; ++i) {
        const momui_legs_step *step = &p->pattern->steps[i];
        int side = momui_legs_side(p, step);
        if (fabs((double)step->at - (double)number) > 1e-6 || side > 1 ||
            momui_legs_stays(step->how))
            continue;
        moving = moving == 2 ? side : 3;
    }
    return moving > 1 ? 2 : moving;
}

static void begin(momui_legs_planner *p, const momui_lower *start, int32_t number) {
    momui_legs_plan *plan = p->plan;
    double yaw = momui_lower_yaw(start), time = p->counts->times[0];
    p->heading = momui_legs_nearest_turn(p->heading, yaw);
    for (int side = 0; side < 2; ++side) {
        momui_foot_key key = {.time = time, .foot = start->foot[side]};
        if (key.foot.state == MOMUI_FOOT_AIR && key.foot.ball.y < ALMOST_DOWN) {
            key.foot.state = MOMUI_FOOT_BALL; /* a frame before it lands */
            key.foot.ball.y = MOMUI_LEGS_BALL_HEIGHT;
        }
        plan->foot[side][0] = key;
        plan->foot_keys[side] = 1;
    }
    momui_pelvis_key key = {.time = time, .place = start->pelvis, .yaw = yaw};
    key.recovery = 0.45 * (p->counts->times[1] - time);
    double high = 0.952 - 0.018 * p->style->weight;
    high = fmin(high, momui_legs_highest(p, start->pelvis, yaw, 0.5));
    key.sink = momui_legs_clamp(0.0, high - start->pelvis.y, 0.06); /* knees that gave come back */
    key.place.y += key.sink;
    plan->pelvis[0] = key;
    plan->pelvis_keys = 1;
    int moving = first_moving(p, number);
    find_home(p, start, moving);
    p->left = 0.5;
    if (moving == 2 && poor_stance(start)) { /* one foot comes to the other */
        int stand = start->foot[0].state == MOMUI_FOOT_AIR ? 1 : 0;
        find_home(p, start, 1 - stand);
        double beat = p->counts->times[1] - time;
        momui_legs_add_foot(p, 1 - stand, p->counts->times[1] - 0.35 * beat, beat, MOMUI_STEP,
                            momui_legs_arrived(p, 1 - stand, &momui_legs_standing));
    }
}

momu_status momui_legs_make_plan(const momui_legs_pattern *pattern, const momui_dancer_style *style,
                                 const momui_counts *counts, const momui_lower *start,
                                 double heading, bool mirrored, momui_random *random,
                                 momui_legs_plan *plan, momu_error *error) {
    momui_legs_planner p = {.pattern = pattern,
                            .style = style,
                            .counts = counts,
                            .plan = plan,
                            .random = random,
                            .mirrored = mirrored,
                            .heading = heading};
    p.size = momui_legs_clamp(0.2, style->size, 1.4);
    momui_lower_rest(&p.rest);
    if (counts->count < 1 || counts->count > MOMUI_LEGS_KEYS / 4)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "a phrase of %zu counts, expected 1..%d",
                          counts->count, MOMUI_LEGS_KEYS / 4);
    for (size_t c = 1; c <= counts->count; ++c)
        if (!(counts->times[c] - counts->times[c - 1] > 0.05))
            return momui_fail(error, MOMU_ERROR_ARGUMENT,
                              "count %zu of a phrase is at %g s, the one before at %g s", c,
                              counts->times[c], counts->times[c - 1]);
    int32_t round = pattern->figure.counts, number = counts->first % round;
    number = number < 0 ? number + round : number; /* of the count to come, from 0 */
    begin(&p, start, number + 1);
    bool again = false;
    for (size_t c = 1; c <= counts->count; ++c) {
        if (counts->hold && counts->hold[c])
            continue;
        plan_count(&p, c, number + 1, again);
        again = true;
        number = (number + 1) % round;
    }
    return MOMU_OK;
}
