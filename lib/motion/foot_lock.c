/* The foot lock. Cuts the frames in contact of each leg into stances. A stance has an anchor,
 * where the ball of its foot (or the ankle, on the heel) stands. `shift` is how far the end of
 * the leg must move to reach the anchor; before and after a stance the shift fades, so that
 * nothing jumps. Then two-bone IK bends the legs to the shifted ankles. */
#include "motion/contacts.h"
#include "motion/kinematics.h"

#define FADE_SECONDS 0.12
#define LONGEST_DRIFT 0.20 /* metres: a foot that slides farther than this does not stand */
#define BALL_HEIGHT 0.020
#define FULL_REACH 0.998 /* of the leg: beyond, a knee snaps */

enum { IN_AIR, ON_HEEL, ON_BALL };

typedef struct leg {
    int hip, knee, ankle, ball, contact;
} leg;

static const leg legs[2] = {
    {MOMUI_LEFT_HIP, MOMUI_LEFT_KNEE, MOMUI_LEFT_ANKLE, MOMUI_LEFT_FOOT, 0},
    {MOMUI_RIGHT_HIP, MOMUI_RIGHT_KNEE, MOMUI_RIGHT_ANKLE, MOMUI_RIGHT_FOOT, 2}};

static momui_vec3 standing_point(const momui_motion *body, int64_t t, const leg *l, uint8_t state) {
    return momui_body_joint(body, t, state == ON_BALL ? l->ball : l->ankle);
}

/* Where a foot in contact wanders too far, the stance ends there, and a new one begins after a gap.
 */
static void cut_drifting(const momui_motion *body, const leg *l, uint8_t *states) {
    int64_t gap = (int64_t)(FADE_SECONDS * body->fps) + 1, begin = 0;
    for (int64_t t = 1; t < body->frames; ++t) {
        if (states[t] != states[t - 1] || states[t] == IN_AIR) {
            begin = t;
            continue;
        }
        momui_vec3 way = momui_vec3_subtract(standing_point(body, t, l, states[t]),
                                             standing_point(body, begin, l, states[t]));
        if (hypot(way.x, way.z) <= LONGEST_DRIFT)
            continue;
        for (int64_t s = 0; s < gap && t + s < body->frames && states[t + s] != IN_AIR; ++s)
            states[t + s] = IN_AIR;
        begin = t + gap;
    }
}

/* The shifts of frames begin..end-1, one stance. A stance right after another goes on from its
 * shift. */
static void shift_stance(const momui_motion *body, const leg *l, const uint8_t *states,
                         int64_t begin, int64_t end, momui_vec3 *shifts) {
    uint8_t state = states[begin];
    momui_vec3 anchor = {0, 0, 0};
    if (begin > 0 && states[begin - 1] != IN_AIR) {
        anchor = momui_vec3_add(standing_point(body, begin, l, state), shifts[begin - 1]);
    } else {
        for (int64_t t = begin; t < end; ++t)
            anchor = momui_vec3_add(anchor, standing_point(body, t, l, state));
        anchor = momui_vec3_scale(anchor, 1.0 / (double)(end - begin));
        if (state == ON_BALL)
            anchor.y = fmax(anchor.y, BALL_HEIGHT);
    }
    for (int64_t t = begin; t < end; ++t)
        shifts[t] = momui_vec3_subtract(anchor, standing_point(body, t, l, state));
}

/* Frames in the air, begin..end-1: the shift of the stance before fades out, that of the stance
 * after fades in. */
static void shift_between(const momui_motion *body, int64_t begin, int64_t end,
                          momui_vec3 *shifts) {
    momui_vec3 none = {0, 0, 0};
    momui_vec3 before = begin > 0 ? shifts[begin - 1] : none;
    momui_vec3 after = end < body->frames ? shifts[end] : none;
    double width = fmin(FADE_SECONDS * body->fps, (double)(end - begin)) + 1.0;
    for (int64_t t = begin; t < end; ++t) {
        double out = 1.0 - momui_smoothstep(0.0, width, (double)(t - begin + 1));
        double in = 1.0 - momui_smoothstep(0.0, width, (double)(end - t));
        shifts[t] = momui_vec3_add(momui_vec3_scale(before, out), momui_vec3_scale(after, in));
    }
}

static void find_shifts(const momui_motion *body, const leg *l, const uint8_t *contacts,
                        uint8_t *states, momui_vec3 *shifts) {
    int64_t frames = body->frames;
    for (int64_t t = 0; t < frames; ++t) {
        const uint8_t *c = contacts + t * MOMUI_CONTACTS + l->contact;
        states[t] = c[1] ? ON_BALL : c[0] ? ON_HEEL : IN_AIR;
    }
    cut_drifting(body, l, states);
    for (int air = 0; air < 2; ++air) /* stances first: what is between needs them */
        for (int64_t begin = 0, end; begin < frames; begin = end) {
            for (end = begin + 1; end < frames && states[end] == states[begin];)
                ++end;
            if (states[begin] == IN_AIR && air)
                shift_between(body, begin, end, shifts);
            else if (states[begin] != IN_AIR && !air)
                shift_stance(body, l, states, begin, end, shifts);
        }
}

/* Bends one leg of one frame so that its ankle moves by `shift`; the foot keeps its orientation. */
static void bend_leg(momui_motion *body, int64_t t, const leg *l, momui_vec3 shift) {
    float *rotations = body->rotations + t * MOMUI_BODY_JOINTS * 4, places[MOMUI_BODY_JOINTS * 3];
    momui_quat world[MOMUI_BODY_JOINTS];
    momui_forward_kinematics(&body->skeleton, rotations, body->root + 3 * t, places, world);
    momui_vec3 hip = momui_vec3_load(places + 3 * l->hip);
    momui_vec3 knee = momui_vec3_load(places + 3 * l->knee);
    momui_vec3 ankle = momui_vec3_load(places + 3 * l->ankle);
    momui_vec3 wish = momui_vec3_subtract(momui_vec3_add(ankle, shift), hip);
    double length = momui_vec3_length(momui_vec3_subtract(knee, hip)) +
                    momui_vec3_length(momui_vec3_subtract(ankle, knee));
    double reach = fmax(FULL_REACH * length, momui_vec3_length(momui_vec3_subtract(ankle, hip)));
    double wished = momui_vec3_length(wish);
    if (wished > reach)
        wish = momui_vec3_scale(wish, reach / wished);
    momui_quat upper, lower;
    momui_vec3 hinge = momui_quat_rotate(world[l->knee], momui_vec3_of(1, 0, 0));
    momui_two_bone_ik(hip, knee, ankle, momui_vec3_add(hip, wish), hinge, &upper, &lower);
    momui_quat thigh = momui_quat_multiply(upper, world[l->hip]);
    momui_quat shin = momui_quat_multiply(lower, world[l->knee]);
    momui_quat pelvis = momui_quat_conjugate(world[MOMUI_PELVIS]);
    momui_quat foot = momui_quat_multiply(momui_quat_conjugate(shin), world[l->ankle]);
    momui_quat_store(momui_quat_unit(momui_quat_multiply(pelvis, thigh)), rotations + 4 * l->hip);
    momui_quat_store(momui_quat_unit(momui_quat_multiply(momui_quat_conjugate(thigh), shin)),
                     rotations + 4 * l->knee);
    momui_quat_store(momui_quat_unit(foot), rotations + 4 * l->ankle);
}

momu_status momui_foot_lock(momui_memory *memory, momui_motion *body, const uint8_t *contacts,
                            momu_error *error) {
    size_t frames = (size_t)body->frames;
    uint8_t *states = momui_alloc(memory, frames, sizeof *states);
    momui_vec3 *shifts = momui_calloc(memory, frames, sizeof *shifts);
    momu_status status = MOMU_OK;
    if (!states || !shifts)
        status = momui_fail_memory(error, "the foot lock");
    for (int side = 0; side < 2 && status == MOMU_OK; ++side) {
        const leg *l = &legs[side];
        find_shifts(body, l, contacts, states, shifts);
        for (int64_t t = 0; t < body->frames; ++t)
            if (momui_vec3_length(shifts[t]) > 1e-6)
                bend_leg(body, t, l, shifts[t]);
        int turned[3] = {l->hip, l->knee, l->ankle};
        for (int i = 0; i < 3; ++i)
            momui_quat_continue(body->rotations + 4 * turned[i], body->frames,
                                MOMUI_BODY_JOINTS * 4);
    }
    momui_free(states);
    momui_free(shifts);
    return status == MOMU_OK ? momui_motion_update(body, error) : status;
}
