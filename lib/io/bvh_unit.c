/* BVH names no unit. A person's leg tells it: hip to ankle, with the bone from the root to the hip,
 * measures about 0.94 m. */
#include "io/bvh_parse.h"

#include <math.h>
#include <string.h>

#define LEG 0.94
#define LEG_LEAST 0.5
#define LEG_MOST 1.3

static bool contains(const char *text, const char *word) {
    size_t length = strlen(word);
    for (; *text; text++) {
        size_t i = 0;
        while (i < length && text[i] && (text[i] | 0x20) == word[i])
            i++;
        if (i == length)
            return true;
    }
    return false;
}

/* Along the bones from the root to the first joint named foot or ankle; 0 when there is none. */
static double leg_by_name(const momui_bvh_tree *tree) {
    for (int32_t j = 1; j < tree->joints; j++) {
        if (!contains(tree->joint[j].name, "foot") && !contains(tree->joint[j].name, "ankle"))
            continue;
        double sum = 0;
        for (int32_t k = j; k > 0; k = tree->joint[k].parent) {
            const double *o = tree->joint[k].offset;
            sum += sqrt(o[0] * o[0] + o[1] * o[1] + o[2] * o[2]);
        }
        return sum;
    }
    return 0;
}

/* How far the lowest joint of the rest pose lies below the root. */
static double leg_by_height(const momui_bvh_tree *tree) {
    double height[MOMUI_MAX_JOINTS] = {0}, lowest = 0;
    for (int32_t j = 1; j < tree->joints; j++) {
        height[j] = height[tree->joint[j].parent] + tree->joint[j].offset[1];
        lowest = fmin(lowest, height[j]);
    }
    return -lowest;
}

double momui_bvh_unit(const momui_bvh_tree *tree) {
    /* metre, centimetre, inch, 1/0.45 inch (the CMU database), millimetre */
    static const double UNITS[] = {1.0, 0.01, 0.0254, 0.0254 / 0.45, 0.001};
    double leg = leg_by_name(tree);
    if (leg <= 0)
        leg = leg_by_height(tree);
    if (leg < 1e-6)
        return 0.01;                             /* nothing to measure: what most programs write */
    double best = LEG / leg, nearest = INFINITY; /* no known unit: made a person's size */
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++) {
        double length = leg * UNITS[i], distance = fabs(log(length / LEG));
        if (length >= LEG_LEAST && length <= LEG_MOST && distance < nearest) {
            nearest = distance;
            best = UNITS[i];
        }
    }
    return best;
}
