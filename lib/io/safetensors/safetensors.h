/* safetensors: named tensors and string metadata in one file, read in place and checked whole
 * before use. */
#ifndef MOMUI_IO_SAFETENSORS_SAFETENSORS_H
#define MOMUI_IO_SAFETENSORS_SAFETENSORS_H

#include "base/stream.h"

enum { MOMUI_SAFETENSORS_MAX_RANK = 8 };
#define MOMUI_SAFETENSORS_MAX_HEADER (UINT64_C(100) << 20)

typedef enum momui_dtype {
    MOMUI_BOOL,
    MOMUI_U8,
    MOMUI_I8,
    MOMUI_U16,
    MOMUI_I16,
    MOMUI_F16,
    MOMUI_BF16,
    MOMUI_U32,
    MOMUI_I32,
    MOMUI_F32,
    MOMUI_U64,
    MOMUI_I64,
    MOMUI_F64
} momui_dtype;

const char *momui_dtype_name(momui_dtype type); /* "F32" */
size_t momui_dtype_size(momui_dtype type);      /* bytes */

typedef struct momui_safetensors momui_safetensors;

/* One tensor of a file. `data` points into the file's bytes, little-endian, row-major; it need not
 * be aligned for the type. */
typedef struct momui_safetensors_entry {
    const char *name;
    momui_dtype type;
    int32_t rank;
    int64_t shape[MOMUI_SAFETENSORS_MAX_RANK];
    const unsigned char *data;
    size_t size, elements;
} momui_safetensors_entry;

/* Checks everything. `bytes` and what they point to must outlive the file. */
momu_status momui_safetensors_open(momui_memory *memory, const momui_bytes *bytes,
                                   momui_safetensors **file, momu_error *error);
void momui_safetensors_close(momui_safetensors *file); /* NULL is allowed */

/* The name that sentences about this file begin with. */
const char *momui_safetensors_name(const momui_safetensors *file);
size_t momui_safetensors_count(const momui_safetensors *file);
/* In the order of their data. NULL out of range. */
const momui_safetensors_entry *momui_safetensors_at(const momui_safetensors *file, size_t index);
const momui_safetensors_entry *momui_safetensors_find(const momui_safetensors *file,
                                                      const char *name);
/* NULL when the metadata has no such key. Keys by index for listing. */
const char *momui_safetensors_metadata(const momui_safetensors *file, const char *key);
size_t momui_safetensors_metadata_count(const momui_safetensors *file);
const char *momui_safetensors_metadata_key(const momui_safetensors *file, size_t index);

/* Copies a F32, F16 or BF16 tensor of exactly this shape into `out`. Refuses numbers that are not
 * finite. */
momu_status momui_safetensors_read_f32(const momui_safetensors *file, const char *name,
                                       int32_t rank, const int64_t *shape, float *out,
                                       momu_error *error);
/* The raw bytes of a tensor of exactly this type and shape. */
momu_status momui_safetensors_read_raw(const momui_safetensors *file, const char *name,
                                       momui_dtype type, int32_t rank, const int64_t *shape,
                                       const unsigned char **data, momu_error *error);

/* ---- writing ---- */
typedef struct momui_safetensors_writer momui_safetensors_writer;

momui_safetensors_writer *momui_safetensors_writer_new(momui_memory *memory); /* NULL: no memory */
void momui_safetensors_writer_free(momui_safetensors_writer *writer);

/* Names and texts are copied; tensor data is not, and must live until it is saved. A name twice, or
 * a rank over 8, is MOMU_ERROR_ARGUMENT. */
momu_status momui_safetensors_writer_metadata(momui_safetensors_writer *writer, const char *key,
                                              const char *text, momu_error *error);
momu_status momui_safetensors_writer_tensor(momui_safetensors_writer *writer, const char *name,
                                            int32_t rank, const int64_t *shape, const float *data,
                                            bool bf16, momu_error *error);
momu_status momui_safetensors_writer_raw(momui_safetensors_writer *writer, const char *name,
                                         momui_dtype type, int32_t rank, const int64_t *shape,
                                         const void *data, momu_error *error);
/* Whole or absent. Tensors come in the order of falling element size, then as they were added; the
 * first begins at a multiple of 64 bytes. The same input gives the same bytes. */
momu_status momui_safetensors_writer_save(const momui_safetensors_writer *writer, const char *path,
                                          momu_error *error);
/* The same into memory: free *data with momui_free(). */
momu_status momui_safetensors_writer_bytes(const momui_safetensors_writer *writer,
                                           unsigned char **data, size_t *size, momu_error *error);

/* Rounds to nearest, ties to even; NaN stays NaN. */
uint16_t momui_bf16_from_f32(float value);
float momui_f32_from_bf16(uint16_t bits);
float momui_f32_from_f16(uint16_t bits);

#endif
