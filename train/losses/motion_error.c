/* error = |y - x| + v |dy/dt - dx/dt|; v is 0.5
 *   body3d: v is 40, groups of features have shares of both sums, and (y - x)^2 of the root's
 *   velocities is added
 *
 * A change from one frame to the next is about a thirtieth of its feature: at 0.5 it has no effect,
 * and the sudden stops that make a dance's beats are smeared. Groups, because all 22 joints follow
 * from the rotations near the root and the whole way from three velocities, which as three features
 * in 206 were not learnt at all. Squares for those: they are almost 0 most of the time, and L1 is
 * then lowest at 0. */
#include "train/losses/motion_error.h"
#include "motion/layout.h"
#include "train/losses/loss_ops.h"

#define VELOCITY 0.5f
#define BODY_VELOCITY 40.0f

typedef struct feature_group {
    int first, count;
    double share, velocity_share; /* of the sum, whatever the group's number of features */
} feature_group;

static const feature_group groups[] = {
    {0, 1, 0.05, 0.05},    /* the pelvis' height */
    {1, 3, 0.20, 0.00},    /* velocity and turn rate: they are velocities already */
    {4, 66, 0.40, 0.60},   /* places */
    {70, 132, 0.30, 0.35}, /* rotations */
    {202, 4, 0.05, 0.00},  /* contacts */
};

static void body_weights(float *weights, bool velocity) {
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        double share = velocity ? groups[i].velocity_share : groups[i].share;
        for (int c = 0; c < groups[i].count; c++)
            weights[groups[i].first + c] = (float)(share * MOMUI_BODY3D_FEATURES / groups[i].count);
    }
}

static momui_tensor *differences(momui_graph *g, momui_tensor *x) {
    int64_t frames = x ? x->shape[1] : 2;
    return momui_op_subtract(g, momui_op_slice(g, x, 1, 1, frames - 1),
                             momui_op_slice(g, x, 1, 0, frames - 1));
}

static momui_tensor *travel_error(momui_graph *g, momui_tensor *y, momui_tensor *x) {
    momui_tensor *a = momui_op_slice(g, y, 2, groups[1].first, groups[1].count);
    momui_tensor *b = momui_op_slice(g, x, 2, groups[1].first, groups[1].count);
    return a && b ? momui_op_squared_error(g, a, b, NULL, (double)momui_tensor_count(a)) : NULL;
}

momui_tensor *momui_motion_error(momui_graph *g, momui_tensor *y, momui_tensor *x,
                                 double terms[MOMUI_MOTION_TERMS]) {
    bool body = x->shape[2] == MOMUI_BODY3D_FEATURES;
    float places[MOMUI_BODY3D_FEATURES], changes[MOMUI_BODY3D_FEATURES];
    body_weights(places, false);
    body_weights(changes, true);
    momui_tensor *parts[MOMUI_MOTION_TERMS] = {
        momui_op_l1(g, y, x, body ? places : NULL),
        momui_op_l1(g, differences(g, y), differences(g, x), body ? changes : NULL),
        body ? travel_error(g, y, x) : NULL,
    };
    const float weights[MOMUI_MOTION_TERMS] = {1.0f, body ? BODY_VELOCITY : VELOCITY, 1.0f};
    int count = body ? 3 : 2;
    momui_tensor *sum = momui_op_weighted_sum(g, parts, weights, count);
    for (int i = 0; sum && i < count; i++)
        terms[i] = (double)parts[i]->data[0];
    return sum;
}
