/* Orientations from joint positions alone. Pelvis and chest: from several neighbours. Limbs: by
 * aiming their bones, with the twist of the plane of the bend; a straight limb takes the twist
 * of the shortest rotation from rest. No choice depends on the direction that the dancer faces. */
#include "motion/retarget.h"

static momui_vec3 place(const momui_retarget *r, int64_t frame, int role) {
    return momui_retarget_place(r, frame, role);
}

static momui_vec3 between(const momui_retarget *r, int64_t frame, int from, int to) {
    return momui_vec3_subtract(place(r, frame, to), place(r, frame, from));
}

static momui_vec3 middle(const momui_retarget *r, int64_t frame, int a, int b) {
    return momui_vec3_mix(place(r, frame, a), place(r, frame, b), 0.5);
}

static void solve_trunk(const momui_retarget *r, int64_t frame, momui_quat *world) {
    momui_vec3 hips = middle(r, frame, MOMUI_LEFT_HIP, MOMUI_RIGHT_HIP);
    momui_vec3 shoulders = middle(r, frame, MOMUI_LEFT_SHOULDER, MOMUI_RIGHT_SHOULDER);
    momui_vec3 up = momui_vec3_subtract(shoulders, hips);
    momui_vec3 low = up, high = up;
    if (r->has[MOMUI_SPINE1]) {
        low = momui_vec3_subtract(place(r, frame, MOMUI_SPINE1), hips);
        high = momui_vec3_subtract(shoulders, place(r, frame, MOMUI_SPINE1));
    }
    momui_quat pelvis =
        momui_quat_from_axes(between(r, frame, MOMUI_RIGHT_HIP, MOMUI_LEFT_HIP), low);
    momui_quat chest =
        momui_quat_from_axes(between(r, frame, MOMUI_RIGHT_SHOULDER, MOMUI_LEFT_SHOULDER), high);
    world[MOMUI_PELVIS] = pelvis;
    world[MOMUI_SPINE1] = momui_quat_slerp(pelvis, chest, 1.0 / 3.0);
    world[MOMUI_SPINE2] = momui_quat_slerp(pelvis, chest, 2.0 / 3.0);
    world[MOMUI_SPINE3] = chest;
}

/* A limb of two bones. `hinge` is the axis, in the rest pose, about which the lower bone bends. */
static void solve_limb(const momui_retarget *r, int64_t frame, int upper, int lower, int end,
                       momui_vec3 hinge, momui_quat *world) {
    momui_vec3 none = {0, 0, 0};
    momui_vec3 a = momui_vec3_unit(between(r, frame, upper, lower), none);
    momui_vec3 b = momui_vec3_unit(between(r, frame, lower, end), a);
    momui_quat parent = world[momui_body_parents[upper]];
    momui_vec3 rest = momui_body_offset(lower);
    momui_quat swing = momui_quat_between(momui_quat_rotate(parent, rest), a);
    momui_quat swung = momui_quat_multiply(swing, parent);
    momui_vec3 expected = momui_quat_rotate(swung, hinge);
    momui_vec3 bend = momui_vec3_cross(a, b);
    momui_vec3 found = momui_vec3_unit(bend, expected);
    double trust = momui_smoothstep(0.08, 0.35, momui_vec3_length(bend)) *
                   momui_smoothstep(-0.3, 0.3, momui_vec3_dot(found, expected));
    momui_vec3 axis = momui_vec3_mix(expected, found, trust);
    axis = momui_vec3_unit(momui_vec3_reject(axis, a), expected);
    /* the twist about the bone that brings the expected hinge to the found one */
    momui_vec3 flat = momui_vec3_unit(momui_vec3_reject(expected, a), axis);
    double twist =
        atan2(momui_vec3_dot(momui_vec3_cross(flat, axis), a), momui_vec3_dot(flat, axis));
    world[upper] = momui_quat_multiply(momui_quat_about(a, twist), swung);
    momui_vec3 lower_now = momui_quat_rotate(world[upper], momui_body_offset(end));
    world[lower] = momui_quat_multiply(momui_quat_between(lower_now, b), world[upper]);
}

/* Feet: along the source's own, else flat on the ground below the knee's hinge, going over to a
 * right angle with the shin as the foot is lifted. */
static void solve_foot(const momui_retarget *r, int64_t frame, int ankle, int ball,
                       momui_quat *world) {
    int knee = momui_body_parents[ankle];
    momui_vec3 hinge = momui_quat_rotate(world[knee], momui_vec3_of(1, 0, 0));
    if (r->has[ball]) {
        momui_vec3 own = momui_quat_rotate(world[knee], momui_body_offset(ball));
        momui_quat turn = momui_quat_between(own, between(r, frame, ankle, ball));
        world[ankle] = momui_quat_multiply(turn, world[knee]);
    } else {
        momui_quat flat =
            momui_quat_from_axes(momui_vec3_of(hinge.x, 0.0, hinge.z), momui_vec3_of(0, 1, 0));
        momui_vec3 up = momui_quat_rotate(world[knee], momui_vec3_of(0, 1, 0));
        double upright = momui_smoothstep(0.3, 0.8, up.y);
        world[ankle] = momui_quat_slerp(world[knee], flat, 0.8 * upright);
    }
    world[ball] = world[ankle];
}

static void solve_hand(const momui_retarget *r, int64_t frame, int wrist, int hand_end,
                       momui_quat *world) {
    int elbow = momui_body_parents[wrist];
    world[wrist] = world[elbow];
    if (!r->has[hand_end])
        return;
    momui_vec3 own = momui_quat_rotate(world[elbow], momui_body_offset(wrist));
    momui_quat turn = momui_quat_between(own, between(r, frame, wrist, hand_end));
    world[wrist] = momui_quat_multiply(turn, world[elbow]);
}

static void solve_head(const momui_retarget *r, int64_t frame, momui_quat *world) {
    momui_quat chest = world[MOMUI_SPINE3];
    bool ears = r->has[MOMUI_ROLE_LEFT_EAR] && r->has[MOMUI_ROLE_RIGHT_EAR];
    bool face = ears && r->has[MOMUI_ROLE_NOSE];
    momui_vec3 neck = r->has[MOMUI_NECK]
                          ? place(r, frame, MOMUI_NECK)
                          : middle(r, frame, MOMUI_LEFT_SHOULDER, MOMUI_RIGHT_SHOULDER);
    world[MOMUI_NECK] = world[MOMUI_HEAD] = chest;
    if (r->has[MOMUI_HEAD] || ears) {
        momui_vec3 head = r->has[MOMUI_HEAD]
                              ? place(r, frame, MOMUI_HEAD)
                              : middle(r, frame, MOMUI_ROLE_LEFT_EAR, MOMUI_ROLE_RIGHT_EAR);
        momui_vec3 own = momui_quat_rotate(chest, momui_body_offset(MOMUI_HEAD));
        momui_quat turn = momui_quat_between(own, momui_vec3_subtract(head, neck));
        world[MOMUI_NECK] = momui_quat_multiply(turn, chest);
        world[MOMUI_HEAD] = world[MOMUI_NECK];
    }
    if (face) { /* ears give the axis across, and the nose is ahead of them, some 10 degrees below
                 */
        momui_vec3 across = between(r, frame, MOMUI_ROLE_RIGHT_EAR, MOMUI_ROLE_LEFT_EAR);
        momui_vec3 ahead =
            momui_vec3_subtract(place(r, frame, MOMUI_ROLE_NOSE),
                                middle(r, frame, MOMUI_ROLE_LEFT_EAR, MOMUI_ROLE_RIGHT_EAR));
        momui_quat head = momui_quat_from_axes(across, momui_vec3_cross(ahead, across));
        momui_quat level = momui_quat_about(momui_vec3_of(1, 0, 0), -10.0 * MOMUI_PI / 180.0);
        world[MOMUI_HEAD] = momui_quat_multiply(head, level);
    } else if (r->has[MOMUI_HEAD] && r->has[MOMUI_ROLE_HEAD_END]) {
        momui_vec3 up = momui_quat_rotate(world[MOMUI_NECK], momui_vec3_of(0, 1, 0));
        momui_quat turn =
            momui_quat_between(up, between(r, frame, MOMUI_HEAD, MOMUI_ROLE_HEAD_END));
        world[MOMUI_HEAD] = momui_quat_multiply(turn, world[MOMUI_NECK]);
    }
}

/* Collars lift with the shoulder by what it is above the line of both in the chest. */
static void solve_collar(const momui_retarget *r, int64_t frame, int collar, int shoulder,
                         momui_quat *world) {
    world[collar] = world[MOMUI_SPINE3];
    if (!r->has[collar])
        return;
    momui_vec3 bone = between(r, frame, collar, shoulder);
    momui_vec3 own = momui_quat_rotate(world[collar], momui_body_offset(shoulder));
    if (momui_vec3_length(bone) > 1e-3)
        world[collar] = momui_quat_multiply(
            momui_quat_slerp(momui_quat_identity(), momui_quat_between(own, bone), 0.5),
            world[collar]);
}

void momui_solve_positions(const momui_retarget *r, int64_t frame, momui_quat *world) {
    momui_vec3 knee = {1, 0, 0}, left_elbow = {0, -1, 0}, right_elbow = {0, 1, 0};
    solve_trunk(r, frame, world);
    solve_collar(r, frame, MOMUI_LEFT_COLLAR, MOMUI_LEFT_SHOULDER, world);
    solve_collar(r, frame, MOMUI_RIGHT_COLLAR, MOMUI_RIGHT_SHOULDER, world);
    solve_head(r, frame, world);
    solve_limb(r, frame, MOMUI_LEFT_HIP, MOMUI_LEFT_KNEE, MOMUI_LEFT_ANKLE, knee, world);
    solve_limb(r, frame, MOMUI_RIGHT_HIP, MOMUI_RIGHT_KNEE, MOMUI_RIGHT_ANKLE, knee, world);
    solve_limb(r, frame, MOMUI_LEFT_SHOULDER, MOMUI_LEFT_ELBOW, MOMUI_LEFT_WRIST, left_elbow,
               world);
    solve_limb(r, frame, MOMUI_RIGHT_SHOULDER, MOMUI_RIGHT_ELBOW, MOMUI_RIGHT_WRIST, right_elbow,
               world);
    solve_foot(r, frame, MOMUI_LEFT_ANKLE, MOMUI_LEFT_FOOT, world);
    solve_foot(r, frame, MOMUI_RIGHT_ANKLE, MOMUI_RIGHT_FOOT, world);
    solve_hand(r, frame, MOMUI_LEFT_WRIST, MOMUI_ROLE_LEFT_HAND_END, world);
    solve_hand(r, frame, MOMUI_RIGHT_WRIST, MOMUI_ROLE_RIGHT_HAND_END, world);
}
