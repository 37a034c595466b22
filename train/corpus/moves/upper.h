/* Dance figures of torso, arms and head: their notation. Internal.
 *
 * A figure is a text of key poses, a letter a count; a dot keeps the pose before. */
#ifndef MOMUI_TRAIN_CORPUS_MOVES_UPPER_H
#define MOMUI_TRAIN_CORPUS_MOVES_UPPER_H

#include "train/corpus/moves/steps.h"

/* Degrees and centimetres, of a left side; the right one is its mirror image. */
typedef struct momui_arm_pose {
    char letter;
    float raise; /* 0 hangs, 90 level, 180 up */
    float ahead; /* 0 sideways, 90 ahead, above 90 across, below 0 behind */
    float twist; /* of the upper arm about itself; minus turns the forearm up and out */
    float bend;  /* of the elbow */
    float shrug; /* of the collar */
} momui_arm_pose;

typedef struct momui_torso_pose {
    char letter;
    float pitch, roll, twist;              /* of the spine: forward, to the left, to the left */
    float shift_x, shift_y, shift_z;       /* of the pelvis, cm */
    float tilt_pitch, tilt_roll, tilt_yaw; /* of the pelvis, degrees */
} momui_torso_pose;

typedef struct momui_head_pose {
    char letter;
    float pitch, roll, yaw;
} momui_head_pose;

typedef struct momui_arms_pattern {
    momui_dance_figure figure;
    const char *left, *right;
    bool exact; /* hands meet: neither scaled nor varied */
} momui_arms_pattern;

typedef struct momui_text_pattern {
    momui_dance_figure figure;
    const char *keys;
} momui_text_pattern;

const momui_arms_pattern *momui_arms_pattern_at(size_t index);
const momui_text_pattern *momui_torso_pattern_at(size_t index);
const momui_text_pattern *momui_head_pattern_at(size_t index);
/* The pose of a letter; the first of the table where there is none. */
const momui_arm_pose *momui_arm_pose_of(char letter);
const momui_torso_pose *momui_torso_pose_of(char letter);
const momui_head_pose *momui_head_pose_of(char letter);

#endif
