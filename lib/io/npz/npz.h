/* NumPy's files: one array (.npy), or a zip of them (.npz), and the motion that such arrays hold.
 */
#ifndef MOMUI_IO_NPZ_NPZ_H
#define MOMUI_IO_NPZ_NPZ_H

#include "base/stream.h"
#include "motion/motion.h"

enum { MOMUI_NPY_MAX_RANK = 8, MOMUI_NPZ_MAX_ENTRIES = 4096 };

typedef enum momui_npy_kind {
    MOMUI_NPY_BOOL = 'b',
    MOMUI_NPY_INT = 'i',
    MOMUI_NPY_UINT = 'u',
    MOMUI_NPY_FLOAT = 'f',
    MOMUI_NPY_BYTES = 'S',
    MOMUI_NPY_UNICODE = 'U'
} momui_npy_kind;

/* One array, read in place. */
typedef struct momui_npy {
    momui_npy_kind kind;
    size_t width; /* bytes an element */
    bool big_endian, fortran;
    int32_t rank;
    int64_t shape[MOMUI_NPY_MAX_RANK];
    size_t elements;
    const unsigned char *data;
    const char *name; /* for sentences */
} momui_npy;

/* `name` begins the sentences and must outlive the array, as must the bytes. */
momu_status momui_npy_parse(const unsigned char *data, size_t size, const char *name,
                            momui_npy *array, momu_error *error);
/* Element `index`, counted in C order, as a number. Not for texts. */
double momui_npy_number(const momui_npy *array, size_t index);
/* All of them as float, in C order; refuses what is not finite unless `allow_nan`. */
momu_status momui_npy_floats(const momui_npy *array, bool allow_nan, float *out, momu_error *error);
/* Element `index` of an array of texts as a name of 64 bytes. */
void momui_npy_text(const momui_npy *array, size_t index, char out[64]);

/* A .npz: entries are unpacked one by one, when asked for. */
typedef struct momui_npz momui_npz;
momu_status momui_npz_open(momui_memory *memory, const momui_bytes *bytes, momui_npz **file,
                           momu_error *error);
void momui_npz_close(momui_npz *file); /* NULL is allowed; ends its arrays too */
size_t momui_npz_count(const momui_npz *file);
const char *momui_npz_key(const momui_npz *file, size_t index); /* without ".npy" */
bool momui_npz_has(const momui_npz *file, const char *key);
/* The array stays valid until the file is closed. */
momu_status momui_npz_array(momui_npz *file, const char *key, momui_npy *array, momu_error *error);

/* Writing: entries are stored, not deflated, so that NumPy can map them. */
typedef struct momui_npz_writer momui_npz_writer;
momui_npz_writer *momui_npz_writer_new(momui_memory *memory); /* NULL: no memory */
void momui_npz_writer_free(momui_npz_writer *writer);
/* descr: "<f4", "<f8", "<i4", "<i8" or "|S<width>", and the bytes are little-endian already. */
void momui_npz_writer_add(momui_npz_writer *writer, const char *key, const char *descr,
                          int32_t rank, const int64_t *shape, const void *data, size_t size);
/* Appends the whole zip to `out`. */
momu_status momui_npz_writer_finish(momui_npz_writer *writer, momui_writer *out, momu_error *error);

/* Motion in such files: docs/formats.md names the keys. */
momu_status momui_motion_npz_read(momui_memory *memory, const momui_bytes *bytes,
                                  momui_motion **motion, momu_error *error);
momu_status momui_motion_npy_read(momui_memory *memory, const momui_bytes *bytes,
                                  momui_motion **motion, momu_error *error);
momu_status momui_motion_npz_write(const momui_motion *motion, momui_writer *out,
                                   momu_error *error);
/* SMPL's and AMASS's keys. Written from any skeleton of a person; read as the standard body at
 * `fps`. */
momu_status momui_motion_smpl_write(const momui_motion *motion, momui_writer *out,
                                    momu_error *error);
momu_status momui_motion_smpl_read(momui_memory *memory, momui_npz *file, double fps,
                                   momui_motion **motion, momu_error *error);

#endif
