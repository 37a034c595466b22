#include "io/motion_file.h"
#include "io/bvh.h"
#include "io/deepmimic.h"
#include "io/ending.h"
#include "io/glb.h"
#include "io/motion_limits.h"
#include "io/npz.h"
#include "io/utf8.h"

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
        momui_has_ending(bytes->name, ".bvh")   ? "a BVH file begins with HIERARCHY"
        : momui_has_ending(bytes->name, ".glb") ? "a GLB file begins with glTF"
        : momui_has_ending(bytes->name, ".npz") ? "an NPZ file begins with PK"
        : momui_has_ending(bytes->name, ".npy")
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

momu_status momui_motion_write(const momui_motion *motion, const char *path, momu_error *error) {
    momui_writer out;
    momui_writer_init(&out, motion->memory);
    momu_status status = MOMU_OK;
    if (momui_has_ending(path, ".bvh"))
        status = momui_bvh_write(motion, &out, error);
    else if (momui_has_ending(path, ".npz"))
        status = momui_motion_npz_write(motion, &out, error);
    else
        status = momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                            "motion is written as .bvh or .npz, not with this ending");
    if (status != MOMU_OK)
        momui_fail_prefix(error, path);
    else
        status = momui_write_file(path, out.data, out.size, error);
    momui_writer_release(&out);
    return status;
}
