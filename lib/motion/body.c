/* Retargeting to the canonical body: source joints by name -> roles -> repairs -> orientations
 * (from rotations or positions) -> legs by two-bone IK -> feet on the ground. */
#include "motion/body.h"
#include "motion/retarget.h"
#include <stdlib.h>
#include <string.h>

/* thigh and shin of the standard body, metres */
#define STANDARD_LEG 0.8202438

/* angle between shin and foot, radians: held back above the first, at most the second; a
 * standing foot has 1.14 */
#define FOOT_FREE 1.75
#define FOOT_MAX 2.05

static int compare_floats(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* ---- the source's joints by role ---- */

/* Copies the positions of a joint. Where it is missing (confidence 0) they are interpolated
 * linearly, and the ends held. False: it is missing in every frame. */
static bool copy_positions(momui_retarget *r, int role) {
    const momui_motion *m = r->motion;
    int32_t joint = r->map.role[role];
    int64_t last = -1;
    for (int64_t t = 0; t < r->frames; ++t) {
        int64_t cell = t * m->skeleton.joints + joint;
        if (m->confidence && !(m->confidence[cell] > 0.0f))
            continue;
        float *out = r->places + (t * MOMUI_ROLES + role) * 3;
        memcpy(out, m->positions + 3 * cell, 3 * sizeof *out);
        const float *from = last >= 0 ? r->places + (last * MOMUI_ROLES + role) * 3 : out;
        for (int64_t s = last + 1; s < t; ++s)
            for (int a = 0; a < 3; ++a)
                r->places[(s * MOMUI_ROLES + role) * 3 + a] =
                    from[a] + (out[a] - from[a]) * (float)(s - last) / (float)(t - last);
        last = t;
    }
    for (int64_t s = last + 1; last >= 0 && s < r->frames; ++s)
        memcpy(r->places + (s * MOMUI_ROLES + role) * 3,
               r->places + (last * MOMUI_ROLES + role) * 3, 3 * sizeof(float));
    return last >= 0;
}

momu_status momui_require_joints(const momui_retarget *r, momu_error *error) {
    static const int needed[] = {MOMUI_LEFT_HIP,      MOMUI_RIGHT_HIP,      MOMUI_LEFT_KNEE,
                                 MOMUI_RIGHT_KNEE,    MOMUI_LEFT_ANKLE,     MOMUI_RIGHT_ANKLE,
                                 MOMUI_LEFT_SHOULDER, MOMUI_RIGHT_SHOULDER, MOMUI_LEFT_ELBOW,
                                 MOMUI_RIGHT_ELBOW,   MOMUI_LEFT_WRIST,     MOMUI_RIGHT_WRIST};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; ++i) {
        const char *name = momui_body_names[needed[i]];
        if (r->map.role[needed[i]] < 0)
            return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                              "the skeleton of %d joints has no joint that could be %s",
                              (int)r->motion->skeleton.joints, name);
        if (!r->has[needed[i]])
            return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                              "%s (\"%s\") is missing in every frame", name,
                              r->motion->skeleton.names[r->map.role[needed[i]]]);
    }
    return MOMU_OK;
}

static double bone_length(const momui_retarget *r, int64_t t, int a, int b) {
    return momui_vec3_length(
        momui_vec3_subtract(momui_retarget_place(r, t, a), momui_retarget_place(r, t, b)));
}

/* Scales every place so that the median leg has the standard length. */
static momu_status scale_places(momui_memory *memory, momui_retarget *r, momu_error *error) {
    float *legs = momui_alloc(memory, (size_t)r->frames, sizeof *legs);
    if (!legs)
        return momui_fail_memory(error, "the lengths of the legs");
    for (int64_t t = 0; t < r->frames; ++t)
        legs[t] = (float)(0.5 * (bone_length(r, t, MOMUI_LEFT_HIP, MOMUI_LEFT_KNEE) +
                                 bone_length(r, t, MOMUI_LEFT_KNEE, MOMUI_LEFT_ANKLE) +
                                 bone_length(r, t, MOMUI_RIGHT_HIP, MOMUI_RIGHT_KNEE) +
                                 bone_length(r, t, MOMUI_RIGHT_KNEE, MOMUI_RIGHT_ANKLE)));
    qsort(legs, (size_t)r->frames, sizeof *legs, compare_floats);
    double leg = legs[r->frames / 2];
    momui_free(legs);
    if (!(leg > 1e-4))
        return momui_fail(
            error, MOMU_ERROR_UNSUPPORTED,
            "the legs are %g long from hip to knee to ankle; a body's are longer than 0.0001", leg);
    float scale = (float)(STANDARD_LEG / leg);
    for (int64_t i = 0; i < r->frames * MOMUI_ROLES * 3; ++i)
        r->places[i] *= scale;
    return MOMU_OK;
}

static momu_status open_source(momui_memory *memory, momui_retarget *r, momu_error *error) {
    const momui_motion *m = r->motion;
    if (m->kind == MOMUI_MOTION_KEYPOINTS)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "keypoints in a picture have no depth: no body can be made from them");
    MOMUI_TRY(momui_motion_check(m, error));
    r->frames = m->frames;
    momui_map_joints(&m->skeleton, &r->map);
    size_t cells;
    if (!momui_multiply((size_t)r->frames, (size_t)MOMUI_ROLES * 3, &cells) ||
        !(r->places = momui_calloc(memory, cells, sizeof *r->places)))
        return momui_fail_memory(error, "the source's joints");
    for (int role = 0; role < MOMUI_ROLES; ++role)
        r->has[role] = r->map.role[role] >= 0 && copy_positions(r, role);
    MOMUI_TRY(momui_require_joints(r, error));
    MOMUI_TRY(scale_places(memory, r, error));
    momui_repair_knees(r);
    MOMUI_TRY(momui_find_standing(memory, r, error));
    if (!momui_retarget_align(r))
        return MOMU_OK;
    r->globals = momui_alloc(memory, (size_t)m->skeleton.joints, sizeof *r->globals);
    r->flips = momui_calloc(memory, (size_t)r->frames, sizeof *r->flips);
    if (!r->globals || !r->flips)
        return momui_fail_memory(error, "the source's orientations");
    momui_find_flips(r);
    return MOMU_OK;
}

/* ---- one frame ---- */

static void places_of(const momui_quat *world, momui_vec3 pelvis, momui_vec3 *places) {
    places[0] = pelvis;
    for (int j = 1; j < MOMUI_BODY_JOINTS; ++j) {
        int parent = momui_body_parents[j];
        places[j] =
            momui_vec3_add(places[parent], momui_quat_rotate(world[parent], momui_body_offset(j)));
    }
}

/* Puts hips and ankles where the source has them, so that planted feet stay planted, and keeps
 * the plane of the knee. */
static void reach_ankle(const momui_retarget *r, int64_t frame, int hip, const momui_vec3 *places,
                        momui_quat *world) {
    int knee = hip == MOMUI_LEFT_HIP ? MOMUI_LEFT_KNEE : MOMUI_RIGHT_KNEE;
    int ankle = hip == MOMUI_LEFT_HIP ? MOMUI_LEFT_ANKLE : MOMUI_RIGHT_ANKLE;
    momui_vec3 target = momui_retarget_place(r, frame, ankle);
    momui_vec3 hint = momui_quat_rotate(world[hip], momui_vec3_of(1, 0, 0));
    momui_quat upper, lower;
    momui_two_bone_ik(places[hip], places[knee], places[ankle], target, hint, &upper, &lower);
    world[hip] = momui_quat_multiply(upper, world[hip]);
    world[knee] = momui_quat_multiply(lower, world[knee]);
}

/* Keeps a foot from folding up along its shin, as it does in poor captures: beyond FOOT_FREE the
 * angle between shin and foot is softly limited to FOOT_MAX. */
static void limit_foot(int ankle, momui_quat *world) {
    int knee = momui_body_parents[ankle];
    int ball = ankle == MOMUI_LEFT_ANKLE ? MOMUI_LEFT_FOOT : MOMUI_RIGHT_FOOT;
    momui_vec3 shin = momui_quat_rotate(world[knee], momui_body_offset(ankle));
    momui_vec3 foot = momui_quat_rotate(world[ankle], momui_body_offset(ball));
    momui_vec3 axis = momui_vec3_cross(foot, shin);
    double angle = atan2(momui_vec3_length(axis), momui_vec3_dot(foot, shin));
    if (angle <= FOOT_FREE)
        return;
    double room = FOOT_MAX - FOOT_FREE;
    double held = FOOT_FREE + room * (1.0 - exp((FOOT_FREE - angle) / room));
    momui_quat back = momui_quat_about(axis, angle - held);
    world[ankle] = momui_quat_multiply(back, world[ankle]);
    world[ball] = momui_quat_multiply(back, world[ball]);
}

static void solve_frame(const momui_retarget *r, int64_t frame, momui_motion *body) {
    momui_quat world[MOMUI_BODY_JOINTS];
    momui_vec3 places[MOMUI_BODY_JOINTS];
    if (r->globals) {
        momui_solve_rotations(r, frame, world);
        momui_turn_flips(r, frame, world);
    } else {
        momui_solve_positions(r, frame, world);
    }
    momui_vec3 hips = momui_vec3_mix(momui_retarget_place(r, frame, MOMUI_LEFT_HIP),
                                     momui_retarget_place(r, frame, MOMUI_RIGHT_HIP), 0.5);
    momui_vec3 down = {0.0, (double)momui_body_offsets[MOMUI_LEFT_HIP][1], 0.0};
    momui_vec3 pelvis = momui_vec3_subtract(hips, momui_quat_rotate(world[MOMUI_PELVIS], down));
    places_of(world, pelvis, places);
    reach_ankle(r, frame, MOMUI_LEFT_HIP, places, world);
    reach_ankle(r, frame, MOMUI_RIGHT_HIP, places, world);
    limit_foot(MOMUI_LEFT_ANKLE, world);
    limit_foot(MOMUI_RIGHT_ANKLE, world);
    momui_level_feet(r, frame, world);
    float *rotations = body->rotations + frame * MOMUI_BODY_JOINTS * 4;
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) {
        int parent = momui_body_parents[j];
        momui_quat local = parent < 0
                               ? world[j]
                               : momui_quat_multiply(momui_quat_conjugate(world[parent]), world[j]);
        momui_quat_store(momui_quat_unit(local), rotations + 4 * j);
    }
    momui_vec3_store(pelvis, body->root + 3 * frame);
}

/* ---- the ground ---- */

momu_status momui_body_ground(momui_memory *memory, const momui_motion *body, double *ground,
                              momu_error *error) {
    float *lowest = momui_alloc(memory, (size_t)body->frames, sizeof *lowest);
    if (!lowest)
        return momui_fail_memory(error, "the heights of the feet");
    for (int64_t t = 0; t < body->frames; ++t) {
        const float *frame = body->positions + t * MOMUI_BODY_JOINTS * 3;
        lowest[t] = fminf(frame[3 * MOMUI_LEFT_FOOT + 1], frame[3 * MOMUI_RIGHT_FOOT + 1]);
    }
    qsort(lowest, (size_t)body->frames, sizeof *lowest, compare_floats);
    *ground = body->frames > 0 ? (double)lowest[(body->frames - 1) / 20] - 0.020 : 0.0;
    momui_free(lowest);
    return MOMU_OK;
}

static momu_status stand_on_ground(momui_memory *memory, momui_motion *body, momu_error *error) {
    double ground;
    MOMUI_TRY(momui_motion_update(body, error));
    MOMUI_TRY(momui_body_ground(memory, body, &ground, error));
    for (int64_t t = 0; t < body->frames; ++t)
        body->root[3 * t + 1] -= (float)ground;
    return momui_motion_update(body, error);
}

static uint32_t missing_joints(const momui_retarget *r) {
    uint32_t missing = 0;
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
        if (!r->has[j])
            missing |= (uint32_t)1 << j;
    return missing;
}

momu_status momui_body_from_motion(momui_memory *memory, const momui_motion *source,
                                   momui_motion **body, uint32_t *missing, momu_error *error) {
    momui_retarget retarget = {.motion = source};
    momui_motion *made = NULL;
    momu_status status = open_source(memory, &retarget, error);
    if (status == MOMU_OK && !(made = momui_body_new(memory, source->frames, source->fps)))
        status = momui_fail_memory(error, "the body's motion");
    for (int64_t t = 0; status == MOMU_OK && t < source->frames; ++t)
        solve_frame(&retarget, t, made);
    if (status == MOMU_OK) {
        for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
            momui_quat_continue(made->rotations + 4 * j, made->frames, MOMUI_BODY_JOINTS * 4);
        status = stand_on_ground(memory, made, error);
    }
    if (status == MOMU_OK && missing)
        *missing = missing_joints(&retarget);
    momui_free(retarget.places);
    momui_free(retarget.globals);
    momui_free(retarget.flips);
    momui_free(retarget.standing);
    if (status != MOMU_OK) {
        momui_motion_free(made);
        made = NULL;
    }
    *body = made;
    return status;
}
