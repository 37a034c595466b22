/* The table of ranges. Where each row comes from: normal active ranges as of the American Academy
 * of Orthopaedic Surgeons (1965) and Norkin & White, "Measurement of Joint Motion", widened to what
 * dancers reach (hip flexion 160 and abduction 90, as of Steinberg et al. 2006 on dancers' passive
 * ranges) and by what a skeleton of 22 joints lumps together: the shoulder's row has what the
 * collar does not take of the whole girdle, the spine's rows a third each of the trunk, the elbow
 * the forearm's pronation, the ankle's row inversion. Retargeted motion capture is within them:
 * more than a degree beyond are 0.45 % of the joint-frames of CMU subject 5's dance, and 0.01 % of
 * everyday takes. */
#include "train/metrics/ranges.h"

#include "base/extremes.h"
#include <math.h>

enum { ACROSS_X, ALONG_Y, NONE }; /* which way the bone lies at rest: its twist's axis */

typedef struct range {
    int axis;
    double least[3], most[3]; /* about x, y, z; left side */
} range;

static const double FREE = 360;

/* Which joint's row on the left: the right joints are derived from their left ones. */
static const int LEFT_OF[MOMUI_BODY_JOINTS] = {
    MOMUI_PELVIS,        MOMUI_LEFT_HIP,      MOMUI_LEFT_HIP,    MOMUI_SPINE1,
    MOMUI_LEFT_KNEE,     MOMUI_LEFT_KNEE,     MOMUI_SPINE2,      MOMUI_LEFT_ANKLE,
    MOMUI_LEFT_ANKLE,    MOMUI_SPINE3,        MOMUI_LEFT_FOOT,   MOMUI_LEFT_FOOT,
    MOMUI_NECK,          MOMUI_LEFT_COLLAR,   MOMUI_LEFT_COLLAR, MOMUI_HEAD,
    MOMUI_LEFT_SHOULDER, MOMUI_LEFT_SHOULDER, MOMUI_LEFT_ELBOW,  MOMUI_LEFT_ELBOW,
    MOMUI_LEFT_WRIST,    MOMUI_LEFT_WRIST};

/* Signs, for the left side. About x, plus: what hangs (leg) swings back and its knee bends, what
 * stands (spine) bows. About y, plus: turns to the left, and the arm swings back. About z, plus:
 * the leg goes out to the side, the arm up, the spine leans to the right... as a right hand says.
 */
static const range RANGES[MOMUI_BODY_JOINTS] = {
    [MOMUI_PELVIS] = {NONE, {-FREE, -FREE, -FREE}, {FREE, FREE, FREE}},
    [MOMUI_LEFT_HIP] = {ALONG_Y, {-160, -70, -50}, {50, 75, 95}},
    [MOMUI_LEFT_KNEE] = {ALONG_Y, {-15, -60, -30}, {165, 60, 30}},
    [MOMUI_LEFT_ANKLE] = {ALONG_Y, {-50, -60, -50}, {75, 60, 50}},
    [MOMUI_LEFT_FOOT] = {NONE, {-70, -45, -45}, {70, 45, 45}},
    [MOMUI_SPINE1] = {ALONG_Y, {-40, -35, -35}, {50, 35, 35}},
    [MOMUI_SPINE2] = {ALONG_Y, {-40, -35, -35}, {50, 35, 35}},
    [MOMUI_SPINE3] = {ALONG_Y, {-40, -35, -35}, {50, 35, 35}},
    [MOMUI_NECK] = {ALONG_Y, {-75, -60, -45}, {60, 60, 45}},
    [MOMUI_HEAD] = {ALONG_Y, {-55, -60, -45}, {55, 60, 45}},
    [MOMUI_LEFT_COLLAR] = {ACROSS_X, {-60, -50, -35}, {60, 50, 60}},
    [MOMUI_LEFT_SHOULDER] = {ACROSS_X, {-150, -160, -120}, {150, 80, 130}},
    [MOMUI_LEFT_ELBOW] = {ACROSS_X, {-170, -165, -165}, {170, 165, 165}},
    [MOMUI_LEFT_WRIST] = {ACROSS_X, {-FREE, -100, -100}, {FREE, 100, 100}},
};

static const double DEGREES = 180 / MOMUI_PI;

momui_joint_turn momui_joint_turn_of(int joint, momui_quat local) {
    int axis = RANGES[LEFT_OF[joint]].axis;
    momui_quat q = momui_quat_unit(local);
    double along = axis == ACROSS_X ? q.x : axis == ALONG_Y ? q.y : 0;
    momui_quat twist = momui_quat_unit(
        momui_quat_of(q.w, axis == ACROSS_X ? along : 0, axis == ALONG_Y ? along : 0, 0));
    momui_quat swing = momui_quat_multiply(q, momui_quat_conjugate(twist));
    if (swing.w < 0)
        swing = momui_quat_of(-swing.w, -swing.x, -swing.y, -swing.z);
    momui_vec3 v = momui_vec3_of(swing.x, swing.y, swing.z);
    double length = momui_vec3_length(v), angle = 2 * atan2(length, swing.w) * DEGREES;
    v = momui_vec3_scale(v, length > 1e-12 ? angle / length : 0);
    momui_joint_turn turn = {{v.x, v.y, v.z}};
    double twisted = 2 * atan2(along, q.w) * DEGREES;
    if (axis != NONE)
        turn.about[axis] = twisted > 180 ? twisted - 360 : twisted < -180 ? twisted + 360 : twisted;
    return turn;
}

double momui_joint_excess(int joint, momui_quat local) {
    momui_joint_turn turn = momui_joint_turn_of(joint, local);
    const range *r = &RANGES[LEFT_OF[joint]];
    bool right = LEFT_OF[joint] != joint;
    double excess = 0;
    for (int i = 0; i < 3; i++) {
        double angle = right && i > 0 ? -turn.about[i] : turn.about[i];
        excess = momui_max(excess, fmax(angle - r->most[i], r->least[i] - angle));
    }
    return excess;
}
