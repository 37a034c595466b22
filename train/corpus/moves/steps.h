/* Procedural dance moves, per part of the body, on the counts of the music. The motion into a key
 * pose takes the last part of its count and stops there. */
#ifndef MOMUI_TRAIN_CORPUS_MOVES_STEPS_H
#define MOMUI_TRAIN_CORPUS_MOVES_STEPS_H

#include "base/random.h"
#include "train/corpus/moves/segment.h"

/* How a dancer dances: drawn once for a dancer, varied by phrase. */
typedef struct momui_dancer_style {
    double size;      /* 0.3 small .. 1.4 large: reach of steps and arms; follows energy */
    double arrival;   /* 0.3 sharp .. 0.5 soft: the share of a count that the motion into its pose
                         takes */
    double weight;    /* 0 light .. 1 heavy: depth of knees, bounce */
    double looseness; /* 0 tight .. 1 loose: lag of the far joints, overshoot, sway */
    double noise;     /* 0..1: how much of a human's small irregularity */
    double swing;     /* of the track: where the second half of a count falls */
} momui_dancer_style;

typedef struct momui_dance_figure {
    const char *name;    /* step-touch */
    int32_t counts;      /* after which it repeats: 1, 2, 3, 4, 6 or 8 */
    int32_t meter;       /* 3: waltz time only; 4: not in waltz time; 0: any */
    float low, high;     /* energies that it suits, 0..1 */
    uint32_t genres;     /* bit g - 1: suits genre g; 0: all */
    bool travels, turns; /* leaves its place; ends facing another way */
    bool flows;          /* no deceleration peaks between accents */
} momui_dance_figure;

/* The dance figures of legs, torso, arms and head. */
size_t momui_legs_count(void);
const momui_dance_figure *momui_leg_step(size_t index);
size_t momui_torso_count(void);
const momui_dance_figure *momui_torso_step(size_t index);
size_t momui_arms_count(void);
const momui_dance_figure *momui_arm_step(size_t index);
size_t momui_head_count(void);
const momui_dance_figure *momui_head_step(size_t index);

/* The counts of a phrase: times[0] is the count from which it starts (the pose before is over
 * then), times[1..count] are its counts' beginnings, on the segment's clock; `accents` (count + 1)
 * 0..1 may be NULL; `hold` (count + 1), true where the pose of the count before is kept, may be
 * NULL. */
typedef struct momui_counts {
    const double *times;
    const float *accents;
    const bool *hold;
    size_t count;
    int32_t first; /* which count of its figure the phrase begins with; 0: its first */
} momui_counts;

/* Fills in the segment's lower part from the frame of times[0] to that of times[count], from
 * `start` on (where the dancer stands then, and which way he faces: his own, not the figure's), and
 * holds the end to the segment's last frame. `heading`: which way the figure's front is (radians);
 * `mirrored`: begins with the other foot. Feet that do not step stay planted where they are.
 * `random` gives the human noise and the figure's free choices. */
momu_status momui_legs_dance(size_t figure, const momui_dancer_style *style,
                             const momui_counts *counts, const momui_lower *start, double heading,
                             bool mirrored, momui_random *random, momui_segment *segment,
                             momu_error *error);

/* The same for the upper part. Arms and head may be SIZE_MAX: they hang and follow by themselves.
 * Fill in the lower part first: the shoulders counter hips that shift and turn. */
typedef struct momui_upper_choice {
    size_t torso, arms, head;
} momui_upper_choice;
momu_status momui_upper_dance(const momui_upper_choice *choice, const momui_dancer_style *style,
                              const momui_counts *counts, const momui_upper *start, bool mirrored,
                              momui_random *random, momui_segment *segment, momu_error *error);

#endif
