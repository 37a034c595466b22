/* Pictures out: PNG, 8 bit RGB. */
#ifndef MOMUI_TOOLS_DRAW_PNG_H
#define MOMUI_TOOLS_DRAW_PNG_H

#include "base/stream.h"

/* rgb (height, width, 3): the bytes of a file are added to `out`. */
momu_status momui_png_make(momui_memory *memory, const uint8_t *rgb, int32_t width, int32_t height,
                           momui_writer *out, momu_error *error);
/* The same into a file, which appears whole or not at all. */
momu_status momui_png_write(momui_memory *memory, const char *path, const uint8_t *rgb,
                            int32_t width, int32_t height, momu_error *error);

#endif
