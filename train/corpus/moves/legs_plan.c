/* From a figure's lines to keys: where feet and pelvis arrive on the counts of a phrase. */
#include "train/corpus/moves/legs.h"
#include <string.h>

#define TURNED_OUT 0.14
#define BALL_HEIGHT 0.020
#define HEEL_HEIGHT 0.080 /* of an ankle whose heel is on the ground */
#define ALMOST_DOWN 0.035
#define FEET_APART 0.11
#define LONGEST_STEP 0.66
#define LEG 0.82
#define BEHIND 0.075 /* metres behind the ball: where a foot carries */
#define LEAST_WINDOW 0.16
#define MOST_WINDOW 0.44

typedef struct planner {
    const momui_legs_pattern *pattern;
    const momui_dancer_style *style;
    const momui_counts *counts;
    momui_legs_plan *plan;
    momui_random *random;
    bool mirrored;
    double size;
    momui_vec3 home; /* on the ground */
    double heading;  /* of the figure's front */
    momui_lower rest;
    double left; /* 0..1: how much of the weight the left foot has */
} planner;

static momui_quat about_up(double angle) {
    return momui_quat_about(momui_vec3_of(0, 1, 0), angle);
}

static momui_vec3 turned(double angle, double x, double y, double z) {
    return momui_vec3_of(cos(angle) * x + sin(angle) * z, y, cos(angle) * z - sin(angle) * x);
}

static double radians(float degrees) {
    return (double)degrees * MOMUI_PI / 180.0;
}

static double clamp(double low, double x, double high) {
    return x < low ? low : x > high ? high : x;
}

static double nearest_turn(double angle, double to) {
    return angle - 2.0 * MOMUI_PI * round((angle - to) / (2.0 * MOMUI_PI));
}

static double foot_yaw(const momui_foot *foot) {
    momui_vec3 ahead = momui_quat_rotate(foot->turn, momui_vec3_of(0, 0, 1));
    return atan2(ahead.x, ahead.z);
}

static double foot_pitch(const momui_foot *foot) {
    momui_vec3 ahead = momui_quat_rotate(foot->turn, momui_vec3_of(0, 0, 1));
    return -asin(clamp(-1.0, ahead.y, 1.0));
}

static momui_quat foot_turn(double yaw, double pitch) {
    return momui_quat_multiply(about_up(yaw), momui_quat_about(momui_vec3_of(1, 0, 0), pitch));
}

static double outward(int side) {
    return side == 0 ? TURNED_OUT : -TURNED_OUT;
}

/* ---- the lines of a figure, for this dancer ---- */

/* 0 left, 1 right, 2 both, 3 none. */
static int side_of(const planner *p, const momui_legs_step *step) {
    int side = step->foot == 'L' ? 0 : step->foot == 'R' ? 1 : step->foot == 'B' ? 2 : 3;
    return side < 2 && p->mirrored ? 1 - side : side;
}

static double mirror_of(const planner *p, double x) {
    return p->mirrored ? -x : x;
}

static bool in_air(momui_legs_how how) {
    return how == MOMUI_KICK || how == MOMUI_KNEE || how == MOMUI_CURL;
}

static bool stays(momui_legs_how how) {
    return how == MOMUI_PIVOT || how == MOMUI_TWIST;
}

static const momui_foot *foot_now(const planner *p, int side) {
    return &p->plan->foot[side][p->plan->foot_keys[side] - 1].foot;
}

/* The foot's place in a stance at (x, z) from home, turned. */
static momui_vec3 place_of(const planner *p, int side, double x, double z, double turn) {
    momui_vec3 rest = p->rest.foot[side].ball;
    momui_vec3 way = turned(p->heading, p->size * x, 0.0, p->size * z);
    momui_vec3 stance = turned(p->heading + turn, rest.x, 0.0, rest.z);
    momui_vec3 at = momui_vec3_add(p->home, momui_vec3_add(way, stance));
    at.y = BALL_HEIGHT;
    return at;
}

/* Small irregularity: no two steps of a human are the same. */
static double irregular(planner *p, double size) {
    return size * p->style->noise * (2.0 * (double)momui_random_uniform(p->random) - 1.0);
}

static void shorten(const planner *p, int side, momui_vec3 *place) {
    const momui_foot *from = foot_now(p, side);
    double x = place->x - from->ball.x, z = place->z - from->ball.z, length = hypot(x, z);
    if (length <= LONGEST_STEP)
        return;
    place->x = from->ball.x + x * LONGEST_STEP / length;
    place->z = from->ball.z + z * LONGEST_STEP / length;
}

/* Where and how the foot is when it has arrived. */
static momui_foot arrived(planner *p, int side, const momui_legs_step *step) {
    static const double pitches[] = {
        [MOMUI_TOUCH] = 0.50, [MOMUI_HEEL] = -0.60, [MOMUI_KICK] = 0.10, [MOMUI_KNEE] = 0.50,
        [MOMUI_CURL] = 1.25,  [MOMUI_TWIST] = 0.10, [MOMUI_SHIFT] = 0.0};
    double turn = mirror_of(p, radians(step->turn)), lift = clamp(0.5, p->size, 1.15);
    momui_vec3 place = place_of(p, side, mirror_of(p, (double)step->x), (double)step->z, turn);
    double yaw = p->heading + turn + outward(side), pitch = pitches[step->how];
    if (stays(step->how))
        place = foot_now(p, side)->ball;
    else if (!in_air(step->how))
        shorten(p, side, &place);
    double ahead = step->how == MOMUI_KNEE   ? 0.17
                   : step->how == MOMUI_KICK ? 0.20
                   : step->how == MOMUI_CURL ? -0.30
                                             : 0.0;
    place = momui_vec3_add(place, turned(p->heading + turn, irregular(p, 0.015), 0.0,
                                         ahead * lift + irregular(p, 0.015)));
    if (stays(step->how))
        place = foot_now(p, side)->ball;
    momui_foot foot = {place, foot_turn(yaw, pitch), MOMUI_FOOT_BALL};
    if (in_air(step->how)) {
        double high = step->how == MOMUI_KICK ? 0.22 : step->how == MOMUI_KNEE ? 0.36 : 0.34;
        foot.ball.y += high * lift;
        foot.state = MOMUI_FOOT_AIR;
    } else if (step->how == MOMUI_HEEL) {
        momui_vec3 offset =
            momui_vec3_load(momui_body_offsets[side ? MOMUI_RIGHT_FOOT : MOMUI_LEFT_FOOT]);
        momui_vec3 flat = momui_quat_rotate(about_up(yaw), offset);
        momui_vec3 ankle = momui_vec3_subtract(foot.ball, flat);
        ankle.y = HEEL_HEIGHT;
        foot.ball = momui_vec3_add(ankle, momui_quat_rotate(foot.turn, offset));
        foot.state = MOMUI_FOOT_HEEL;
    }
    return foot;
}

/* ---- keys ---- */

static bool full(const momui_legs_plan *plan) {
    return plan->foot_keys[0] + 2 > MOMUI_LEGS_KEYS || plan->foot_keys[1] + 2 > MOMUI_LEGS_KEYS ||
           plan->pelvis_keys + 2 > MOMUI_LEGS_KEYS;
}

static double share_of(const planner *p) {
    return p->pattern->figure.flows ? 0.62 : clamp(0.2, p->style->arrival, 0.7) * 1.05;
}

/* A foot that would pass through the other one goes round it, on the side on which it passes; right
 * through it, on its own side. */
static momui_vec3 way_round(const planner *p, int side, momui_vec3 to) {
    momui_vec3 none = {0, 0, 0}, from = foot_now(p, side)->ball,
               other = foot_now(p, 1 - side)->ball;
    momui_vec3 way = momui_vec3_of(to.x - from.x, 0.0, to.z - from.z);
    momui_vec3 over = momui_vec3_of(other.x - from.x, 0.0, other.z - from.z);
    double length = momui_vec3_length(way);
    if (length < 0.08 || foot_now(p, 1 - side)->state == MOMUI_FOOT_AIR)
        return none;
    double share = momui_vec3_dot(over, way) / (length * length);
    if (share < 0.1 || share > 0.9)
        return none;
    momui_vec3 away = momui_vec3_subtract(momui_vec3_scale(way, share), over);
    double apart = momui_vec3_length(away);
    momui_vec3 outside = turned(p->heading, side == 0 ? 1.0 : -1.0, 0.0, 0.0);
    momui_vec3 across = momui_vec3_of(way.z / length, 0.0, -way.x / length);
    if (momui_vec3_dot(across, apart > 0.02 ? away : outside) < 0.0)
        across = momui_vec3_scale(across, -1.0);
    return momui_vec3_scale(across, fmax(0.0, FEET_APART - apart));
}

static void add_foot(planner *p, int side, double time, double count, momui_legs_how how,
                     momui_foot foot) {
    momui_foot_key *keys = p->plan->foot[side];
    size_t index = p->plan->foot_keys[side];
    const momui_foot_key *before = &keys[index - 1];
    double gap = time - before->time;
    double window = clamp(LEAST_WINDOW, share_of(p) * count, MOST_WINDOW);
    if (index == 1 && before->foot.state == MOMUI_FOOT_AIR)
        window = gap; /* a leg that the start left in the air comes down in its own time */
    momui_foot_key key = {.time = time, .window = fmin(window, 0.9 * gap), .foot = foot};
    key.planted = stays(how) && before->foot.state == MOMUI_FOOT_BALL;
    if (how != MOMUI_JUMP && !key.planted)
        key.bulge = way_round(p, side, foot.ball);
    key.skims = how == MOMUI_SLIDE;
    double way = hypot(foot.ball.x - before->foot.ball.x, foot.ball.z - before->foot.ball.z);
    key.lift = how == MOMUI_SLIDE  ? 0.012
               : how == MOMUI_JUMP ? 0.03 + 0.035 * p->size
               : in_air(how)       ? 0.03
                                   : (0.03 + 0.10 * way) * (0.6 + 0.5 * p->size);
    key.roll = how == MOMUI_SLIDE || before->foot.state != MOMUI_FOOT_BALL ? 0.0 : 0.28;
    if (gap < 1.5 * key.window)
        key.roll = 0.0;
    keys[index] = key;
    ++p->plan->foot_keys[side];
}

static const momui_legs_step standing = {1, '-', MOMUI_STEP, 0, 0, 0, 0};

/* Feet that no line moved: one in the air lands when the other leaves the ground, a foot that gets
 * the weight comes down flat, and none is twisted against the body. */
static void settle_foot(planner *p, int side, double time, double count, double turn,
                        double weight) {
    const momui_foot *foot = foot_now(p, side);
    double aim = p->heading + turn + outward(side), yaw = foot_yaw(foot);
    double twist = nearest_turn(yaw - aim, 0.0), pitch = foot_pitch(foot);
    if (foot->state != MOMUI_FOOT_BALL) {
        if (weight < 0.3)
            return;
        momui_legs_step step = standing;
        step.turn = (float)(mirror_of(p, turn) * 180.0 / MOMUI_PI);
        add_foot(p, side, time, count, MOMUI_STEP, arrived(p, side, &step));
        return;
    }
    bool turning = fabs(twist) > 0.45, lowering = weight > 0.4 && fabs(pitch) > 0.1;
    if (!turning && !lowering)
        return;
    momui_foot made = *foot;
    made.turn = foot_turn(turning ? yaw - 0.9 * twist : yaw, lowering ? 0.0 : pitch);
    add_foot(p, side, time, count, MOMUI_PIVOT, made);
}

/* How much the left foot has after these lines. */
static double weight_of(const planner *p, const momui_legs_step *const *lines, size_t count) {
    double load[2] = {-1.0, -1.0}, left = p->left;
    for (size_t i = 0; i < count; ++i) {
        momui_legs_how how = lines[i]->how;
        int side = side_of(p, lines[i]);
        if (how == MOMUI_SHIFT)
            left = 0.5 + 0.5 * mirror_of(p, (double)lines[i]->x);
        double own = how == MOMUI_ROCK                         ? 0.62
                     : how == MOMUI_SLIDE || side == 2         ? 0.5
                     : how == MOMUI_TOUCH || how == MOMUI_HEEL ? 0.10
                     : in_air(how)                             ? 0.0
                                                               : 0.9;
        for (int s = 0; s < 2 && side < 3; ++s)
            if (side == 2 || side == s)
                load[s] = own;
    }
    if (load[0] >= 0.0 && load[1] >= 0.0)
        left = load[0] / fmax(0.1, load[0] + load[1]);
    else if (load[0] >= 0.0)
        left = load[0];
    else if (load[1] >= 0.0)
        left = 1.0 - load[1];
    return left;
}

/* ---- the pelvis ---- */

static momui_vec3 support(const planner *p, int side) {
    const momui_foot *foot = foot_now(p, side);
    momui_vec3 back = turned(foot_yaw(foot), 0.0, 0.0, -BEHIND);
    return momui_vec3_add(foot->ball, back);
}

/* Over the feet by their weight; on one foot a little to the inside of it. */
static momui_vec3 carried(const planner *p, double yaw, double left) {
    bool on[2] = {foot_now(p, 0)->state != MOMUI_FOOT_AIR, foot_now(p, 1)->state != MOMUI_FOOT_AIR};
    momui_vec3 at;
    if (on[0] == on[1])
        at = momui_vec3_mix(support(p, 1), support(p, 0), left);
    else
        at = momui_vec3_add(support(p, on[0] ? 0 : 1), turned(yaw, on[0] ? -0.035 : 0.035, 0, 0));
    at.y = 0.0;
    return at;
}

/* How high the pelvis can be for the feet on the ground. */
static double highest(const planner *p, momui_vec3 at, double yaw, double left) {
    double high = 2.0;
    for (int side = 0; side < 2; ++side) {
        const momui_foot *foot = foot_now(p, side);
        double weight = side == 0 ? left : 1.0 - left;
        if (foot->state == MOMUI_FOOT_AIR)
            continue;
        momui_vec3 hip = momui_vec3_add(at, turned(yaw, side == 0 ? 0.09 : -0.09, 0.0, 0.0));
        momui_vec3 ankle = momui_vec3_add(foot->ball, turned(foot_yaw(foot), 0.0, 0.0, -0.13));
        double across = fmin(0.7, hypot(hip.x - ankle.x, hip.z - ankle.z));
        double heel = 0.08 + 0.10 * (1.0 - weight) * momui_smoothstep(0.0, 0.3, across);
        double reach = 0.975 * LEG;
        high = fmin(high, 0.08 + heel + sqrt(reach * reach - across * across));
    }
    return high;
}

static double sink_of(const planner *p, const momui_legs_step *const *lines, size_t count,
                      double accent) {
    double most = 0.0;
    for (size_t i = 0; i < count; ++i) {
        momui_legs_how how = lines[i]->how;
        double factor = in_air(how)                               ? 0.25
                        : how == MOMUI_SHIFT                      ? 1.2
                        : how == MOMUI_JUMP                       ? 1.6
                        : how == MOMUI_TOUCH || how == MOMUI_HEEL ? 0.6
                                                                  : 1.0;
        most = fmax(most, factor);
    }
    return most * (0.010 + 0.026 * p->style->weight) * (0.75 + 0.5 * accent);
}

static void add_pelvis(planner *p, const momui_legs_step *const *lines, size_t count, double time,
                       double beat, double turn, double accent) {
    momui_legs_plan *plan = p->plan;
    const momui_pelvis_key *before = &plan->pelvis[plan->pelvis_keys - 1];
    double gap = time - before->time, left = p->left, dip = 0.0, jumps = 0.0;
    bool twist = false;
    for (size_t i = 0; i < count; ++i) {
        dip = fmax(dip, (double)lines[i]->dip);
        dip = count == 1 ? (double)lines[i]->dip : dip;
        jumps = lines[i]->how == MOMUI_JUMP ? 1.0 : jumps;
        twist = twist || lines[i]->how == MOMUI_TWIST;
    }
    momui_pelvis_key key = {.time = time};
    double share = 1.08 * share_of(p) * beat;
    double most = p->pattern->figure.flows ? 2.0 : MOST_WINDOW;
    key.window = fmin(clamp(LEAST_WINDOW, share, most), 0.96 * gap);
    double facing = p->heading + (twist ? 0.6 : 1.0) * turn;
    key.place = carried(p, facing, left);
    momui_vec3 step = momui_vec3_subtract(foot_now(p, 0)->ball, foot_now(p, 1)->ball);
    double ahead = turned(-facing, step.x, 0.0, step.z).z;
    key.yaw = facing - clamp(-0.16, 0.25 * ahead, 0.16) + irregular(p, 0.03);
    key.roll = (left - 0.5) * 2.0 * (0.04 + 0.04 * p->style->looseness);
    key.pitch = 0.02 + 0.9 * fmax(0.0, dip) * (0.6 + 0.4 * p->size);
    key.place.y = 0.952 - 0.018 * p->style->weight - dip * (0.4 + 0.6 * p->size);
    key.place.y = fmin(key.place.y, highest(p, key.place, facing, left)) + irregular(p, 0.006);
    key.sink = sink_of(p, lines, count, accent);
    if (lines[0]->how == MOMUI_SHIFT) { /* standing, half of the dip is a bounce */
        key.sink += 0.5 * fmax(0.0, dip) * (0.4 + 0.6 * p->size) * (0.7 + 0.6 * accent);
        key.place.y += 0.5 * fmax(0.0, dip) * (0.4 + 0.6 * p->size);
    }
    key.fly = jumps * fmin(0.11, 9.81 * key.window * key.window / 8.0) * (0.5 + 0.5 * p->size);
    key.recovery = 0.45 * beat;
    plan->pelvis[plan->pelvis_keys++] = key;
}

/* ---- the phrase ---- */

/* Whether one foot comes down for the other to be lifted, without a jump: it lands before. */
static bool takes_over(const momui_legs_step *const *lines, size_t count) {
    return count == 2 && ((lines[0]->how == MOMUI_STEP && in_air(lines[1]->how)) ||
                          (lines[1]->how == MOMUI_STEP && in_air(lines[0]->how)));
}

/* Who turns on one foot has his place about that foot afterwards. */
static void turn_about(planner *p, int side, double turn) {
    momui_vec3 way =
        momui_vec3_subtract(foot_now(p, side)->ball, place_of(p, side, 0.0, 0.0, turn));
    p->home.x += way.x;
    p->home.z += way.z;
}

/* Right after a foot was put where the dance can begin. */
static bool too_soon(const planner *p, double time) {
    const momui_legs_plan *plan = p->plan;
    return plan->foot[0][plan->foot_keys[0] - 1].time > time - 0.05 ||
           plan->foot[1][plan->foot_keys[1] - 1].time > time - 0.05;
}

/* Lines that arrive together. */
static void plan_lines(planner *p, const momui_legs_step *const *lines, size_t count, double time,
                       double beat, double accent) {
    if (full(p->plan) || too_soon(p, time))
        return;
    double turn = mirror_of(p, radians(lines[0]->turn));
    bool moved[2] = {false, false}, over = takes_over(lines, count);
    double early = over ? fmin(0.2, 0.65 * share_of(p) * beat) : 0.0;
    for (size_t i = 0; i < count; ++i) {
        int side = side_of(p, lines[i]);
        double lead = lines[i]->how == MOMUI_STEP ? early : 0.0;
        for (int s = 0; s < 2 && side < 3; ++s)
            if (side == 2 || side == s) {
                add_foot(p, s, time - lead, over ? 0.75 * beat : beat, lines[i]->how,
                         arrived(p, s, lines[i]));
                moved[s] = true;
            }
        if (lines[i]->how == MOMUI_PIVOT && side < 2)
            turn_about(p, side, turn);
    }
    p->left = weight_of(p, lines, count);
    bool twist = lines[0]->how == MOMUI_TWIST;
    for (int s = 0; s < 2; ++s)
        if (!moved[s])
            settle_foot(p, s, time, beat, twist ? 0.0 : turn, s == 0 ? p->left : 1.0 - p->left);
    add_pelvis(p, lines, count, time, beat, turn, accent);
}

/* Home is where the foot that does not move first stands right; else in the middle. */
static void find_home(planner *p, const momui_lower *start, int moving) {
    momui_vec3 sum = {0, 0, 0}, none = {0, 0, 0};
    double feet = 0.0;
    p->home = none;
    for (int side = 0; side < 2; ++side) {
        bool stands = start->foot[side].state != MOMUI_FOOT_AIR;
        if (moving == side || (!stands && moving != 1 - side))
            continue;
        momui_vec3 place = start->foot[side].ball;
        sum = momui_vec3_add(sum, momui_vec3_subtract(place, place_of(p, side, 0.0, 0.0, 0.0)));
        feet += 1.0;
    }
    p->home = feet > 0.0 ? momui_vec3_scale(sum, 1.0 / feet) : start->pelvis;
    p->home.y = 0.0;
}

/* Feet that cannot be danced on as they are: too far apart, or crossed. */
static bool poor_stance(const momui_lower *start) {
    momui_vec3 way = momui_vec3_subtract(start->foot[0].ball, start->foot[1].ball);
    double yaw = momui_lower_yaw(start), wide = turned(-yaw, way.x, 0.0, way.z).x;
    return wide < 0.12 || hypot(way.x, way.z) > 0.55 || start->foot[0].state == MOMUI_FOOT_AIR ||
           start->foot[1].state == MOMUI_FOOT_AIR;
}

static void go_round(planner *p) {
    const momui_legs_pattern *pattern = p->pattern;
    momui_vec3 way = turned(p->heading, p->size * mirror_of(p, (double)pattern->travel.x), 0.0,
                            p->size * (double)pattern->travel.z);
    p->home = momui_vec3_add(p->home, way);
    p->heading += mirror_of(p, radians(pattern->travel.turn));
}

static double time_of(const planner *p, size_t count, double behind) {
    const double *times = p->counts->times;
    double share = 1.0 - behind; /* from the count before to this one */
    if (fabs(share - 0.5) < 1e-6)
        share = clamp(0.5, p->style->swing, 0.7);
    return times[count - 1] + share * (times[count] - times[count - 1]);
}

/* The lines between the count before and this one, which is `number` (1..) of the figure. */
static void plan_count(planner *p, size_t count, int32_t number, bool again) {
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
static int first_moving(const planner *p, int32_t number) {
    int moving = 2;
    for (size_t i = 0; i < p->pattern->step_count; ++i) {
        const momui_legs_step *step = &p->pattern->steps[i];
        int side = side_of(p, step);
        if (fabs((double)step->at - (double)number) > 1e-6 || side > 1 || stays(step->how))
            continue;
        moving = moving == 2 ? side : 3;
    }
    return moving > 1 ? 2 : moving;
}

static void begin(planner *p, const momui_lower *start, int32_t number) {
    momui_legs_plan *plan = p->plan;
    double yaw = momui_lower_yaw(start), time = p->counts->times[0];
    p->heading = nearest_turn(p->heading, yaw);
    for (int side = 0; side < 2; ++side) {
        momui_foot_key key = {.time = time, .foot = start->foot[side]};
        if (key.foot.state == MOMUI_FOOT_AIR && key.foot.ball.y < ALMOST_DOWN) {
            key.foot.state = MOMUI_FOOT_BALL; /* a frame before it lands */
            key.foot.ball.y = BALL_HEIGHT;
        }
        plan->foot[side][0] = key;
        plan->foot_keys[side] = 1;
    }
    momui_pelvis_key key = {.time = time, .place = start->pelvis, .yaw = yaw};
    key.recovery = 0.45 * (p->counts->times[1] - time);
    double high = 0.952 - 0.018 * p->style->weight;
    high = fmin(high, highest(p, start->pelvis, yaw, 0.5));
    key.sink = clamp(0.0, high - start->pelvis.y, 0.06); /* knees that gave come back */
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
        add_foot(p, 1 - stand, p->counts->times[1] - 0.35 * beat, beat, MOMUI_STEP,
                 arrived(p, 1 - stand, &standing));
    }
}

momu_status momui_legs_make_plan(const momui_legs_pattern *pattern, const momui_dancer_style *style,
                                 const momui_counts *counts, const momui_lower *start,
                                 double heading, bool mirrored, momui_random *random,
                                 momui_legs_plan *plan, momu_error *error) {
    planner p = {.pattern = pattern,
                 .style = style,
                 .counts = counts,
                 .plan = plan,
                 .random = random,
                 .mirrored = mirrored,
                 .heading = heading};
    p.size = clamp(0.2, style->size, 1.4);
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
