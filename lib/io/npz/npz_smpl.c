/* Motion as AMASS and SMPL have it: axis-angles of 24 or more joints, of which the first 22 are the
 * canonical body's, in its order; Z up. docs/formats.md, "SMPL". The body model itself (its shapes
 * and its mesh) is not free, and nothing of it is here. */
#include "io/motion_limits.h"
#include "io/npz/npz.h"
#include "motion/body.h"
#include "motion/kinematics.h"

#include <string.h>

enum { SMPL_JOINTS = 24, AXES = 3 };

/* From Z up to Y up: X stays. */
static momui_quat stand_up(void) {
    return momui_quat_about(momui_vec3_of(1, 0, 0), -MOMUI_PI / 2);
}

static void axis_angle(momui_quat q, float out[AXES]) {
    q = momui_quat_unit(q.w < 0 ? momui_quat_of(-q.w, -q.x, -q.y, -q.z) : q);
    double sine = sqrt(q.x * q.x + q.y * q.y + q.z * q.z);
    double by = sine > 1e-9 ? 2 * atan2(sine, q.w) / sine : 2;
    momui_vec3_store(momui_vec3_of(q.x * by, q.y * by, q.z * by), out);
}

static momui_quat from_axis_angle(const float *v) {
    momui_vec3 axis = momui_vec3_load(v);
    return momui_quat_about(axis, momui_vec3_length(axis));
}

/* ---- writing ---- */

static momu_status write_body(const momui_motion *body, momui_writer *out, momu_error *error) {
    momui_npz_writer *writer = momui_npz_writer_new(body->memory);
    size_t frames = (size_t)body->frames;
    float *poses = momui_calloc(body->memory, frames, SMPL_JOINTS * AXES * sizeof *poses);
    float *trans = momui_alloc(body->memory, frames, AXES * sizeof *trans);
    momu_status status = momui_fail_memory(error, "an NPZ file");
    if (writer && poses && trans) {
        momui_quat lay_down = momui_quat_conjugate(stand_up());
        for (size_t t = 0; t < frames; t++) {
            const float *local = body->rotations + t * MOMUI_BODY_JOINTS * 4;
            float *pose = poses + t * SMPL_JOINTS * AXES;
            for (size_t j = 0; j < MOMUI_BODY_JOINTS; j++) {
                momui_quat q = momui_quat_load(local + 4 * j);
                axis_angle(j == 0 ? momui_quat_multiply(lay_down, q) : q, pose + AXES * j);
            }
            momui_vec3_store(momui_quat_rotate(lay_down, momui_vec3_load(body->root + AXES * t)),
                             trans + AXES * t);
        }
        static const float BETAS[10];
        momui_npz_writer_add(writer, "poses", "<f4", 2,
                             (int64_t[]){body->frames, SMPL_JOINTS * AXES}, poses,
                             frames * SMPL_JOINTS * AXES * sizeof *poses);
        momui_npz_writer_add(writer, "trans", "<f4", 2, (int64_t[]){body->frames, AXES}, trans,
                             frames * AXES * sizeof *trans);
        momui_npz_writer_add(writer, "betas", "<f4", 1, (int64_t[]){10}, BETAS, sizeof BETAS);
        momui_npz_writer_add(writer, "gender", "|S7", 0, NULL, "neutral", 7);
        momui_npz_writer_add(writer, "mocap_framerate", "<f8", 0, NULL, &body->fps,
                             sizeof body->fps);
        status = momui_npz_writer_finish(writer, out, error);
    }
    momui_free(poses);
    momui_free(trans);
    momui_npz_writer_free(writer);
    return status;
}

momu_status momui_motion_smpl_write(const momui_motion *motion, momui_writer *out,
                                    momu_error *error) {
    if (momui_motion_is_body(motion))
        return write_body(motion, out, error);
    momui_motion *body = NULL;
    MOMUI_TRY(momui_body_from_motion(motion->memory, motion, &body, NULL, error));
    momu_status status = write_body(body, out, error);
    momui_motion_free(body);
    return status;
}

/* ---- reading ---- */

static momu_status read_floats(const momui_npy *array, int64_t frames, int64_t least,
                               momui_memory *memory, float **out, momu_error *error) {
    if (array->rank != 2 || array->shape[0] != frames || array->shape[1] < least ||
        array->shape[1] % AXES)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: expected the shape (%lld, %lld) or wider, by threes", array->name,
                          (long long)frames, (long long)least);
    *out = momui_alloc(memory, array->elements, sizeof **out);
    if (!*out)
        return momui_fail_memory(error, "SMPL's angles");
    return momui_npy_floats(array, false, *out, error);
}

static void fill_body(const float *poses, size_t width, const float *trans, momui_motion *body) {
    momui_quat up = stand_up();
    for (size_t t = 0; t < (size_t)body->frames; t++) {
        float *local = body->rotations + t * MOMUI_BODY_JOINTS * 4;
        for (size_t j = 0; j < MOMUI_BODY_JOINTS; j++) {
            momui_quat q = from_axis_angle(poses + t * width + AXES * j);
            momui_quat_store(j == 0 ? momui_quat_multiply(up, q) : q, local + 4 * j);
        }
        momui_vec3_store(momui_quat_rotate(up, momui_vec3_load(trans + AXES * t)),
                         body->root + AXES * t);
    }
    for (int j = 0; j < MOMUI_BODY_JOINTS; j++)
        momui_quat_continue(body->rotations + 4 * j, body->frames, 4 * MOMUI_BODY_JOINTS);
}

momu_status momui_motion_smpl_read(momui_memory *memory, momui_npz *file, double fps,
                                   momui_motion **motion, momu_error *error) {
    momui_npy poses, trans;
    *motion = NULL;
    MOMUI_TRY(momui_npz_array(file, "poses", &poses, error));
    MOMUI_TRY(momui_npz_array(file, "trans", &trans, error));
    int64_t frames = poses.rank == 2 ? poses.shape[0] : 0;
    MOMUI_TRY(momui_check_motion_size(poses.name, MOMUI_BODY_JOINTS, frames, error));
    float *angles = NULL, *places = NULL;
    momui_motion *body = NULL;
    momu_status status = MOMU_OK;
    MOMUI_TRY_GOTO(read_floats(&poses, frames, MOMUI_BODY_JOINTS * AXES, memory, &angles, error),
                   status, done);
    MOMUI_TRY_GOTO(read_floats(&trans, frames, AXES, memory, &places, error), status, done);
    if (trans.shape[1] != AXES) {
        status = momui_fail(error, MOMU_ERROR_FORMAT, "%s: expected 3 numbers a frame, found %lld",
                            trans.name, (long long)trans.shape[1]);
        goto done;
    }
    body = momui_body_new(memory, frames, fps);
    if (!body) {
        status = momui_fail_memory(error, "a motion");
        goto done;
    }
    fill_body(angles, (size_t)poses.shape[1], places, body);
    MOMUI_TRY_GOTO(momui_motion_update(body, error), status, done);
    *motion = body;
    body = NULL;
done:
    momui_free(angles);
    momui_free(places);
    momui_motion_free(body);
    return status;
}
