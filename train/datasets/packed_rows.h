/* Rows of many frames in half the memory: each channel as 16 bits between its least and its
 * greatest value in this array. Finer than half precision where values are close together. */
#ifndef MOMUI_TRAIN_DATASETS_PACKED_ROWS_H
#define MOMUI_TRAIN_DATASETS_PACKED_ROWS_H

#include "base/memory.h"

typedef struct momui_rows {
    int64_t count;
    int32_t channels;
    uint16_t *codes; /* (count, channels); NULL: there are none */
    float *scale;    /* (2, channels): value = scale[0][c] + scale[1][c] code */
} momui_rows;

/* From (count, channels) finite floats. */
momu_status momui_rows_pack(momui_memory *memory, const float *values, int64_t count,
                            int32_t channels, momui_rows *rows, momu_error *error);
/* Row `index` into (channels) floats. */
void momui_rows_get(const momui_rows *rows, int64_t index, float *out);
void momui_rows_release(momui_rows *rows);

#endif
