/* From keys to frames. Feet and pelvis are on their way in the last part of the time before a key,
 * arrive with it and are still until the next way begins. */
#include "train/corpus/moves/legs.h"

/* Seconds after the count, and share of its way: the pelvis comes to rest after the foot. */
#define LAG 0.020
#define LAG_SHARE 0.12
#define ROLL_TIME 0.09 /* before a foot leaves: its heel comes up */
#define JOIN 0.6       /* seconds: from the start's knees and tilt to the figure's */

/* A human is never quite still: three slow waves for each of five degrees of freedom. */
typedef struct unrest {
    double phase[5][3], speed[5][3];
} unrest;

static void draw_unrest(momui_random *random, unrest *u) {
    for (int i = 0; i < 5; ++i)
        for (int k = 0; k < 3; ++k) {
            u->phase[i][k] = 2.0 * MOMUI_PI * (double)momui_random_uniform(random);
            u->speed[i][k] =
                2.0 * MOMUI_PI * (0.25 + 0.35 * k + 0.3 * (double)momui_random_uniform(random));
        }
}

static double unrest_at(const unrest *u, int way, double time) {
    double sum = 0.0;
    for (int k = 0; k < 3; ++k)
        sum += sin(u->phase[way][k] + u->speed[way][k] * time) / (1.0 + k);
    return sum / 1.83;
}

/* ---- the pelvis ---- */

/* Sets off gently and stops late. */
static double ease(double u) {
    return u <= 0.0 ? 0.0 : u >= 1.0 ? 1.0 : momui_smoothstep(0.0, 1.0, pow(u, 1.25));
}

/* Knees give on arrival and come back so slowly that no deceleration peak falls between counts. */
static double giving(const momui_pelvis_key *key, double time) {
    double since = time - key->time, down = fmin(0.16, 0.8 * key->window);
    if (since <= -down && key->window > 0.0)
        return 0.0;
    double in = key->window > 0.0 ? momui_smoothstep(-down, 0.03, since) : 1.0;
    double out = since > 0.0 ? since / key->recovery : 0.0;
    return in * exp(-out * out / (0.6 + out));
}

static momui_pelvis_key pelvis_at(const momui_legs_plan *plan, double time) {
    momui_pelvis_key now = plan->pelvis[0];
    now.place.y -= now.sink * giving(&now, time);
    for (size_t k = 1; k < plan->pelvis_keys; ++k) {
        const momui_pelvis_key *key = &plan->pelvis[k], *before = key - 1;
        double begin = key->time - key->window;
        if (time <= begin - 0.05)
            break;
        double u = (time - begin) / (key->window * (1.0 + LAG_SHARE) + LAG), s = ease(u);
        now.place = momui_vec3_add(
            now.place, momui_vec3_scale(momui_vec3_subtract(key->place, before->place), s));
        now.yaw += s * (key->yaw - before->yaw);
        now.roll += s * (key->roll - before->roll);
        now.pitch += s * (key->pitch - before->pitch);
        now.place.y -= key->sink * giving(key, time);
        double air =
            (time - begin) / (key->window * (1.0 + LAG_SHARE) + LAG); /* up gently, down hard */
        if (air > 0.0 && air < 1.0)
            now.place.y += key->fly * 10.0 * air * air * pow(1.0 - air, 1.4);
    }
    return now;
}

/* ---- the feet ---- */

static momui_quat heel_up(momui_quat turn, double angle) {
    return momui_quat_multiply(turn, momui_quat_about(momui_vec3_of(1, 0, 0), angle));
}

/* On its way: it leaves the ground before it goes, and is over its place before it lands. */
static momui_foot foot_between(const momui_foot *from, const momui_foot_key *to, double u) {
    double s = momui_smoothstep(0.05, 0.95, u);
    if (to->skims) /* no slow part in which it would creep over the ground */
        s = 0.4 * s + 0.6 * u;
    double arch = 6.75 * u * u * (1.0 - u);
    momui_foot foot = {momui_vec3_mix(from->ball, to->foot.ball, s),
                       momui_quat_slerp(from->turn, to->foot.turn, momui_smoothstep(0.0, 1.0, u)),
                       to->planted ? MOMUI_FOOT_BALL : MOMUI_FOOT_AIR};
    foot.ball = momui_vec3_add(foot.ball, momui_vec3_scale(to->bulge, pow(4.0 * s * (1.0 - s), 2)));
    if (to->planted) {
        foot.ball = from->ball;
        foot.turn = heel_up(foot.turn, 0.22 * sin(MOMUI_PI * u) * sin(MOMUI_PI * u));
        return foot;
    }
    bool lands = to->foot.state != MOMUI_FOOT_AIR;
    if (lands && from->state == MOMUI_FOOT_AIR) /* from above: down at the end */
        foot.ball.y = to->foot.ball.y + (from->ball.y - to->foot.ball.y) * (1.0 - s * u);
    else
        foot.ball.y += to->lift * arch;
    double roll = to->roll * (1.0 - momui_smoothstep(0.0, 1.0, u)) * (1.0 + 2.0 * u);
    foot.turn = heel_up(foot.turn, roll);
    return foot;
}

static momui_foot foot_at(const momui_legs_plan *plan, int side, double time) {
    const momui_foot_key *keys = plan->foot[side];
    size_t k = 0;
    while (k + 1 < plan->foot_keys[side] && keys[k + 1].time <= time)
        ++k;
    momui_foot foot = keys[k].foot;
    if (k + 1 == plan->foot_keys[side])
        return foot;
    const momui_foot_key *next = &keys[k + 1];
    double begin = next->time - next->window;
    if (time > begin)
        return foot_between(&foot, next, (time - begin) / next->window);
    if (foot.state == MOMUI_FOOT_BALL && !next->planted)
        foot.turn =
            heel_up(foot.turn, next->roll * momui_smoothstep(-ROLL_TIME, 0.0, time - begin));
    return foot;
}

/* ---- a frame ---- */

/* Between where the foot and where the pelvis point, a little outward. */
static momui_vec3 knee_of(const momui_foot *foot, double yaw, int side) {
    momui_vec3 toes = momui_quat_rotate(foot->turn, momui_vec3_of(0, 0, 1));
    toes.y = 0.0;
    momui_vec3 pelvis = momui_vec3_of(sin(yaw), 0.0, cos(yaw));
    momui_vec3 left = momui_vec3_of(cos(yaw), 0.0, -sin(yaw));
    momui_vec3 sum = momui_vec3_add(momui_vec3_unit(toes, pelvis), pelvis);
    sum = momui_vec3_add(sum, momui_vec3_scale(left, side == 0 ? 0.15 : -0.15));
    return momui_vec3_unit(sum, pelvis);
}

typedef struct phrase {
    const momui_legs_plan *plan;
    const momui_lower *start;
    const momui_dancer_style *style;
    unrest unrest;
    double begin;
    momui_quat tilt; /* of the start, on top of its yaw */
} phrase;

static void dance_frame(const phrase *p, double time, momui_lower *lower) {
    momui_pelvis_key pelvis = pelvis_at(p->plan, time);
    double joined = momui_smoothstep(0.0, JOIN, time - p->begin);
    double size = joined * p->style->noise;
    pelvis.place.x += 0.005 * size * unrest_at(&p->unrest, 0, time);
    pelvis.place.y += 0.003 * size * unrest_at(&p->unrest, 1, time);
    pelvis.place.z += 0.005 * size * unrest_at(&p->unrest, 2, time);
    pelvis.roll += 0.012 * size * unrest_at(&p->unrest, 3, time);
    double yaw = pelvis.yaw + 0.02 * size * unrest_at(&p->unrest, 4, time);
    momui_quat turn = momui_quat_about(momui_vec3_of(0, 1, 0), yaw);
    turn = momui_quat_multiply(turn, momui_quat_about(momui_vec3_of(0, 0, 1), pelvis.roll));
    turn = momui_quat_multiply(turn, momui_quat_about(momui_vec3_of(1, 0, 0), pelvis.pitch));
    momui_quat tilt = momui_quat_slerp(p->tilt, momui_quat_identity(), joined);
    lower->pelvis = pelvis.place;
    lower->turn = momui_quat_unit(momui_quat_multiply(turn, tilt));
    for (int side = 0; side < 2; ++side) {
        lower->foot[side] = foot_at(p->plan, side, time);
        momui_vec3 knee = knee_of(&lower->foot[side], yaw, side);
        lower->knee[side] =
            momui_vec3_unit(momui_vec3_mix(p->start->knee[side], knee, joined), knee);
    }
}

momu_status momui_legs_dance(size_t figure, const momui_dancer_style *style,
                             const momui_counts *counts, const momui_lower *start, double heading,
                             bool mirrored, momui_random *random, momui_segment *segment,
                             momu_error *error) {
    const momui_legs_pattern *pattern = momui_legs_pattern_at(figure);
    if (!pattern)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "there are %zu figures of the legs, not %zu",
                          momui_legs_count(), figure + 1);
    momui_lower from = *start; /* `start` may be a frame of this segment */
    momui_legs_plan *plan = momui_calloc(segment->memory, 1, sizeof *plan);
    if (!plan)
        return momui_fail_memory(error, "a phrase of the legs");
    phrase p = {.plan = plan, .start = &from, .style = style, .begin = counts->times[0]};
    draw_unrest(random, &p.unrest);
    momui_quat yaw = momui_quat_about(momui_vec3_of(0, 1, 0), -momui_lower_yaw(&from));
    p.tilt = momui_quat_multiply(yaw, from.turn);
    momu_status status =
        momui_legs_make_plan(pattern, style, counts, &from, heading, mirrored, random, plan, error);
    int64_t first = (int64_t)ceil((counts->times[0] - segment->start) * MOMUI_SEGMENT_RATE - 1e-6);
    for (int64_t t = first > 0 ? first : 0; status == MOMU_OK && t < segment->frames; ++t)
        dance_frame(&p, segment->start + (double)t / MOMUI_SEGMENT_RATE, &segment->lower[t]);
    momui_free(plan);
    return status;
}
