/* Keys of the pelvis: over the feet by their weight, as high as they allow, lower by the lines'
 * dips. */
#include "train/corpus/moves/legs_keys.h"

#define LEG 0.82
#define BEHIND 0.075 /* metres behind the ball: where a foot carries */

static momui_vec3 support(const momui_legs_planner *p, int side) {
    const momui_foot *foot = momui_legs_foot_now(p, side);
    momui_vec3 back = momui_legs_turned(momui_foot_yaw(foot), 0.0, 0.0, -BEHIND);
    return momui_vec3_add(foot->ball, back);
}

/* Over the feet by their weight; on one foot a little to the inside of it. */
static momui_vec3 carried(const momui_legs_planner *p, double yaw, double left) {
    bool on[2] = {momui_legs_foot_now(p, 0)->state != MOMUI_FOOT_AIR,
                  momui_legs_foot_now(p, 1)->state != MOMUI_FOOT_AIR};
    momui_vec3 at;
    if (on[0] == on[1])
        at = momui_vec3_mix(support(p, 1), support(p, 0), left);
    else
        at = momui_vec3_add(support(p, on[0] ? 0 : 1),
                            momui_legs_turned(yaw, on[0] ? -0.035 : 0.035, 0, 0));
    at.y = 0.0;
    return at;
}

double momui_legs_highest(const momui_legs_planner *p, momui_vec3 at, double yaw, double left) {
    double high = 2.0;
    for (int side = 0; side < 2; ++side) {
        const momui_foot *foot = momui_legs_foot_now(p, side);
        double weight = side == 0 ? left : 1.0 - left;
        if (foot->state == MOMUI_FOOT_AIR)
            continue;
        momui_vec3 hip =
            momui_vec3_add(at, momui_legs_turned(yaw, side == 0 ? 0.09 : -0.09, 0.0, 0.0));
        momui_vec3 ankle =
            momui_vec3_add(foot->ball, momui_legs_turned(momui_foot_yaw(foot), 0.0, 0.0, -0.13));
        double across = fmin(0.7, hypot(hip.x - ankle.x, hip.z - ankle.z));
        double heel = 0.08 + 0.10 * (1.0 - weight) * momui_smoothstep(0.0, 0.3, across);
        double reach = 0.975 * LEG;
        high = fmin(high, 0.08 + heel + sqrt(reach * reach - across * across));
    }
    return high;
}

static double sink_of(const momui_legs_planner *p, const momui_legs_step *const *lines,
                      size_t count, double accent) {
    double most = 0.0;
    for (size_t i = 0; i < count; ++i) {
        momui_legs_how how = lines[i]->how;
        double factor = momui_legs_in_air(how)                    ? 0.25
                        : how == MOMUI_SHIFT                      ? 1.2
                        : how == MOMUI_JUMP                       ? 1.6
                        : how == MOMUI_TOUCH || how == MOMUI_HEEL ? 0.6
                                                                  : 1.0;
        most = fmax(most, factor);
    }
    return most * (0.010 + 0.026 * p->style->weight) * (0.75 + 0.5 * accent);
}

void momui_legs_add_pelvis(momui_legs_planner *p, const momui_legs_step *const *lines, size_t count,
                           double time, double beat, double turn, double accent) {
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
    double share = 1.08 * momui_legs_share(p) * beat;
    double most = p->pattern->figure.flows ? 2.0 : MOMUI_LEGS_MOST_WINDOW;
    key.window = fmin(momui_legs_clamp(MOMUI_LEGS_LEAST_WINDOW, share, most), 0.96 * gap);
    double facing = p->heading + (twist ? 0.6 : 1.0) * turn;
    key.place = carried(p, facing, left);
    momui_vec3 step =
        momui_vec3_subtract(momui_legs_foot_now(p, 0)->ball, momui_legs_foot_now(p, 1)->ball);
    double ahead = momui_legs_turned(-facing, step.x, 0.0, step.z).z;
    key.yaw = facing - momui_legs_clamp(-0.16, 0.25 * ahead, 0.16) + momui_legs_irregular(p, 0.03);
    key.roll = (left - 0.5) * 2.0 * (0.04 + 0.04 * p->style->looseness);
    key.pitch = 0.02 + 0.9 * fmax(0.0, dip) * (0.6 + 0.4 * p->size);
    key.place.y = 0.952 - 0.018 * p->style->weight - dip * (0.4 + 0.6 * p->size);
    key.place.y = fmin(key.place.y, momui_legs_highest(p, key.place, facing, left)) +
                  momui_legs_irregular(p, 0.006);
    key.sink = sink_of(p, lines, count, accent);
    if (lines[0]->how == MOMUI_SHIFT) { /* standing, half of the dip is a bounce */
        key.sink += 0.5 * fmax(0.0, dip) * (0.4 + 0.6 * p->size) * (0.7 + 0.6 * accent);
        key.place.y += 0.5 * fmax(0.0, dip) * (0.4 + 0.6 * p->size);
    }
    key.fly = jumps * fmin(0.11, 9.81 * key.window * key.window / 8.0) * (0.5 + 0.5 * p->size);
    key.recovery = 0.45 * beat;
    plan->pelvis[plan->pelvis_keys++] = key;
}
