/* The solver. First what the planted feet ask for, over the whole segment: heels that rise, a
 * pelvis that comes down. Both are widened and smoothed in time, so that they are there before they
 * are needed and no knee pops. Then the legs, frame by frame. */
#include "base/extremes.h"
#include "motion/contacts.h"
#include "motion/kinematics.h"
#include "train/corpus/moves/solve_leg.h"

#define WIDTH 10 /* frames to each side: 0.16 s */

typedef struct asked {
    momui_vec3 *pelvis; /* (frames) with the shift */
    momui_quat *turn;   /* (frames) with the tilt */
    double *rise[2];    /* (frames) radians */
    double *drop;       /* (frames) metres */
    double *scratch;    /* (frames) */
} asked;

static const int hips[2] = {MOMUI_LEFT_HIP, MOMUI_RIGHT_HIP};
static const int knees[2] = {MOMUI_LEFT_KNEE, MOMUI_RIGHT_KNEE};
static const int ankles[2] = {MOMUI_LEFT_ANKLE, MOMUI_RIGHT_ANKLE};

/* ---- what is asked, smoothly ---- */

static void place_pelvis(const momui_segment *segment, int64_t t, asked *a) {
    const momui_lower *lower = &segment->lower[t];
    const momui_upper *upper = &segment->upper[t];
    momui_quat yaw = momui_quat_about(momui_vec3_of(0, 1, 0), momui_lower_yaw(lower));
    a->pelvis[t] = momui_vec3_add(lower->pelvis, momui_quat_rotate(yaw, upper->shift));
    momui_quat tilt =
        momui_quat_multiply(momui_quat_multiply(yaw, upper->tilt), momui_quat_conjugate(yaw));
    a->turn[t] = momui_quat_unit(momui_quat_multiply(tilt, lower->turn));
}

/* The highest value within WIDTH frames, then a mean over as many with a raised cosine: nowhere
 * less than it was. */
static void spread(double *values, int64_t frames, double *scratch) {
    bool any = false;
    for (int64_t t = 0; t < frames && !any; ++t)
        any = values[t] > 0.0;
    if (!any)
        return;
    double weights[2 * WIDTH + 1];
    for (int k = -WIDTH; k <= WIDTH; ++k)
        weights[k + WIDTH] = (1.0 + cos(MOMUI_PI * k / (WIDTH + 1.0))) / (2.0 * (WIDTH + 1.0));
    for (int64_t t = 0; t < frames; ++t) {
        double most = 0.0;
        for (int64_t s = t - WIDTH > 0 ? t - WIDTH : 0; s <= t + WIDTH && s < frames; ++s)
            most = momui_max(most, values[s]);
        scratch[t] = most;
    }
    for (int64_t t = 0; t < frames; ++t) {
        double sum = 0.0;
        for (int k = -WIDTH; k <= WIDTH; ++k) {
            int64_t s = t + k < 0 ? 0 : t + k >= frames ? frames - 1 : t + k;
            sum += weights[k + WIDTH] * scratch[s];
        }
        values[t] = sum;
    }
}

/* A heel is up only while the foot is on its ball; what a rise means in the air is the foot's own
 * affair, but it must not jump there: it fades. */
static void find_rises(const momui_segment *segment, asked *a) {
    for (int side = 0; side < 2; ++side) {
        for (int64_t t = 0; t < segment->frames; ++t)
            a->rise[side][t] =
                momui_leg_rise(momui_leg_hip(a->pelvis[t], a->turn[t], side),
                               &segment->lower[t].foot[side], segment->lower[t].knee[side], side);
        spread(a->rise[side], segment->frames, a->scratch);
    }
}

static void find_drops(const momui_segment *segment, asked *a) {
    for (int64_t t = 0; t < segment->frames; ++t) {
        a->drop[t] = 0.0;
        for (int side = 0; side < 2; ++side)
            a->drop[t] = momui_max(
                a->drop[t], momui_leg_drop(momui_leg_hip(a->pelvis[t], a->turn[t], side),
                                           &segment->lower[t].foot[side], side, a->rise[side][t]));
    }
    spread(a->drop, segment->frames, a->scratch);
    for (int64_t t = 0; t < segment->frames; ++t)
        a->pelvis[t].y -= a->drop[t];
}

/* ---- a frame ---- */

static momui_quat local_turn(momui_quat parent, momui_quat world) {
    return momui_quat_unit(momui_quat_multiply(momui_quat_conjugate(parent), world));
}

static void solve_frame(const momui_segment *segment, int64_t t, const asked *a, momui_vec3 bend[2],
                        momui_motion *body) {
    const momui_lower *lower = &segment->lower[t];
    float *rotations = body->rotations + t * MOMUI_BODY_JOINTS * 4;
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
        momui_quat_store(momui_quat_unit(segment->upper[t].joint[j]), rotations + 4 * j);
    momui_vec3_store(a->pelvis[t], body->root + 3 * t);
    momui_quat_store(a->turn[t], rotations);
    for (int side = 0; side < 2; ++side) {
        momui_leg leg;
        momui_leg_solve(momui_leg_hip(a->pelvis[t], a->turn[t], side), &lower->foot[side],
                        lower->knee[side], bend[side], side, a->rise[side][t], &leg);
        bend[side] = leg.bend;
        momui_quat_store(local_turn(a->turn[t], leg.hip), rotations + 4 * hips[side]);
        momui_quat_store(local_turn(leg.hip, leg.knee), rotations + 4 * knees[side]);
        momui_quat_store(local_turn(leg.knee, leg.ankle), rotations + 4 * ankles[side]);
        momui_quat_store(momui_quat_identity(),
                         rotations + 4 * (side ? MOMUI_RIGHT_FOOT : MOMUI_LEFT_FOOT));
    }
}

static momu_status measure_skate(const momui_motion *body, double *skate, momu_error *error) {
    uint8_t *contacts;
    MOMUI_TRY(momui_contacts_detect(body->memory, body, 0.0, &contacts, error));
    *skate = momui_contact_slip(body, contacts);
    momui_free(contacts);
    return MOMU_OK;
}

static momu_status check_clip(const momui_segment *segment, momu_error *error) {
    for (int64_t t = 0; t < segment->frames; ++t) {
        const momui_lower *l = &segment->lower[t];
        const momui_upper *u = &segment->upper[t];
        double sum = l->pelvis.x + l->pelvis.y + l->pelvis.z + momui_quat_dot(l->turn, l->turn) +
                     u->shift.x + u->shift.y + u->shift.z + momui_quat_dot(u->tilt, u->tilt);
        for (int side = 0; side < 2; ++side)
            sum += l->foot[side].ball.x + l->foot[side].ball.y + l->foot[side].ball.z +
                   momui_quat_dot(l->foot[side].turn, l->foot[side].turn) +
                   momui_vec3_dot(l->knee[side], l->knee[side]);
        for (int j = MOMUI_SPINE1; j < MOMUI_BODY_JOINTS; ++j)
            sum += momui_quat_dot(u->joint[j], u->joint[j]);
        if (!isfinite(sum))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "frame %lld of the segment is not made of finite numbers",
                              (long long)t);
    }
    return MOMU_OK;
}

momu_status momui_segment_solve(const momui_segment *segment, momui_motion **body, double *skate,
                                momu_error *error) {
    *body = NULL;
    MOMUI_TRY(check_clip(segment, error));
    size_t frames = (size_t)segment->frames;
    asked a = {.pelvis = momui_alloc(segment->memory, frames, sizeof *a.pelvis),
               .turn = momui_alloc(segment->memory, frames, sizeof *a.turn),
               .drop = momui_alloc(segment->memory, frames, 4 * sizeof *a.drop)};
    momui_motion *made = momui_body_new(segment->memory, segment->frames, MOMUI_SEGMENT_RATE);
    momu_status status = MOMU_OK;
    if (!a.pelvis || !a.turn || !a.drop || !made)
        status = momui_fail_memory(error, "the body of a segment");
    if (status == MOMU_OK) {
        a.rise[0] = a.drop + frames;
        a.rise[1] = a.rise[0] + frames;
        a.scratch = a.rise[1] + frames;
        momui_vec3 bend[2] = {segment->lower[0].knee[0], segment->lower[0].knee[1]};
        for (int64_t t = 0; t < segment->frames; ++t)
            place_pelvis(segment, t, &a);
        find_rises(segment, &a);
        find_drops(segment, &a);
        for (int64_t t = 0; t < segment->frames; ++t)
            solve_frame(segment, t, &a, bend, made);
        for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
            momui_quat_continue(made->rotations + 4 * j, made->frames, MOMUI_BODY_JOINTS * 4);
        status = momui_motion_update(made, error);
    }
    if (status == MOMU_OK && skate)
        status = measure_skate(made, skate, error);
    momui_free(a.pelvis);
    momui_free(a.turn);
    momui_free(a.drop);
    if (status == MOMU_OK)
        *body = made;
    else
        momui_motion_free(made);
    return status;
}
