/* Sound out, in the format that a path's extension or a name asks for. */
#include "io/formats.h"
#include "io/sound/sound.h"

static momu_status encode(const momui_audio *audio, const momui_format *format, const char *name,
                          int32_t bits, momui_writer *out, momu_error *error) {
    char formats[MOMUI_FORMATS_TEXT];
    if (format && format->write_sound)
        return format->write_sound(audio, bits, out, error);
    momui_formats_list(MOMUI_FILE_SOUND, true, formats);
    return momui_fail(error, MOMU_ERROR_UNSUPPORTED, "sound is written as %s, not as \"%s\"",
                      formats, name);
}

static momu_status write_path(const momui_audio *audio, const char *path, int32_t bits,
                              momu_error *error) {
    momui_writer out;
    momui_writer_init(&out, audio->memory);
    const momui_format *format = momui_format_of_path(path, MOMUI_FILE_SOUND);
    momu_status status = encode(audio, format, momui_extension(path), bits, &out, error);
    if (status != MOMU_OK)
        momui_fail_prefix(error, path);
    else
        status = momui_write_file(path, out.data, out.size, error);
    momui_writer_release(&out);
    return status;
}

momu_status momui_sound_write(const momui_audio *audio, const char *path, momu_error *error) {
    return write_path(audio, path, 24, error);
}

momu_status momui_sound_write_16(const momui_audio *audio, const char *path, momu_error *error) {
    return write_path(audio, path, 16, error);
}

momu_status momui_sound_write_bytes(const momui_audio *audio, const char *format, momui_writer *out,
                                    momu_error *error) {
    return encode(audio, momui_format_named(format, MOMUI_FILE_SOUND), format, 24, out, error);
}

momu_status momui_sound_flac(const momui_audio *audio, momui_writer *out, momu_error *error) {
    return encode(audio, momui_format_named("flac", MOMUI_FILE_SOUND), "flac", 16, out, error);
}
