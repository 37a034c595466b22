/* Rotations: unit quaternions and their other forms. Matrices are row-major and act on columns. */
#ifndef MOMUI_MOTION_ROTATION_H
#define MOMUI_MOTION_ROTATION_H

#include "motion/vector.h"
#include <stdbool.h>
#include <stdint.h>

typedef struct momui_quat {
    double w, x, y, z;
} momui_quat;

static inline momui_quat momui_quat_of(double w, double x, double y, double z) {
    momui_quat q = {w, x, y, z};
    return q;
}

static inline momui_quat momui_quat_identity(void) {
    return momui_quat_of(1.0, 0.0, 0.0, 0.0);
}

/* (4) floats, w first. */
static inline momui_quat momui_quat_load(const float *p) {
    return momui_quat_of(p[0], p[1], p[2], p[3]);
}

static inline void momui_quat_store(momui_quat q, float *p) {
    p[0] = (float)q.w;
    p[1] = (float)q.x;
    p[2] = (float)q.y;
    p[3] = (float)q.z;
}

static inline momui_quat momui_quat_conjugate(momui_quat q) {
    return momui_quat_of(q.w, -q.x, -q.y, -q.z);
}

static inline double momui_quat_dot(momui_quat a, momui_quat b) {
    return a.w * b.w + a.x * b.x + a.y * b.y + a.z * b.z;
}

/* First b, then a. */
momui_quat momui_quat_multiply(momui_quat a, momui_quat b);
momui_vec3 momui_quat_rotate(momui_quat q, momui_vec3 v);
/* At length one; the identity where there is none. */
momui_quat momui_quat_unit(momui_quat q);
/* `axis` need not be of length one; the zero axis gives the identity. Radians. */
momui_quat momui_quat_about(momui_vec3 axis, double angle);
/* The shortest rotation that turns the direction of `from` into that of `to`. */
momui_quat momui_quat_between(momui_vec3 from, momui_vec3 to);
/* The shorter way round, at constant speed; s = 0 gives a, s = 1 gives b (or -b). */
momui_quat momui_quat_slerp(momui_quat a, momui_quat b, double s);
/* `q` or -q: the one nearer to `previous`. */
momui_quat momui_quat_near(momui_quat q, momui_quat previous);
/* The angle between two orientations, 0..pi. */
double momui_quat_angle(momui_quat a, momui_quat b);

/* Makes quaternions of one joint continuous in sign: (frames) of them, `stride` floats apart. */
void momui_quat_continue(float *quaternions, int64_t frames, int64_t stride);

void momui_quat_to_matrix(momui_quat q, double matrix[9]);
momui_quat momui_quat_from_matrix(const double matrix[9]);

/* The rotation whose columns are x and, as nearly as a right angle allows, y. Directions that do
 * not suffice are made up. */
momui_quat momui_quat_from_axes(momui_vec3 x, momui_vec3 y);

/* 6-D: first column, then second column of the matrix. From 6-D by Gram-Schmidt; false (and *q
 * untouched) where the columns do not span a plane. */
void momui_quat_to_6d(momui_quat q, float six[6]);
bool momui_quat_from_6d(const float six[6], momui_quat *q);

/* The axes of three turns, 0 x, 1 y, 2 z, in the order that BVH writes channels: the matrix is
 * R(axes[0], angles[0]) R(axes[1], angles[1]) R(axes[2], angles[2]). Neighbours differ. All twelve
 * orders; radians. */
typedef struct momui_euler_order {
    uint8_t axes[3];
} momui_euler_order;

momui_quat momui_quat_from_euler(momui_euler_order order, const double angles[3]);
/* `previous` (may be NULL) is the frame before: of all equivalent angles the nearest to it are
 * returned, so that a curve has no jumps of a whole turn, and none at gimbal lock. */
void momui_quat_to_euler(momui_euler_order order, momui_quat q, const double *previous,
                         double angles[3]);

#endif
