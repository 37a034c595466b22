/* The keys of feet and pelvis while a phrase is planned. Internal to legs_*.c. */
#ifndef MOMUI_TRAIN_CORPUS_MOVES_LEGS_KEYS_H
#define MOMUI_TRAIN_CORPUS_MOVES_LEGS_KEYS_H

#include "train/corpus/moves/legs.h"

#define MOMUI_LEGS_BALL_HEIGHT 0.020
#define MOMUI_LEGS_LEAST_WINDOW 0.16
#define MOMUI_LEGS_MOST_WINDOW 0.44

typedef struct momui_legs_planner {
    const momui_legs_pattern *pattern;
    const momui_dancer_style *style;
    const momui_counts *counts;
    momui_legs_plan *plan;
    momui_random *random;
    bool mirrored;
    double size;
    momui_vec3 home; /* on the ground */
    double heading;  /* of the figure's front */
    momui_lower rest;
    double left; /* 0..1: how much of the weight the left foot has */
} momui_legs_planner;

static inline momui_vec3 momui_legs_turned(double angle, double x, double y, double z) {
    return momui_vec3_of(cos(angle) * x + sin(angle) * z, y, cos(angle) * z - sin(angle) * x);
}

static inline double momui_legs_radians(float degrees) {
    return (double)degrees * MOMUI_PI / 180.0;
}

static inline double momui_legs_clamp(double low, double x, double high) {
    return x < low ? low : x > high ? high : x;
}

static inline double momui_legs_nearest_turn(double angle, double to) {
    return angle - 2.0 * MOMUI_PI * round((angle - to) / (2.0 * MOMUI_PI));
}

static inline double momui_foot_yaw(const momui_foot *foot) {
    momui_vec3 ahead = momui_quat_rotate(foot->turn, momui_vec3_of(0, 0, 1));
    return atan2(ahead.x, ahead.z);
}

static inline double momui_foot_pitch(const momui_foot *foot) {
    momui_vec3 ahead = momui_quat_rotate(foot->turn, momui_vec3_of(0, 0, 1));
    return -asin(momui_legs_clamp(-1.0, ahead.y, 1.0));
}

/* 0 left, 1 right, 2 both, 3 none. */
static inline int momui_legs_side(const momui_legs_planner *p, const momui_legs_step *step) {
    int side = step->foot == 'L' ? 0 : step->foot == 'R' ? 1 : step->foot == 'B' ? 2 : 3;
    return side < 2 && p->mirrored ? 1 - side : side;
}

static inline double momui_legs_mirror(const momui_legs_planner *p, double x) {
    return p->mirrored ? -x : x;
}

static inline bool momui_legs_in_air(momui_legs_how how) {
    return how == MOMUI_KICK || how == MOMUI_KNEE || how == MOMUI_CURL;
}

static inline bool momui_legs_stays(momui_legs_how how) {
    return how == MOMUI_PIVOT || how == MOMUI_TWIST;
}

static inline const momui_foot *momui_legs_foot_now(const momui_legs_planner *p, int side) {
    return &p->plan->foot[side][p->plan->foot_keys[side] - 1].foot;
}

/* The share of a count that the way into its key takes. */
static inline double momui_legs_share(const momui_legs_planner *p) {
    return p->pattern->figure.flows ? 0.62 : momui_legs_clamp(0.2, p->style->arrival, 0.7) * 1.05;
}

/* ---- legs_feet.c ---- */

/* A line that leaves a foot in its stance. */
extern const momui_legs_step momui_legs_standing;
/* The foot's place in a stance at (x, z) from home, turned. */
momui_vec3 momui_legs_place(const momui_legs_planner *p, int side, double x, double z, double turn);
/* A deviation of at most `size`: no two steps of a human are the same. */
double momui_legs_irregular(momui_legs_planner *p, double size);
/* Where and how the foot is when it has arrived. */
momui_foot momui_legs_arrived(momui_legs_planner *p, int side, const momui_legs_step *step);
void momui_legs_add_foot(momui_legs_planner *p, int side, double time, double count,
                         momui_legs_how how, momui_foot foot);
/* Settles a foot that no line moved: one in the air lands when the other leaves the ground, a foot
 * that gets the weight comes down flat, and none is twisted against the body. */
void momui_legs_settle_foot(momui_legs_planner *p, int side, double time, double count, double turn,
                            double weight);
/* The left foot's share of the weight after these lines. */
double momui_legs_weight(const momui_legs_planner *p, const momui_legs_step *const *lines,
                         size_t count);

/* ---- legs_pelvis.c ---- */

/* How high the pelvis can be for the feet on the ground. */
double momui_legs_highest(const momui_legs_planner *p, momui_vec3 at, double yaw, double left);
void momui_legs_add_pelvis(momui_legs_planner *p, const momui_legs_step *const *lines, size_t count,
                           double time, double beat, double turn, double accent);

#endif
