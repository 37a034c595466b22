#include "tools/draw/canvas.h"

#include <math.h>

momu_status momui_canvas_open(momui_memory *memory, int32_t width, int32_t height,
                              momui_color background, momui_canvas *canvas, momu_error *error) {
    *canvas = (momui_canvas){.width = width, .height = height};
    if (width < 1 || height < 1 || width > 32768 || height > 32768)
        return momui_fail(error, MOMU_ERROR_LIMIT, "a picture of %d x %d; at most 32768 x 32768",
                          width, height);
    canvas->rgb = momui_alloc(memory, (size_t)width * (size_t)height, 3);
    if (!canvas->rgb)
        return momui_fail_memory(error, "a picture");
    momui_canvas_rectangle(canvas, 0, 0, width, height, background);
    return MOMU_OK;
}

void momui_canvas_release(momui_canvas *canvas) {
    momui_free(canvas->rgb);
    *canvas = (momui_canvas){0};
}

static void blend(momui_canvas *canvas, int32_t x, int32_t y, momui_color color, double share) {
    uint8_t *p = canvas->rgb + ((size_t)y * (size_t)canvas->width + (size_t)x) * 3;
    const uint8_t to[3] = {color.r, color.g, color.b};
    for (int i = 0; i < 3; i++)
        p[i] = (uint8_t)(p[i] + share * (to[i] - p[i]) + 0.5);
}

static int32_t within(double value, int32_t high) {
    return value < 0 ? 0 : value > high ? high : (int32_t)value;
}

void momui_canvas_rectangle(momui_canvas *canvas, int32_t x, int32_t y, int32_t width,
                            int32_t height, momui_color color) {
    for (int32_t v = within(y, canvas->height); v < within(y + height, canvas->height); v++)
        for (int32_t u = within(x, canvas->width); u < within(x + width, canvas->width); u++)
            blend(canvas, u, v, color, 1.0);
}

void momui_canvas_line(momui_canvas *canvas, double x0, double y0, double x1, double y1,
                       double thick, momui_color color) {
    double extent = thick / 2 + 1, dx = x1 - x0, dy = y1 - y0, square = dx * dx + dy * dy;
    if (!isfinite(x0) || !isfinite(y0) || !isfinite(x1) || !isfinite(y1))
        return;
    int32_t left = within(fmin(x0, x1) - extent, canvas->width),
            right = within(fmax(x0, x1) + extent + 1, canvas->width);
    int32_t top = within(fmin(y0, y1) - extent, canvas->height),
            bottom = within(fmax(y0, y1) + extent + 1, canvas->height);
    for (int32_t y = top; y < bottom; y++)
        for (int32_t x = left; x < right; x++) {
            double px = x + 0.5 - x0, py = y + 0.5 - y0;
            double along = square > 0 ? (px * dx + py * dy) / square : 0;
            along = fmin(1, fmax(0, along));
            double away = hypot(px - along * dx, py - along * dy);
            double share = thick / 2 + 0.5 - away;
            if (share > 0)
                blend(canvas, x, y, color, fmin(1, share));
        }
}
