/* From a body to a segment. Frames of a foot in contact are cut into stances, and each stance gets
 * an anchor: where its ball (or, on the heel, its ankle) stands. In the air the way from one
 * stance's correction to the next one's is smooth. */
#include "motion/body.h"
#include "motion/contacts.h"
#include "motion/kinematics.h"
#include "train/corpus/moves/segment.h"

#define FADE_SECONDS 0.12
#define LONGEST_DRIFT 0.15 /* metres: a foot that slides farther than this does not stand */
#define BALL_HEIGHT 0.020
#define ROUNDS 4
/* Of the leg: how far a knee is off the line for its direction to be reliable. */
#define RELIABLE_BEND 0.10

typedef struct leg_joints {
    int hip, knee, ankle, ball;
} leg_joints;

static const leg_joints legs[2] = {
    {MOMUI_LEFT_HIP, MOMUI_LEFT_KNEE, MOMUI_LEFT_ANKLE, MOMUI_LEFT_FOOT},
    {MOMUI_RIGHT_HIP, MOMUI_RIGHT_KNEE, MOMUI_RIGHT_ANKLE, MOMUI_RIGHT_FOOT}};

static momui_vec3 foot_offset(int side) {
    return momui_vec3_load(momui_body_offsets[legs[side].ball]);
}

static momui_vec3 standing_point(const momui_segment *segment, int64_t t, int side) {
    const momui_foot *foot = &segment->lower[t].foot[side];
    if (foot->state != MOMUI_FOOT_HEEL)
        return foot->ball;
    return momui_vec3_subtract(foot->ball, momui_quat_rotate(foot->turn, foot_offset(side)));
}

/* Where a foot in contact wanders too far, the stance ends, and a new one begins after a gap. */
static void cut_drifting(momui_segment *segment, int side) {
    int64_t gap = (int64_t)(FADE_SECONDS * MOMUI_SEGMENT_RATE) + 1, begin = 0;
    for (int64_t t = 1; t < segment->frames; ++t) {
        momui_foot_state state = segment->lower[t].foot[side].state;
        if (state != segment->lower[t - 1].foot[side].state || state == MOMUI_FOOT_AIR) {
            begin = t;
            continue;
        }
        momui_vec3 way = momui_vec3_subtract(standing_point(segment, t, side),
                                             standing_point(segment, begin, side));
        if (hypot(way.x, way.z) <= LONGEST_DRIFT)
            continue;
        for (int64_t s = 0; s < gap && t + s < segment->frames; ++s)
            segment->lower[t + s].foot[side].state = MOMUI_FOOT_AIR;
        begin = t + gap;
    }
}

/* Frames begin..end-1 are one stance. One right after another goes on from its shift. */
static void shift_stance(const momui_segment *segment, int side, int64_t begin, int64_t end,
                         momui_vec3 *shifts) {
    momui_foot_state state = segment->lower[begin].foot[side].state;
    momui_vec3 anchor = {0, 0, 0};
    if (begin > 0 && segment->lower[begin - 1].foot[side].state != MOMUI_FOOT_AIR) {
        anchor = momui_vec3_add(standing_point(segment, begin, side), shifts[begin - 1]);
    } else {
        for (int64_t t = begin; t < end; ++t)
            anchor = momui_vec3_add(anchor, standing_point(segment, t, side));
        anchor = momui_vec3_scale(anchor, 1.0 / (double)(end - begin));
    }
    if (state == MOMUI_FOOT_BALL)
        anchor.y = fmax(anchor.y, BALL_HEIGHT);
    for (int64_t t = begin; t < end; ++t)
        shifts[t] = momui_vec3_subtract(anchor, standing_point(segment, t, side));
}

/* In the air the shift of the stance before fades out, that of the stance after fades in. */
static void shift_between(const momui_segment *segment, int64_t begin, int64_t end,
                          momui_vec3 *shifts) {
    momui_vec3 none = {0, 0, 0};
    momui_vec3 before = begin > 0 ? shifts[begin - 1] : none;
    momui_vec3 after = end < segment->frames ? shifts[end] : none;
    double width = fmin(FADE_SECONDS * MOMUI_SEGMENT_RATE, (double)(end - begin)) + 1.0;
    for (int64_t t = begin; t < end; ++t) {
        double out = 1.0 - momui_smoothstep(0.0, width, (double)(t - begin + 1));
        double in = 1.0 - momui_smoothstep(0.0, width, (double)(end - t));
        shifts[t] = momui_vec3_add(momui_vec3_scale(before, out), momui_vec3_scale(after, in));
    }
}

static void plant_foot(momui_segment *segment, int side, momui_vec3 *shifts) {
    cut_drifting(segment, side);
    for (int air = 0; air < 2; ++air) /* stances first: what is between needs them */
        for (int64_t begin = 0, end; begin < segment->frames; begin = end) {
            momui_foot_state state = segment->lower[begin].foot[side].state;
            for (end = begin + 1;
                 end < segment->frames && segment->lower[end].foot[side].state == state;)
                ++end;
            if (state == MOMUI_FOOT_AIR && air)
                shift_between(segment, begin, end, shifts);
            else if (state != MOMUI_FOOT_AIR && !air)
                shift_stance(segment, side, begin, end, shifts);
        }
    for (int64_t t = 0; t < segment->frames; ++t) {
        momui_vec3 *ball = &segment->lower[t].foot[side].ball;
        *ball = momui_vec3_add(*ball, shifts[t]);
    }
}

/* ---- where the knees point ---- */

/* Off the line from hip to ankle; false where the leg is too straight to have one. */
static bool knee_direction(const float *places, const leg_joints *leg, momui_vec3 *direction) {
    momui_vec3 hip = momui_vec3_load(places + 3 * leg->hip);
    momui_vec3 knee = momui_vec3_load(places + 3 * leg->knee);
    momui_vec3 ankle = momui_vec3_load(places + 3 * leg->ankle);
    momui_vec3 down = momui_vec3_of(0, -1, 0);
    momui_vec3 line = momui_vec3_unit(momui_vec3_subtract(ankle, hip), down);
    momui_vec3 off = momui_vec3_reject(momui_vec3_subtract(knee, hip), line);
    *direction = momui_vec3_unit(off, momui_vec3_of(0, 0, 1));
    return momui_vec3_length(off) > RELIABLE_BEND * 0.41;
}

/* In the pelvis's frame: frames between two reliable ones interpolate their directions; the ends
 * hold. `reliable` (frames). */
static void fill_knees(momui_segment *segment, int side, const uint8_t *reliable) {
    momui_vec3 ahead = {0, 0, 1}, from = ahead, to = ahead;
    int64_t last = -1, next = -1;
    for (int64_t t = 0; t < segment->frames; ++t) {
        momui_lower *lower = &segment->lower[t];
        if (reliable[t]) {
            from = momui_quat_rotate(momui_quat_conjugate(lower->turn), lower->knee[side]);
            last = t;
            continue;
        }
        if (next <= t) {
            for (next = t + 1; next < segment->frames && !reliable[next];)
                ++next;
            const momui_lower *after = next < segment->frames ? &segment->lower[next] : NULL;
            if (after)
                to = momui_quat_rotate(momui_quat_conjugate(after->turn), after->knee[side]);
            else
                to = from;
        }
        double share = last < 0 ? 1.0 : (double)(t - last) / (double)(next - last);
        momui_vec3 mixed = momui_vec3_unit(momui_vec3_mix(from, to, share), from);
        lower->knee[side] = momui_quat_rotate(lower->turn, mixed);
    }
}

/* ---- all ---- */

static void read_frame(const momui_motion *body, int64_t t, const uint8_t *contacts, double ground,
                       momui_segment *segment, uint8_t *reliable) {
    const float *rotations = body->rotations + t * MOMUI_BODY_JOINTS * 4;
    float places[MOMUI_BODY_JOINTS * 3];
    momui_quat world[MOMUI_BODY_JOINTS];
    momui_forward_kinematics(&body->skeleton, rotations, body->root + 3 * t, places, world);
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) {
        places[3 * j + 1] -= (float)ground;
        segment->upper[t].joint[j] = momui_quat_unit(momui_quat_load(rotations + 4 * j));
    }
    momui_lower *lower = &segment->lower[t];
    lower->pelvis = momui_vec3_load(places);
    lower->turn = world[MOMUI_PELVIS];
    for (int side = 0; side < 2; ++side) {
        const uint8_t *contact = contacts + t * MOMUI_CONTACTS + 2 * side;
        momui_foot *foot = &lower->foot[side];
        foot->ball = momui_vec3_load(places + 3 * legs[side].ball);
        foot->turn = world[legs[side].ankle];
        foot->state = contact[1] ? MOMUI_FOOT_BALL : contact[0] ? MOMUI_FOOT_HEEL : MOMUI_FOOT_AIR;
        reliable[side * body->frames + t] =
            knee_direction(places, &legs[side], &lower->knee[side]) ? 1 : 0;
    }
}

static momu_status check_body(const momui_motion *body, momu_error *error) {
    if (!momui_motion_is_body(body))
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "the motion is no canonical body");
    if (fabs(body->fps - MOMUI_SEGMENT_RATE) > 1e-6)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "a segment is made from 62.5 frames a second, not %g", body->fps);
    return momui_motion_check(body, error);
}

/* The feet of the recording, planted where `contacts` says. */
static void plant_clip(const momui_motion *body, const uint8_t *contacts, double ground,
                       momui_segment *segment, momui_vec3 *shifts, uint8_t *reliable) {
    for (int64_t t = 0; t < body->frames; ++t)
        read_frame(body, t, contacts, ground, segment, reliable);
    for (int side = 0; side < 2; ++side) {
        plant_foot(segment, side, shifts);
        fill_knees(segment, side, reliable + side * body->frames);
    }
}

/* Planting changes how the feet move before and after, and so when they stand: contacts of the
 * solved body beyond those found so far are planted, too. */
static momu_status find_more(const momui_segment *segment, uint8_t *contacts, bool *more,
                             momu_error *error) {
    momui_motion *body;
    uint8_t *found;
    *more = false;
    MOMUI_TRY(momui_segment_solve(segment, &body, NULL, error));
    momu_status status = momui_contacts_detect(segment->memory, body, 0.0, &found, error);
    for (int64_t i = 0; status == MOMU_OK && i < body->frames * MOMUI_CONTACTS; ++i)
        if (found[i] && !contacts[i])
            contacts[i] = *more = true;
    momui_free(found);
    momui_motion_free(body);
    return status;
}

momu_status momui_segment_from_body(momui_memory *memory, const momui_motion *body, double start,
                                    momui_segment **segment, momu_error *error) {
    uint8_t *contacts = NULL;
    double ground = 0.0;
    *segment = NULL;
    MOMUI_TRY(check_body(body, error));
    MOMUI_TRY(momui_body_ground(memory, body, &ground, error));
    MOMUI_TRY(momui_contacts_detect(memory, body, ground, &contacts, error));
    size_t frames = (size_t)body->frames;
    momui_segment *made = momui_segment_new(memory, start, body->frames);
    momui_vec3 *shifts = momui_calloc(memory, frames, sizeof *shifts);
    uint8_t *reliable = momui_alloc(memory, frames, 2);
    momu_status status =
        made && shifts && reliable ? MOMU_OK : momui_fail_memory(error, "a segment of a body");
    bool more = true;
    for (int round = 0; status == MOMU_OK && more && round < ROUNDS; ++round) {
        plant_clip(body, contacts, ground, made, shifts, reliable);
        if (round + 1 < ROUNDS)
            status = find_more(made, contacts, &more, error);
    }
    momui_free(contacts);
    momui_free(shifts);
    momui_free(reliable);
    if (status == MOMU_OK)
        *segment = made;
    else
        momui_segment_free(made);
    return status;
}
