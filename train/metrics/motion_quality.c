#include "train/metrics/motion_quality.h"

#include "base/extremes.h"
#include "motion/body.h"
#include "motion/contacts.h"
#include "motion/foot_skate.h"
#include "motion/kinematics.h"
#include "train/metrics/ranges.h"

#include <math.h>

const char *const momui_body_group_names[MOMUI_BODY_GROUPS] = {"trunk", "head",   "knees",
                                                               "feet",  "elbows", "hands"};

/* -1: a joint that hardly moves against its neighbours, and would count them twice. */
static const int GROUP_OF[MOMUI_BODY_JOINTS] = {[MOMUI_PELVIS] = MOMUI_GROUP_TRUNK,
                                                [MOMUI_LEFT_HIP] = -1,
                                                [MOMUI_RIGHT_HIP] = -1,
                                                [MOMUI_SPINE1] = MOMUI_GROUP_TRUNK,
                                                [MOMUI_LEFT_KNEE] = MOMUI_GROUP_KNEES,
                                                [MOMUI_RIGHT_KNEE] = MOMUI_GROUP_KNEES,
                                                [MOMUI_SPINE2] = MOMUI_GROUP_TRUNK,
                                                [MOMUI_LEFT_ANKLE] = MOMUI_GROUP_FEET,
                                                [MOMUI_RIGHT_ANKLE] = MOMUI_GROUP_FEET,
                                                [MOMUI_SPINE3] = MOMUI_GROUP_TRUNK,
                                                [MOMUI_LEFT_FOOT] = MOMUI_GROUP_FEET,
                                                [MOMUI_RIGHT_FOOT] = MOMUI_GROUP_FEET,
                                                [MOMUI_NECK] = -1,
                                                [MOMUI_LEFT_COLLAR] = -1,
                                                [MOMUI_RIGHT_COLLAR] = -1,
                                                [MOMUI_HEAD] = MOMUI_GROUP_HEAD,
                                                [MOMUI_LEFT_SHOULDER] = -1,
                                                [MOMUI_RIGHT_SHOULDER] = -1,
                                                [MOMUI_LEFT_ELBOW] = MOMUI_GROUP_ELBOWS,
                                                [MOMUI_RIGHT_ELBOW] = MOMUI_GROUP_ELBOWS,
                                                [MOMUI_LEFT_WRIST] = MOMUI_GROUP_HANDS,
                                                [MOMUI_RIGHT_WRIST] = MOMUI_GROUP_HANDS};

static const double BALL_HEIGHT = 0.020; /* at which the ball of a foot rests */
static const double DEEP = 0.010;

static momui_vec3 place(const momui_motion *body, int64_t frame, int joint) {
    return momui_vec3_load(body->positions + (frame * MOMUI_BODY_JOINTS + joint) * 3);
}

/* The difference of positions of order 1, 2 or 3 that ends at `frame`, per second to that order. */
static momui_vec3 difference(const momui_motion *body, int64_t frame, int joint, int order) {
    static const double WEIGHTS[4][4] = {{1}, {1, -1}, {1, -2, 1}, {1, -3, 3, -1}};
    momui_vec3 sum = {0, 0, 0};
    for (int k = 0; k <= order; k++)
        sum =
            momui_vec3_add(sum, momui_vec3_scale(place(body, frame - k, joint), WEIGHTS[order][k]));
    return momui_vec3_scale(sum, pow(body->fps, order));
}

static void add_speeds(const momui_motion *body, int64_t t, momui_motion_metrics *f) {
    for (int j = 0; j < MOMUI_BODY_JOINTS; j++) {
        momui_motion_spread *group = GROUP_OF[j] < 0 ? NULL : &f->groups[GROUP_OF[j]];
        if (group && t >= 1)
            momui_histogram_add(&group->speed, momui_vec3_length(difference(body, t, j, 1)));
        if (group && t >= 2)
            momui_histogram_add(&group->acceleration, momui_vec3_length(difference(body, t, j, 2)));
        if (t < 3)
            continue;
        double jerk = momui_vec3_length(difference(body, t, j, 3));
        f->jerk_sum += jerk;
        f->jerk_frames++;
        if (group)
            momui_histogram_add(&group->jerk, jerk);
    }
}

static void add_pose(const momui_motion *body, int64_t t, double ground, momui_motion_metrics *f) {
    double depth = 0;
    for (int j = 0; j < MOMUI_BODY_JOINTS; j++) {
        bool ball = j == MOMUI_LEFT_FOOT || j == MOMUI_RIGHT_FOOT;
        depth = momui_max(depth, ground + (ball ? BALL_HEIGHT : 0) - place(body, t, j).y);
        const float *local = body->rotations + (t * MOMUI_BODY_JOINTS + j) * 4;
        double excess = momui_joint_excess(j, momui_quat_load(local));
        f->beyond[j] += excess > 1;
        f->excess[j] = momui_max(f->excess[j], excess);
        int parent = momui_body_parents[j];
        if (parent < 0)
            continue;
        const float *rest = momui_body_offsets[j];
        double length =
            momui_vec3_length(momui_vec3_subtract(place(body, t, j), place(body, t, parent)));
        f->bone_error =
            momui_max(f->bone_error, fabs(length - momui_vec3_length(momui_vec3_load(rest))));
    }
    f->penetration_sum += depth;
    f->penetration = momui_max(f->penetration, depth);
    f->penetrating_frames += depth > DEEP;
    f->joint_frames += MOMUI_BODY_JOINTS;
}

/* How far over the ground one joint went since the frame before, in thirtieths of a second. */
static double slide(const momui_motion *body, int64_t t, int joint) {
    momui_vec3 speed = difference(body, t, joint, 1);
    return hypot(speed.x, speed.z) / 30;
}

/* Tseng et al. 2022 (EDGE): a body's centre speeds up only while a foot stands, downwards excepted.
 * There the frames are thirtieths of a second. */
static double foot_contact(const momui_motion *body) {
    double most = 0, sum = 0;
    for (int64_t t = 2; t < body->frames; t++) {
        momui_vec3 a = difference(body, t, MOMUI_PELVIS, 2);
        double force = momui_vec3_length(momui_vec3_of(a.x, fmax(0, a.y), a.z));
        double left = fmin(slide(body, t, MOMUI_LEFT_ANKLE), slide(body, t, MOMUI_LEFT_FOOT));
        double right = fmin(slide(body, t, MOMUI_RIGHT_ANKLE), slide(body, t, MOMUI_RIGHT_FOOT));
        sum += force * left * right;
        most = momui_max(most, force);
    }
    return most > 0 ? 1e4 * sum / most / (double)(body->frames - 2) : 0;
}

static void add_feet(const momui_motion *body, double ground, momui_motion_metrics *f) {
    f->skate_sum = momui_foot_skate(body, ground, &f->stance_seconds);
    f->skate_sum *= f->stance_seconds;
    f->pfc_sum = foot_contact(body) * f->seconds;
}

momu_status momui_motion_measure(momui_memory *memory, const momui_motion *body,
                                 momui_motion_metrics *metrics, momu_error *error) {
    double ground = 0;
    *metrics = (momui_motion_metrics){0};
    if (!momui_motion_is_body(body) || body->frames < 1)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "only motion on the canonical body is measured");
    MOMUI_TRY(momui_motion_check(body, error));
    MOMUI_TRY(momui_body_ground(memory, body, &ground, error));
    metrics->seconds = (double)body->frames / body->fps;
    metrics->frames = (uint64_t)body->frames;
    for (int64_t t = 0; t < body->frames; t++) {
        add_speeds(body, t, metrics);
        add_pose(body, t, ground, metrics);
    }
    add_feet(body, ground, metrics);
    return MOMU_OK;
}

void momui_motion_metrics_merge(momui_motion_metrics *into, const momui_motion_metrics *from) {
    into->seconds += from->seconds;
    into->frames += from->frames;
    into->joint_frames += from->joint_frames;
    into->stance_seconds += from->stance_seconds;
    into->skate_sum += from->skate_sum;
    into->jerk_sum += from->jerk_sum;
    into->jerk_frames += from->jerk_frames;
    into->pfc_sum += from->pfc_sum;
    into->bone_error = momui_max(into->bone_error, from->bone_error);
    into->penetration_sum += from->penetration_sum;
    into->penetration = momui_max(into->penetration, from->penetration);
    into->penetrating_frames += from->penetrating_frames;
    for (int j = 0; j < MOMUI_BODY_JOINTS; j++) {
        into->beyond[j] += from->beyond[j];
        into->excess[j] = momui_max(into->excess[j], from->excess[j]);
    }
    for (int g = 0; g < MOMUI_BODY_GROUPS; g++) {
        momui_histogram_merge(&into->groups[g].speed, &from->groups[g].speed);
        momui_histogram_merge(&into->groups[g].acceleration, &from->groups[g].acceleration);
        momui_histogram_merge(&into->groups[g].jerk, &from->groups[g].jerk);
    }
}

static double share(double part, double whole) {
    return whole > 0 ? part / whole : 0;
}

double momui_motion_skate(const momui_motion_metrics *metrics) {
    return share(metrics->skate_sum, metrics->stance_seconds);
}

double momui_motion_jitter(const momui_motion_metrics *metrics) {
    return share(metrics->jerk_sum, (double)metrics->jerk_frames);
}

double momui_motion_pfc(const momui_motion_metrics *metrics) {
    return share(metrics->pfc_sum, metrics->seconds);
}

double momui_motion_penetration(const momui_motion_metrics *metrics) {
    return share(metrics->penetration_sum, (double)metrics->frames);
}

double momui_motion_beyond(const momui_motion_metrics *metrics) {
    uint64_t sum = 0;
    for (int j = 0; j < MOMUI_BODY_JOINTS; j++)
        sum += metrics->beyond[j];
    return share((double)sum, (double)metrics->joint_frames);
}

int momui_motion_worst_joint(const momui_motion_metrics *metrics) {
    int worst = -1;
    for (int j = 0; j < MOMUI_BODY_JOINTS; j++)
        if (metrics->beyond[j] > 0 && (worst < 0 || metrics->beyond[j] > metrics->beyond[worst]))
            worst = j;
    return worst;
}
