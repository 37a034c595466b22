#include "io/motion_file.h"
#include "io/formats.h"
#include "io/motion_limits.h"
#include "io/utf8.h"
#include "motion/body.h"

#include <string.h>

/* ---- reading ---- */

/* The content decides; the extension serves only to name what was expected. */
static momu_status format_of(const momui_bytes *bytes, const momui_format **format,
                             momu_error *error) {
    char formats[MOMUI_FORMATS_TEXT];
    *format = momui_format_of_bytes(bytes, MOMUI_FILE_MOTION);
    if (*format)
        return MOMU_OK;
    const momui_format *named = momui_format_of_path(bytes->name, MOMUI_FILE_MOTION);
    momui_formats_list(MOMUI_FILE_MOTION, false, formats);
    return momui_fail(error, MOMU_ERROR_FORMAT, "%s: its content is of no known format: %s%s",
                      bytes->name, named ? named->signature : "motion is read from ",
                      named ? "" : formats);
}

/* The name of the only take of a format without takes. */
static void file_take(const char *path, char name[64]) {
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
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
    const momui_format *format = NULL;
    MOMUI_TRY(format_of(bytes, &format, error));
    if (format->read_take)
        return format->read_take(memory, bytes, take, motion, error);
    MOMUI_TRY(check_take(bytes, take, error));
    return format->read_motion(memory, bytes, motion, error);
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

momu_status momui_motion_takes_bytes(momui_memory *memory, const momui_bytes *bytes,
                                     char (**names)[64], size_t *count, momu_error *error) {
    *names = NULL;
    *count = 0;
    const momui_format *format = NULL;
    MOMUI_TRY(format_of(bytes, &format, error));
    if (format->list_takes)
        return format->list_takes(memory, bytes, names, count, error);
    *names = momui_alloc(memory, 1, sizeof **names);
    if (!*names)
        return momui_fail_memory(error, "a take's name");
    file_take(bytes->name, **names);
    *count = 1;
    return MOMU_OK;
}

momu_status momui_motion_takes(momui_memory *memory, const char *path, char (**names)[64],
                               size_t *count, momu_error *error) {
    *names = NULL;
    *count = 0;
    momui_bytes bytes;
    MOMUI_TRY(momui_bytes_from_path(memory, path, true, MOMUI_MOTION_FILE_MAX, &bytes, error));
    momu_status status = momui_motion_takes_bytes(memory, &bytes, names, count, error);
    momui_bytes_release(&bytes);
    return status;
}

/* ---- writing ---- */

/* Refuses what is not written, and formats that the target does not read, with those that it does.
 */
static momu_status check_written(const momui_format *format, const char *name, momui_target target,
                                 momu_error *error) {
    char formats[MOMUI_FORMATS_TEXT];
    if (!format || !format->write_motion) {
        momui_formats_list(MOMUI_FILE_MOTION, true, formats);
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED, "motion is written as %s, not as \"%s\"",
                          formats, name);
    }
    if (format->targets & 1u << target)
        return MOMU_OK;
    momui_formats_for(target, formats);
    return momui_fail(error, MOMU_ERROR_UNSUPPORTED, "for %s motion is written as %s, not %s",
                      momui_target_name((int32_t)target), formats, format->extension);
}

static momu_status write_format(const momui_motion *motion, const momui_format *format,
                                const char *name, const momui_export *options, momui_writer *out,
                                momu_error *error) {
    static const momui_export PLAIN = {0};
    options = options ? options : &PLAIN;
    MOMUI_TRY(check_written(format, name, options->target, error));
    if (options->root == MOMUI_ROOT_WORLD && !momui_target_joint(options->target, MOMUI_PELVIS))
        return format->write_motion(motion, options, out, error);
    momui_motion *prepared = NULL;
    MOMUI_TRY(momui_export_prepare(motion->memory, motion, options, &prepared, error));
    momu_status status = format->write_motion(prepared, options, out, error);
    momui_motion_free(prepared);
    return status;
}

momu_status momui_motion_write_bytes(const momui_motion *motion, const char *format,
                                     const momui_export *options, momui_writer *out,
                                     momu_error *error) {
    return write_format(motion, momui_format_named(format, MOMUI_FILE_MOTION), format, options, out,
                        error);
}

momu_status momui_motion_write(const momui_motion *motion, const char *path,
                               const momui_export *options, momu_error *error) {
    momui_writer out;
    momui_writer_init(&out, motion->memory);
    const momui_format *format = momui_format_of_path(path, MOMUI_FILE_MOTION);
    momu_status status = write_format(motion, format, momui_extension(path), options, &out, error);
    if (status != MOMU_OK)
        momui_fail_prefix(error, path);
    else
        status = momui_write_file(path, out.data, out.size, error);
    momui_writer_release(&out);
    return status;
}
