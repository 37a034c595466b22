#include "tools/draw/pictures.h"

#include "base/extremes.h"
#include "tools/draw/bones.h"
#include <math.h>
#include <string.h>

/* From dark blue over red to light yellow, evenly bright (a few points of "inferno"). */
static momui_color heat(double share) {
    static const double POINTS[6][3] = {{0, 0, 4},     {66, 10, 104},  {147, 38, 103},
                                        {221, 81, 58}, {252, 165, 10}, {252, 255, 164}};
    double place = 5 * fmin(1, fmax(0, share));
    int low = place >= 5 ? 4 : (int)place;
    double part = place - low, c[3];
    for (int i = 0; i < 3; i++)
        c[i] = POINTS[low][i] + part * (POINTS[low + 1][i] - POINTS[low][i]);
    return (momui_color){(uint8_t)c[0], (uint8_t)c[1], (uint8_t)c[2]};
}

void momui_draw_mel(momui_canvas *canvas, int32_t x, int32_t y, int32_t width, int32_t height,
                    const float *mel, int64_t frames, int32_t bands) {
    static const double DARK = -4.5, BRIGHT = 1.0;
    for (int32_t u = 0; u < width && frames > 0; u++)
        for (int32_t v = 0; v < height; v++) {
            int64_t t = (int64_t)u * frames / width;
            int64_t band = (int64_t)(height - 1 - v) * bands / height;
            double share = ((double)mel[t * bands + band] - DARK) / (BRIGHT - DARK);
            momui_canvas_rectangle(canvas, x + u, y + v, 1, 1, heat(share));
        }
}

static momui_color side_color(int32_t side) {
    static const momui_color COLORS[3] = {{60, 60, 60}, {44, 110, 190}, {214, 96, 44}};
    return COLORS[side];
}

/* How a frame lies on the canvas: metres (or a picture's units) to pixels. */
typedef struct placement {
    double x, ground, scale;
    double middle, lowest; /* what comes to column x, and to row `ground` */
    double up;             /* -1 where the second axis points down */
} placement;

static void place_flat(placement *p, const momui_motion *motion, int64_t frame, double size) {
    double high = -INFINITY, low = INFINITY, sum = 0, count = 0;
    int32_t joints = motion->skeleton.joints;
    for (int32_t j = 0; j < joints; j++) {
        const float *at = motion->positions + (frame * joints + j) * 2;
        if (!momui_point_is_present(motion, frame, j))
            continue;
        sum += (double)at[0];
        count++;
        high = momui_max(high, (double)at[1]);
        low = momui_min(low, (double)at[1]);
    }
    p->up = -1;
    p->middle = count > 0 ? sum / count : 0;
    p->scale = 0.8 * size / (high > low ? momui_max(high - low, 1e-6) : 1);
    p->lowest = high > -INFINITY ? -high : 0;
}

/* The first joint that is present is the middle. */
static void place_space(placement *p, const momui_motion *motion, int64_t frame, double size) {
    int32_t joints = motion->skeleton.joints, first = 0;
    while (first + 1 < joints && !momui_point_is_present(motion, frame, first))
        first++;
    p->up = 1;
    p->scale = size / 2.0;
    p->middle = (double)motion->positions[(frame * joints + first) * 3];
    p->lowest = -momui_ground_lift(motion);
}

void momui_draw_dancer(momui_canvas *canvas, double x, double ground, double size,
                       const momui_motion *motion, int64_t frame) {
    bool flat = motion->kind == MOMUI_MOTION_KEYPOINTS;
    int32_t axes = flat ? 2 : 3;
    const float *points = motion->positions + frame * motion->skeleton.joints * axes;
    placement p = {.x = x, .ground = ground};
    momui_bones bones;
    momui_find_bones(motion, &bones);
    (flat ? place_flat : place_space)(&p, motion, frame, size);
    for (int32_t i = 0; i < bones.count; i++) {
        const momui_bone *bone = &bones.items[i];
        double ends[2][2];
        if (!momui_point_is_present(motion, frame, bone->from) ||
            !momui_point_is_present(motion, frame, bone->to))
            continue;
        for (int e = 0; e < 2; e++) {
            const float *at = points + (e ? bone->from : bone->to) * axes;
            ends[e][0] = p.x + p.scale * ((double)at[0] - p.middle);
            ends[e][1] = p.ground - p.scale * (p.up * (double)at[1] - p.lowest);
        }
        bool point = bone->from == bone->to, head = bone->to == bones.head;
        momui_canvas_line(canvas, ends[0][0], ends[0][1], ends[1][0], ends[1][1],
                          fmax(1.5, size / (point ? 30 : 60)), side_color(bone->side));
        if (head) /* a line without length is a disc */
            momui_canvas_line(canvas, ends[0][0], ends[0][1], ends[0][0], ends[0][1], size / 11,
                              side_color(bone->side));
    }
}
