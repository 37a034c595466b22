#include "io/npz/npz_layouts.h"
#include "motion/layout.h"

#include <stdio.h>

static const char *const COCO[17] = {
    "nose",           "left_eye",   "right_eye",   "left_ear",   "right_ear",   "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip",
    "right_hip",      "left_knee",  "right_knee",  "left_ankle", "right_ankle"};

static const char *const BODY_25[25] = {
    "nose",           "neck",        "right_shoulder", "right_elbow",     "right_wrist",
    "left_shoulder",  "left_elbow",  "left_wrist",     "mid_hip",         "right_hip",
    "right_knee",     "right_ankle", "left_hip",       "left_knee",       "left_ankle",
    "right_eye",      "left_eye",    "right_ear",      "left_ear",        "left_big_toe",
    "left_small_toe", "left_heel",   "right_big_toe",  "right_small_toe", "right_heel"};

const char *const *momui_usual_keypoint_names(int32_t joints) {
    return joints == 14   ? momui_keypoint_names
           : joints == 17 ? COCO
           : joints == 25 ? BODY_25
                          : NULL;
}

bool momui_layout_names(momui_skeleton *skeleton) {
    int32_t joints = skeleton->joints;
    const char *const *names =
        joints == MOMUI_BODY_JOINTS ? momui_body_names : momui_usual_keypoint_names(joints);
    for (int32_t j = 0; names && j < joints; j++) {
        snprintf(skeleton->names[j], sizeof skeleton->names[j], "%s", names[j]);
        skeleton->parents[j] = joints == MOMUI_BODY_JOINTS ? momui_body_parents[j] : -1;
    }
    return names != NULL;
}
