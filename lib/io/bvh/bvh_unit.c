/* BVH names no unit. It follows from a person's leg: hip to ankle, with the bone from the root to
 * the hip, measures about 0.94 m. */
#include "base/extremes.h"
#include "io/bvh/bvh_parse.h"

#include <math.h>
#include <string.h>

/* Joint j's children, and whether it has three position channels. */
static int32_t count_children(const momui_bvh_tree *tree, int32_t joint) {
    int32_t children = 0;
    for (int32_t j = joint + 1; j < tree->joints; j++)
        children += tree->joint[j].parent == joint;
    return children;
}

static bool moves(const momui_bvh_joint *joint) {
    int32_t positions = 0;
    for (int32_t c = 0; c < joint->channels; c++)
        positions += joint->channel[c] < 3;
    return positions == 3;
}

int32_t momui_bvh_carriers(const momui_bvh_tree *tree) {
    int32_t carriers = 0;
    for (int32_t j = 0; j + 1 < tree->joints && count_children(tree, j) == 1; j++) {
        if (!moves(&tree->joint[j + 1]))
            break;
        if (count_children(tree, j + 1) > 1)
            carriers = j + 1;
    }
    return carriers;
}

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
static double leg_by_name(const momui_bvh_tree *tree, int32_t root) {
    for (int32_t j = root + 1; j < tree->joints; j++) {
        if (!contains(tree->joint[j].name, "foot") && !contains(tree->joint[j].name, "ankle"))
            continue;
        double sum = 0;
        for (int32_t k = j; k > root; k = tree->joint[k].parent) {
            const double *o = tree->joint[k].offset;
            sum += sqrt(o[0] * o[0] + o[1] * o[1] + o[2] * o[2]);
        }
        return sum;
    }
    return 0;
}

/* How far the lowest joint of the rest pose is below the root. */
static double leg_by_height(const momui_bvh_tree *tree, int32_t root) {
    double height[MOMUI_MAX_JOINTS] = {0}, lowest = 0;
    for (int32_t j = root + 1; j < tree->joints; j++) {
        height[j] = height[tree->joint[j].parent] + tree->joint[j].offset[1];
        lowest = momui_min(lowest, height[j]);
    }
    return -lowest;
}

double momui_bvh_unit(const momui_bvh_tree *tree, int32_t root) {
    /* metre, centimetre, inch, 1/0.45 inch (the CMU database), millimetre */
    static const double UNITS[] = {1.0, 0.01, 0.0254, 0.0254 / 0.45, 0.001};
    double leg = leg_by_name(tree, root);
    if (leg <= 0)
        leg = leg_by_height(tree, root);
    if (leg < 1e-6)
        return 0.01;                             /* nothing to measure: what most programs write */
    double best = LEG / leg, nearest = INFINITY; /* none fits: scaled to a person's size */
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++) {
        double length = leg * UNITS[i], distance = fabs(log(length / LEG));
        if (length >= LEG_LEAST && length <= LEG_MOST && distance < nearest) {
            nearest = distance;
            best = UNITS[i];
        }
    }
    return best;
}
