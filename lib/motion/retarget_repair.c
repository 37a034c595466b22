/* Repairs of what motion capture gets wrong about legs, before the legs are used. All of it occurs
 * in CMU's takes; a sound take passes unchanged.
 *  - Knees that bend backwards move to the other side of the line from hip to ankle.
 *  - Bones that flip by half a turn about themselves turn back: a take is cut where a bone's twist
 *    jumps, and a segment whose twist is about half a turn from that of the joint positions turns.
 *  - Toes in the air on a standing foot come down.
 */
#include "motion/retarget.h"
#include <stdlib.h>

#define TWIST_JUMP (100.0 * MOMUI_PI / 180.0)
/* a leg whose bend (-1 backwards to 1 forwards) is below this bends backwards */
#define BACKWARDS (-0.15)
#define CLEAR_BEND 0.4
#define AMBIGUOUS_SECONDS 0.4
#define STRAIGHT 0.08 /* sine of the bend below which a leg is straight */
#define FLAT_TOLERANCE (8.0 * MOMUI_PI / 180.0)

enum { LEG_BONES = 6 };
static const int leg_bones[LEG_BONES][2] = {
    {MOMUI_LEFT_HIP, MOMUI_LEFT_KNEE},   {MOMUI_RIGHT_HIP, MOMUI_RIGHT_KNEE},
    {MOMUI_LEFT_KNEE, MOMUI_LEFT_ANKLE}, {MOMUI_RIGHT_KNEE, MOMUI_RIGHT_ANKLE},
    {MOMUI_LEFT_ANKLE, MOMUI_LEFT_FOOT}, {MOMUI_RIGHT_ANKLE, MOMUI_RIGHT_FOOT}};

static momui_vec3 bone_of(int bone, const momui_quat *world) {
    momui_vec3 none = {0, 0, 0};
    momui_vec3 own = momui_body_offset(leg_bones[bone][1]);
    return momui_vec3_unit(momui_quat_rotate(world[leg_bones[bone][0]], own), none);
}

/* The angle, -pi..pi, about `bone` from orientation a to orientation b. */
static double twist_between(momui_quat a, momui_quat b, momui_vec3 bone) {
    momui_quat d = momui_quat_multiply(b, momui_quat_conjugate(a));
    double along = momui_vec3_dot(momui_vec3_of(d.x, d.y, d.z), bone);
    double angle = 2.0 * atan2(along, d.w);
    return angle > MOMUI_PI    ? angle - 2.0 * MOMUI_PI
           : angle < -MOMUI_PI ? angle + 2.0 * MOMUI_PI
                               : angle;
}

static void close_segment(momui_retarget *retarget, int bone, int64_t begin, int64_t end,
                          double agreement) {
    for (int64_t t = begin; t < end && agreement < 0.0; ++t)
        retarget->flips[t] = (uint8_t)(retarget->flips[t] | 1u << bone);
}

void momui_find_flips(momui_retarget *retarget) {
    momui_quat world[MOMUI_BODY_JOINTS], last[MOMUI_BODY_JOINTS], from_positions[MOMUI_BODY_JOINTS];
    double agreement[LEG_BONES] = {0.0};
    int64_t begin[LEG_BONES] = {0};
    for (int64_t t = 0; t < retarget->frames; ++t) {
        momui_solve_rotations(retarget, t, world);
        momui_solve_positions(retarget, t, from_positions);
        for (int b = 0; b < LEG_BONES; ++b) {
            int joint = leg_bones[b][0];
            momui_vec3 bone = bone_of(b, world);
            if (t > 0 && fabs(twist_between(last[joint], world[joint], bone)) > TWIST_JUMP) {
                close_segment(retarget, b, begin[b], t, agreement[b]);
                begin[b] = t;
                agreement[b] = 0.0;
            }
            agreement[b] += cos(twist_between(from_positions[joint], world[joint], bone));
            last[joint] = world[joint];
        }
    }
    for (int b = 0; b < LEG_BONES; ++b)
        close_segment(retarget, b, begin[b], retarget->frames, agreement[b]);
}

void momui_turn_flips(const momui_retarget *retarget, int64_t frame, momui_quat *world) {
    for (int b = 0; b < LEG_BONES; ++b)
        if ((retarget->flips[frame] & 1u << b) != 0) {
            int joint = leg_bones[b][0], child = leg_bones[b][1];
            momui_quat half = momui_quat_about(bone_of(b, world), MOMUI_PI);
            world[joint] = momui_quat_multiply(half, world[joint]);
            if (child == MOMUI_LEFT_FOOT || child == MOMUI_RIGHT_FOOT) /* toes follow the foot */
                world[child] = momui_quat_multiply(half, world[child]);
        }
}

/* ---- knees ---- */

static void set_place(momui_retarget *retarget, int64_t frame, int role, momui_vec3 place) {
    momui_vec3_store(place, retarget->places + ((size_t)frame * MOMUI_ROLES + (size_t)role) * 3);
}

/* A segment of frames in which the knee of a bent leg stays on one side of the line from hip to
 * ankle. */
typedef struct bent_leg {
    int64_t begin; /* -1: the leg is straight, there is none */
    double forwards, bent;
    momui_vec3 side;
    int like_before; /* 1: continues the segment before if turned, 0: as it is, -1: unknown */
} bent_leg;

static const int legs[2][3] = {{MOMUI_LEFT_HIP, MOMUI_LEFT_KNEE, MOMUI_LEFT_ANKLE},
                               {MOMUI_RIGHT_HIP, MOMUI_RIGHT_KNEE, MOMUI_RIGHT_ANKLE}};

/* Decides by how far forwards the knee bends, -1..1; where that is unclear, a short segment
 * continues the one before. */
static bool bends_backwards(const bent_leg *bent, int64_t end, double fps) {
    double forwards = bent->forwards / bent->bent;
    bool is_short = (double)(end - bent->begin) < AMBIGUOUS_SECONDS * fps;
    if (fabs(forwards) < CLEAR_BEND && is_short && bent->like_before >= 0)
        return bent->like_before == 1;
    return forwards < BACKWARDS;
}

/* Turns the segment over where it bends backwards; returns whether it did. */
static bool close_bent(momui_retarget *retarget, const int *leg, const bent_leg *bent,
                       int64_t end) {
    if (bent->begin < 0 || !bends_backwards(bent, end, retarget->motion->fps))
        return false;
    for (int64_t t = bent->begin; t < end; ++t) {
        momui_vec3 hip = momui_retarget_place(retarget, t, leg[0]);
        momui_vec3 thigh = momui_vec3_subtract(momui_retarget_place(retarget, t, leg[1]), hip);
        momui_vec3 line = momui_vec3_subtract(momui_retarget_place(retarget, t, leg[2]), hip);
        thigh = momui_quat_rotate(momui_quat_about(line, MOMUI_PI), thigh);
        set_place(retarget, t, leg[1], momui_vec3_add(hip, thigh));
    }
    return true;
}

static void open_bent(bent_leg *bent, int64_t t, int like_before) {
    bent->begin = t;
    bent->forwards = bent->bent = 0.0;
    bent->like_before = like_before;
}

static void update_knee(momui_retarget *retarget, const int *leg, int64_t t, momui_quat pelvis,
                        bent_leg *bent) {
    momui_vec3 none = {0, 0, 0}, x = {1, 0, 0}, down = {0, -1, 0};
    momui_vec3 hip = momui_retarget_place(retarget, t, leg[0]);
    momui_vec3 knee = momui_retarget_place(retarget, t, leg[1]);
    momui_vec3 ankle = momui_retarget_place(retarget, t, leg[2]);
    momui_vec3 a = momui_vec3_unit(momui_vec3_subtract(knee, hip), none);
    momui_vec3 b = momui_vec3_unit(momui_vec3_subtract(ankle, knee), none);
    momui_vec3 line = momui_vec3_unit(momui_vec3_subtract(ankle, hip), none);
    momui_vec3 side = momui_vec3_unit(momui_vec3_reject(a, line), none);
    momui_vec3 bend = momui_vec3_cross(a, b);
    double sine = momui_vec3_length(bend), stays = momui_vec3_dot(side, bent->side);
    bool was_bent = bent->begin >= 0;
    if (was_bent && (sine < STRAIGHT || stays < 0.5)) {
        bool turned = close_bent(retarget, leg, bent, t);
        /* a knee that jumps across was, or is now, on the wrong side */
        bent->like_before = stays < -0.7 ? !turned : -1;
        bent->begin = -1;
    }
    if (sine < STRAIGHT)
        return;
    if (bent->begin < 0)
        open_bent(bent, t, was_bent ? bent->like_before : -1);
    momui_quat swing = momui_quat_between(momui_quat_rotate(pelvis, down), line);
    momui_vec3 hinge = momui_quat_rotate(swing, momui_quat_rotate(pelvis, x));
    bent->forwards += momui_vec3_dot(bend, hinge);
    bent->bent += sine;
    bent->side = side;
}

void momui_repair_knees(momui_retarget *retarget) {
    momui_quat world[MOMUI_BODY_JOINTS];
    bent_leg bent[2] = {{.begin = -1}, {.begin = -1}};
    for (int64_t t = 0; t < retarget->frames; ++t) {
        momui_solve_positions(retarget, t, world);
        for (int l = 0; l < 2; ++l)
            update_knee(retarget, legs[l], t, world[MOMUI_PELVIS], &bent[l]);
    }
    for (int l = 0; l < 2; ++l)
        close_bent(retarget, legs[l], &bent[l], retarget->frames);
}

/* ---- standing feet ---- */

static int compare_floats(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* The height of standing ankles: the 5th percentile of the lower one. */
static double standing_height(const momui_retarget *retarget, float *heights) {
    for (int64_t t = 0; t < retarget->frames; ++t) {
        momui_vec3 left = momui_retarget_place(retarget, t, MOMUI_LEFT_ANKLE);
        momui_vec3 right = momui_retarget_place(retarget, t, MOMUI_RIGHT_ANKLE);
        heights[t] = (float)fmin(left.y, right.y);
    }
    qsort(heights, (size_t)retarget->frames, sizeof *heights, compare_floats);
    return (double)heights[(retarget->frames - 1) / 20];
}

momu_status momui_find_standing(momui_memory *memory, momui_retarget *retarget, momu_error *error) {
    size_t frames = (size_t)retarget->frames;
    float *heights = momui_alloc(memory, frames, sizeof *heights);
    retarget->standing = momui_alloc(memory, frames, 2 * sizeof *retarget->standing);
    if (!heights || !retarget->standing) {
        momui_free(heights);
        return momui_fail_memory(error, "the standing feet");
    }
    double ground = standing_height(retarget, heights);
    for (int64_t t = 0; t < retarget->frames; ++t)
        for (int side = 0; side < 2; ++side) {
            int ankle = side == 0 ? MOMUI_LEFT_ANKLE : MOMUI_RIGHT_ANKLE;
            int64_t before = t > 0 ? t - 1 : t, after = t + 1 < retarget->frames ? t + 1 : t;
            momui_vec3 way = momui_vec3_subtract(momui_retarget_place(retarget, after, ankle),
                                                 momui_retarget_place(retarget, before, ankle));
            double seconds = (double)(after > before ? after - before : 1) / retarget->motion->fps;
            double speed = momui_vec3_length(way) / seconds;
            double height = momui_retarget_place(retarget, t, ankle).y - ground;
            retarget->standing[2 * t + side] =
                (float)((1.0 - momui_smoothstep(0.03, 0.08, height)) *
                        (1.0 - momui_smoothstep(0.2, 0.6, speed)));
        }
    momui_free(heights);
    return MOMU_OK;
}

/* Lowers the ball of a standing foot below the ankle as in the rest pose, less FLAT_TOLERANCE. */
void momui_level_feet(const momui_retarget *retarget, int64_t frame, momui_quat *world) {
    for (int side = 0; side < 2; ++side) {
        int ankle = side == 0 ? MOMUI_LEFT_ANKLE : MOMUI_RIGHT_ANKLE;
        int ball = side == 0 ? MOMUI_LEFT_FOOT : MOMUI_RIGHT_FOOT;
        momui_vec3 own = momui_body_offset(ball);
        momui_vec3 foot = momui_quat_rotate(world[ankle], own);
        double flat = atan2(-own.y, hypot(own.x, own.z)) - FLAT_TOLERANCE;
        double slope = atan2(-foot.y, hypot(foot.x, foot.z));
        double weight = (double)retarget->standing[2 * frame + side];
        if (slope >= flat || weight <= 0.0 || hypot(foot.x, foot.z) < 0.02)
            continue;
        momui_vec3 across = {foot.z, 0.0, -foot.x}; /* turning about it lowers the toes */
        momui_quat turn = momui_quat_about(across, weight * (flat - slope));
        world[ankle] = momui_quat_multiply(turn, world[ankle]);
        world[ball] = momui_quat_multiply(turn, world[ball]);
    }
}
