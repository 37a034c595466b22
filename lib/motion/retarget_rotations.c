/* Orientations from the rotations of a source. `align` maps the rest pose of the source to that
 * of the body, bone by bone; from there each joint of the body turns as the source's does, and
 * so keeps its twist. */
#include "motion/retarget.h"

static const int limb_child[MOMUI_BODY_JOINTS] = {[MOMUI_LEFT_HIP] = MOMUI_LEFT_KNEE,
                                                  [MOMUI_RIGHT_HIP] = MOMUI_RIGHT_KNEE,
                                                  [MOMUI_LEFT_KNEE] = MOMUI_LEFT_ANKLE,
                                                  [MOMUI_RIGHT_KNEE] = MOMUI_RIGHT_ANKLE,
                                                  [MOMUI_LEFT_SHOULDER] = MOMUI_LEFT_ELBOW,
                                                  [MOMUI_RIGHT_SHOULDER] = MOMUI_RIGHT_ELBOW,
                                                  [MOMUI_LEFT_ELBOW] = MOMUI_LEFT_WRIST,
                                                  [MOMUI_RIGHT_ELBOW] = MOMUI_RIGHT_WRIST,
                                                  [MOMUI_NECK] = MOMUI_HEAD};

static momui_vec3 rest_place(const momui_skeleton *skeleton, int32_t joint) {
    momui_vec3 place = {0, 0, 0};
    for (; joint >= 0; joint = skeleton->parents[joint])
        place = momui_vec3_add(place, momui_vec3_load(skeleton->offsets + 3 * joint));
    return place;
}

/* From role a's joint to role b's, in the source's rest pose. */
static momui_vec3 rest_between(const momui_retarget *retarget, int a, int b) {
    const momui_skeleton *skeleton = &retarget->motion->skeleton;
    return momui_vec3_subtract(rest_place(skeleton, retarget->map.role[b]),
                               rest_place(skeleton, retarget->map.role[a]));
}

static bool leg_hangs(const momui_retarget *retarget, int hip, int ankle) {
    momui_vec3 leg = rest_between(retarget, hip, ankle);
    return leg.y < -0.6 * momui_vec3_length(leg);
}

/* The foot in the rest pose is taken to be flat on the ground, whatever the height of the source's
 * ankle joint: only its heading, seen along the shin, is brought together. */
static momui_quat align_foot(const momui_retarget *retarget, int ankle, momui_quat shin) {
    int ball = ankle == MOMUI_LEFT_ANKLE ? MOMUI_LEFT_FOOT : MOMUI_RIGHT_FOOT;
    if (retarget->map.role[ball] < 0)
        return shin;
    momui_vec3 own = momui_body_offset(ball);
    momui_vec3 foot =
        momui_quat_rotate(momui_quat_conjugate(shin), rest_between(retarget, ankle, ball));
    if (hypot(foot.x, foot.z) < 0.3 * momui_vec3_length(foot))
        return shin;
    double turn = atan2(foot.x, foot.z) - atan2(own.x, own.z);
    return momui_quat_multiply(shin, momui_quat_about(momui_vec3_of(0, 1, 0), turn));
}

static void align_limb(momui_retarget *retarget, int joint) {
    int child = limb_child[joint];
    momui_quat parent = retarget->align[momui_body_parents[joint]];
    retarget->align[joint] = parent;
    if (!retarget->has[joint] || !retarget->has[child])
        return;
    momui_vec3 own = momui_quat_rotate(parent, momui_body_offset(child));
    momui_quat turn = momui_quat_between(own, rest_between(retarget, joint, child));
    retarget->align[joint] = momui_quat_multiply(turn, parent);
}

/* A neck that leans back in the rest pose (some of CMU's skeletons) has thrown the head back with
 * it: looking straight ahead is as much further down. */
static momui_quat align_head(const momui_retarget *retarget, momui_quat yaw) {
    if (!retarget->has[MOMUI_NECK] || !retarget->has[MOMUI_HEAD])
        return yaw;
    momui_vec3 neck = rest_between(retarget, MOMUI_NECK, MOMUI_HEAD);
    neck = momui_quat_rotate(momui_quat_conjugate(yaw), neck);
    double back = atan2(-neck.z, neck.y);
    if (!(back > 0.0) || back > 1.0)
        return yaw;
    return momui_quat_multiply(yaw, momui_quat_about(momui_vec3_of(1, 0, 0), -back));
}

bool momui_retarget_align(momui_retarget *retarget) {
    if (retarget->motion->kind != MOMUI_MOTION_JOINTS)
        return false;
    momui_vec3 hips = rest_between(retarget, MOMUI_RIGHT_HIP, MOMUI_LEFT_HIP);
    momui_vec3 shoulders = rest_between(retarget, MOMUI_RIGHT_SHOULDER, MOMUI_LEFT_SHOULDER);
    momui_vec3 torso = rest_between(retarget, MOMUI_LEFT_HIP, MOMUI_LEFT_SHOULDER);
    momui_vec3 across = momui_vec3_add(hips, shoulders);
    double ground = hypot(across.x, across.z);
    bool upright = torso.y > 0.6 * momui_vec3_length(torso) && ground > fabs(across.y) &&
                   ground > 1e-6 && leg_hangs(retarget, MOMUI_LEFT_HIP, MOMUI_LEFT_ANKLE) &&
                   leg_hangs(retarget, MOMUI_RIGHT_HIP, MOMUI_RIGHT_ANKLE) &&
                   retarget->map.role[MOMUI_PELVIS] >= 0;
    if (!upright)
        return false;
    momui_vec3 up = {0, 1, 0};
    momui_quat yaw = momui_quat_about(up, atan2(-across.z, across.x));
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) {
        retarget->align[j] = yaw;
        if (j == MOMUI_HEAD)
            retarget->align[j] = align_head(retarget, yaw);
        else if (limb_child[j])
            align_limb(retarget, j);
        else if (j == MOMUI_LEFT_ANKLE || j == MOMUI_RIGHT_ANKLE)
            retarget->align[j] = align_foot(retarget, j, retarget->align[momui_body_parents[j]]);
        else if (j == MOMUI_LEFT_FOOT || j == MOMUI_RIGHT_FOOT || j == MOMUI_LEFT_WRIST ||
                 j == MOMUI_RIGHT_WRIST)
            retarget->align[j] = retarget->align[momui_body_parents[j]];
    }
    return true;
}

/* The orientation of the source's spine at `s` (0 its lowest joint, 1 its highest), or of its
 * pelvis. */
static momui_quat spine_at(const momui_retarget *retarget, double s) {
    const momui_joint_map *map = &retarget->map;
    momui_quat pelvis = retarget->globals[map->role[MOMUI_PELVIS]];
    int n = map->spine_count;
    if (n == 0)
        return pelvis;
    if (n == 1)
        return momui_quat_slerp(pelvis, retarget->globals[map->spine[0]], (1.0 + 2.0 * s) / 3.0);
    double at = s * (n - 1);
    int low = (int)at < n - 2 ? (int)at : n - 2;
    return momui_quat_slerp(retarget->globals[map->spine[low]],
                            retarget->globals[map->spine[low + 1]], at - low);
}

static momui_quat turn_of(const momui_retarget *retarget, int joint, const momui_quat *world) {
    switch (joint) {
    case MOMUI_SPINE1:
        return momui_quat_multiply(spine_at(retarget, 0.0), retarget->align[joint]);
    case MOMUI_SPINE2:
        return momui_quat_multiply(spine_at(retarget, 0.5), retarget->align[joint]);
    case MOMUI_SPINE3:
        return momui_quat_multiply(spine_at(retarget, 1.0), retarget->align[joint]);
    default:
        break;
    }
    if (retarget->map.role[joint] < 0)
        return world[momui_body_parents[joint]];
    return momui_quat_multiply(retarget->globals[retarget->map.role[joint]],
                               retarget->align[joint]);
}

static void source_orientations(const momui_retarget *retarget, int64_t frame) {
    const momui_skeleton *skeleton = &retarget->motion->skeleton;
    for (int32_t j = 0; j < skeleton->joints; ++j) {
        const float *q = retarget->motion->rotations + (frame * skeleton->joints + j) * 4;
        momui_quat local = momui_quat_unit(momui_quat_load(q));
        int32_t parent = skeleton->parents[j];
        retarget->globals[j] =
            parent < 0 ? local : momui_quat_multiply(retarget->globals[parent], local);
    }
}

void momui_solve_rotations(const momui_retarget *retarget, int64_t frame, momui_quat *world) {
    source_orientations(retarget, frame);
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) {
        world[j] = turn_of(retarget, j, world);
        int child = limb_child[j];
        if (!child || !retarget->has[j] || !retarget->has[child])
            continue;
        /* joints between the two (twist bones), or positions in the file, may have bent the bone */
        momui_vec3 bone = momui_vec3_subtract(momui_retarget_place(retarget, frame, child),
                                              momui_retarget_place(retarget, frame, j));
        momui_vec3 own = momui_quat_rotate(world[j], momui_body_offset(child));
        world[j] = momui_quat_multiply(momui_quat_between(own, bone), world[j]);
    }
}
