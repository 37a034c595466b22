/* The canonical body as keypoints in a picture, by a camera in front of it. */
#include "motion/layout.h"

#include <math.h>
#include <string.h>

enum { JOINTS = MOMUI_KEYPOINT_JOINTS };

/* The joints of momui_keypoint_names; the head stands for the nose. */
static const int sources[JOINTS] = {MOMUI_HEAD,        MOMUI_NECK,        MOMUI_RIGHT_SHOULDER,
                                    MOMUI_RIGHT_ELBOW, MOMUI_RIGHT_WRIST, MOMUI_LEFT_SHOULDER,
                                    MOMUI_LEFT_ELBOW,  MOMUI_LEFT_WRIST,  MOMUI_RIGHT_HIP,
                                    MOMUI_RIGHT_KNEE,  MOMUI_RIGHT_ANKLE, MOMUI_LEFT_HIP,
                                    MOMUI_LEFT_KNEE,   MOMUI_LEFT_ANKLE};

/* The picture's x axis on the ground (x, z): where the dancer's left points on the whole, since the
 * camera stands where the dancer mostly faces. A dancer who faces all ways alike is seen from +Z.
 */
static void picture_axis(const momui_motion *body, double axis[2]) {
    static const int LEFT[2] = {MOMUI_LEFT_HIP, MOMUI_LEFT_SHOULDER};
    static const int RIGHT[2] = {MOMUI_RIGHT_HIP, MOMUI_RIGHT_SHOULDER};
    double sum[2] = {0.0, 0.0};
    for (int64_t t = 0; t < body->frames; ++t) {
        const float *p = body->positions + t * MOMUI_BODY_JOINTS * 3;
        for (int i = 0; i < 2; ++i) {
            sum[0] += (double)p[3 * LEFT[i]] - (double)p[3 * RIGHT[i]];
            sum[1] += (double)p[3 * LEFT[i] + 2] - (double)p[3 * RIGHT[i] + 2];
        }
    }
    double length = hypot(sum[0], sum[1]);
    bool faces = length > 1e-3 * (double)body->frames;
    axis[0] = faces ? sum[0] / length : 1.0;
    axis[1] = faces ? sum[1] / length : 0.0;
}

momu_status momui_body_project(momui_memory *memory, const momui_motion *body,
                               momui_motion **keypoints, momu_error *error) {
    *keypoints = NULL;
    if (body->skeleton.joints != MOMUI_BODY_JOINTS || body->kind == MOMUI_MOTION_KEYPOINTS)
        return momui_fail(error, MOMU_ERROR_INTERNAL, "only a canonical body can be projected");
    momui_motion *out =
        momui_motion_new(memory, MOMUI_MOTION_KEYPOINTS, JOINTS, body->frames, body->fps);
    if (!out)
        return momui_fail_memory(error, "the keypoints");
    for (int j = 0; j < JOINTS; ++j) {
        memcpy(out->skeleton.names[j], momui_keypoint_names[j],
               strlen(momui_keypoint_names[j]) + 1);
        out->skeleton.parents[j] = -1;
    }
    double axis[2];
    picture_axis(body, axis);
    for (int64_t t = 0; t < body->frames; ++t)
        for (int j = 0; j < JOINTS; ++j) {
            const float *from = body->positions + (t * MOMUI_BODY_JOINTS + sources[j]) * 3;
            float *to = out->positions + (t * JOINTS + j) * 2;
            to[0] = (float)(axis[0] * (double)from[0] + axis[1] * (double)from[2]);
            to[1] = -from[1];
        }
    *keypoints = out;
    return MOMU_OK;
}
