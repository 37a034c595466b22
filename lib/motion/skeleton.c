#include "motion/kinematics.h"
#include "motion/motion.h"
#include <string.h>

const char *const momui_body_names[MOMUI_BODY_JOINTS] = {
    "pelvis",     "left_hip",    "right_hip",    "spine1",     "left_knee",     "right_knee",
    "spine2",     "left_ankle",  "right_ankle",  "spine3",     "left_foot",     "right_foot",
    "neck",       "left_collar", "right_collar", "head",       "left_shoulder", "right_shoulder",
    "left_elbow", "right_elbow", "left_wrist",   "right_wrist"};

const int32_t momui_body_parents[MOMUI_BODY_JOINTS] = {-1, 0, 0, 0, 1,  2,  3,  4,  5,  6,  7,
                                                       8,  9, 9, 9, 12, 13, 14, 16, 17, 18, 19};

const float momui_body_offsets[MOMUI_BODY_JOINTS][3] = {
    {0.0f, 0.0f, 0.0f},     {0.090f, -0.080f, 0.0f},   {-0.090f, -0.080f, 0.0f},
    {0.0f, 0.110f, 0.0f},   {0.010f, -0.410f, 0.0f},   {-0.010f, -0.410f, 0.0f},
    {0.0f, 0.130f, 0.0f},   {0.0f, -0.410f, -0.010f},  {0.0f, -0.410f, -0.010f},
    {0.0f, 0.060f, 0.0f},   {0.010f, -0.060f, 0.130f}, {-0.010f, -0.060f, 0.130f},
    {0.0f, 0.210f, 0.0f},   {0.070f, 0.120f, 0.0f},    {-0.070f, 0.120f, 0.0f},
    {0.0f, 0.110f, 0.020f}, {0.110f, 0.0f, 0.0f},      {-0.110f, 0.0f, 0.0f},
    {0.260f, 0.0f, 0.0f},   {-0.260f, 0.0f, 0.0f},     {0.250f, 0.0f, 0.0f},
    {-0.250f, 0.0f, 0.0f}};

static bool allocate_skeleton(momui_memory *memory, momui_skeleton *skeleton, int32_t joints) {
    skeleton->joints = joints;
    skeleton->names = momui_calloc(memory, (size_t)joints, sizeof *skeleton->names);
    skeleton->parents = momui_calloc(memory, (size_t)joints, sizeof(int32_t));
    skeleton->offsets = momui_calloc(memory, (size_t)joints * 3, sizeof(float));
    if (!skeleton->names || !skeleton->parents || !skeleton->offsets)
        return false;
    for (int32_t j = 0; j < joints; ++j)
        skeleton->parents[j] = -1;
    return true;
}

static bool allocate_rotations(momui_motion *motion, size_t cells) {
    motion->rotations = momui_calloc(motion->memory, cells, 4 * sizeof(float));
    motion->root = momui_calloc(motion->memory, (size_t)motion->frames, 3 * sizeof(float));
    if (!motion->rotations || !motion->root)
        return false;
    for (size_t i = 0; i < cells; ++i)
        motion->rotations[4 * i] = 1.0f;
    return true;
}

momui_motion *momui_motion_new(momui_memory *memory, momui_motion_kind kind, int32_t joints,
                               int64_t frames, double fps) {
    size_t cells;
    if (joints < 1 || joints > MOMUI_MAX_JOINTS || frames < 0 || frames > MOMUI_MAX_MOTION_FRAMES ||
        !momui_multiply((size_t)joints, (size_t)frames, &cells))
        return NULL;
    momui_motion *motion = momui_calloc(memory, 1, sizeof *motion);
    if (!motion)
        return NULL;
    motion->memory = memory;
    motion->kind = kind;
    motion->frames = frames;
    motion->fps = fps;
    size_t axes = kind == MOMUI_MOTION_KEYPOINTS ? 2 : 3;
    motion->positions = momui_calloc(memory, cells, axes * sizeof(float));
    if (!motion->positions || !allocate_skeleton(memory, &motion->skeleton, joints) ||
        (kind == MOMUI_MOTION_JOINTS && !allocate_rotations(motion, cells))) {
        momui_motion_free(motion);
        return NULL;
    }
    return motion;
}

void momui_motion_free(momui_motion *motion) {
    if (!motion)
        return;
    momui_free(motion->skeleton.names);
    momui_free(motion->skeleton.parents);
    momui_free(motion->skeleton.offsets);
    momui_free(motion->positions);
    momui_free(motion->rotations);
    momui_free(motion->root);
    momui_free(motion->confidence);
    momui_free(motion);
}

int32_t momui_skeleton_find(const momui_skeleton *skeleton, const char *name) {
    for (int32_t j = 0; j < skeleton->joints; ++j)
        if (strcmp(skeleton->names[j], name) == 0)
            return j;
    return -1;
}

void momui_skeleton_copy(const momui_skeleton *from, momui_skeleton *to) {
    size_t joints = (size_t)from->joints;
    memcpy(to->names, from->names, joints * sizeof *to->names);
    memcpy(to->parents, from->parents, joints * sizeof *to->parents);
    memcpy(to->offsets, from->offsets, joints * 3 * sizeof *to->offsets);
}

momui_motion *momui_body_new(momui_memory *memory, int64_t frames, double fps) {
    momui_motion *body =
        momui_motion_new(memory, MOMUI_MOTION_JOINTS, MOMUI_BODY_JOINTS, frames, fps);
    if (!body)
        return NULL;
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
        memcpy(body->skeleton.names[j], momui_body_names[j], strlen(momui_body_names[j]) + 1);
    memcpy(body->skeleton.parents, momui_body_parents, sizeof momui_body_parents);
    memcpy(body->skeleton.offsets, momui_body_offsets, sizeof momui_body_offsets);
    return body;
}

bool momui_motion_is_body(const momui_motion *motion) {
    if (motion->kind != MOMUI_MOTION_JOINTS || motion->skeleton.joints != MOMUI_BODY_JOINTS)
        return false;
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
        if (strcmp(motion->skeleton.names[j], momui_body_names[j]) != 0 ||
            motion->skeleton.parents[j] != momui_body_parents[j])
            return false;
    for (int i = 0; i < 3 * MOMUI_BODY_JOINTS; ++i)
        if (!(fabsf(motion->skeleton.offsets[i] - momui_body_offsets[i / 3][i % 3]) < 2e-4f))
            return false;
    return true;
}
