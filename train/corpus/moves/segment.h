/* A segment of dance before it is a body: the motion of feet and pelvis, and of the joints above.
 * Motion capture and procedural moves have this one form, so that they can be cut, layered and
 * joined; the solver turns it into a body whose planted feet stand still. */
#ifndef MOMUI_TRAIN_CORPUS_MOVES_SEGMENT_H
#define MOMUI_TRAIN_CORPUS_MOVES_SEGMENT_H

#include "motion/motion.h"
#include "motion/rotation.h"

#define MOMUI_SEGMENT_RATE 62.5 /* frames a second; frame i is the instant start + i / rate */

typedef enum momui_foot_state { MOMUI_FOOT_AIR, MOMUI_FOOT_HEEL, MOMUI_FOOT_BALL } momui_foot_state;

/* A foot in the world. On the ball it turns and rolls about the ball, on the heel about the ankle
 * joint; planted frames that follow one another keep that point exactly. */
typedef struct momui_foot {
    momui_vec3 ball; /* the toe base joint (MOMUI_LEFT_FOOT); a flat sole has it 0.02 high */
    momui_quat turn; /* world orientation of the foot (the ankle joint's global rotation) */
    momui_foot_state state;
} momui_foot;

/* Below the waist, in the world. */
typedef struct momui_lower {
    momui_vec3 pelvis;
    momui_quat turn;    /* world orientation of the pelvis */
    momui_foot foot[2]; /* left, right */
    momui_vec3 knee[2]; /* unit: where each knee points */
} momui_lower;

/* Above the waist: local rotations of the joints from spine1 up (the legs' entries are not used),
 * and what the torso asks of the pelvis on top of the lower part, in the pelvis' heading frame
 * (+Z ahead, +X the dancer's left, Y up): a bounce, a hip circle. */
typedef struct momui_upper {
    momui_quat joint[MOMUI_BODY_JOINTS];
    momui_vec3 shift;
    momui_quat tilt;
} momui_upper;

typedef struct momui_segment {
    momui_memory *memory;
    double start; /* seconds on the track's clock */
    int64_t frames;
    momui_lower *lower; /* (frames) */
    momui_upper *upper; /* (frames) */
} momui_segment;

/* Frames at rest: standing, feet flat, pelvis over them, arms down. NULL: out of memory. */
momui_segment *momui_segment_new(momui_memory *memory, double start, int64_t frames);
void momui_segment_free(momui_segment *segment);

/* A dancer at rest at the origin, facing +Z. */
void momui_lower_rest(momui_lower *lower);
void momui_upper_rest(momui_upper *upper);

/* From a canonical body at 62.5 frames/s: feet in contact become planted. Back through the solver
 * it is the same motion, but for feet that slid. */
momu_status momui_segment_from_body(momui_memory *memory, const momui_motion *body, double start,
                                    momui_segment **segment, momu_error *error);

/* Left and right exchanged, about the plane x = 0. */
void momui_segment_mirror(momui_segment *segment);

/* Turns the segment about the vertical and moves it over the ground, as a whole, so that at `frame`
 * the pelvis (not its shift) is above (x, z) and faces `yaw` (radians, 0 is +Z, pi/2 is +X). */
void momui_segment_place(momui_segment *segment, int64_t frame, double x, double z, double yaw);
double momui_lower_yaw(const momui_lower *lower); /* where the pelvis faces */

/* Makes the body: pelvis and its shift, legs by two-bone IK to the planted or swung feet, the
 * pelvis lowered where a planted foot would be out of reach (smoothly over time), joints kept
 * within human range, bones at their lengths, quaternions continuous. At 62.5 frames/s. `skate`
 * (may be NULL) gets cm/s in stance. */
momu_status momui_segment_solve(const momui_segment *segment, momui_motion **body, double *skate,
                                momu_error *error);

#endif
