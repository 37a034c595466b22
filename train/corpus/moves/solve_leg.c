#include "train/corpus/moves/solve_leg.h"

#define LEAST_REACH 0.26  /* of the leg: a knee bends to 150 degrees at most */
#define SOFT_REACH 0.97   /* a swinging leg is held back from here */
#define BALL_HEIGHT 0.020 /* a flat sole */
#define ANKLE_HEIGHT 0.072
/* Between shin and foot, radians; a standing foot has 1.14. Up to FREE it bends as asked, then
 * softly less; pointed, it stops at LEAST. */
#define FOOT_FREE 1.78
#define FOOT_MOST 2.00
#define FOOT_LEAST 0.22
#define MOST_RISE 1.05
#define RISE_STEPS 10

static const int hips[2] = {MOMUI_LEFT_HIP, MOMUI_RIGHT_HIP};
static const int knees[2] = {MOMUI_LEFT_KNEE, MOMUI_RIGHT_KNEE};
static const int ankles[2] = {MOMUI_LEFT_ANKLE, MOMUI_RIGHT_ANKLE};
static const int balls[2] = {MOMUI_LEFT_FOOT, MOMUI_RIGHT_FOOT};

static momui_vec3 offset_of(int joint) {
    return momui_vec3_load(momui_body_offsets[joint]);
}

double momui_leg_length(void) {
    return momui_vec3_length(offset_of(MOMUI_LEFT_KNEE)) +
           momui_vec3_length(offset_of(MOMUI_LEFT_ANKLE));
}

momui_vec3 momui_leg_hip(momui_vec3 pelvis, momui_quat turn, int side) {
    return momui_vec3_add(pelvis, momui_quat_rotate(turn, offset_of(hips[side])));
}

/* ---- the foot ---- */

/* The foot with its heel up by `rise`: about the axis through its ball that lies across it. */
static momui_quat raised(const momui_foot *foot, double rise) {
    if (foot->state == MOMUI_FOOT_HEEL || !(fabs(rise) > 1e-9))
        return foot->turn;
    momui_vec3 across = momui_quat_rotate(foot->turn, momui_vec3_of(1, 0, 0));
    across.y = 0.0;
    return momui_quat_multiply(momui_quat_about(across, rise), foot->turn);
}

static momui_vec3 ankle_of(momui_vec3 ball, momui_quat turn, int side) {
    return momui_vec3_subtract(ball, momui_quat_rotate(turn, offset_of(balls[side])));
}

momui_vec3 momui_leg_ankle(const momui_foot *foot, int side, double rise) {
    return ankle_of(foot->ball, raised(foot, rise), side);
}

static double shin_to_foot(momui_vec3 shin, momui_quat turn, int side) {
    momui_vec3 toes = momui_quat_rotate(turn, offset_of(balls[side]));
    return atan2(momui_vec3_length(momui_vec3_cross(shin, toes)), momui_vec3_dot(shin, toes));
}

/* The angle between shin and foot that an asked one becomes. */
static double held_angle(double angle) {
    double room = FOOT_MOST - FOOT_FREE;
    if (angle > FOOT_FREE)
        return FOOT_FREE + room * (1.0 - exp((FOOT_FREE - angle) / room));
    return fmax(angle, FOOT_LEAST);
}

/* A foot in the air that is bent or pointed too far rotates back about its ankle. */
static momui_quat hold_foot(momui_vec3 shin, momui_quat turn, int side) {
    momui_vec3 toes = momui_quat_rotate(turn, offset_of(balls[side]));
    double angle = shin_to_foot(shin, turn, side), held = held_angle(angle);
    momui_quat back = momui_quat_about(momui_vec3_cross(toes, shin), angle - held);
    return fabs(angle - held) > 1e-9 ? momui_quat_multiply(back, turn) : turn;
}

/* No foot is in the ground: a swinging one is lifted, and a heel below its height turns up about
 * the ball. */
static momui_foot above_ground(const momui_foot *foot, int side, double rise) {
    momui_foot made = *foot;
    made.turn = raised(foot, rise);
    if (made.state == MOMUI_FOOT_HEEL)
        return made;
    made.ball.y = fmax(made.ball.y, BALL_HEIGHT);
    momui_vec3 heel = momui_vec3_subtract(ankle_of(made.ball, made.turn, side), made.ball);
    double length = momui_vec3_length(heel), least = ANKLE_HEIGHT - made.ball.y;
    if (heel.y >= least)
        return made;
    double more = asin(fmin(1.0, least / length)) - asin(fmax(-1.0, heel.y / length));
    momui_vec3 axis = momui_vec3_cross(heel, momui_vec3_of(0, 1, 0));
    made.turn = momui_quat_multiply(momui_quat_about(axis, more), made.turn);
    return made;
}

/* ---- the knee ---- */

/* From hip to knee, for an ankle at `ankle`; `reach` is how far it is. */
static momui_vec3 thigh_of(momui_vec3 line, double reach, momui_vec3 bend) {
    double a = momui_vec3_length(offset_of(MOMUI_LEFT_KNEE));
    double b = momui_vec3_length(offset_of(MOMUI_LEFT_ANKLE));
    double along = (a * a - b * b + reach * reach) / (2.0 * reach);
    double off = sqrt(fmax(0.0, a * a - along * along));
    return momui_vec3_add(momui_vec3_scale(line, along), momui_vec3_scale(bend, off));
}

/* At right angles to the leg, towards `knee`; where that lies along the leg, more and more the
 * direction of the frame before. */
static momui_vec3 bend_of(momui_vec3 line, momui_vec3 knee, momui_vec3 before) {
    momui_vec3 asked = momui_vec3_reject(knee, line), last = momui_vec3_reject(before, line);
    double weight = momui_smoothstep(0.1, 0.4, momui_vec3_length(asked));
    momui_vec3 fallback = momui_vec3_unit(last, momui_vec3_of(0, 0, 1));
    momui_vec3 wish = momui_vec3_mix(fallback, momui_vec3_unit(asked, fallback), weight);
    return momui_vec3_unit(wish, fallback);
}

static double clamp(double low, double x, double high) {
    return x < low ? low : x > high ? high : x;
}

/* The world rotation of a joint whose next one is at `offset` at rest and at `bone` now, and whose
 * hinge is `hinge`. */
static momui_quat bone_turn(momui_vec3 offset, momui_vec3 bone, momui_vec3 hinge) {
    momui_vec3 down = momui_vec3_of(0, -1, 0);
    momui_vec3 rest = momui_vec3_scale(momui_vec3_unit(offset, down), -1.0);
    momui_vec3 now = momui_vec3_scale(momui_vec3_unit(bone, down), -1.0);
    momui_vec3 rest_hinge =
        momui_vec3_unit(momui_vec3_reject(momui_vec3_of(1, 0, 0), rest), momui_vec3_of(1, 0, 0));
    momui_quat from = momui_quat_from_axes(rest_hinge, rest);
    momui_quat to =
        momui_quat_from_axes(momui_vec3_unit(momui_vec3_reject(hinge, now), hinge), now);
    return momui_quat_multiply(to, momui_quat_conjugate(from));
}

/* ---- what a foot asks of heel and pelvis ---- */

/* More than 0 where the rise is too small. */
static double too_low(momui_vec3 hip, const momui_foot *foot, momui_vec3 knee, int side,
                      double rise) {
    momui_vec3 way = momui_vec3_subtract(momui_leg_ankle(foot, side, rise), hip);
    double reach = momui_vec3_length(way), limit = MOMUI_LEG_REACH * momui_leg_length();
    if (reach > limit)
        return reach - limit;
    momui_vec3 line = momui_vec3_scale(way, 1.0 / reach);
    momui_vec3 thigh = thigh_of(line, reach, bend_of(line, knee, knee));
    double angle = shin_to_foot(momui_vec3_subtract(way, thigh), raised(foot, rise), side);
    return fmax(0.0, angle - FOOT_MOST);
}

double momui_leg_rise(momui_vec3 hip, const momui_foot *foot, momui_vec3 knee, int side) {
    if (foot->state != MOMUI_FOOT_BALL || !(too_low(hip, foot, knee, side, 0.0) > 0.0))
        return 0.0;
    double heel = momui_leg_ankle(foot, side, 0.0).y - foot->ball.y;
    double most = fmax(0.0, MOST_RISE - asin(clamp(-1.0, heel / 0.1436, 1.0)) + 0.43);
    double low = 0.0, high = most;
    for (int i = 0; i < RISE_STEPS; ++i) {
        double middle = 0.5 * (low + high);
        if (too_low(hip, foot, knee, side, middle) > 0.0)
            low = middle;
        else
            high = middle;
    }
    return high;
}

double momui_leg_drop(momui_vec3 hip, const momui_foot *foot, int side, double rise) {
    if (foot->state == MOMUI_FOOT_AIR)
        return 0.0;
    momui_vec3 way = momui_vec3_subtract(hip, momui_leg_ankle(foot, side, rise));
    double limit = MOMUI_LEG_REACH * momui_leg_length(), across = hypot(way.x, way.z);
    double height = across < limit ? sqrt(limit * limit - across * across) : 0.0;
    return fmax(0.0, way.y - height);
}

/* ---- the leg ---- */

/* From hip to ankle, as far as a leg goes: a swinging foot is held back softly. */
static momui_vec3 reachable(momui_vec3 way, bool swinging) {
    double length = momui_leg_length(), reach = momui_vec3_length(way);
    double soft = SOFT_REACH * length, most = MOMUI_LEG_REACH * length, held = reach;
    if (swinging && reach > soft)
        held = most - (most - soft) * exp((soft - reach) / (most - soft));
    held = clamp(LEAST_REACH * length, held, 0.9995 * length);
    return reach > 1e-9 ? momui_vec3_scale(way, held / reach) : momui_vec3_of(0.0, -held, 0.0);
}

/* The foot's place is fixed; an angle beyond the ankle's range moves the ball. */
static void bend_to(momui_vec3 hip, const momui_foot *placed, momui_vec3 knee, momui_vec3 bend,
                    int side, momui_leg *leg, momui_vec3 *ball) {
    bool swinging = placed->state == MOMUI_FOOT_AIR;
    momui_vec3 way = momui_vec3_subtract(ankle_of(placed->ball, placed->turn, side), hip);
    way = reachable(way, swinging);
    double reach = momui_vec3_length(way);
    momui_vec3 line = momui_vec3_scale(way, 1.0 / reach);
    leg->bend = bend_of(line, knee, bend);
    momui_vec3 thigh = thigh_of(line, reach, leg->bend);
    momui_vec3 shin = momui_vec3_subtract(way, thigh);
    momui_vec3 hinge = momui_vec3_cross(leg->bend, line);
    leg->hip = bone_turn(offset_of(knees[side]), thigh, hinge);
    leg->knee = bone_turn(offset_of(ankles[side]), shin, hinge);
    leg->ankle = swinging ? hold_foot(shin, placed->turn, side) : placed->turn;
    momui_vec3 ankle = momui_vec3_add(hip, way);
    *ball = momui_vec3_add(ankle, momui_quat_rotate(leg->ankle, offset_of(balls[side])));
}

void momui_leg_solve(momui_vec3 hip, const momui_foot *foot, momui_vec3 knee, momui_vec3 bend,
                     int side, double rise, momui_leg *leg) {
    momui_foot placed = above_ground(foot, side, rise);
    momui_vec3 ball;
    bend_to(hip, &placed, knee, bend, side, leg, &ball);
    for (int i = 0; i < 3 && placed.state == MOMUI_FOOT_AIR && ball.y < BALL_HEIGHT - 1e-4; ++i) {
        placed.ball.y += 1.1 * (BALL_HEIGHT - ball.y); /* toes that could not lift: the leg does */
        bend_to(hip, &placed, knee, bend, side, leg, &ball);
    }
}
