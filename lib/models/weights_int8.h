/* Matrices as bytes: each row a scale times whole numbers, -127..127. docs/model-format.md. */
#ifndef MOMUI_MODELS_WEIGHTS_INT8_H
#define MOMUI_MODELS_WEIGHTS_INT8_H

#include "base/memory.h"
#include "io/safetensors/safetensors.h"

/* Whether a tensor is worth it: matrices and convolutions, not small ones. */
bool momui_int8_fits(int32_t rank, const int64_t *shape);

/* Adds NAME (I8) and NAME.int8_scale (F32, a number a row) to the file. The bytes live in `arena`,
 * until the file has been saved. */
momu_status momui_int8_write(momui_safetensors_writer *file, momui_arena *arena, const char *name,
                             int32_t rank, const int64_t *shape, const float *data,
                             momu_error *error);

/* Fills `out` where the file has NAME as I8; *found says whether it has. */
momu_status momui_int8_read(const momui_safetensors *file, const char *name, int32_t rank,
                            const int64_t *shape, float *out, bool *found, momu_error *error);

/* Whether `name` is the scale of an I8 tensor of the file. */
bool momui_int8_is_scale(const momui_safetensors *file, const char *name);

#endif
