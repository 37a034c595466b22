/* Physical plausibility of a motion: metrics of its feet, joints and speeds. */
#ifndef MOMUI_TRAIN_METRICS_MOTION_QUALITY_H
#define MOMUI_TRAIN_METRICS_MOTION_QUALITY_H

#include "motion/motion.h"
#include "train/metrics/histogram.h"

typedef enum momui_body_group {
    MOMUI_GROUP_TRUNK, /* pelvis and spine */
    MOMUI_GROUP_HEAD,
    MOMUI_GROUP_KNEES,
    MOMUI_GROUP_FEET, /* ankles and balls */
    MOMUI_GROUP_ELBOWS,
    MOMUI_GROUP_HANDS, /* wrists */
    MOMUI_BODY_GROUPS
} momui_body_group;
extern const char *const momui_body_group_names[MOMUI_BODY_GROUPS];

/* Of world positions: m/s, m/s^2, m/s^3. */
typedef struct momui_motion_spread {
    momui_histogram speed, acceleration, jerk;
} momui_motion_spread;

/* Sums over frames, so that motions add up (momui_motion_metrics_merge). The functions below return
 * their means, 0 without frames. */
typedef struct momui_motion_metrics {
    double seconds;
    uint64_t frames, joint_frames;
    double stance_seconds;              /* of feet flat on the ground, both feet counted */
    double skate_sum;                   /* cm/s x seconds in stance */
    double jerk_sum;                    /* m/s^3 over joint-frames */
    uint64_t jerk_frames;               /* joint-frames that have a jerk */
    double pfc_sum;                     /* physical foot contact x seconds */
    double bone_error;                  /* greatest |length - standard|, metres */
    double penetration_sum;             /* metres below the ground over frames */
    double penetration;                 /* the deepest, metres */
    uint64_t penetrating_frames;        /* by more than a centimetre */
    uint64_t beyond[MOMUI_BODY_JOINTS]; /* frames beyond the joint's range by over a degree */
    double excess[MOMUI_BODY_JOINTS];   /* greatest, degrees */
    momui_motion_spread groups[MOMUI_BODY_GROUPS];
} momui_motion_metrics;

/* `body` is canonical, at any rate. One frame has no speed, two no acceleration, three no jerk. */
momu_status momui_motion_measure(momui_memory *memory, const momui_motion *body,
                                 momui_motion_metrics *metrics, momu_error *error);
void momui_motion_metrics_merge(momui_motion_metrics *into, const momui_motion_metrics *from);

double momui_motion_skate(const momui_motion_metrics *metrics);       /* cm/s in stance */
double momui_motion_jitter(const momui_motion_metrics *metrics);      /* mean jerk, m/s^3 */
double momui_motion_pfc(const momui_motion_metrics *metrics);         /* as of EDGE, x 1e4 */
double momui_motion_penetration(const momui_motion_metrics *metrics); /* mean, metres */
double momui_motion_beyond(const momui_motion_metrics *metrics);      /* share of joint-frames */
/* The joint that is most often beyond its range, or -1. */
int momui_motion_worst_joint(const momui_motion_metrics *metrics);

#endif
