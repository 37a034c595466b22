/* The table of file formats, one row a format: extension, signature, reader, writer. To add a
 * format, write its folder and add its row. docs/formats.md. */
#ifndef MOMUI_IO_FORMATS_H
#define MOMUI_IO_FORMATS_H

#include "base/audio_buffer.h"
#include "base/stream.h"
#include "io/export.h"
#include "motion/motion.h"

typedef enum momui_file_kind {
    MOMUI_FILE_SOUND,
    MOMUI_FILE_MOTION,
    MOMUI_FILE_MODEL,
    MOMUI_FILE_KINDS
} momui_file_kind;

/* A function that is NULL: the format is not read, or not written, or has no takes. */
typedef struct momui_format {
    const char *name;      /* "wav": what callers ask for */
    const char *extension; /* ".wav" */
    momui_file_kind kind;
    int32_t rank;          /* of a data set's files with one stem, the lowest rank is read */
    const char *signature; /* ends a sentence: "a WAV file begins with RIFF" */
    bool (*matches)(const momui_bytes *bytes); /* whether the content begins like this format */

    /* Sound. libsndfile reads further formats, which have no row. */
    momu_status (*read_sound)(momui_memory *memory, const momui_bytes *bytes, momui_audio **audio,
                              momu_error *error);
    momu_status (*write_sound)(const momui_audio *audio, int32_t bits, momui_writer *out,
                               momu_error *error);

    /* Motion. `take` NULL: the first. */
    momu_status (*read_motion)(momui_memory *memory, const momui_bytes *bytes,
                               momui_motion **motion, momu_error *error);
    momu_status (*read_take)(momui_memory *memory, const momui_bytes *bytes, const char *take,
                             momui_motion **motion, momu_error *error);
    momu_status (*list_takes)(momui_memory *memory, const momui_bytes *bytes, char (**names)[64],
                              size_t *count, momu_error *error);
    momu_status (*write_motion)(const momui_motion *motion, const momui_export *options,
                                momui_writer *out, momu_error *error);
    uint32_t targets; /* bit 1 << momui_target: programs that it is written for */
} momui_format;

/* Row `index` of the table; NULL behind the last one. */
const momui_format *momui_format_at(size_t index);

/* By name ("wav"), by a path's extension in letters of either case, or by the first bytes. NULL:
 * no format of this kind. */
const momui_format *momui_format_named(const char *name, momui_file_kind kind);
const momui_format *momui_format_of_path(const char *path, momui_file_kind kind);
const momui_format *momui_format_of_bytes(const momui_bytes *bytes, momui_file_kind kind);

/* Whether sound or motion of this format can be written. */
bool momui_format_is_written(const momui_format *format);

/* The extension of a path's last part with its dot, or "". */
const char *momui_extension(const char *path);

/* The extensions of a kind for a sentence, ".wav, .flac or .ogg": those that are written, or all.
 */
enum { MOMUI_FORMATS_TEXT = 128 };
void momui_formats_list(momui_file_kind kind, bool written, char text[MOMUI_FORMATS_TEXT]);
/* Those that are written for this target. */
void momui_formats_for(momui_target target, char text[MOMUI_FORMATS_TEXT]);

#endif
