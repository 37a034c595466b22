/* Dance figures of the legs: their notation, and their plan on the counts. Internal. */
#ifndef MOMUI_TRAIN_CORPUS_MOVES_LEGS_H
#define MOMUI_TRAIN_CORPUS_MOVES_LEGS_H

#include "train/corpus/moves/steps.h"

/* What a foot does until it arrives. */
typedef enum momui_legs_how {
    MOMUI_STEP,  /* takes the weight */
    MOMUI_ROCK,  /* takes half of it, to give it back */
    MOMUI_TOUCH, /* the ball of the foot alone, no weight */
    MOMUI_HEEL,  /* the heel alone, toes up */
    MOMUI_KICK,  /* in the air ahead (or where it is sent), pointed */
    MOMUI_KNEE,  /* the knee up, the foot below it */
    MOMUI_CURL,  /* the heel up behind */
    MOMUI_SLIDE, /* takes the weight, skims the ground on its way */
    MOMUI_JUMP,  /* lands with the weight, the body was in the air */
    MOMUI_PIVOT, /* turns on its ball with the body */
    MOMUI_TWIST, /* turns on its ball, the hips half as far */
    MOMUI_SHIFT  /* no foot moves: the weight goes, x = 1 left .. -1 right */
} momui_legs_how;

/* One line of a figure. x (to the left) and z (ahead) are metres from the foot's own place in a
 * stance at the figure's home, at size 1; the body has turned by `turn` degrees (to the left) from
 * the figure's front when it arrives, and is `dip` metres lower. */
typedef struct momui_legs_step {
    float at;  /* count; 1 is the first, 1.5 its "and" */
    char foot; /* L, R, B both, - none */
    momui_legs_how how;
    float x, z, turn, dip;
} momui_legs_step;

typedef struct momui_legs_pattern {
    momui_dance_figure figure;
    struct momui_legs_travel {
        float x, z, turn;
    } travel; /* of the home, each time round */
    const momui_legs_step *steps;
    size_t step_count;
} momui_legs_pattern;

const momui_legs_pattern *momui_legs_pattern_at(size_t index);

/* ---- planned ---- */

enum { MOMUI_LEGS_KEYS = 512 };

/* Where a foot arrives. */
typedef struct momui_foot_key {
    double time, window; /* on its way in the last `window` seconds before */
    momui_foot foot;
    double lift;      /* how high its way arches */
    double roll;      /* how far its heel comes up before it leaves */
    momui_vec3 bulge; /* how far its way goes round the other foot */
    bool skims;       /* it does not leave the ground by much */
    bool planted;     /* on its way it stays on its ball */
} momui_foot_key;

/* Where the pelvis arrives. */
typedef struct momui_pelvis_key {
    double time, window;
    momui_vec3 place;
    double yaw, roll, pitch;
    double sink;     /* how far the knees give on arrival */
    double fly;      /* how high it is in the air on its way */
    double recovery; /* seconds */
} momui_pelvis_key;

typedef struct momui_legs_plan {
    momui_foot_key foot[2][MOMUI_LEGS_KEYS]; /* the first: the start */
    size_t foot_keys[2];
    momui_pelvis_key pelvis[MOMUI_LEGS_KEYS];
    size_t pelvis_keys;
} momui_legs_plan;

/* Keys of a phrase. */
momu_status momui_legs_make_plan(const momui_legs_pattern *pattern, const momui_dancer_style *style,
                                 const momui_counts *counts, const momui_lower *start,
                                 double heading, bool mirrored, momui_random *random,
                                 momui_legs_plan *plan, momu_error *error);

#endif
