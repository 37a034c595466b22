/* Transitions between phrases. Poses arrive on counts, so both phrases are nearly at rest there:
 * the difference decays, and feet step. */
#include "train/corpus/dance/phrase.h"

#include <math.h>

static const double PELVIS_SECONDS = 0.42, LEAST_STEP = 0.22, MOST_STEP = 0.42;
static const double NEAR = 0.025, NEAR_TURN = 0.15; /* metres, radians: not worth a step */

static double smooth(double u) {
    u = fmin(1.0, fmax(0.0, u));
    return u * u * u * (10.0 - 15.0 * u + 6.0 * u * u);
}

static double angle_between(momui_quat a, momui_quat b) {
    double dot = fabs(a.w * b.w + a.x * b.x + a.y * b.y + a.z * b.z);
    return 2.0 * acos(fmin(1.0, dot));
}

/* The rest of an offset rotation after `done` of it has decayed. */
static momui_quat decayed(momui_quat offset, double done) {
    return momui_quat_slerp(offset, momui_quat_identity(), done);
}

/* From direction `a` to `b` by the shortest way round, never through nothing. */
static momui_vec3 swung(momui_vec3 a, momui_vec3 b, double done) {
    return momui_quat_rotate(decayed(momui_quat_between(b, a), done), b);
}

static void join_pelvis(momui_segment *segment, const momui_lower *start) {
    momui_vec3 away = momui_vec3_subtract(start->pelvis, segment->lower[0].pelvis);
    momui_quat turn =
        momui_quat_multiply(start->turn, momui_quat_conjugate(segment->lower[0].turn));
    for (int64_t t = 0; t < segment->frames; t++) {
        double done = smooth((double)t / MOMUI_SEGMENT_RATE / PELVIS_SECONDS);
        momui_lower *l = &segment->lower[t];
        if (done >= 1.0)
            break;
        l->pelvis = momui_vec3_add(l->pelvis, momui_vec3_scale(away, 1.0 - done));
        l->turn = momui_quat_multiply(decayed(turn, done), l->turn);
        for (int side = 0; side < 2; side++)
            l->knee[side] = swung(start->knee[side], l->knee[side], done);
    }
}

/* A foot that stands where the segment wants it, all but a little: it stays until the segment lifts
 * it, and takes up the segment's way in the air. */
static void keep_foot(momui_segment *segment, int side, momui_foot start) {
    int64_t t = 0;
    for (; t < segment->frames &&
           segment->lower[t].foot[side].state == segment->lower[0].foot[side].state;
         t++) {
        momui_foot *foot = &segment->lower[t].foot[side];
        if (foot->state == MOMUI_FOOT_AIR)
            break;
        foot->ball = start.ball;
        foot->turn = start.turn;
        foot->state = start.state;
    }
    double seconds = 0.18;
    for (int64_t k = t; k < segment->frames; k++) {
        double done = smooth((double)(k - t + 1) / MOMUI_SEGMENT_RATE / seconds);
        momui_foot *foot = &segment->lower[k].foot[side];
        if (done >= 1.0)
            break;
        foot->ball = momui_vec3_mix(start.ball, foot->ball, done);
        foot->turn = momui_quat_slerp(start.turn, foot->turn, done);
        foot->state = MOMUI_FOOT_AIR;
    }
}

/* A step from where the foot is to the segment's: planted until `begin`, then in the air until
 * `end` (seconds from the transition). */
static void step_foot(momui_segment *segment, int side, momui_foot start, double begin,
                      double end) {
    momui_foot target = segment->lower[0].foot[side];
    double way = momui_vec3_length(momui_vec3_subtract(target.ball, start.ball));
    double lift = fmin(0.10, 0.035 + 0.12 * way);
    bool planted = start.state != MOMUI_FOOT_AIR;
    for (int64_t t = 0; t < segment->frames; t++) {
        double now = (double)t / MOMUI_SEGMENT_RATE;
        momui_foot *foot = &segment->lower[t].foot[side];
        if (now >= end)
            break;
        if (now < begin && planted) {
            *foot = start;
            continue;
        }
        double u = planted ? (now - begin) / (end - begin) : now / end, done = smooth(u);
        double arc = sin(MOMUI_PI * fmin(1.0, fmax(0.0, u)));
        foot->ball = momui_vec3_mix(start.ball, foot->ball, done);
        foot->ball.y = fmax(foot->ball.y, 0.02) + lift * arc;
        foot->turn = momui_quat_slerp(start.turn, foot->turn, done);
        foot->state = MOMUI_FOOT_AIR;
    }
}

void momui_transition_lower(momui_segment *segment, const momui_lower *start, double beat) {
    double step = fmin(MOST_STEP, fmax(LEAST_STEP, 0.5 * beat));
    bool moves[2];
    int first = 0;
    double ways[2];
    for (int side = 0; side < 2; side++) {
        const momui_foot *a = &start->foot[side], *b = &segment->lower[0].foot[side];
        ways[side] = momui_vec3_length(momui_vec3_subtract(a->ball, b->ball));
        moves[side] = ways[side] > NEAR || angle_between(a->turn, b->turn) > NEAR_TURN ||
                      a->state == MOMUI_FOOT_AIR || b->state == MOMUI_FOOT_AIR;
    }
    /* the foot that is in the air already, or that the segment has in the air, goes first */
    if (start->foot[1].state == MOMUI_FOOT_AIR)
        first = 1;
    else if (start->foot[0].state != MOMUI_FOOT_AIR &&
             (segment->lower[0].foot[1].state == MOMUI_FOOT_AIR ||
              (segment->lower[0].foot[0].state != MOMUI_FOOT_AIR && ways[1] > ways[0])))
        first = 1;
    for (int k = 0; k < 2; k++) {
        int side = k == 0 ? first : 1 - first;
        double begin = k == 0 || !moves[first] ? 0.0 : step;
        momui_foot from = start->foot[side];
        if (moves[side])
            step_foot(segment, side, from, begin, begin + step);
        else
            keep_foot(segment, side, from);
    }
    join_pelvis(segment, start);
}

void momui_transition_upper(momui_segment *segment, const momui_upper *start, double seconds) {
    momui_upper zero = segment->upper[0];
    momui_vec3 away = momui_vec3_subtract(start->shift, zero.shift);
    for (int64_t t = 0; t < segment->frames; t++) {
        double done = smooth((double)t / MOMUI_SEGMENT_RATE / seconds);
        momui_upper *u = &segment->upper[t];
        if (done >= 1.0)
            break;
        for (int j = 0; j < MOMUI_BODY_JOINTS; j++) {
            momui_quat offset =
                momui_quat_multiply(start->joint[j], momui_quat_conjugate(zero.joint[j]));
            u->joint[j] = momui_quat_multiply(decayed(offset, done), u->joint[j]);
        }
        u->shift = momui_vec3_add(u->shift, momui_vec3_scale(away, 1.0 - done));
        u->tilt = momui_quat_multiply(
            decayed(momui_quat_multiply(start->tilt, momui_quat_conjugate(zero.tilt)), done),
            u->tilt);
    }
}

/* A pelvis' orientation without the way that it faces. */
static momui_quat lean_of(const momui_lower *lower) {
    momui_quat yaw = momui_quat_about(momui_vec3_of(0, 1, 0), momui_lower_yaw(lower));
    return momui_quat_multiply(momui_quat_conjugate(yaw), lower->turn);
}

void momui_transition_layer(momui_segment *segment, const momui_segment *from, double share) {
    int64_t frames = segment->frames < from->frames ? segment->frames : from->frames;
    for (int64_t t = 0; t < frames; t++) {
        momui_upper *u = &segment->upper[t];
        momui_quat own = lean_of(&segment->lower[t]);
        momui_quat wish = momui_quat_slerp(own, lean_of(&from->lower[t]), share);
        *u = from->upper[t];
        u->joint[MOMUI_SPINE1] = momui_quat_multiply(
            momui_quat_multiply(momui_quat_conjugate(own), wish), u->joint[MOMUI_SPINE1]);
    }
}
