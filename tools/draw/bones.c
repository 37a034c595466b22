#include "tools/draw/bones.h"

#include "base/extremes.h"
#include "motion/joint_names.h"

#include <math.h>
#include <string.h>

enum { NONE = -1, CHOICES = 4 };

/* A joint and where it is attached: to the first of these that the motion has. */
static const struct edge {
    int joint, to[CHOICES];
} EDGES[] = {{MOMUI_SPINE1, {MOMUI_PELVIS, NONE}},
             {MOMUI_SPINE2, {MOMUI_SPINE1, MOMUI_PELVIS, NONE}},
             {MOMUI_SPINE3, {MOMUI_SPINE2, MOMUI_SPINE1, MOMUI_PELVIS, NONE}},
             {MOMUI_NECK, {MOMUI_SPINE3, MOMUI_SPINE2, MOMUI_SPINE1, MOMUI_PELVIS}},
             {MOMUI_HEAD, {MOMUI_NECK, NONE}},
             {MOMUI_ROLE_NOSE, {MOMUI_HEAD, MOMUI_NECK, NONE}},
             {MOMUI_ROLE_LEFT_EYE, {MOMUI_ROLE_NOSE, NONE}},
             {MOMUI_ROLE_RIGHT_EYE, {MOMUI_ROLE_NOSE, NONE}},
             {MOMUI_ROLE_LEFT_EAR, {MOMUI_ROLE_LEFT_EYE, MOMUI_ROLE_NOSE, NONE}},
             {MOMUI_ROLE_RIGHT_EAR, {MOMUI_ROLE_RIGHT_EYE, MOMUI_ROLE_NOSE, NONE}},
             {MOMUI_LEFT_COLLAR, {MOMUI_SPINE3, MOMUI_NECK, NONE}},
             {MOMUI_RIGHT_COLLAR, {MOMUI_SPINE3, MOMUI_NECK, NONE}},
             {MOMUI_LEFT_SHOULDER, {MOMUI_LEFT_COLLAR, MOMUI_NECK, MOMUI_RIGHT_SHOULDER, NONE}},
             {MOMUI_RIGHT_SHOULDER, {MOMUI_RIGHT_COLLAR, MOMUI_NECK, NONE}},
             {MOMUI_LEFT_ELBOW, {MOMUI_LEFT_SHOULDER, NONE}},
             {MOMUI_RIGHT_ELBOW, {MOMUI_RIGHT_SHOULDER, NONE}},
             {MOMUI_LEFT_WRIST, {MOMUI_LEFT_ELBOW, NONE}},
             {MOMUI_RIGHT_WRIST, {MOMUI_RIGHT_ELBOW, NONE}},
             {MOMUI_ROLE_LEFT_HAND_END, {MOMUI_LEFT_WRIST, NONE}},
             {MOMUI_ROLE_RIGHT_HAND_END, {MOMUI_RIGHT_WRIST, NONE}},
             {MOMUI_LEFT_HIP, {MOMUI_PELVIS, MOMUI_LEFT_SHOULDER, NONE}},
             {MOMUI_RIGHT_HIP, {MOMUI_PELVIS, MOMUI_RIGHT_SHOULDER, NONE}},
             {MOMUI_LEFT_KNEE, {MOMUI_LEFT_HIP, NONE}},
             {MOMUI_RIGHT_KNEE, {MOMUI_RIGHT_HIP, NONE}},
             {MOMUI_LEFT_ANKLE, {MOMUI_LEFT_KNEE, NONE}},
             {MOMUI_RIGHT_ANKLE, {MOMUI_RIGHT_KNEE, NONE}},
             {MOMUI_LEFT_FOOT, {MOMUI_LEFT_ANKLE, NONE}},
             {MOMUI_RIGHT_FOOT, {MOMUI_RIGHT_ANKLE, NONE}},
             {MOMUI_ROLE_LEFT_TOE_END, {MOMUI_LEFT_FOOT, MOMUI_LEFT_ANKLE, NONE}},
             {MOMUI_ROLE_RIGHT_TOE_END, {MOMUI_RIGHT_FOOT, MOMUI_RIGHT_ANKLE, NONE}}};

/* Keypoints of BODY_25 that are no joint of the body. */
static const char *const NAMED_EDGES[][2] = {
    {"left_heel", "left_ankle"},        {"right_heel", "right_ankle"},
    {"left_big_toe", "left_ankle"},     {"right_big_toe", "right_ankle"},
    {"left_small_toe", "left_big_toe"}, {"right_small_toe", "right_big_toe"}};

static int32_t side_of(const char *name) {
    if (strstr(name, "left") || strstr(name, "Left"))
        return 1;
    return strstr(name, "right") || strstr(name, "Right") ? 2 : 0;
}

static void add(momui_bones *bones, int32_t from, int32_t to, int32_t side) {
    if (from >= 0 && to >= 0 && bones->count < MOMUI_MOST_BONES)
        bones->items[bones->count++] = (momui_bone){from, to, side};
}

/* thigh_l, shin.L and the like have a side by the role that their name has. */
static void skeleton_bones(const momui_skeleton *skeleton, const momui_joint_map *map,
                           momui_bones *bones) {
    for (int32_t j = 0; j < skeleton->joints; j++) {
        int32_t side = side_of(skeleton->names[j]);
        for (int role = 0; role < MOMUI_ROLES; role++)
            if (map->role[role] == j && side_of(momui_role_name(role)))
                side = side_of(momui_role_name(role));
        add(bones, skeleton->parents[j], j, side);
    }
}

static void named_bones(const momui_skeleton *skeleton, const momui_joint_map *map,
                        momui_bones *bones) {
    bool attached[MOMUI_MAX_JOINTS] = {false};
    for (size_t i = 0; i < sizeof EDGES / sizeof *EDGES; i++) {
        int32_t joint = map->role[EDGES[i].joint], to = -1, side = 0, other = 0;
        for (int c = 0; c < CHOICES && EDGES[i].to[c] != NONE && to < 0; c++) {
            to = map->role[EDGES[i].to[c]];
            other = side_of(momui_role_name(EDGES[i].to[c]));
        }
        if (joint < 0 || to < 0 || joint == to)
            continue;
        side = side_of(momui_role_name(EDGES[i].joint));
        add(bones, to, joint, other && other != side ? 0 : side); /* 0: across the body */
        attached[joint] = attached[to] = true;
    }
    if (map->role[MOMUI_PELVIS] < 0)
        add(bones, map->role[MOMUI_LEFT_HIP], map->role[MOMUI_RIGHT_HIP], 0);
    if (map->role[MOMUI_NECK] < 0 && map->role[MOMUI_ROLE_NOSE] >= 0) {
        add(bones, map->role[MOMUI_LEFT_SHOULDER], map->role[MOMUI_ROLE_NOSE], 1);
        add(bones, map->role[MOMUI_RIGHT_SHOULDER], map->role[MOMUI_ROLE_NOSE], 2);
    }
    for (size_t i = 0; i < sizeof NAMED_EDGES / sizeof *NAMED_EDGES; i++) {
        int32_t joint = momui_skeleton_find(skeleton, NAMED_EDGES[i][0]);
        int32_t to = momui_skeleton_find(skeleton, NAMED_EDGES[i][1]);
        if (joint < 0 || to < 0 || attached[joint])
            continue;
        add(bones, to, joint, side_of(NAMED_EDGES[i][0]));
        attached[joint] = true;
    }
    for (int32_t j = 0; j < skeleton->joints; j++)
        if (!attached[j])
            add(bones, j, j, side_of(skeleton->names[j]));
}

void momui_find_bones(const momui_motion *motion, momui_bones *bones) {
    momui_joint_map map;
    momui_map_joints(&motion->skeleton, &map);
    bones->count = 0;
    bones->head = map.role[MOMUI_HEAD] >= 0 ? map.role[MOMUI_HEAD] : map.role[MOMUI_ROLE_NOSE];
    if (motion->kind == MOMUI_MOTION_JOINTS)
        skeleton_bones(&motion->skeleton, &map, bones);
    else
        named_bones(&motion->skeleton, &map, bones);
}

bool momui_point_is_present(const momui_motion *motion, int64_t frame, int32_t joint) {
    return !motion->confidence || motion->confidence[frame * motion->skeleton.joints + joint] > 0;
}

/* Least and greatest of one axis over the points that are present. */
static void extent(const momui_motion *motion, int axis, int64_t frame, double *low, double *high) {
    int32_t joints = motion->skeleton.joints, axes = motion->kind == MOMUI_MOTION_KEYPOINTS ? 2 : 3;
    for (int32_t j = 0; j < joints; j++) {
        if (!momui_point_is_present(motion, frame, j))
            continue;
        double value = (double)motion->positions[(frame * joints + j) * axes + axis];
        *low = momui_min(*low, value);
        *high = momui_max(*high, value);
    }
}

double momui_ground_lift(const momui_motion *motion) {
    static const double BELOW = 0.3; /* metres: no ground is measured that badly */
    double low = INFINITY, high = -INFINITY;
    if (motion->kind != MOMUI_MOTION_POSITIONS)
        return 0;
    for (int64_t t = 0; t < motion->frames; t++)
        extent(motion, 1, t, &low, &high);
    return low < -BELOW && isfinite(low) ? -low : 0;
}

momu_status momui_check_drawable(const momui_motion *motion, const char *name, momu_error *error) {
    static const double LEAST = 0.2, MOST = 20; /* metres that a person spans */
    double size = -1;
    for (int64_t t = 0; t < motion->frames && size < 0; t++) /* the first frame with points */
        for (int axis = 0; axis < (motion->kind == MOMUI_MOTION_KEYPOINTS ? 2 : 3); axis++) {
            double low = INFINITY, high = -INFINITY;
            extent(motion, axis, t, &low, &high);
            size = momui_max(size, high - low);
        }
    if (size < 0)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "%s: cannot be drawn: all points are missing in all frames",
                          name ? name : "the dance");
    if (motion->kind == MOMUI_MOTION_POSITIONS && !(size >= LEAST && size <= MOST))
        return momui_fail(
            error, MOMU_ERROR_UNSUPPORTED,
            "%s: cannot be drawn: the dancer spans %g m, expected %g to %g (positions "
            "are in metres)",
            name ? name : "the dance", size, LEAST, MOST);
    return MOMU_OK;
}
