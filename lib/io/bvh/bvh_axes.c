/* BVH names no axes. A body that rests upright along Z, and keeps its head above its feet along Z
 * while it moves, comes from a program whose Z is up. */
#include "io/bvh/bvh.h"
#include "motion/joint_names.h"
#include "motion/rotation.h"

/* head less feet of one pose (joints, 3), added to `sum` */
static void add_up(const momui_joint_map *map, const float *places, double sum[3]) {
    int32_t head = map->role[MOMUI_HEAD], left = map->role[MOMUI_LEFT_ANKLE],
            right = map->role[MOMUI_RIGHT_ANKLE];
    for (int a = 0; a < 3; a++)
        sum[a] += (double)places[3 * head + a] -
                  0.5 * ((double)places[3 * left + a] + (double)places[3 * right + a]);
}

static bool along_z(const double up[3]) {
    return up[2] > 2 * fabs(up[1]) && up[2] > 2 * fabs(up[0]);
}

bool momui_bvh_is_z_up(const momui_motion *motion) {
    const momui_skeleton *skeleton = &motion->skeleton;
    momui_joint_map map;
    momui_map_joints(skeleton, &map);
    if (map.role[MOMUI_HEAD] < 0 || map.role[MOMUI_LEFT_ANKLE] < 0 ||
        map.role[MOMUI_RIGHT_ANKLE] < 0)
        return false;
    float rest[3 * MOMUI_MAX_JOINTS] = {0};
    double at_rest[3] = {0, 0, 0}, moving[3] = {0, 0, 0};
    for (int32_t j = 0; j < skeleton->joints; j++)
        for (int a = 0; a < 3; a++)
            rest[3 * j + a] =
                skeleton->offsets[3 * j + a] + (j > 0 ? rest[3 * skeleton->parents[j] + a] : 0);
    add_up(&map, rest, at_rest);
    for (int64_t t = 0; t < motion->frames; t++)
        add_up(&map, motion->positions + t * skeleton->joints * 3, moving);
    return along_z(at_rest) && along_z(moving);
}

/* (x, y, z) -> (x, z, -y), for `count` vectors that are `stride` floats apart */
static void stand_up(float *vectors, size_t count, size_t stride) {
    for (size_t i = 0; i < count; i++) {
        float *v = vectors + i * stride, y = v[1];
        v[1] = v[2];
        v[2] = -y;
    }
}

void momui_bvh_stand_up(momui_motion *motion) {
    size_t joints = (size_t)motion->skeleton.joints, cells = (size_t)motion->frames * joints;
    stand_up(motion->skeleton.offsets, joints, 3);
    stand_up(motion->positions, cells, 3);
    stand_up(motion->root, (size_t)motion->frames, 3);
    stand_up(motion->rotations + 1, cells, 4); /* w x y z: the axis turns with all vectors */
}
