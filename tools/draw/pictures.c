#include "tools/draw/pictures.h"

#include "base/extremes.h"
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

/* left_knee, LeftLeg, mixamorig:LeftLeg; thigh.L, thigh_l */
static bool is_of(const char *name, const char *small, const char *large, char letter) {
    size_t length = strlen(name);
    bool marked = length > 2 && (name[length - 2] == '.' || name[length - 2] == '_') &&
                  (name[length - 1] | 0x20) == letter;
    return marked || strstr(name, small) || strstr(name, large);
}

static momui_color limb(const char *name) {
    if (is_of(name, "right", "Right", 'r'))
        return (momui_color){214, 96, 44};
    if (is_of(name, "left", "Left", 'l'))
        return (momui_color){44, 110, 190};
    return (momui_color){60, 60, 60};
}

static bool is_head(const char *name) {
    bool named = strcmp(name, "nose") == 0 || strstr(name, "head") || strstr(name, "Head");
    return named && !strstr(name, "_end") && !strstr(name, "End");
}

static int32_t parent_of(const momui_motion *motion, int32_t joint) {
    /* neck to nose, arms and legs of the fourteen keypoints */
    static const int32_t KEYPOINTS[14] = {1, -1, 1, 2, 3, 1, 5, 6, 1, 8, 9, 1, 11, 12};
    if (motion->kind == MOMUI_MOTION_KEYPOINTS)
        return motion->skeleton.joints == 14 ? KEYPOINTS[joint] : -1;
    return motion->skeleton.parents[joint];
}

void momui_draw_figure(momui_canvas *canvas, double x, double ground, double size,
                       const momui_motion *motion, int64_t frame) {
    int32_t joints = motion->skeleton.joints;
    bool flat = motion->kind == MOMUI_MOTION_KEYPOINTS;
    int32_t axes = flat ? 2 : 3;
    const float *p = motion->positions + frame * joints * axes;
    double scale = size / 2.0, middle = 0, lowest = 0;
    if (flat) { /* pictures have a size of their own */
        double high = -INFINITY, low = INFINITY;
        for (int32_t j = 0; j < joints; j++) {
            middle += (double)p[j * 2] / joints;
            high = momui_max(high, (double)p[j * 2 + 1]);
            low = momui_min(low, (double)p[j * 2 + 1]);
        }
        scale = 0.8 * size / fmax(high - low, 1e-6);
        lowest = -high;
    } else {
        middle = (double)p[0];
    }
    for (int32_t j = 0; j < joints; j++) {
        int32_t k = parent_of(motion, j);
        if (k < 0)
            continue;
        double ends[2][2];
        for (int e = 0; e < 2; e++) {
            const float *at = p + (e ? k : j) * axes;
            ends[e][0] = x + scale * ((double)at[0] - middle);
            ends[e][1] = ground - scale * ((flat ? -(double)at[1] : (double)at[1]) - lowest);
        }
        momui_canvas_line(canvas, ends[0][0], ends[0][1], ends[1][0], ends[1][1],
                          fmax(1.5, size / 60), limb(motion->skeleton.names[j]));
        if (is_head(motion->skeleton.names[j])) /* a line without length is a disc */
            momui_canvas_line(canvas, ends[0][0], ends[0][1], ends[0][0], ends[0][1], size / 11,
                              limb(motion->skeleton.names[j]));
    }
}
