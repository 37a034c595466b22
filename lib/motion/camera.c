/* Camera augmentation: body3d features (frames, 206) -> a random camera -> keypoints with the
 * errors of pose estimation (jitter, drift, lost joints) -> input rows of the keypoint encoder
 * (frames, 42). The encoder learns to read keypoints from these. */
#include "motion/camera.h"

#include "motion/kinematics.h"

#include <math.h>
#include <string.h>

enum {
    JOINTS = MOMUI_KEYPOINT_JOINTS,
    AT_HEIGHT = 0,
    AT_VELOCITY = 1,
    AT_TURN = 3,
    AT_POSITIONS = 4
};

static const int SOURCES[JOINTS] = {MOMUI_HEAD,        MOMUI_NECK,        MOMUI_RIGHT_SHOULDER,
                                    MOMUI_RIGHT_ELBOW, MOMUI_RIGHT_WRIST, MOMUI_LEFT_SHOULDER,
                                    MOMUI_LEFT_ELBOW,  MOMUI_LEFT_WRIST,  MOMUI_RIGHT_HIP,
                                    MOMUI_RIGHT_KNEE,  MOMUI_RIGHT_ANKLE, MOMUI_LEFT_HIP,
                                    MOMUI_LEFT_KNEE,   MOMUI_LEFT_ANKLE};

static double uniform(momui_random *random, double low, double high) {
    return low + (high - low) * (double)momui_random_uniform(random);
}

/* Where the dancer is on the ground at a frame, walked from (0, 0) with yaw 0. */
typedef struct place {
    double x, z, yaw;
} place;

static place next_place(place p, const float *frame) {
    double across = (double)frame[AT_VELOCITY] / MOMUI_MOTION_RATE;
    double ahead = (double)frame[AT_VELOCITY + 1] / MOMUI_MOTION_RATE;
    p.x += cos(p.yaw) * across + sin(p.yaw) * ahead;
    p.z += -sin(p.yaw) * across + cos(p.yaw) * ahead;
    p.yaw += (double)frame[AT_TURN] / MOMUI_MOTION_RATE;
    return p;
}

typedef struct camera {
    momui_vec3 at, right, up, ahead;
} camera;

/* Mostly in front of the dancer, at any height that a person films from, aimed at the middle of
 * the path, slightly tilted. */
static camera place_camera(momui_vec3 middle, double yaw, momui_random *random) {
    bool anywhere = (double)momui_random_uniform(random) < 0.2;
    double angle = yaw + (anywhere ? uniform(random, -MOMUI_PI, MOMUI_PI)
                                   : 0.5 * (double)momui_random_normal(random));
    double away = uniform(random, 2.5, 8.0), height = uniform(random, 0.3, 2.3);
    camera c = {
        .at = momui_vec3_of(middle.x + away * sin(angle), height, middle.z + away * cos(angle))};
    c.ahead = momui_vec3_unit(momui_vec3_subtract(middle, c.at), momui_vec3_of(0, 0, -1));
    momui_vec3 level =
        momui_vec3_unit(momui_vec3_cross(c.ahead, momui_vec3_of(0, 1, 0)), momui_vec3_of(1, 0, 0));
    momui_vec3 upright = momui_vec3_cross(level, c.ahead);
    double roll = 0.04 * (double)momui_random_normal(random);
    c.right =
        momui_vec3_add(momui_vec3_scale(level, cos(roll)), momui_vec3_scale(upright, sin(roll)));
    c.up =
        momui_vec3_add(momui_vec3_scale(upright, cos(roll)), momui_vec3_scale(level, -sin(roll)));
    return c;
}

static void look(const camera *c, momui_vec3 point, float out[2]) {
    momui_vec3 from = momui_vec3_subtract(point, c->at);
    double depth = fmax(0.3, momui_vec3_dot(from, c->ahead));
    out[0] = (float)(momui_vec3_dot(from, c->right) / depth);
    out[1] = (float)(momui_vec3_dot(from, c->up) / depth);
}

/* (frames, 14, 2), y up */
static void film(const float *features, int64_t frames, momui_random *random, float *points) {
    place p = {0};
    double x = 0, z = 0, turn[2] = {0, 0};
    for (int64_t t = 0; t < frames; t++) {
        x += p.x / (double)frames;
        z += p.z / (double)frames;
        turn[0] += sin(p.yaw);
        turn[1] += cos(p.yaw);
        p = next_place(p, features + t * MOMUI_BODY3D_FEATURES);
    }
    camera c = place_camera(momui_vec3_of(x, 0.9, z), atan2(turn[0], turn[1]), random);
    double nose = uniform(random, 0.0, 0.12); /* before the head's joint, metres */
    p = (place){0};
    for (int64_t t = 0; t < frames; t++) {
        const float *frame = features + t * MOMUI_BODY3D_FEATURES;
        for (int j = 0; j < JOINTS; j++) {
            const float *at = frame + AT_POSITIONS + 3 * SOURCES[j];
            double across = (double)at[0], ahead = (double)at[2] + (j == 0 ? nose : 0);
            look(&c,
                 momui_vec3_of(p.x + cos(p.yaw) * across + sin(p.yaw) * ahead, (double)at[1],
                               p.z - sin(p.yaw) * across + cos(p.yaw) * ahead),
                 points + (t * JOINTS + j) * 2);
        }
        p = next_place(p, frame);
    }
}

/* Jitter of each joint: white, and slow drifts as trackers have. In torsos. */
static void shake(int64_t frames, double torso, momui_random *random, float *points) {
    double white = uniform(random, 0.0, 0.025) * torso, slow = uniform(random, 0.0, 0.04) * torso;
    for (int i = 0; i < JOINTS * 2; i++) {
        double drift = 0;
        for (int64_t t = 0; t < frames; t++) {
            drift = 0.95 * drift + 0.31 * slow * (double)momui_random_normal(random);
            points[t * JOINTS * 2 + i] +=
                (float)(white * (double)momui_random_normal(random) + drift);
        }
    }
}

/* Marks frames of some joints as missing: single frames at random, and longer runs. */
static void hide(int64_t frames, momui_random *random, uint8_t *visible) {
    memset(visible, 1, (size_t)(frames * JOINTS));
    double few = (double)momui_random_uniform(random) < 0.5 ? uniform(random, 0.0, 0.06) : 0.0;
    for (int64_t i = 0; few > 0 && i < frames * JOINTS; i++)
        visible[i] = (double)momui_random_uniform(random) >= few;
    int gaps = (int)momui_random_below(random, 5);
    for (int k = 0; k < gaps; k++) {
        int64_t joint = momui_random_below(random, JOINTS);
        int64_t length = 6 + (int64_t)momui_random_below(random, 120);
        int64_t begin = (int64_t)momui_random_below(random, (uint32_t)frames);
        for (int64_t t = begin; t < begin + length && t < frames; t++)
            visible[t * JOINTS + joint] = 0;
    }
}

/* Interpolates missing keypoints linearly; a joint missing in every frame lies at 0. */
static void fill(int64_t frames, const uint8_t *visible, int joint, float *points) {
    int64_t last = -1;
    for (int64_t t = 0; t <= frames; t++) {
        if (t < frames && !visible[t * JOINTS + joint])
            continue;
        for (int64_t s = last + 1; s < t; s++)
            for (int a = 0; a < 2; a++) {
                float before = last >= 0 ? points[(last * JOINTS + joint) * 2 + a] : 0;
                float after = t < frames ? points[(t * JOINTS + joint) * 2 + a] : before;
                if (last < 0)
                    before = after;
                float part = (float)(s - last) / (float)(t - last);
                points[(s * JOINTS + joint) * 2 + a] = before + (after - before) * part;
            }
        last = t;
    }
}

void momui_keypoint_rows(const float *points, const uint8_t *visible, int64_t frames, float *rows) {
    for (int64_t t = 0; t < frames; t++)
        for (int j = 0; j < JOINTS; j++) {
            float *out = rows + t * MOMUI_PROJECTED_FEATURES;
            out[2 * j] = points[(t * JOINTS + j) * 2];
            out[2 * j + 1] = points[(t * JOINTS + j) * 2 + 1];
            out[2 * JOINTS + j] = visible ? (float)visible[t * JOINTS + j] : 1.0f;
        }
}

momu_status momui_camera_augment(momui_arena *arena, const float *features, int64_t frames,
                                 momui_random *random, float *rows, momu_error *error) {
    momui_arena_mark mark = momui_arena_position(arena);
    float *points = momui_arena_alloc(arena, (size_t)frames, JOINTS * 2 * sizeof *points);
    float *torsos = momui_arena_alloc(arena, (size_t)frames, sizeof *torsos);
    uint8_t *visible = momui_arena_alloc(arena, (size_t)frames, JOINTS);
    if (!points || !torsos || !visible)
        return momui_fail_memory(error, "keypoints to learn from");
    film(features, frames, random, points);
    hide(frames, random, visible);
    shake(frames, 0.5 / 5.0, random, points); /* a torso of half a metre, five metres away */
    for (int j = 0; j < JOINTS; j++)
        fill(frames, visible, j, points);
    momu_status status = momui_keypoints_normalise(points, frames, torsos, NULL, error);
    if (status == MOMU_OK)
        momui_keypoint_rows(points, visible, frames, rows);
    momui_arena_reset(arena, mark);
    return status;
}
