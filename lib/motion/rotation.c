#include "motion/rotation.h"
#include "motion/motion.h"

momui_quat momui_quat_multiply(momui_quat a, momui_quat b) {
    return momui_quat_of(a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
                         a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
                         a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
                         a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w);
}

momui_vec3 momui_quat_rotate(momui_quat q, momui_vec3 v) {
    momui_vec3 u = {q.x, q.y, q.z};
    momui_vec3 t = momui_vec3_scale(momui_vec3_cross(u, v), 2.0);
    return momui_vec3_add(momui_vec3_add(v, momui_vec3_scale(t, q.w)), momui_vec3_cross(u, t));
}

momui_quat momui_quat_unit(momui_quat q) {
    double length = sqrt(momui_quat_dot(q, q));
    if (!(length > 1e-12))
        return momui_quat_identity();
    return momui_quat_of(q.w / length, q.x / length, q.y / length, q.z / length);
}

momui_quat momui_quat_about(momui_vec3 axis, double angle) {
    double length = momui_vec3_length(axis);
    if (!(length > 1e-12))
        return momui_quat_identity();
    double s = sin(0.5 * angle) / length;
    return momui_quat_of(cos(0.5 * angle), s * axis.x, s * axis.y, s * axis.z);
}

/* Any direction at right angles to the unit vector v. */
static momui_vec3 perpendicular(momui_vec3 v) {
    momui_vec3 other = fabs(v.y) < 0.9 ? momui_vec3_of(0, 1, 0) : momui_vec3_of(1, 0, 0);
    return momui_vec3_unit(momui_vec3_cross(v, other), momui_vec3_of(0, 0, 1));
}

momui_quat momui_quat_between(momui_vec3 from, momui_vec3 to) {
    momui_vec3 none = {0, 0, 0};
    momui_vec3 a = momui_vec3_unit(from, none), b = momui_vec3_unit(to, none);
    double cosine = momui_vec3_dot(a, b);
    if (momui_vec3_length(a) < 0.5 || momui_vec3_length(b) < 0.5)
        return momui_quat_identity();
    if (cosine < -1.0 + 1e-12)
        return momui_quat_about(perpendicular(a), MOMUI_PI);
    momui_vec3 axis = momui_vec3_cross(a, b);
    return momui_quat_unit(momui_quat_of(1.0 + cosine, axis.x, axis.y, axis.z));
}

momui_quat momui_quat_near(momui_quat q, momui_quat previous) {
    return momui_quat_dot(q, previous) < 0.0 ? momui_quat_of(-q.w, -q.x, -q.y, -q.z) : q;
}

momui_quat momui_quat_slerp(momui_quat a, momui_quat b, double s) {
    b = momui_quat_near(b, a);
    double cosine = momui_quat_dot(a, b), u = 1.0 - s, v = s;
    if (cosine < 0.9999999) {
        double angle = acos(cosine), sine = sin(angle);
        u = sin(u * angle) / sine;
        v = sin(v * angle) / sine;
    }
    return momui_quat_unit(
        momui_quat_of(u * a.w + v * b.w, u * a.x + v * b.x, u * a.y + v * b.y, u * a.z + v * b.z));
}

double momui_quat_angle(momui_quat a, momui_quat b) {
    momui_quat d = momui_quat_multiply(momui_quat_conjugate(a), b);
    return 2.0 * atan2(sqrt(d.x * d.x + d.y * d.y + d.z * d.z), fabs(d.w));
}

void momui_quat_continue(float *quaternions, int64_t frames, int64_t stride) {
    for (int64_t t = 1; t < frames; ++t) {
        float *q = quaternions + t * stride;
        const float *p = q - stride;
        double dot = 0.0;
        for (int i = 0; i < 4; ++i)
            dot += (double)q[i] * p[i];
        for (int i = 0; i < 4 && dot < 0.0; ++i)
            q[i] = -q[i];
    }
}

void momui_quat_to_matrix(momui_quat q, double m[9]) {
    m[0] = 1.0 - 2.0 * (q.y * q.y + q.z * q.z);
    m[1] = 2.0 * (q.x * q.y - q.w * q.z);
    m[2] = 2.0 * (q.x * q.z + q.w * q.y);
    m[3] = 2.0 * (q.x * q.y + q.w * q.z);
    m[4] = 1.0 - 2.0 * (q.x * q.x + q.z * q.z);
    m[5] = 2.0 * (q.y * q.z - q.w * q.x);
    m[6] = 2.0 * (q.x * q.z - q.w * q.y);
    m[7] = 2.0 * (q.y * q.z + q.w * q.x);
    m[8] = 1.0 - 2.0 * (q.x * q.x + q.y * q.y);
}

/* Shepperd's method: divides by the largest of the four. */
momui_quat momui_quat_from_matrix(const double m[9]) {
    double trace = m[0] + m[4] + m[8];
    momui_quat q;
    if (trace >= m[0] && trace >= m[4] && trace >= m[8])
        q = momui_quat_of(1.0 + trace, m[7] - m[5], m[2] - m[6], m[3] - m[1]);
    else if (m[0] >= m[4] && m[0] >= m[8])
        q = momui_quat_of(m[7] - m[5], 1.0 + m[0] - m[4] - m[8], m[1] + m[3], m[2] + m[6]);
    else if (m[4] >= m[8])
        q = momui_quat_of(m[2] - m[6], m[1] + m[3], 1.0 - m[0] + m[4] - m[8], m[5] + m[7]);
    else
        q = momui_quat_of(m[3] - m[1], m[2] + m[6], m[5] + m[7], 1.0 - m[0] - m[4] + m[8]);
    return momui_quat_unit(q);
}

momui_quat momui_quat_from_axes(momui_vec3 x, momui_vec3 y) {
    x = momui_vec3_unit(x, momui_vec3_of(1, 0, 0));
    y = momui_vec3_unit(momui_vec3_reject(y, x), perpendicular(x));
    momui_vec3 z = momui_vec3_cross(x, y);
    double m[9] = {x.x, y.x, z.x, x.y, y.y, z.y, x.z, y.z, z.z};
    return momui_quat_from_matrix(m);
}

void momui_quat_to_6d(momui_quat q, float six[6]) {
    double m[9];
    momui_quat_to_matrix(q, m);
    for (int i = 0; i < 3; ++i) {
        six[i] = (float)m[3 * i];
        six[3 + i] = (float)m[3 * i + 1];
    }
}

bool momui_quat_from_6d(const float six[6], momui_quat *q) {
    momui_vec3 x = momui_vec3_load(six), y = momui_vec3_load(six + 3);
    double length_x = momui_vec3_length(x), length_y = momui_vec3_length(y);
    if (!(length_x > 1e-4) || !(length_y > 1e-4) || !isfinite(length_x) || !isfinite(length_y))
        return false;
    if (momui_vec3_length(momui_vec3_cross(x, y)) < 1e-3 * length_x * length_y)
        return false;
    *q = momui_quat_from_axes(x, y);
    return true;
}

/* ---- Euler angles ---- */

static momui_vec3 axis_of(int axis) {
    return momui_vec3_of(axis == 0, axis == 1, axis == 2);
}

momui_quat momui_quat_from_euler(momui_euler_order order, const double angles[3]) {
    momui_quat q = momui_quat_about(axis_of(order.axes[0]), angles[0]);
    for (int i = 1; i < 3; ++i)
        q = momui_quat_multiply(q, momui_quat_about(axis_of(order.axes[i]), angles[i]));
    return q;
}

/* The turn of `angle` by whole turns that lies nearest to `previous`. */
static double nearest_turn(double angle, double previous) {
    return angle - 2.0 * MOMUI_PI * round((angle - previous) / (2.0 * MOMUI_PI));
}

/* One of the two sets of angles for a rotation. `locked`: only the sum (or difference) of the
 * first and the third angle is determined, and the third was set to `third`. */
static bool euler_principal(momui_euler_order order, const double m[9], double third, double a[3]) {
    int i = order.axes[0], j = order.axes[1], k = 3 - i - j;
    bool proper = order.axes[0] == order.axes[2];
    double sign = (j - i + 3) % 3 == 1 ? 1.0 : -1.0; /* of the permutation i, j, k */
    double s, c; /* of the first angle times what the second leaves */
    if (proper) {
        s = m[3 * j + i];
        c = -sign * m[3 * k + i];
    } else {
        s = -sign * m[3 * j + k];
        c = m[3 * k + k];
    }
    double middle = proper ? atan2(hypot(s, c), m[4 * i]) : atan2(sign * m[3 * i + k], hypot(s, c));
    bool locked = hypot(s, c) < 1e-6;
    double first = atan2(s, c);
    if (locked) { /* R(i, first +- third) is all there is: read it off with third taken out */
        double sum = atan2(sign * m[3 * k + j], m[4 * j]);
        bool same = proper ? m[4 * i] > 0.0 : sign * middle > 0.0;
        first = same ? sum - third : sum + third;
        a[0] = first;
        a[1] = middle;
        a[2] = third;
        return true;
    }
    /* with the first angle undone, the third is left in a row that the second does not touch */
    double cf = cos(first), sf = sin(first);
    double row_j[3];
    for (int n = 0; n < 3; ++n)
        row_j[n] = cf * m[3 * j + n] + sign * sf * m[3 * k + n];
    a[0] = first;
    a[1] = middle;
    a[2] = proper ? atan2(-sign * row_j[k], row_j[j]) : atan2(sign * row_j[i], row_j[j]);
    return false;
}

static double euler_distance(const double a[3], const double b[3]) {
    double sum = 0.0;
    for (int i = 0; i < 3; ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

void momui_quat_to_euler(momui_euler_order order, momui_quat q, const double *previous,
                         double angles[3]) {
    static const double zero[3] = {0.0, 0.0, 0.0};
    const double *before = previous ? previous : zero;
    bool proper = order.axes[0] == order.axes[2];
    double m[9], a[3], b[3];
    momui_quat_to_matrix(momui_quat_unit(q), m);
    bool locked = euler_principal(order, m, before[2], a);
    b[0] = a[0] + MOMUI_PI;
    b[1] = proper ? -a[1] : MOMUI_PI - a[1];
    b[2] = a[2] + MOMUI_PI;
    for (int i = 0; i < 3; ++i) {
        a[i] = nearest_turn(a[i], before[i]);
        b[i] = nearest_turn(b[i], before[i]);
    }
    bool second = !locked && previous && euler_distance(b, before) < euler_distance(a, before);
    for (int i = 0; i < 3; ++i)
        angles[i] = second ? b[i] : a[i];
}
