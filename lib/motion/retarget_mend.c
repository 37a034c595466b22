/* Captured legs and feet flip by half a turn about their bone now and then, where a straight limb
 * leaves the twist to the capture's whim (CMU's do, for single frames or for seconds). A take is
 * cut where a bone's twist jumps; each piece is compared with the twist that the places of the
 * joints tell, and turned back where it lies nearer to half a turn from it. */
#include "motion/retarget.h"

#define JUMP (100.0 * MOMUI_PI / 180.0)

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

static void close_piece(momui_retarget *retarget, int bone, int64_t begin, int64_t end,
                        double agreement) {
    for (int64_t t = begin; t < end && agreement < 0.0; ++t)
        retarget->flips[t] = (uint8_t)(retarget->flips[t] | 1u << bone);
}

void momui_find_flips(momui_retarget *retarget) {
    momui_quat world[MOMUI_BODY_JOINTS], last[MOMUI_BODY_JOINTS], told[MOMUI_BODY_JOINTS];
    double agreement[LEG_BONES] = {0.0};
    int64_t begin[LEG_BONES] = {0};
    for (int64_t t = 0; t < retarget->frames; ++t) {
        momui_solve_rotations(retarget, t, world);
        momui_solve_positions(retarget, t, told);
        for (int b = 0; b < LEG_BONES; ++b) {
            int joint = leg_bones[b][0];
            momui_vec3 bone = bone_of(b, world);
            if (t > 0 && fabs(twist_between(last[joint], world[joint], bone)) > JUMP) {
                close_piece(retarget, b, begin[b], t, agreement[b]);
                begin[b] = t;
                agreement[b] = 0.0;
            }
            agreement[b] += cos(twist_between(told[joint], world[joint], bone));
            last[joint] = world[joint];
        }
    }
    for (int b = 0; b < LEG_BONES; ++b)
        close_piece(retarget, b, begin[b], retarget->frames, agreement[b]);
}

void momui_turn_flips(const momui_retarget *retarget, int64_t frame, momui_quat *world) {
    for (int b = 0; b < LEG_BONES; ++b)
        if ((retarget->flips[frame] & 1u << b) != 0) {
            int joint = leg_bones[b][0], child = leg_bones[b][1];
            momui_quat half = momui_quat_about(bone_of(b, world), MOMUI_PI);
            world[joint] = momui_quat_multiply(half, world[joint]);
            if (child == MOMUI_LEFT_FOOT || child == MOMUI_RIGHT_FOOT) /* the toes with the foot */
                world[child] = momui_quat_multiply(half, world[child]);
        }
}
