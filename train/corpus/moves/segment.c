#include "train/corpus/moves/segment.h"
#include <string.h>

#define STANDING_PELVIS 0.962 /* metres: knees a little soft */
#define STANDING_SPREAD 0.105 /* of the ankles from the middle */
#define STANDING_BACK 0.055   /* ankles behind the pelvis: weight in the middle of the feet */
#define TURNED_OUT 0.14       /* radians, each foot */
#define BALL_HEIGHT 0.020

static momui_vec3 body_offset(int joint) {
    return momui_vec3_load(momui_body_offsets[joint]);
}

void momui_lower_rest(momui_lower *lower) {
    lower->pelvis = momui_vec3_of(0.0, STANDING_PELVIS, 0.0);
    lower->turn = momui_quat_identity();
    for (int side = 0; side < 2; ++side) {
        double sign = side == 0 ? 1.0 : -1.0;
        momui_foot *foot = &lower->foot[side];
        foot->turn = momui_quat_about(momui_vec3_of(0, 1, 0), sign * TURNED_OUT);
        momui_vec3 reach =
            momui_quat_rotate(foot->turn, body_offset(side ? MOMUI_RIGHT_FOOT : MOMUI_LEFT_FOOT));
        foot->ball =
            momui_vec3_of(sign * STANDING_SPREAD + reach.x, BALL_HEIGHT, reach.z - STANDING_BACK);
        foot->state = MOMUI_FOOT_BALL;
        lower->knee[side] = momui_quat_rotate(foot->turn, momui_vec3_of(0, 0, 1));
    }
}

void momui_upper_rest(momui_upper *upper) {
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
        upper->joint[j] = momui_quat_identity();
    upper->joint[MOMUI_LEFT_SHOULDER] = momui_quat_about(momui_vec3_of(0, 0, 1), -1.36);
    upper->joint[MOMUI_RIGHT_SHOULDER] = momui_quat_about(momui_vec3_of(0, 0, 1), 1.36);
    upper->joint[MOMUI_LEFT_ELBOW] = momui_quat_about(momui_vec3_of(0, 1, 0), -0.35);
    upper->joint[MOMUI_RIGHT_ELBOW] = momui_quat_about(momui_vec3_of(0, 1, 0), 0.35);
    upper->shift = momui_vec3_of(0, 0, 0);
    upper->tilt = momui_quat_identity();
}

momui_segment *momui_segment_new(momui_memory *memory, double start, int64_t frames) {
    size_t count = frames > 0 && frames <= MOMUI_MAX_MOTION_FRAMES ? (size_t)frames : 0;
    momui_segment *segment = count ? momui_calloc(memory, 1, sizeof *segment) : NULL;
    if (!segment)
        return NULL;
    segment->memory = memory;
    segment->start = start;
    segment->frames = frames;
    segment->lower = momui_alloc(memory, count, sizeof *segment->lower);
    segment->upper = momui_alloc(memory, count, sizeof *segment->upper);
    if (!segment->lower || !segment->upper) {
        momui_segment_free(segment);
        return NULL;
    }
    for (size_t t = 0; t < count; ++t) {
        momui_lower_rest(&segment->lower[t]);
        momui_upper_rest(&segment->upper[t]);
    }
    return segment;
}

void momui_segment_free(momui_segment *segment) {
    if (!segment)
        return;
    momui_free(segment->lower);
    momui_free(segment->upper);
    momui_free(segment);
}

/* ---- mirrored ---- */

static momui_vec3 mirror_vector(momui_vec3 v) {
    return momui_vec3_of(-v.x, v.y, v.z);
}

static momui_quat mirror_turn(momui_quat q) {
    return momui_quat_of(q.w, q.x, -q.y, -q.z);
}

static momui_foot mirror_foot(momui_foot foot) {
    foot.ball = mirror_vector(foot.ball);
    foot.turn = mirror_turn(foot.turn);
    return foot;
}

static void mirror_lower(momui_lower *lower) {
    lower->pelvis = mirror_vector(lower->pelvis);
    lower->turn = mirror_turn(lower->turn);
    momui_foot left = mirror_foot(lower->foot[0]);
    lower->foot[0] = mirror_foot(lower->foot[1]);
    lower->foot[1] = left;
    momui_vec3 knee = mirror_vector(lower->knee[0]);
    lower->knee[0] = mirror_vector(lower->knee[1]);
    lower->knee[1] = knee;
}

static void mirror_upper(momui_upper *upper) {
    static const int lefts[] = {MOMUI_LEFT_HIP,   MOMUI_LEFT_KNEE,   MOMUI_LEFT_ANKLE,
                                MOMUI_LEFT_FOOT,  MOMUI_LEFT_COLLAR, MOMUI_LEFT_SHOULDER,
                                MOMUI_LEFT_ELBOW, MOMUI_LEFT_WRIST};
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
        upper->joint[j] = mirror_turn(upper->joint[j]);
    for (size_t i = 0; i < sizeof lefts / sizeof *lefts;
         ++i) { /* a right joint is next to its left */
        momui_quat left = upper->joint[lefts[i]];
        upper->joint[lefts[i]] = upper->joint[lefts[i] + 1];
        upper->joint[lefts[i] + 1] = left;
    }
    upper->shift = mirror_vector(upper->shift);
    upper->tilt = mirror_turn(upper->tilt);
}

void momui_segment_mirror(momui_segment *segment) {
    for (int64_t t = 0; t < segment->frames; ++t) {
        mirror_lower(&segment->lower[t]);
        mirror_upper(&segment->upper[t]);
    }
}

/* ---- placed ---- */

/* From the axis across the hips, which bending forward leaves alone. */
double momui_lower_yaw(const momui_lower *lower) {
    momui_vec3 left = momui_quat_rotate(lower->turn, momui_vec3_of(1, 0, 0));
    return atan2(-left.z, left.x);
}

void momui_segment_place(momui_segment *segment, int64_t frame, double x, double z, double yaw) {
    frame = frame < 0 ? 0 : frame >= segment->frames ? segment->frames - 1 : frame;
    const momui_lower *at = &segment->lower[frame];
    momui_quat turn = momui_quat_about(momui_vec3_of(0, 1, 0), yaw - momui_lower_yaw(at));
    momui_vec3 from = momui_quat_rotate(turn, momui_vec3_of(at->pelvis.x, 0.0, at->pelvis.z));
    momui_vec3 shift = momui_vec3_of(x - from.x, 0.0, z - from.z);
    for (int64_t t = 0; t < segment->frames; ++t) {
        momui_lower *lower = &segment->lower[t];
        lower->pelvis = momui_vec3_add(momui_quat_rotate(turn, lower->pelvis), shift);
        lower->turn = momui_quat_multiply(turn, lower->turn);
        for (int side = 0; side < 2; ++side) {
            momui_foot *foot = &lower->foot[side];
            foot->ball = momui_vec3_add(momui_quat_rotate(turn, foot->ball), shift);
            foot->turn = momui_quat_multiply(turn, foot->turn);
            lower->knee[side] = momui_quat_rotate(turn, lower->knee[side]);
        }
    }
}
