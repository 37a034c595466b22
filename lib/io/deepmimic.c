#include "io/deepmimic.h"
#include "io/json/json.h"
#include "motion/rotation.h"

#include <math.h>
#include <stdio.h>

enum { NUMBERS = 44, JOINTS = 16, MOST_FRAMES = 1 << 17 };

/* A joint of the humanoid: where its rotation is within a frame (4 numbers, or 1: an angle about
 * z), or -1: an end that does not turn; and its place in its parent. X ahead, Y up, Z to the right.
 */
typedef struct joint {
    const char *name;
    int parent, at, numbers;
    double offset[3];
} joint;

static const joint BODY[JOINTS] = {
    {"pelvis", -1, 4, 4, {0, 0, 0}},
    {"chest", 0, 8, 4, {0, 0.236151, 0}},
    {"neck", 1, 12, 4, {0, 0.223894, 0}},
    {"head", 2, -1, 0, {0, 0.175, 0}},
    {"right_hip", 0, 16, 4, {0, 0, 0.084887}},
    {"right_knee", 4, 20, 1, {0, -0.421546, 0}},
    {"right_ankle", 5, 21, 4, {0, -0.409870, 0}},
    {"right_shoulder", 1, 25, 4, {-0.024050, 0.243500, 0.183110}},
    {"right_elbow", 7, 29, 1, {0, -0.274788, 0}},
    {"right_wrist", 8, -1, 0, {0, -0.258947, 0}},
    {"left_hip", 0, 30, 4, {0, 0, -0.084887}},
    {"left_knee", 10, 34, 1, {0, -0.421546, 0}},
    {"left_ankle", 11, 35, 4, {0, -0.409870, 0}},
    {"left_shoulder", 1, 39, 4, {-0.024050, 0.243500, -0.183110}},
    {"left_elbow", 13, 43, 1, {0, -0.274788, 0}},
    {"left_wrist", 14, -1, 0, {0, -0.258947, 0}},
};

static momu_status read_frame(const momui_json *frame, double numbers[NUMBERS], momu_error *error) {
    if (momui_json_type(frame) != MOMUI_JSON_ARRAY || momui_json_count(frame) != NUMBERS)
        return momui_json_fail(frame, error, "expected a list of %d numbers", NUMBERS);
    for (size_t i = 0; i < NUMBERS; i++)
        MOMUI_TRY(momui_json_as_double(momui_json_at(frame, i), -1e4, 1e4, &numbers[i], error));
    if (!(numbers[0] >= 0 && numbers[0] <= 1)) /* 0: the last frame of a loop */
        return momui_json_fail(frame, error, "lasts %g s; expected 0 to 1", numbers[0]);
    return MOMU_OK;
}

static momui_quat rotation_of(const joint *j, const double *numbers) {
    const double *n = numbers + (j->at >= 0 ? j->at : 0);
    if (j->at < 0)
        return momui_quat_identity();
    if (j->numbers == 1)
        return momui_quat_about(momui_vec3_of(0, 0, 1), n[0]);
    return momui_quat_unit(momui_quat_of(n[0], n[1], n[2], n[3]));
}

/* (JOINTS, 3) */
static void place_joints(const double *numbers, float *positions) {
    momui_quat world[JOINTS];
    momui_vec3 at[JOINTS];
    for (int j = 0; j < JOINTS; j++) {
        const joint *b = &BODY[j];
        momui_quat own = rotation_of(b, numbers);
        momui_vec3 offset = momui_vec3_of(b->offset[0], b->offset[1], b->offset[2]);
        at[j] = b->parent < 0
                    ? momui_vec3_of(numbers[1], numbers[2], numbers[3])
                    : momui_vec3_add(at[b->parent], momui_quat_rotate(world[b->parent], offset));
        world[j] = b->parent < 0 ? own : momui_quat_multiply(world[b->parent], own);
        momui_vec3_store(momui_vec3_of(-at[j].z, at[j].y, at[j].x), positions + 3 * j);
    }
}

static momu_status fill(momui_memory *memory, const momui_json *frames, momui_motion **motion,
                        momu_error *error) {
    int64_t count = (int64_t)momui_json_count(frames);
    momui_motion *m = momui_motion_new(memory, MOMUI_MOTION_POSITIONS, JOINTS, count, 30.0);
    if (!m)
        return momui_fail_memory(error, "a motion");
    for (int j = 0; j < JOINTS; j++) {
        snprintf(m->skeleton.names[j], sizeof m->skeleton.names[j], "%s", BODY[j].name);
        m->skeleton.parents[j] = BODY[j].parent;
        for (int a = 0; a < 3; a++)
            m->skeleton.offsets[3 * j + a] = (float)BODY[j].offset[a];
    }
    double seconds = 0, numbers[NUMBERS];
    momu_status status = MOMU_OK;
    for (int64_t t = 0; t < count && status == MOMU_OK; t++) {
        status = read_frame(momui_json_at(frames, (size_t)t), numbers, error);
        if (status != MOMU_OK)
            break;
        place_joints(numbers, m->positions + 3 * JOINTS * t);
        seconds += t + 1 < count || count == 1 ? numbers[0] : 0;
    }
    m->fps = seconds > 0 ? (double)(count > 1 ? count - 1 : 1) / seconds : 30.0;
    if (status != MOMU_OK) {
        momui_motion_free(m);
        return status;
    }
    *motion = m;
    return MOMU_OK;
}

momu_status momui_deepmimic_read(momui_memory *memory, const momui_bytes *bytes,
                                 momui_motion **motion, momu_error *error) {
    *motion = NULL;
    const momui_json *frames = NULL;
    momui_json *root = NULL;
    momu_status status = MOMU_OK;
    MOMUI_TRY(momui_json_parse((const char *)bytes->data, bytes->size, bytes->name, &root, error));
    MOMUI_TRY_GOTO(momui_json_as_object(root, error), status, done);
    MOMUI_TRY_GOTO(momui_json_array(root, "Frames", 1, MOST_FRAMES, &frames, error), status, done);
    status = fill(memory, frames, motion, error);
done:
    momui_json_free(root);
    return status;
}
