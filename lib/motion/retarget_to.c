#include "motion/retarget_to.h"
#include "motion/body.h"
#include "motion/retarget.h"

#include <string.h>

/* above the ground, of the standard body at rest */
#define ANKLE_HEIGHT 0.080
#define BALL_HEIGHT 0.020

/* A figure that shall dance, and one frame of it. */
typedef struct figure {
    const momui_skeleton *skeleton;
    momui_retarget source; /* the figure seen as a source: its roles and `align` */
    int32_t *role;         /* (joints) role of each joint, or -1 */
    double *height;        /* (joints) along the spine, 0..1, or -1 */
    momui_vec3 *rest;      /* (joints) places at rest */
    momui_quat *world;     /* (joints) orientations against the rest pose */
    momui_vec3 *places;    /* (joints) */
    double scale, ankle;   /* leg by the standard leg; how high its ankles rest */
} figure;

/* ---- the figure at rest ---- */

static double rest_length(const figure *f, int a, int b) {
    const int32_t *joint = f->source.map.role;
    return momui_vec3_length(momui_vec3_subtract(f->rest[joint[a]], f->rest[joint[b]]));
}

/* Below the lowest joint at rest there is as much foot as the standard body has there; a toe's end
 * has none. */
static double find_ground(const figure *f) {
    int32_t lowest = 0;
    for (int32_t j = 1; j < f->skeleton->joints; ++j)
        if (f->rest[j].y < f->rest[lowest].y)
            lowest = j;
    int32_t role = f->role[lowest];
    bool ball = role == MOMUI_LEFT_FOOT || role == MOMUI_RIGHT_FOOT;
    bool ankle = role == MOMUI_LEFT_ANKLE || role == MOMUI_RIGHT_ANKLE;
    return f->rest[lowest].y - f->scale * (ball ? BALL_HEIGHT : ankle ? ANKLE_HEIGHT : 0);
}

static void measure_legs(figure *f) {
    static const int BONES[4][2] = {{MOMUI_LEFT_HIP, MOMUI_LEFT_KNEE},
                                    {MOMUI_LEFT_KNEE, MOMUI_LEFT_ANKLE},
                                    {MOMUI_RIGHT_HIP, MOMUI_RIGHT_KNEE},
                                    {MOMUI_RIGHT_KNEE, MOMUI_RIGHT_ANKLE}};
    double own = 0, standard = 0;
    for (int b = 0; b < 4; ++b) {
        own += rest_length(f, BONES[b][0], BONES[b][1]);
        standard += momui_vec3_length(momui_body_offset(BONES[b][1]));
    }
    f->scale = own / standard;
    const int32_t *joint = f->source.map.role;
    f->ankle = 0.5 * (f->rest[joint[MOMUI_LEFT_ANKLE]].y + f->rest[joint[MOMUI_RIGHT_ANKLE]].y) -
               find_ground(f);
}

static void name_joints(figure *f) {
    const momui_joint_map *map = &f->source.map;
    for (int32_t j = 0; j < f->skeleton->joints; ++j) {
        f->role[j] = -1;
        f->height[j] = -1;
    }
    for (int role = 0; role < MOMUI_BODY_JOINTS; ++role)
        if (map->role[role] >= 0)
            f->role[map->role[role]] = role;
    for (int i = 0; i < map->spine_count; ++i)
        f->height[map->spine[i]] = map->spine_count > 1 ? (double)i / (map->spine_count - 1) : 0.5;
}

static momu_status open_figure(momui_memory *memory, figure *f, const momui_motion *shell,
                               momu_error *error) {
    size_t joints = (size_t)f->skeleton->joints;
    f->source.motion = shell;
    f->role = momui_alloc(memory, joints, sizeof *f->role);
    f->height = momui_alloc(memory, joints, sizeof *f->height);
    f->rest = momui_alloc(memory, joints, sizeof *f->rest);
    f->world = momui_alloc(memory, joints, sizeof *f->world);
    f->places = momui_alloc(memory, joints, sizeof *f->places);
    if (!f->role || !f->height || !f->rest || !f->world || !f->places)
        return momui_fail_memory(error, "the figure's joints");
    for (size_t j = 0; j < joints; ++j) {
        momui_vec3 offset = momui_vec3_load(f->skeleton->offsets + 3 * j);
        f->rest[j] = j == 0 ? momui_vec3_of(0, 0, 0)
                            : momui_vec3_add(f->rest[f->skeleton->parents[j]], offset);
    }
    momui_map_joints(f->skeleton, &f->source.map);
    for (int role = 0; role < MOMUI_ROLES; ++role)
        f->source.has[role] = f->source.map.role[role] >= 0;
    MOMUI_TRY(momui_require_joints(&f->source, error));
    if (!momui_retarget_align(&f->source))
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "the figure's rest pose is no person upright (Y up, legs down), or it "
                          "has no joint for the pelvis");
    name_joints(f);
    measure_legs(f);
    if (!(f->scale > 1e-4 && f->scale < 1e4))
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "the figure's legs are %g times as long as a person's", f->scale);
    return MOMU_OK;
}

static void close_figure(figure *f) {
    momui_free(f->role);
    momui_free(f->height);
    momui_free(f->rest);
    momui_free(f->world);
    momui_free(f->places);
}

/* ---- one frame ---- */

/* The dancer's back at `height`: its three joints are at 0, 0.5 and 1. */
static momui_quat back_at(const momui_quat *dancer, double height) {
    if (height < 0.5)
        return momui_quat_slerp(dancer[MOMUI_SPINE1], dancer[MOMUI_SPINE2], 2 * height);
    return momui_quat_slerp(dancer[MOMUI_SPINE2], dancer[MOMUI_SPINE3], 2 * height - 1);
}

static void turn_joints(figure *f, const momui_quat *dancer) {
    for (int32_t j = 0; j < f->skeleton->joints; ++j) {
        int32_t role = f->role[j], parent = f->skeleton->parents[j];
        if (f->height[j] >= 0) /* the whole back leans with the dancer's */
            f->world[j] = momui_quat_multiply(back_at(dancer, f->height[j]),
                                              momui_quat_conjugate(f->source.align[MOMUI_SPINE1]));
        else if (role >= 0)
            f->world[j] =
                momui_quat_multiply(dancer[role], momui_quat_conjugate(f->source.align[role]));
        else
            f->world[j] = parent < 0 ? momui_quat_identity() : f->world[parent];
    }
}

/* What rests goes with its parent, after the legs have moved. */
static void carry_resting(figure *f) {
    for (int32_t j = 1; j < f->skeleton->joints; ++j)
        if (f->role[j] < 0 && f->height[j] < 0)
            f->world[j] = f->world[f->skeleton->parents[j]];
}

static void place_joints(figure *f, momui_vec3 root) {
    f->places[0] = root;
    for (int32_t j = 1; j < f->skeleton->joints; ++j) {
        int32_t parent = f->skeleton->parents[j];
        momui_vec3 offset = momui_vec3_load(f->skeleton->offsets + 3 * j);
        f->places[j] =
            momui_vec3_add(f->places[parent], momui_quat_rotate(f->world[parent], offset));
    }
}

/* A place of the dancer's in the figure's size; heights count from the ankles at rest. */
static momui_vec3 scaled(const figure *f, const float *positions, int joint) {
    momui_vec3 at = momui_vec3_load(positions + 3 * joint);
    return momui_vec3_of(f->scale * at.x, f->scale * (at.y - ANKLE_HEIGHT) + f->ankle,
                         f->scale * at.z);
}

/* The first joint's place that brings the middle of the hips where the dancer has it. */
static momui_vec3 find_root(figure *f, const float *positions) {
    const int32_t *joint = f->source.map.role;
    place_joints(f, momui_vec3_of(0, 0, 0));
    momui_vec3 own =
        momui_vec3_mix(f->places[joint[MOMUI_LEFT_HIP]], f->places[joint[MOMUI_RIGHT_HIP]], 0.5);
    momui_vec3 wanted = momui_vec3_mix(scaled(f, positions, MOMUI_LEFT_HIP),
                                       scaled(f, positions, MOMUI_RIGHT_HIP), 0.5);
    return momui_vec3_subtract(wanted, own);
}

static void reach_ankle(figure *f, const float *positions, int hip, int knee, int ankle) {
    const int32_t *joint = f->source.map.role;
    momui_quat upper, lower, *thigh = &f->world[joint[hip]], *shin = &f->world[joint[knee]];
    momui_vec3 hint = momui_quat_rotate(momui_quat_multiply(*thigh, f->source.align[hip]),
                                        momui_vec3_of(1, 0, 0));
    momui_two_bone_ik(f->places[joint[hip]], f->places[joint[knee]], f->places[joint[ankle]],
                      scaled(f, positions, ankle), hint, &upper, &lower);
    *thigh = momui_quat_multiply(upper, *thigh);
    *shin = momui_quat_multiply(lower, *shin);
}

static void pose_frame(figure *f, const momui_motion *body, int64_t frame, momui_motion *out) {
    momui_quat dancer[MOMUI_BODY_JOINTS];
    float scratch[MOMUI_BODY_JOINTS * 3];
    const float *positions = body->positions + frame * MOMUI_BODY_JOINTS * 3;
    momui_forward_kinematics(&body->skeleton, body->rotations + frame * MOMUI_BODY_JOINTS * 4,
                             body->root + 3 * frame, scratch, dancer);
    turn_joints(f, dancer);
    momui_vec3 root = find_root(f, positions);
    place_joints(f, root);
    reach_ankle(f, positions, MOMUI_LEFT_HIP, MOMUI_LEFT_KNEE, MOMUI_LEFT_ANKLE);
    reach_ankle(f, positions, MOMUI_RIGHT_HIP, MOMUI_RIGHT_KNEE, MOMUI_RIGHT_ANKLE);
    carry_resting(f);
    momui_vec3_store(root, out->root + 3 * frame);
    float *rotations = out->rotations + (size_t)frame * (size_t)f->skeleton->joints * 4;
    for (int32_t j = 0; j < f->skeleton->joints; ++j) {
        int32_t parent = f->skeleton->parents[j];
        momui_quat local = f->world[j];
        if (parent >= 0)
            local = momui_quat_multiply(momui_quat_conjugate(f->world[parent]), local);
        momui_quat_store(momui_quat_unit(local), rotations + 4 * j);
    }
}

static momu_status dance(momui_memory *memory, const momui_motion *body,
                         const momui_skeleton *skeleton, momui_motion *out, momu_error *error) {
    figure f = {.skeleton = skeleton};
    momu_status status = open_figure(memory, &f, out, error);
    for (int64_t t = 0; status == MOMU_OK && t < body->frames; ++t) {
        pose_frame(&f, body, t, out);
        status = momui_check_cancelled(memory, error);
    }
    close_figure(&f);
    if (status != MOMU_OK)
        return status;
    for (int32_t j = 0; j < skeleton->joints; ++j)
        momui_quat_continue(out->rotations + 4 * j, out->frames, 4 * (int64_t)skeleton->joints);
    return momui_motion_update(out, error);
}

momu_status momui_retarget_to(momui_memory *memory, const momui_motion *motion,
                              const momui_skeleton *skeleton, momui_motion **out,
                              momu_error *error) {
    momui_motion *body = NULL, *made = NULL;
    *out = NULL;
    MOMUI_TRY(momui_body_from_motion(memory, motion, &body, NULL, error));
    momu_status status = MOMU_OK;
    made = momui_motion_new(memory, MOMUI_MOTION_JOINTS, skeleton->joints, body->frames, body->fps);
    if (made) {
        momui_skeleton_copy(skeleton, &made->skeleton);
        status = dance(memory, body, skeleton, made, error);
    } else {
        status = momui_fail_memory(error, "the figure's motion");
    }
    momui_motion_free(body);
    if (status == MOMU_OK)
        *out = made;
    else
        momui_motion_free(made);
    return status;
}
