/* Motion as NumPy arrays. docs/formats.md, "NPZ", names the keys. */
#include "io/motion_limits.h"
#include "io/npz/npz.h"
#include "io/npz/npz_layouts.h"
#include "io/utf8.h"
#include "motion/kinematics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double DEFAULT_FPS = 60;

static momu_status expect_shape(const momui_npy *array, int32_t rank, const int64_t *shape,
                                momu_error *error) {
    char found[160] = "(", expected[160] = "(";
    bool same = array->rank == rank;
    for (int32_t i = 0; same && i < rank; i++)
        same = array->shape[i] == shape[i];
    if (same)
        return MOMU_OK;
    for (int32_t i = 0; i < array->rank; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%lld", i ? ", " : "",
                 (long long)array->shape[i]);
    for (int32_t i = 0; i < rank; i++)
        snprintf(expected + strlen(expected), sizeof expected - strlen(expected), "%s%lld",
                 i ? ", " : "", (long long)shape[i]);
    return momui_fail(error, MOMU_ERROR_FORMAT, "%s: its shape is %s), expected %s)", array->name,
                      found, expected);
}

/* A required array of exactly this shape, as floats. */
static momu_status read_floats(momui_npz *file, const char *key, int32_t rank, const int64_t *shape,
                               float *out, momu_error *error) {
    momui_npy array;
    MOMUI_TRY(momui_npz_array(file, key, &array, error));
    MOMUI_TRY(expect_shape(&array, rank, shape, error));
    return momui_npy_floats(&array, false, out, error);
}

static momu_status read_fps(momui_npz *file, double *fps, momu_error *error) {
    static const char *const KEYS[] = {"fps", "frame_rate", "mocap_framerate", "mocap_frame_rate"};
    *fps = DEFAULT_FPS;
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        momui_npy array;
        if (!momui_npz_has(file, KEYS[i]))
            continue;
        MOMUI_TRY(momui_npz_array(file, KEYS[i], &array, error));
        if (array.elements != 1 || array.kind == MOMUI_NPY_BYTES || array.kind == MOMUI_NPY_UNICODE)
            return momui_fail(error, MOMU_ERROR_FORMAT, "%s: expected one number", array.name);
        *fps = momui_npy_number(&array, 0);
        return momui_check_fps(array.name, *fps, error);
    }
    return MOMU_OK;
}

static momu_status read_names(momui_npz *file, const char *name, momui_skeleton *skeleton,
                              momu_error *error) {
    momui_npy array;
    if (!file || !momui_npz_has(file, "joint_names")) {
        if (momui_layout_names(skeleton))
            return MOMU_OK;
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "%s: %d joints without \"joint_names\"; only 14, 17 (COCO), 22 and 25 "
                          "(BODY_25) are known by their number",
                          name, (int)skeleton->joints);
    }
    int64_t count = skeleton->joints;
    MOMUI_TRY(momui_npz_array(file, "joint_names", &array, error));
    MOMUI_TRY(expect_shape(&array, 1, &count, error));
    if (array.kind != MOMUI_NPY_BYTES && array.kind != MOMUI_NPY_UNICODE)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: expected texts, found numbers",
                          array.name);
    for (int32_t j = 0; j < skeleton->joints; j++)
        momui_npy_text(&array, (size_t)j, skeleton->names[j]);
    return MOMU_OK;
}

/* Parents come before their children; `one_root`: joint 0 alone has none. */
static momu_status read_parents(momui_npz *file, bool one_root, momui_skeleton *skeleton,
                                momu_error *error) {
    momui_npy array;
    int64_t count = skeleton->joints;
    MOMUI_TRY(momui_npz_array(file, "parents", &array, error));
    MOMUI_TRY(expect_shape(&array, 1, &count, error));
    if (array.kind != MOMUI_NPY_INT)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: expected whole numbers", array.name);
    for (int32_t j = 0; j < skeleton->joints; j++) {
        double parent = momui_npy_number(&array, (size_t)j);
        bool root = parent == -1 && (j == 0 || !one_root);
        if (!root && !(parent >= 0 && parent < j))
            return momui_fail(error, MOMU_ERROR_FORMAT, "%s: joint %d has parent %.0f, expected %s",
                              array.name, (int)j, parent,
                              j == 0     ? "-1 for the root"
                              : one_root ? "a joint before it"
                                         : "-1 or a joint before it");
        skeleton->parents[j] = (int32_t)parent;
    }
    return MOMU_OK;
}

/* ---- joints: rotations on a skeleton ---- */

static momu_status check_rotations(const momui_npz *file, momui_motion *motion, momu_error *error) {
    (void)file;
    size_t joints = (size_t)motion->skeleton.joints;
    for (size_t i = 0; i < (size_t)motion->frames * joints; i++) {
        float *q = motion->rotations + 4 * i;
        double length = sqrt((double)q[0] * q[0] + (double)q[1] * q[1] + (double)q[2] * q[2] +
                             (double)q[3] * q[3]);
        if (length < 0.5 || length > 2)
            return momui_fail(error, MOMU_ERROR_FORMAT,
                              "rotations: frame %zu, joint %zu is no unit quaternion (w x y z)",
                              i / joints, i % joints);
        for (int k = 0; k < 4; k++)
            q[k] = (float)(q[k] / length);
    }
    return MOMU_OK;
}

static momu_status fill_joints(momui_npz *file, const char *name, momui_motion *motion,
                               momu_error *error) {
    int64_t frames = motion->frames, joints = motion->skeleton.joints;
    MOMUI_TRY(read_names(file, name, &motion->skeleton, error));
    MOMUI_TRY(read_parents(file, true, &motion->skeleton, error));
    MOMUI_TRY(
        read_floats(file, "offsets", 2, (int64_t[]){joints, 3}, motion->skeleton.offsets, error));
    MOMUI_TRY(read_floats(file, "rotations", 3, (int64_t[]){frames, joints, 4}, motion->rotations,
                          error));
    MOMUI_TRY(read_floats(file, "root", 2, (int64_t[]){frames, 3}, motion->root, error));
    momu_status status = check_rotations(file, motion, error);
    if (status != MOMU_OK)
        return momui_fail_prefix(error, name);
    if (!momui_npz_has(file, "positions"))
        return momui_motion_update(motion, error);
    return read_floats(file, "positions", 3, (int64_t[]){frames, joints, 3}, motion->positions,
                       error);
}

static momu_status read_joints(momui_memory *memory, momui_npz *file, const char *name, double fps,
                               momui_motion **motion, momu_error *error) {
    momui_npy array;
    MOMUI_TRY(momui_npz_array(file, "rotations", &array, error));
    if (array.rank != 3 || array.shape[2] != 4)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: expected the shape (frames, joints, 4)",
                          array.name);
    MOMUI_TRY(momui_check_motion_size(array.name, array.shape[1], array.shape[0], error));
    momui_motion *made =
        momui_motion_new(memory, MOMUI_MOTION_JOINTS, (int32_t)array.shape[1], array.shape[0], fps);
    if (!made)
        return momui_fail_memory(error, "a motion");
    momu_status status = fill_joints(file, name, made, error);
    if (status == MOMU_OK)
        *motion = made;
    else
        momui_motion_free(made);
    return status;
}

/* ---- positions and keypoints ---- */

/* The coordinates of one array; a third number that is a confidence goes there. NaN means missing.
 */
static void split_points(momui_motion *motion, const float *from, size_t width, size_t axes,
                         bool *missing) {
    size_t points = (size_t)motion->frames * (size_t)motion->skeleton.joints;
    for (size_t i = 0; i < points; i++) {
        bool lost = false;
        for (size_t k = 0; k < width; k++)
            lost |= isnan(from[width * i + k]) != 0;
        for (size_t k = 0; k < axes; k++)
            motion->positions[axes * i + k] = lost ? 0 : from[width * i + k];
        float confidence = width > axes ? from[width * i + axes] : motion->confidence[i];
        motion->confidence[i] = lost ? 0 : fminf(fmaxf(confidence, 0), 1);
        *missing |= lost;
    }
}

static momu_status fill_points(const momui_npy *array, momui_npz *file, momui_motion *motion,
                               momu_error *error) {
    size_t width = (size_t)array->shape[2], points = array->elements / width;
    size_t axes = motion->kind == MOMUI_MOTION_KEYPOINTS ? 2 : 3;
    bool with_confidence = width > axes, missing = false;
    MOMUI_TRY(read_names(file, array->name, &motion->skeleton, error));
    if (axes == 3 && file && momui_npz_has(file, "parents"))
        MOMUI_TRY(read_parents(file, false, &motion->skeleton, error));
    motion->confidence = momui_alloc(motion->memory, points, sizeof *motion->confidence);
    float *raw = momui_alloc(motion->memory, array->elements, sizeof *raw);
    if (!raw || !motion->confidence) {
        momui_free(raw);
        return momui_fail_memory(error, "keypoints");
    }
    for (size_t i = 0; i < points; i++)
        motion->confidence[i] = 1;
    momu_status status = momui_npy_floats(array, true, raw, error);
    if (status == MOMU_OK && file && !with_confidence && momui_npz_has(file, "confidence")) {
        with_confidence = true;
        status =
            read_floats(file, "confidence", 2, (int64_t[]){motion->frames, motion->skeleton.joints},
                        motion->confidence, error);
    }
    if (status == MOMU_OK)
        split_points(motion, raw, width, axes, &missing);
    momui_free(raw);
    if (!with_confidence && !missing) {
        momui_free(motion->confidence);
        motion->confidence = NULL;
    }
    return status;
}

/* `scores`: a third number is a confidence, not a coordinate. */
static momu_status read_points(momui_memory *memory, const momui_npy *array, momui_npz *file,
                               bool scores, double fps, momui_motion **motion, momu_error *error) {
    if (array->rank != 3 || (array->shape[2] != 2 && array->shape[2] != 3))
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: expected the shape (frames, joints, 2) or (frames, joints, 3)",
                          array->name);
    MOMUI_TRY(momui_check_motion_size(array->name, array->shape[1], array->shape[0], error));
    momui_motion *made = momui_motion_new(
        memory, array->shape[2] == 2 || scores ? MOMUI_MOTION_KEYPOINTS : MOMUI_MOTION_POSITIONS,
        (int32_t)array->shape[1], array->shape[0], fps);
    if (!made)
        return momui_fail_memory(error, "a motion");
    momu_status status = fill_points(array, file, made, error);
    if (status == MOMU_OK)
        *motion = made;
    else
        momui_motion_free(made);
    return status;
}

static momu_status read_file(momui_memory *memory, momui_npz *file, const char *name,
                             momui_motion **motion, momu_error *error) {
    static const char *const KEYS[] = {"keypoints2d", "keypoints", "keypoints3d", "positions"};
    double fps = 0;
    MOMUI_TRY(read_fps(file, &fps, error));
    if (momui_npz_has(file, "rotations"))
        return read_joints(memory, file, name, fps, motion, error);
    if (momui_npz_has(file, "poses") && momui_npz_has(file, "trans"))
        return momui_motion_smpl_read(memory, file, fps, motion, error);
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        momui_npy array;
        if (!momui_npz_has(file, KEYS[i]))
            continue;
        MOMUI_TRY(momui_npz_array(file, KEYS[i], &array, error));
        return read_points(memory, &array, file, i == 0, fps, motion, error);
    }
    char list[200] = "none";
    for (size_t i = 0, used = 0; i < momui_npz_count(file) && used + 70 < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s\"%s\"", i ? ", " : "",
                                 momui_npz_key(file, i));
    return momui_fail(error, MOMU_ERROR_FORMAT,
                      "%s: no array \"rotations\", \"positions\" or \"keypoints\"; its arrays: %s",
                      name, list);
}

momu_status momui_motion_npz_read(momui_memory *memory, const momui_bytes *bytes,
                                  momui_motion **motion, momu_error *error) {
    momui_npz *file = NULL;
    *motion = NULL;
    MOMUI_TRY(momui_npz_open(memory, bytes, &file, error));
    momu_status status = read_file(memory, file, bytes->name, motion, error);
    momui_npz_close(file);
    return status;
}

momu_status momui_motion_npy_read(momui_memory *memory, const momui_bytes *bytes,
                                  momui_motion **motion, momu_error *error) {
    momui_npy array;
    *motion = NULL;
    MOMUI_TRY(momui_npy_parse(bytes->data, bytes->size, bytes->name, &array, error));
    return read_points(memory, &array, NULL, false, DEFAULT_FPS, motion, error);
}

/* ---- writing ---- */

static void add_floats(momui_npz_writer *writer, const char *key, int32_t rank,
                       const int64_t *shape, const float *data) {
    size_t count = 1;
    for (int32_t i = 0; i < rank; i++)
        count *= (size_t)shape[i]; /* the array is in memory: no overflow */
    momui_npz_writer_add(writer, key, "<f4", rank, shape, data, count * sizeof *data);
}

/* As <U63, which NumPy gives back as str. */
static momu_status add_names(momui_npz_writer *writer, const momui_motion *motion,
                             momu_error *error) {
    enum { WIDTH = 63 };
    int64_t joints = motion->skeleton.joints;
    uint32_t *codes = momui_calloc(motion->memory, (size_t)joints, WIDTH * sizeof *codes);
    if (!codes)
        return momui_fail_memory(error, "joint names");
    for (int64_t j = 0; j < joints; j++)
        momui_utf8_decode(motion->skeleton.names[j], codes + WIDTH * j, WIDTH);
    momui_npz_writer_add(writer, "joint_names", "<U63", 1, &joints, codes,
                         (size_t)joints * WIDTH * sizeof *codes);
    momui_free(codes);
    return MOMU_OK;
}

/* Keypoints and most positions are points without bones. */
static bool has_bones(const momui_motion *motion) {
    bool any = motion->kind == MOMUI_MOTION_JOINTS;
    for (int32_t j = 0; motion->kind == MOMUI_MOTION_POSITIONS && j < motion->skeleton.joints; j++)
        any = any || motion->skeleton.parents[j] >= 0;
    return any;
}

momu_status momui_motion_npz_write(const momui_motion *motion, momui_writer *out,
                                   momu_error *error) {
    momui_npz_writer *writer = momui_npz_writer_new(motion->memory);
    if (!writer)
        return momui_fail_memory(error, "an NPZ file");
    int64_t frames = motion->frames, joints = motion->skeleton.joints;
    int64_t axes = motion->kind == MOMUI_MOTION_KEYPOINTS ? 2 : 3;
    const char *points = motion->kind == MOMUI_MOTION_KEYPOINTS ? "keypoints" : "positions";
    add_floats(writer, points, 3, (int64_t[]){frames, joints, axes}, motion->positions);
    if (motion->kind == MOMUI_MOTION_JOINTS) {
        add_floats(writer, "rotations", 3, (int64_t[]){frames, joints, 4}, motion->rotations);
        add_floats(writer, "root", 2, (int64_t[]){frames, 3}, motion->root);
        add_floats(writer, "offsets", 2, (int64_t[]){joints, 3}, motion->skeleton.offsets);
    }
    if (has_bones(motion))
        momui_npz_writer_add(writer, "parents", "<i4", 1, &joints, motion->skeleton.parents,
                             (size_t)joints * sizeof *motion->skeleton.parents);
    if (motion->confidence)
        add_floats(writer, "confidence", 2, (int64_t[]){frames, joints}, motion->confidence);
    momui_npz_writer_add(writer, "fps", "<f8", 0, NULL, &motion->fps, sizeof motion->fps);
    momu_status status = add_names(writer, motion, error);
    if (status == MOMU_OK)
        status = momui_npz_writer_finish(writer, out, error);
    momui_npz_writer_free(writer);
    return status;
}
