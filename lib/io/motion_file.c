#include "io/motion_file.h"
#include "io/bvh/bvh.h"
#include "io/deepmimic.h"
#include "io/extension.h"
#include "io/glb/glb.h"
#include "io/motion_limits.h"
#include "io/npz/npz.h"
#include "io/utf8.h"
#include "motion/body.h"
#include "motion/layout.h"

#include <string.h>

typedef enum motion_format {
    FORMAT_NONE,
    FORMAT_BVH,
    FORMAT_GLB,
    FORMAT_NPZ,
    FORMAT_NPY,
    FORMAT_DEEPMIMIC
} motion_format;

static bool begins_with(const momui_bytes *bytes, const char *magic, size_t length) {
    return bytes->size >= length && memcmp(bytes->data, magic, length) == 0;
}

static bool is_bvh(const momui_bytes *bytes) {
    static const char WORD[] = "HIERARCHY";
    size_t at = begins_with(bytes, "\xEF\xBB\xBF", 3) ? 3 : 0;
    while (at < bytes->size && strchr(" \t\r\n", bytes->data[at]) && bytes->data[at])
        at++;
    if (bytes->size - at < sizeof WORD - 1)
        return false;
    for (size_t i = 0; i < sizeof WORD - 1; i++)
        if ((bytes->data[at + i] & 0xDF) != WORD[i])
            return false;
    return true;
}

static bool is_json(const momui_bytes *bytes) {
    size_t at = 0;
    while (at < bytes->size && bytes->data[at] && strchr(" \t\r\n", bytes->data[at]))
        at++;
    return at < bytes->size && bytes->data[at] == '{';
}

/* The content decides; the ending serves only to name what was expected. */
static momu_status tell_format(const momui_bytes *bytes, motion_format *format, momu_error *error) {
    if (begins_with(bytes, "glTF", 4))
        *format = FORMAT_GLB;
    else if (begins_with(bytes, "PK\3\4", 4) || begins_with(bytes, "PK\5\6", 4))
        *format = FORMAT_NPZ;
    else if (begins_with(bytes, "\x93NUMPY", 6))
        *format = FORMAT_NPY;
    else if (is_bvh(bytes))
        *format = FORMAT_BVH;
    else if (is_json(bytes))
        *format = FORMAT_DEEPMIMIC;
    else
        *format = FORMAT_NONE;
    if (*format != FORMAT_NONE)
        return MOMU_OK;
    const char *expected =
        momui_has_extension(bytes->name, ".bvh")   ? "a BVH file begins with HIERARCHY"
        : momui_has_extension(bytes->name, ".glb") ? "a GLB file begins with glTF"
        : momui_has_extension(bytes->name, ".npz") ? "an NPZ file begins with PK"
        : momui_has_extension(bytes->name, ".npy")
            ? "an NPY file begins with \\x93NUMPY"
            : "motion is read from .bvh, .glb, .npz, .npy and DeepMimic's .txt files";
    return momui_fail(error, MOMU_ERROR_FORMAT, "%s: its content is of no known format: %s",
                      bytes->name, expected);
}

/* The name of the only take of a format without takes. */
static void file_take(const char *path, char name[64]) {
    const char *base = momui_file_name(path);
    const char *dot = strrchr(base, '.');
    momui_utf8_name(name, base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
}

static momu_status check_take(const momui_bytes *bytes, const char *take, momu_error *error) {
    char own[64];
    file_take(bytes->name, own);
    if (!take || strcmp(take, own) == 0)
        return MOMU_OK;
    return momui_fail(error, MOMU_ERROR_ARGUMENT,
                      "%s: no take \"%.63s\": the file holds one, \"%s\"", bytes->name, take, own);
}

momu_status momui_motion_read_bytes(momui_memory *memory, const momui_bytes *bytes,
                                    const char *take, momui_motion **motion, momu_error *error) {
    *motion = NULL;
    motion_format format = FORMAT_NONE;
    MOMUI_TRY(tell_format(bytes, &format, error));
    if (format == FORMAT_GLB)
        return momui_glb_read(memory, bytes, take, motion, error);
    MOMUI_TRY(check_take(bytes, take, error));
    if (format == FORMAT_BVH)
        return momui_bvh_read(memory, bytes, motion, error);
    if (format == FORMAT_DEEPMIMIC)
        return momui_deepmimic_read(memory, bytes, motion, error);
    if (format == FORMAT_NPZ)
        return momui_motion_npz_read(memory, bytes, motion, error);
    return momui_motion_npy_read(memory, bytes, motion, error);
}

momu_status momui_motion_read(momui_memory *memory, const char *path, const char *take,
                              momui_motion **motion, momu_error *error) {
    *motion = NULL;
    momui_bytes bytes;
    MOMUI_TRY(momui_bytes_from_path(memory, path, true, MOMUI_MOTION_FILE_MAX, &bytes, error));
    momu_status status = momui_motion_read_bytes(memory, &bytes, take, motion, error);
    momui_bytes_release(&bytes);
    return status;
}

momu_status momui_motion_takes(momui_memory *memory, const char *path, char (**names)[64],
                               size_t *count, momu_error *error) {
    *names = NULL;
    *count = 0;
    momui_bytes bytes;
    motion_format format = FORMAT_NONE;
    MOMUI_TRY(momui_bytes_from_path(memory, path, true, MOMUI_MOTION_FILE_MAX, &bytes, error));
    momu_status status = tell_format(&bytes, &format, error);
    if (status == MOMU_OK && format == FORMAT_GLB) {
        status = momui_glb_takes(memory, &bytes, names, count, error);
    } else if (status == MOMU_OK) {
        *names = momui_alloc(memory, 1, sizeof **names);
        if (*names)
            file_take(path, **names), *count = 1;
        else
            status = momui_fail_memory(error, "a take's name");
    }
    momui_bytes_release(&bytes);
    return status;
}

/* ---- writing ---- */

typedef enum written_format { WRITE_BVH, WRITE_GLB, WRITE_NPZ } written_format;

static momu_status written_as(const char *path, momui_target target, written_format *format,
                              momu_error *error) {
    static const char *const EXTENSIONS[] = {".bvh", ".glb", ".npz"};
    int found = 0;
    while (found < 3 && !momui_has_extension(path, EXTENSIONS[found]))
        found++;
    if (found == 3)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "motion is written as .bvh, .glb or .npz, not with this ending");
    *format = (written_format)found;
    bool arrays = target == MOMUI_TARGET_SMPL || target == MOMUI_TARGET_KEYPOINTS;
    if (arrays && *format != WRITE_NPZ)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED, "for %s motion is written as .npz, not %s",
                          momui_target_name((int32_t)target), EXTENSIONS[found]);
    if (!arrays && target != MOMUI_TARGET_NONE && *format == WRITE_NPZ)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "for %s motion is written as .bvh or .glb, not .npz",
                          momui_target_name((int32_t)target));
    return MOMU_OK;
}

static momu_status write_keypoints(const momui_motion *motion, momui_writer *out,
                                   momu_error *error) {
    if (motion->kind == MOMUI_MOTION_KEYPOINTS)
        return momui_motion_npz_write(motion, out, error);
    momui_motion *body = NULL, *keypoints = NULL;
    momu_status status = momui_body_from_motion(motion->memory, motion, &body, NULL, error);
    if (status == MOMU_OK)
        status = momui_body_project(motion->memory, body, &keypoints, error);
    if (status == MOMU_OK)
        status = momui_motion_npz_write(keypoints, out, error);
    momui_motion_free(keypoints);
    momui_motion_free(body);
    return status;
}

static momui_bvh_style bvh_style(const momui_export *options) {
    bool metres = options->target == MOMUI_TARGET_BLENDER || options->target == MOMUI_TARGET_UNITY;
    return (momui_bvh_style){.per_metre = metres ? 1 : 100,
                             .z_up = options->target == MOMUI_TARGET_UNREAL,
                             .moving = options->root == MOMUI_ROOT_EXTRACTED ? 2 : 1};
}

static momu_status write_format(const momui_motion *motion, written_format format,
                                const momui_export *options, momui_writer *out, momu_error *error) {
    momui_bvh_style style = bvh_style(options);
    if (options->target == MOMUI_TARGET_SMPL)
        return momui_motion_smpl_write(motion, out, error);
    if (options->target == MOMUI_TARGET_KEYPOINTS)
        return write_keypoints(motion, out, error);
    if (format == WRITE_NPZ)
        return momui_motion_npz_write(motion, out, error);
    return format == WRITE_BVH ? momui_bvh_write(motion, &style, out, error)
                               : momui_glb_write(motion, style.moving, out, error);
}

static momu_status write_prepared(const momui_motion *motion, written_format format,
                                  const momui_export *options, momui_writer *out,
                                  momu_error *error) {
    bool plain =
        options->root == MOMUI_ROOT_WORLD && !momui_target_joint(options->target, MOMUI_PELVIS);
    if (plain)
        return write_format(motion, format, options, out, error);
    momui_motion *prepared = NULL;
    MOMUI_TRY(momui_export_prepare(motion->memory, motion, options, &prepared, error));
    momu_status status = write_format(prepared, format, options, out, error);
    momui_motion_free(prepared);
    return status;
}

momu_status momui_motion_write(const momui_motion *motion, const char *path,
                               const momui_export *options, momu_error *error) {
    static const momui_export PLAIN = {0};
    momui_writer out;
    written_format format = WRITE_NPZ;
    options = options ? options : &PLAIN;
    momui_writer_init(&out, motion->memory);
    momu_status status = written_as(path, options->target, &format, error);
    if (status == MOMU_OK)
        status = write_prepared(motion, format, options, &out, error);
    if (status != MOMU_OK)
        momui_fail_prefix(error, path);
    else
        status = momui_write_file(path, out.data, out.size, error);
    momui_writer_release(&out);
    return status;
}
