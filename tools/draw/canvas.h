/* A picture to draw on. */
#ifndef MOMUI_TOOLS_DRAW_CANVAS_H
#define MOMUI_TOOLS_DRAW_CANVAS_H

#include "base/memory.h"

typedef struct momui_color {
    uint8_t r, g, b;
} momui_color;

typedef struct momui_canvas {
    int32_t width, height;
    uint8_t *rgb; /* (height, width, 3) */
} momui_canvas;

/* Filled with `background`. Freed with momui_canvas_release(). */
momu_status momui_canvas_open(momui_memory *memory, int32_t width, int32_t height,
                              momui_color background, momui_canvas *canvas, momu_error *error);
void momui_canvas_release(momui_canvas *canvas);

/* What is outside of the canvas is cut off. */
void momui_canvas_rectangle(momui_canvas *canvas, int32_t x, int32_t y, int32_t width,
                            int32_t height, momui_color color);
/* A stroke with round ends and smooth edges, `thick` pixels wide. */
void momui_canvas_line(momui_canvas *canvas, double x0, double y0, double x1, double y1,
                       double thick, momui_color color);

#endif
