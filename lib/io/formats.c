#include "io/formats.h"
#include "io/bvh/bvh.h"
#include "io/deepmimic.h"
#include "io/glb/glb.h"
#include "io/npz/npz.h"
#include "io/sound/sound.h"
#include "io/sound/sound_encode.h"
#include "motion/body.h"
#include "motion/layout.h"

#include <stdio.h>
#include <string.h>

/* ---- signatures ---- */

static bool has_at(const momui_bytes *bytes, size_t at, const char *text, size_t length) {
    return bytes->size >= at + length && memcmp(bytes->data + at, text, length) == 0;
}

static size_t skip_space(const momui_bytes *bytes, size_t at) {
    while (at < bytes->size && bytes->data[at] && strchr(" \t\r\n", bytes->data[at]))
        at++;
    return at;
}

static bool is_wav(const momui_bytes *bytes) {
    return has_at(bytes, 0, "RIFF", 4) && has_at(bytes, 8, "WAVE", 4);
}

static bool is_flac(const momui_bytes *bytes) {
    return has_at(bytes, 0, "fLaC", 4);
}

static bool is_ogg(const momui_bytes *bytes) {
    return has_at(bytes, 0, "OggS", 4);
}

/* An ID3 tag, or the 11 bits that begin a frame of MPEG audio. */
static bool is_mp3(const momui_bytes *bytes) {
    return has_at(bytes, 0, "ID3", 3) ||
           (bytes->size >= 2 && bytes->data[0] == 0xFF && (bytes->data[1] & 0xE0) == 0xE0);
}

static bool is_aiff(const momui_bytes *bytes) {
    return has_at(bytes, 0, "FORM", 4) && has_at(bytes, 8, "AIF", 3);
}

/* "HIERARCHY" in letters of either case, behind a byte order mark and white space. */
static bool is_bvh(const momui_bytes *bytes) {
    static const char WORD[] = "HIERARCHY";
    size_t at = skip_space(bytes, has_at(bytes, 0, "\xEF\xBB\xBF", 3) ? 3 : 0);
    if (bytes->size - at < sizeof WORD - 1)
        return false;
    for (size_t i = 0; i < sizeof WORD - 1; i++)
        if ((bytes->data[at + i] & 0xDF) != WORD[i])
            return false;
    return true;
}

static bool is_glb(const momui_bytes *bytes) {
    return has_at(bytes, 0, "glTF", 4);
}

/* A zip, or an empty one. */
static bool is_npz(const momui_bytes *bytes) {
    return has_at(bytes, 0, "PK\3\4", 4) || has_at(bytes, 0, "PK\5\6", 4);
}

static bool is_npy(const momui_bytes *bytes) {
    return has_at(bytes, 0, "\x93NUMPY", 6);
}

static bool is_json(const momui_bytes *bytes) {
    return has_at(bytes, skip_space(bytes, 0), "{", 1);
}

/* 8 bytes of length, then JSON. */
static bool is_safetensors(const momui_bytes *bytes) {
    return has_at(bytes, 8, "{", 1);
}

/* ---- motion for other programs ---- */

static momu_status write_bvh(const momui_motion *motion, const momui_export *options,
                             momui_writer *out, momu_error *error) {
    bool metres = options->target == MOMUI_TARGET_BLENDER || options->target == MOMUI_TARGET_UNITY;
    momui_bvh_style style = {.per_metre = metres ? 1 : 100,
                             .z_up = options->target == MOMUI_TARGET_UNREAL,
                             .moving = options->root == MOMUI_ROOT_EXTRACTED ? 2 : 1};
    return momui_bvh_write(motion, &style, out, error);
}

static momu_status write_glb(const momui_motion *motion, const momui_export *options,
                             momui_writer *out, momu_error *error) {
    return momui_glb_write(motion, options->root == MOMUI_ROOT_EXTRACTED ? 2 : 1, out, error);
}

static momu_status write_keypoints(const momui_motion *motion, momui_writer *out,
                                   momu_error *error) {
    if (motion->kind == MOMUI_MOTION_KEYPOINTS)
        return momui_motion_npz_write(motion, out, error);
    momui_motion *body = NULL, *keypoints = NULL;
    momu_status status = MOMU_OK;
    MOMUI_TRY_GOTO(momui_body_from_motion(motion->memory, motion, &body, NULL, error), status,
                   done);
    MOMUI_TRY_GOTO(momui_body_project(motion->memory, body, &keypoints, error), status, done);
    status = momui_motion_npz_write(keypoints, out, error);
done:
    momui_motion_free(keypoints);
    momui_motion_free(body);
    return status;
}

static momu_status write_npz(const momui_motion *motion, const momui_export *options,
                             momui_writer *out, momu_error *error) {
    if (options->target == MOMUI_TARGET_SMPL)
        return momui_motion_smpl_write(motion, out, error);
    if (options->target == MOMUI_TARGET_KEYPOINTS)
        return write_keypoints(motion, out, error);
    return momui_motion_npz_write(motion, out, error);
}

/* ---- the table ---- */

enum {
    FOR_CHARACTERS = 1 << MOMUI_TARGET_NONE | 1 << MOMUI_TARGET_BLENDER | 1 << MOMUI_TARGET_UNREAL |
                     1 << MOMUI_TARGET_UNITY | 1 << MOMUI_TARGET_MAYA,
    FOR_ARRAYS = 1 << MOMUI_TARGET_NONE | 1 << MOMUI_TARGET_SMPL | 1 << MOMUI_TARGET_KEYPOINTS
};

static const momui_format FORMATS[] = {
    {.name = "wav",
     .extension = ".wav",
     .kind = MOMUI_FILE_SOUND,
     .rank = 1,
     .signature = "a WAV file begins with RIFF",
     .matches = is_wav,
     .read_sound = momui_sound_read_bytes,
     .write_sound = momui_wav_encode},
    {.name = "flac",
     .extension = ".flac",
     .kind = MOMUI_FILE_SOUND,
     .rank = 0,
     .signature = "a FLAC file begins with fLaC",
     .matches = is_flac,
     .read_sound = momui_sound_read_bytes,
     .write_sound = momui_flac_encode},
    {.name = "ogg",
     .extension = ".ogg",
     .kind = MOMUI_FILE_SOUND,
     .rank = 2,
     .signature = "an Ogg file begins with OggS",
     .matches = is_ogg,
     .read_sound = momui_sound_read_bytes,
     .write_sound = momui_ogg_encode},
    {.name = "mp3",
     .extension = ".mp3",
     .kind = MOMUI_FILE_SOUND,
     .rank = 3,
     .signature = "an MP3 file begins with ID3 or a frame",
     .matches = is_mp3,
     .read_sound = momui_sound_read_bytes},
    {.name = "aiff",
     .extension = ".aiff",
     .kind = MOMUI_FILE_SOUND,
     .rank = 4,
     .signature = "an AIFF file begins with FORM",
     .matches = is_aiff,
     .read_sound = momui_sound_read_bytes},
    {.name = "bvh",
     .extension = ".bvh",
     .kind = MOMUI_FILE_MOTION,
     .rank = 1,
     .signature = "a BVH file begins with HIERARCHY",
     .matches = is_bvh,
     .read_motion = momui_bvh_read,
     .write_motion = write_bvh,
     .targets = FOR_CHARACTERS},
    {.name = "glb",
     .extension = ".glb",
     .kind = MOMUI_FILE_MOTION,
     .rank = 2,
     .signature = "a GLB file begins with glTF",
     .matches = is_glb,
     .read_take = momui_glb_read,
     .list_takes = momui_glb_takes,
     .write_motion = write_glb,
     .targets = FOR_CHARACTERS},
    {.name = "npz",
     .extension = ".npz",
     .kind = MOMUI_FILE_MOTION,
     .rank = 0,
     .signature = "an NPZ file begins with PK",
     .matches = is_npz,
     .read_motion = momui_motion_npz_read,
     .write_motion = write_npz,
     .targets = FOR_ARRAYS},
    {.name = "npy",
     .extension = ".npy",
     .kind = MOMUI_FILE_MOTION,
     .rank = 3,
     .signature = "an NPY file begins with \\x93NUMPY",
     .matches = is_npy,
     .read_motion = momui_motion_npy_read},
    {.name = "deepmimic",
     .extension = ".txt",
     .kind = MOMUI_FILE_MOTION,
     .rank = 4,
     .signature = "DeepMimic's file is a JSON object and begins with {",
     .matches = is_json,
     .read_motion = momui_deepmimic_read},
    /* lib/models reads and writes it through io/safetensors. */
    {.name = "safetensors",
     .extension = ".safetensors",
     .kind = MOMUI_FILE_MODEL,
     .signature = "a safetensors file begins with the length of its JSON header",
     .matches = is_safetensors},
};

enum { COUNT = sizeof FORMATS / sizeof *FORMATS };

const momui_format *momui_format_at(size_t index) {
    return index < COUNT ? &FORMATS[index] : NULL;
}

/* ---- finding a row ---- */

static int lower(char c) {
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool same_letters(const char *a, const char *b) {
    while (*a && lower(*a) == lower(*b))
        a++, b++;
    return lower(*a) == lower(*b);
}

const char *momui_extension(const char *path) {
    const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
    return dot && (!slash || dot > slash) ? dot : "";
}

const momui_format *momui_format_named(const char *name, momui_file_kind kind) {
    for (size_t i = 0; i < COUNT; i++)
        if (FORMATS[i].kind == kind && strcmp(FORMATS[i].name, name) == 0)
            return &FORMATS[i];
    return NULL;
}

const momui_format *momui_format_of_path(const char *path, momui_file_kind kind) {
    const char *extension = momui_extension(path);
    for (size_t i = 0; i < COUNT; i++)
        if (FORMATS[i].kind == kind && same_letters(FORMATS[i].extension, extension))
            return &FORMATS[i];
    return NULL;
}

const momui_format *momui_format_of_bytes(const momui_bytes *bytes, momui_file_kind kind) {
    for (size_t i = 0; i < COUNT; i++)
        if (FORMATS[i].kind == kind && FORMATS[i].matches(bytes))
            return &FORMATS[i];
    return NULL;
}

bool momui_format_is_written(const momui_format *format) {
    return format->write_sound || format->write_motion;
}

/* ".a, .b or .c" */
static void join(const char *const *names, size_t count, char text[MOMUI_FORMATS_TEXT]) {
    size_t used = 0;
    text[0] = 0;
    for (size_t i = 0; i < count && used < MOMUI_FORMATS_TEXT; i++) {
        const char *before = i == 0 ? "" : i + 1 == count ? " or " : ", ";
        int put = snprintf(text + used, MOMUI_FORMATS_TEXT - used, "%s%s", before, names[i]);
        used += put > 0 ? (size_t)put : 0;
    }
}

void momui_formats_list(momui_file_kind kind, bool written, char text[MOMUI_FORMATS_TEXT]) {
    const char *names[COUNT];
    size_t count = 0;
    for (size_t i = 0; i < COUNT; i++)
        if (FORMATS[i].kind == kind && (!written || momui_format_is_written(&FORMATS[i])))
            names[count++] = FORMATS[i].extension;
    join(names, count, text);
}

void momui_formats_for(momui_target target, char text[MOMUI_FORMATS_TEXT]) {
    const char *names[COUNT];
    size_t count = 0;
    for (size_t i = 0; i < COUNT; i++)
        if (FORMATS[i].targets & 1u << target)
            names[count++] = FORMATS[i].extension;
    join(names, count, text);
}
