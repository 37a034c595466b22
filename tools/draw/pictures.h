/* What sound and dance look like. */
#ifndef MOMUI_TOOLS_DRAW_PICTURES_H
#define MOMUI_TOOLS_DRAW_PICTURES_H

#include "motion/motion.h"
#include "tools/draw/canvas.h"

/* log10 mels (frames, bands), low bands below, into a rectangle of the canvas: from dark at -4.5 to
 * bright at 1. */
void momui_draw_mel(momui_canvas *canvas, int32_t x, int32_t y, int32_t width, int32_t height,
                    const float *mel, int64_t frames, int32_t bands);

/* One frame of a motion as a stick figure from the front, 2 m fitting into `size` pixels, its root
 * at column x, the ground at row `ground`. Keypoints: the second axis downwards, fitted the same
 * way. Right limbs are warm, left ones cold. */
void momui_draw_dancer(momui_canvas *canvas, double x, double ground, double size,
                       const momui_motion *motion, int64_t frame);

#endif
