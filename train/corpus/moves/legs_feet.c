/* Keys of the feet: where they arrive by the lines of a figure, for this dancer. */
#include "train/corpus/moves/legs_keys.h"

#define TURNED_OUT 0.14
#define HEEL_HEIGHT 0.080 /* of an ankle whose heel is on the ground */
#define FEET_APART 0.11
#define LONGEST_STEP 0.66

static momui_quat about_up(double angle) {
    return momui_quat_about(momui_vec3_of(0, 1, 0), angle);
}

static momui_quat foot_turn(double yaw, double pitch) {
    return momui_quat_multiply(about_up(yaw), momui_quat_about(momui_vec3_of(1, 0, 0), pitch));
}

static double outward(int side) {
    return side == 0 ? TURNED_OUT : -TURNED_OUT;
}

const momui_legs_step momui_legs_standing = {1, '-', MOMUI_STEP, 0, 0, 0, 0};

/* ---- the lines of a figure, for this dancer ---- */

momui_vec3 momui_legs_place(const momui_legs_planner *p, int side, double x, double z,
                            double turn) {
    momui_vec3 rest = p->rest.foot[side].ball;
    momui_vec3 way = momui_legs_turned(p->heading, p->size * x, 0.0, p->size * z);
    momui_vec3 stance = momui_legs_turned(p->heading + turn, rest.x, 0.0, rest.z);
    momui_vec3 at = momui_vec3_add(p->home, momui_vec3_add(way, stance));
    at.y = MOMUI_LEGS_BALL_HEIGHT;
    return at;
}

double momui_legs_irregular(momui_legs_planner *p, double size) {
    return size * p->style->noise * (2.0 * (double)momui_random_uniform(p->random) - 1.0);
}

static void shorten(const momui_legs_planner *p, int side, momui_vec3 *place) {
    const momui_foot *from = momui_legs_foot_now(p, side);
    double x = place->x - from->ball.x, z = place->z - from->ball.z, length = hypot(x, z);
    if (length <= LONGEST_STEP)
        return;
    place->x = from->ball.x + x * LONGEST_STEP / length;
    place->z = from->ball.z + z * LONGEST_STEP / length;
}

momui_foot momui_legs_arrived(momui_legs_planner *p, int side, const momui_legs_step *step) {
    static const double pitches[] = {
        [MOMUI_TOUCH] = 0.50, [MOMUI_HEEL] = -0.60, [MOMUI_KICK] = 0.10, [MOMUI_KNEE] = 0.50,
        [MOMUI_CURL] = 1.25,  [MOMUI_TWIST] = 0.10, [MOMUI_SHIFT] = 0.0};
    double turn = momui_legs_mirror(p, momui_legs_radians(step->turn)),
           lift = momui_legs_clamp(0.5, p->size, 1.15);
    momui_vec3 place =
        momui_legs_place(p, side, momui_legs_mirror(p, (double)step->x), (double)step->z, turn);
    double yaw = p->heading + turn + outward(side), pitch = pitches[step->how];
    if (momui_legs_stays(step->how))
        place = momui_legs_foot_now(p, side)->ball;
    else if (!momui_legs_in_air(step->how))
        shorten(p, side, &place);
    double ahead = step->how == MOMUI_KNEE   ? 0.17
                   : step->how == MOMUI_KICK ? 0.20
                   : step->how == MOMUI_CURL ? -0.30
                                             : 0.0;
    place = momui_vec3_add(place,
                           momui_legs_turned(p->heading + turn, momui_legs_irregular(p, 0.015), 0.0,
                                             ahead * lift + momui_legs_irregular(p, 0.015)));
    if (momui_legs_stays(step->how))
        place = momui_legs_foot_now(p, side)->ball;
    momui_foot foot = {place, foot_turn(yaw, pitch), MOMUI_FOOT_BALL};
    if (momui_legs_in_air(step->how)) {
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

/* A foot that would pass through the other one goes round it, on the side on which it passes; right
 * through it, on its own side. */
static momui_vec3 way_round(const momui_legs_planner *p, int side, momui_vec3 to) {
    momui_vec3 none = {0, 0, 0}, from = momui_legs_foot_now(p, side)->ball,
               other = momui_legs_foot_now(p, 1 - side)->ball;
    momui_vec3 way = momui_vec3_of(to.x - from.x, 0.0, to.z - from.z);
    momui_vec3 over = momui_vec3_of(other.x - from.x, 0.0, other.z - from.z);
    double length = momui_vec3_length(way);
    if (length < 0.08 || momui_legs_foot_now(p, 1 - side)->state == MOMUI_FOOT_AIR)
        return none;
    double share = momui_vec3_dot(over, way) / (length * length);
    if (share < 0.1 || share > 0.9)
        return none;
    momui_vec3 away = momui_vec3_subtract(momui_vec3_scale(way, share), over);
    double apart = momui_vec3_length(away);
    momui_vec3 outside = momui_legs_turned(p->heading, side == 0 ? 1.0 : -1.0, 0.0, 0.0);
    momui_vec3 across = momui_vec3_of(way.z / length, 0.0, -way.x / length);
    if (momui_vec3_dot(across, apart > 0.02 ? away : outside) < 0.0)
        across = momui_vec3_scale(across, -1.0);
    return momui_vec3_scale(across, fmax(0.0, FEET_APART - apart));
}

void momui_legs_add_foot(momui_legs_planner *p, int side, double time, double count,
                         momui_legs_how how, momui_foot foot) {
    momui_foot_key *keys = p->plan->foot[side];
    size_t index = p->plan->foot_keys[side];
    const momui_foot_key *before = &keys[index - 1];
    double gap = time - before->time;
    double window = momui_legs_clamp(MOMUI_LEGS_LEAST_WINDOW, momui_legs_share(p) * count,
                                     MOMUI_LEGS_MOST_WINDOW);
    if (index == 1 && before->foot.state == MOMUI_FOOT_AIR)
        window = gap; /* a leg that the start left in the air comes down in its own time */
    momui_foot_key key = {.time = time, .window = fmin(window, 0.9 * gap), .foot = foot};
    key.planted = momui_legs_stays(how) && before->foot.state == MOMUI_FOOT_BALL;
    if (how != MOMUI_JUMP && !key.planted)
        key.bulge = way_round(p, side, foot.ball);
    key.skims = how == MOMUI_SLIDE;
    double way = hypot(foot.ball.x - before->foot.ball.x, foot.ball.z - before->foot.ball.z);
    key.lift = how == MOMUI_SLIDE       ? 0.012
               : how == MOMUI_JUMP      ? 0.03 + 0.035 * p->size
               : momui_legs_in_air(how) ? 0.03
                                        : (0.03 + 0.10 * way) * (0.6 + 0.5 * p->size);
    key.roll = how == MOMUI_SLIDE || before->foot.state != MOMUI_FOOT_BALL ? 0.0 : 0.28;
    if (gap < 1.5 * key.window)
        key.roll = 0.0;
    keys[index] = key;
    ++p->plan->foot_keys[side];
}

void momui_legs_settle_foot(momui_legs_planner *p, int side, double time, double count, double turn,
                            double weight) {
    const momui_foot *foot = momui_legs_foot_now(p, side);
    double aim = p->heading + turn + outward(side), yaw = momui_foot_yaw(foot);
    double twist = momui_legs_nearest_turn(yaw - aim, 0.0), pitch = momui_foot_pitch(foot);
    if (foot->state != MOMUI_FOOT_BALL) {
        if (weight < 0.3)
            return;
        momui_legs_step step = momui_legs_standing;
        step.turn = (float)(momui_legs_mirror(p, turn) * 180.0 / MOMUI_PI);
        momui_legs_add_foot(p, side, time, count, MOMUI_STEP, momui_legs_arrived(p, side, &step));
        return;
    }
    bool turning = fabs(twist) > 0.45, lowering = weight > 0.4 && fabs(pitch) > 0.1;
    if (!turning && !lowering)
        return;
    momui_foot made = *foot;
    made.turn = foot_turn(turning ? yaw - 0.9 * twist : yaw, lowering ? 0.0 : pitch);
    momui_legs_add_foot(p, side, time, count, MOMUI_PIVOT, made);
}

double momui_legs_weight(const momui_legs_planner *p, const momui_legs_step *const *lines,
                         size_t count) {
    double load[2] = {-1.0, -1.0}, left = p->left;
    for (size_t i = 0; i < count; ++i) {
        momui_legs_how how = lines[i]->how;
        int side = momui_legs_side(p, lines[i]);
        if (how == MOMUI_SHIFT)
            left = 0.5 + 0.5 * momui_legs_mirror(p, (double)lines[i]->x);
        double own = how == MOMUI_ROCK                         ? 0.62
                     : how == MOMUI_SLIDE || side == 2         ? 0.5
                     : how == MOMUI_TOUCH || how == MOMUI_HEEL ? 0.10
                     : momui_legs_in_air(how)                  ? 0.0
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
