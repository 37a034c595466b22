/* Vectors and unit quaternions in double: motion is computed so, and stored in float. */
#ifndef MOMUI_MOTION_VECTOR_H
#define MOMUI_MOTION_VECTOR_H

#include <math.h>

typedef struct momui_vec3 {
    double x, y, z;
} momui_vec3;

static inline momui_vec3 momui_vec3_of(double x, double y, double z) {
    momui_vec3 v = {x, y, z};
    return v;
}

static inline momui_vec3 momui_vec3_load(const float *p) {
    return momui_vec3_of(p[0], p[1], p[2]);
}

static inline void momui_vec3_store(momui_vec3 v, float *p) {
    p[0] = (float)v.x;
    p[1] = (float)v.y;
    p[2] = (float)v.z;
}

static inline momui_vec3 momui_vec3_add(momui_vec3 a, momui_vec3 b) {
    return momui_vec3_of(a.x + b.x, a.y + b.y, a.z + b.z);
}

static inline momui_vec3 momui_vec3_subtract(momui_vec3 a, momui_vec3 b) {
    return momui_vec3_of(a.x - b.x, a.y - b.y, a.z - b.z);
}

static inline momui_vec3 momui_vec3_scale(momui_vec3 a, double s) {
    return momui_vec3_of(a.x * s, a.y * s, a.z * s);
}

/* a + s (b - a) */
static inline momui_vec3 momui_vec3_mix(momui_vec3 a, momui_vec3 b, double s) {
    return momui_vec3_of(a.x + s * (b.x - a.x), a.y + s * (b.y - a.y), a.z + s * (b.z - a.z));
}

static inline double momui_vec3_dot(momui_vec3 a, momui_vec3 b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static inline momui_vec3 momui_vec3_cross(momui_vec3 a, momui_vec3 b) {
    return momui_vec3_of(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
}

static inline double momui_vec3_length(momui_vec3 a) {
    return sqrt(momui_vec3_dot(a, a));
}

/* `a` at length one, or `fallback` where it is too short to have a direction. */
static inline momui_vec3 momui_vec3_unit(momui_vec3 a, momui_vec3 fallback) {
    double length = momui_vec3_length(a);
    return length > 1e-9 ? momui_vec3_scale(a, 1.0 / length) : fallback;
}

/* The part of `a` at right angles to the unit vector `axis`. */
static inline momui_vec3 momui_vec3_reject(momui_vec3 a, momui_vec3 axis) {
    return momui_vec3_subtract(a, momui_vec3_scale(axis, momui_vec3_dot(a, axis)));
}

/* 0 below `low`, 1 above `high`, smooth between. */
static inline double momui_smoothstep(double low, double high, double x) {
    double s = (x - low) / (high - low);
    s = s < 0.0 ? 0.0 : s > 1.0 ? 1.0 : s;
    return s * s * (3.0 - 2.0 * s);
}

#endif
