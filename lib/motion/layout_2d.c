/* The layouts positions2d and directions2d: keypoints (frames, 14, 2) -> normalised positions or
 * unit bones (frames, 28), and back. */
#include "motion/joint_names.h"
#include "motion/kinematics.h"
#include "motion/layout.h"
#include <stdlib.h>
#include <string.h>

enum { JOINTS = MOMUI_KEYPOINT_JOINTS, BONES = JOINTS - 1, FEATURES = MOMUI_KEYPOINT_FEATURES };

const char *const momui_keypoint_names[MOMUI_KEYPOINT_JOINTS] = {
    "nose",          "neck",       "right_shoulder", "right_elbow", "right_wrist",
    "left_shoulder", "left_elbow", "left_wrist",     "right_hip",   "right_knee",
    "right_ankle",   "left_hip",   "left_knee",      "left_ankle"};

static const int roles[JOINTS] = {MOMUI_ROLE_NOSE,   MOMUI_NECK,        MOMUI_RIGHT_SHOULDER,
                                  MOMUI_RIGHT_ELBOW, MOMUI_RIGHT_WRIST, MOMUI_LEFT_SHOULDER,
                                  MOMUI_LEFT_ELBOW,  MOMUI_LEFT_WRIST,  MOMUI_RIGHT_HIP,
                                  MOMUI_RIGHT_KNEE,  MOMUI_RIGHT_ANKLE, MOMUI_LEFT_HIP,
                                  MOMUI_LEFT_KNEE,   MOMUI_LEFT_ANKLE};
enum { NOSE = 0, NECK = 1, RIGHT_SHOULDER = 2, LEFT_SHOULDER = 5, RIGHT_HIP = 8, LEFT_HIP = 11 };

/* (from, to); the joint `from` is placed before `to` */
static const int bones2d[BONES][2] = {{1, 2}, {1, 5},  {2, 3},  {3, 4},   {5, 6},   {6, 7}, {1, 8},
                                      {8, 9}, {9, 10}, {1, 11}, {11, 12}, {12, 13}, {1, 0}};

/* the standard body detected from the front */
const float momui_standard_bones[MOMUI_KEYPOINT_JOINTS - 1] = {
    0.34f, 0.34f, 0.44f, 0.42f, 0.44f, 0.42f, 1.01f, 0.70f, 0.70f, 1.01f, 0.70f, 0.70f, 0.27f};

/* ---- reading keypoints ---- */

/* Copies x and y of one joint, y turned up; missing frames are interpolated linearly. */
static bool copy_track(const momui_motion *m, int32_t joint, int to, float *tracks) {
    int64_t last = -1;
    for (int64_t t = 0; t < m->frames; ++t) {
        int64_t cell = t * m->skeleton.joints + joint;
        if (m->confidence && !(m->confidence[cell] > 0.0f))
            continue;
        float *out = tracks + (t * JOINTS + to) * 2;
        out[0] = m->positions[2 * cell];
        out[1] = -m->positions[2 * cell + 1];
        for (int64_t s = last + 1; s < t; ++s) {
            const float *from = last >= 0 ? tracks + (last * JOINTS + to) * 2 : out;
            float part = last >= 0 ? (float)(s - last) / (float)(t - last) : 0.0f;
            for (int a = 0; a < 2; ++a)
                tracks[(s * JOINTS + to) * 2 + a] = from[a] + (out[a] - from[a]) * part;
        }
        last = t;
    }
    for (int64_t s = last + 1; last >= 0 && s < m->frames; ++s)
        memcpy(tracks + (s * JOINTS + to) * 2, tracks + (last * JOINTS + to) * 2,
               2 * sizeof(float));
    return last >= 0;
}

/* The middle of two joints, where the source has no such joint. */
static void fill_middle(int64_t frames, int a, int b, int to, float *tracks) {
    for (int64_t t = 0; t < frames; ++t)
        for (int i = 0; i < 2; ++i) {
            float *frame = tracks + t * JOINTS * 2 + i;
            frame[2 * to] = 0.5f * (frame[2 * a] + frame[2 * b]);
        }
}

static momu_status gather(const momui_motion *m, float *tracks, momu_error *error) {
    momui_joint_map map;
    momui_map_joints(&m->skeleton, &map);
    for (int j = 0; j < JOINTS; ++j) {
        int32_t joint = map.role[roles[j]];
        if (j == NOSE && joint < 0)
            joint = map.role[MOMUI_HEAD];
        if (j == NECK && joint < 0)
            continue;
        if (joint < 0)
            return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                              "the %d keypoints have none that could be %s",
                              (int)m->skeleton.joints, momui_keypoint_names[j]);
        if (!copy_track(m, joint, j, tracks))
            return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                              "keypoint %s (\"%s\") is missing in every frame",
                              momui_keypoint_names[j], m->skeleton.names[joint]);
    }
    if (map.role[MOMUI_NECK] < 0)
        fill_middle(m->frames, RIGHT_SHOULDER, LEFT_SHOULDER, NECK, tracks);
    return MOMU_OK;
}

void momui_project_keypoints(const momui_motion *m, uint8_t *detected) {
    momui_joint_map map;
    momui_map_joints(&m->skeleton, &map);
    for (int64_t t = 0; t < m->frames; ++t)
        for (int j = 0; j < JOINTS; ++j) {
            int32_t joint = map.role[roles[j]];
            if (j == NOSE && joint < 0)
                joint = map.role[MOMUI_HEAD];
            int64_t cell = t * m->skeleton.joints + joint;
            detected[t * JOINTS + j] = joint < 0 || !m->confidence || m->confidence[cell] > 0.0f;
        }
}

/* ---- normalisation ---- */

/* Shell sort, in place: qsort may allocate, and a training step must not. */
static void sort(float *x, int64_t count) {
    for (int64_t gap = count / 2; gap > 0; gap = gap > 2 ? gap * 5 / 11 : gap / 2)
        for (int64_t i = gap; i < count; ++i) {
            float one = x[i];
            int64_t at = i;
            for (; at >= gap && x[at - gap] > one; at -= gap)
                x[at] = x[at - gap];
            x[at] = one;
        }
}

static void middle_of_hips(const float *frame, float hips[2]) {
    for (int i = 0; i < 2; ++i)
        hips[i] = 0.5f * (frame[2 * RIGHT_HIP + i] + frame[2 * LEFT_HIP + i]);
}

momu_status momui_keypoints_normalise(float *tracks, int64_t frames, float *torsos,
                                      momui_keypoints_start *start, momu_error *error) {
    double sum[2] = {0.0, 0.0};
    for (int64_t t = 0; t < frames; ++t) {
        const float *frame = tracks + t * JOINTS * 2;
        float hips[2];
        middle_of_hips(frame, hips);
        torsos[t] = hypotf(frame[2 * NECK] - hips[0], frame[2 * NECK + 1] - hips[1]);
        sum[0] += (double)hips[0];
        sum[1] += (double)hips[1];
    }
    sort(torsos, frames);
    float torso = 0.5f * (torsos[(frames - 1) / 2] + torsos[frames / 2]);
    if (!(torso > 1e-9f))
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "neck and hips are at the same place: the torso has no length");
    float mean[2] = {(float)(sum[0] / (double)frames), (float)(sum[1] / (double)frames)};
    for (int64_t i = 0; i < frames * JOINTS * 2; ++i)
        tracks[i] = (tracks[i] - mean[i % 2]) / torso;
    if (start) {
        start->x = mean[0];
        start->y = -mean[1]; /* as in the picture */
        start->torso = torso;
    }
    return MOMU_OK;
}

momu_status momui_positions2d_encode(momui_memory *memory, const momui_motion *motion,
                                     float **features, momui_keypoints_start *start,
                                     momu_error *error) {
    *features = NULL;
    if (motion->kind != MOMUI_MOTION_KEYPOINTS)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "positions2d features are made from keypoints in a picture");
    if (fabs(motion->fps - MOMUI_MOTION_RATE) > 1e-6)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "positions2d features are made at 62.5 frames a second, not %g",
                          motion->fps);
    MOMUI_TRY(momui_motion_check(motion, error));
    float *tracks = momui_alloc(memory, (size_t)motion->frames, FEATURES * sizeof *tracks);
    float *torsos = momui_alloc(memory, (size_t)motion->frames, sizeof *torsos);
    momu_status status = tracks && torsos ? gather(motion, tracks, error)
                                          : momui_fail_memory(error, "the keypoints' features");
    if (status == MOMU_OK)
        status = momui_keypoints_normalise(tracks, motion->frames, torsos, start, error);
    momui_free(torsos);
    if (status == MOMU_OK)
        *features = tracks;
    else
        momui_free(tracks);
    return status;
}

/* ---- directions ---- */

/* Unit bones, then the root. A bone without length keeps the direction of the frame before (first:
 * down). */
static void directions_of(const float *points, const float *before, float *out) {
    for (int b = 0; b < BONES; ++b) {
        const float *from = points + 2 * bones2d[b][0], *to = points + 2 * bones2d[b][1];
        float x = to[0] - from[0], y = to[1] - from[1], length = hypotf(x, y);
        out[2 * b] = length > 1e-6f ? x / length : before ? before[2 * b] : 0.0f;
        out[2 * b + 1] = length > 1e-6f ? y / length : before ? before[2 * b + 1] : -1.0f;
    }
    middle_of_hips(points, out + 2 * BONES);
}

momu_status momui_directions2d_encode(momui_memory *memory, const momui_motion *motion,
                                      float **features, momui_keypoints_start *start,
                                      momu_error *error) {
    float *points;
    *features = NULL;
    MOMUI_TRY(momui_positions2d_encode(memory, motion, &points, start, error));
    float *made = momui_alloc(memory, (size_t)motion->frames, FEATURES * sizeof *made);
    for (int64_t t = 0; made && t < motion->frames; ++t)
        directions_of(points + t * FEATURES, t > 0 ? made + (t - 1) * FEATURES : NULL,
                      made + t * FEATURES);
    momui_free(points);
    *features = made;
    return made ? MOMU_OK : momui_fail_memory(error, "the directions' features");
}

/* ---- decoding ---- */

void momui_positions2d_bones(const float *features, int64_t frames, float bones[13]) {
    for (int b = 0; b < BONES; ++b) {
        double sum = 0.0;
        for (int64_t t = 0; t < frames; ++t) {
            const float *from = features + t * FEATURES + 2 * bones2d[b][0];
            const float *to = features + t * FEATURES + 2 * bones2d[b][1];
            sum += (double)hypotf(to[0] - from[0], to[1] - from[1]);
        }
        bones[b] = frames > 0 ? (float)(sum / (double)frames) : momui_standard_bones[b];
    }
}

/* Shortens bones of more than 1.3 times their mean to the mean, from the neck outwards; child
 * joints move along. */
static void shorten_bones(const float *points, const float *bones, float *out) {
    out[2 * NECK] = points[2 * NECK];
    out[2 * NECK + 1] = points[2 * NECK + 1];
    for (int b = 0; b < BONES; ++b) {
        int from = bones2d[b][0], to = bones2d[b][1];
        float x = points[2 * to] - points[2 * from], y = points[2 * to + 1] - points[2 * from + 1];
        float length = hypotf(x, y), scale = length > 1.3f * bones[b] ? bones[b] / length : 1.0f;
        out[2 * to] = out[2 * from] + scale * x;
        out[2 * to + 1] = out[2 * from + 1] + scale * y;
    }
}

/* Bones of given lengths along the directions, placed by the middle of the hips. */
static void follow_directions(const float *directions, const float *bones, float *out) {
    float hips[2];
    memset(out, 0, FEATURES * sizeof *out);
    for (int b = 0; b < BONES; ++b) {
        float x = directions[2 * b], y = directions[2 * b + 1], length = hypotf(x, y);
        float scale = length > 1e-6f ? bones[b] / length : 0.0f;
        out[2 * bones2d[b][1]] = out[2 * bones2d[b][0]] + scale * x;
        out[2 * bones2d[b][1] + 1] = out[2 * bones2d[b][0] + 1] + scale * y;
    }
    middle_of_hips(out, hips);
    for (int i = 0; i < FEATURES; ++i)
        out[i] += directions[2 * BONES + i % 2] - hips[i % 2];
}

typedef void decode_frame(const float *features, const float *bones, float *points);

static momu_status decode(momui_memory *memory, const float *features, int64_t frames,
                          const momui_keypoints_start *start, const float *bones,
                          decode_frame *frame_of, momui_motion **motion, momu_error *error) {
    const momui_keypoints_start plain = {0.0f, 0.0f, 1.0f};
    *motion = NULL;
    if (frames < 1 || frames > MOMUI_MAX_MOTION_FRAMES)
        return momui_fail(error, MOMU_ERROR_LIMIT, "%lld frames of features are not 1 to %d",
                          (long long)frames, (int)MOMUI_MAX_MOTION_FRAMES);
    for (int64_t i = 0; i < frames * FEATURES; ++i)
        if (!isfinite(features[i]))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "frame %lld, feature %d: the value is not a finite number",
                              (long long)(i / FEATURES), (int)(i % FEATURES));
    momui_motion *made =
        momui_motion_new(memory, MOMUI_MOTION_KEYPOINTS, JOINTS, frames, MOMUI_MOTION_RATE);
    if (!made)
        return momui_fail_memory(error, "the decoded keypoints");
    for (int j = 0; j < JOINTS; ++j)
        memcpy(made->skeleton.names[j], momui_keypoint_names[j],
               strlen(momui_keypoint_names[j]) + 1);
    start = start ? start : &plain;
    bones = bones ? bones : momui_standard_bones;
    for (int64_t t = 0; t < frames; ++t) {
        float *out = made->positions + t * FEATURES;
        frame_of(features + t * FEATURES, bones, out);
        for (int j = 0; j < JOINTS; ++j) {
            out[2 * j] = start->x + out[2 * j] * start->torso;
            out[2 * j + 1] = start->y - out[2 * j + 1] * start->torso;
        }
    }
    *motion = made;
    return MOMU_OK;
}

momu_status momui_positions2d_decode(momui_memory *memory, const float *features, int64_t frames,
                                     const momui_keypoints_start *start, const float *bones,
                                     momui_motion **motion, momu_error *error) {
    return decode(memory, features, frames, start, bones, shorten_bones, motion, error);
}

momu_status momui_directions2d_decode(momui_memory *memory, const float *features, int64_t frames,
                                      const momui_keypoints_start *start, const float *bones,
                                      momui_motion **motion, momu_error *error) {
    return decode(memory, features, frames, start, bones, follow_directions, motion, error);
}
