/* A unit on other counts: a smooth time map, and the segment that results. */
#include "train/corpus/moves/units.h"

#include <math.h>

static const double CALM =
    0.2; /* how much slower it leaves a knot, and faster it comes to the next */

typedef struct time_map {
    const double *counts, *knots;
    double slopes[9];
    int32_t beats;
} time_map;

/* Fritsch and Carlson's slopes: monotone, and no faster than three times a neighbour's line. */
static void make_map(time_map *m) {
    double line[8] = {0};
    for (int32_t i = 0; i < m->beats; i++)
        line[i] = (m->knots[i + 1] - m->knots[i]) / (m->counts[i + 1] - m->counts[i]);
    for (int32_t i = 0; i <= m->beats; i++) {
        double before = line[i > 0 ? i - 1 : 0], after = line[i < m->beats ? i : m->beats - 1];
        m->slopes[i] = 2.0 * before * after / (before + after);
    }
}

/* Seconds in the take for seconds of the track. */
static double map_time(const time_map *m, double time) {
    if (time <= m->counts[0])
        return m->knots[0] + (time - m->counts[0]) * m->slopes[0];
    if (time >= m->counts[m->beats])
        return m->knots[m->beats] + (time - m->counts[m->beats]) * m->slopes[m->beats];
    int32_t i = 0;
    while (time > m->counts[i + 1])
        i++;
    double h = m->counts[i + 1] - m->counts[i], u = (time - m->counts[i]) / h;
    u -= CALM * u * (1.0 - u);
    double a = m->knots[i], b = m->knots[i + 1], u2 = u * u, u3 = u2 * u;
    return a * (2 * u3 - 3 * u2 + 1) + b * (3 * u2 - 2 * u3) +
           h * (m->slopes[i] * (u3 - 2 * u2 + u) + m->slopes[i + 1] * (u3 - u2));
}

static momui_foot mix_feet(const momui_foot *a, const momui_foot *b, double w) {
    momui_foot out = w < 0.5 ? *a : *b;
    out.ball = momui_vec3_mix(a->ball, b->ball, w);
    out.turn = momui_quat_slerp(a->turn, b->turn, w);
    return out;
}

static void show(const momui_segment *from, double seconds, momui_lower *lower,
                 momui_upper *upper) {
    double place = seconds * MOMUI_SEGMENT_RATE;
    place = fmin((double)(from->frames - 1), fmax(0.0, place));
    int64_t i = (int64_t)place, k = i + 1 < from->frames ? i + 1 : i;
    double w = place - (double)i;
    const momui_lower *a = &from->lower[i], *b = &from->lower[k];
    lower->pelvis = momui_vec3_mix(a->pelvis, b->pelvis, w);
    lower->turn = momui_quat_slerp(a->turn, b->turn, w);
    for (int side = 0; side < 2; side++) {
        lower->foot[side] = mix_feet(&a->foot[side], &b->foot[side], w);
        lower->knee[side] =
            momui_vec3_unit(momui_vec3_mix(a->knee[side], b->knee[side], w), a->knee[side]);
    }
    *upper = from->upper[i];
    for (int j = 0; j < MOMUI_BODY_JOINTS; j++)
        upper->joint[j] = momui_quat_slerp(from->upper[i].joint[j], from->upper[k].joint[j], w);
}

/* Joints above the waist turn farther from, or nearer to, where they are on the whole. */
static void scale_upper(momui_segment *segment, double amplitude) {
    for (int j = MOMUI_SPINE1; j < MOMUI_BODY_JOINTS; j++) {
        momui_quat mean = {0, 0, 0, 0}, first = segment->upper[0].joint[j];
        for (int64_t t = 0; t < segment->frames; t++) {
            momui_quat q = segment->upper[t].joint[j];
            double sign =
                q.w * first.w + q.x * first.x + q.y * first.y + q.z * first.z < 0 ? -1 : 1;
            mean = momui_quat_of(mean.w + sign * q.w, mean.x + sign * q.x, mean.y + sign * q.y,
                                 mean.z + sign * q.z);
        }
        mean = momui_quat_unit(mean);
        for (int64_t t = 0; t < segment->frames; t++)
            segment->upper[t].joint[j] =
                momui_quat_slerp(mean, segment->upper[t].joint[j], amplitude);
    }
}

momu_status momui_unit_dance(const momui_units *units, const momui_unit *unit, const double *times,
                             bool mirrored, double amplitude, double start, int64_t frames,
                             momui_segment **out, momu_error *error) {
    *out = NULL;
    for (int32_t i = 0; i < unit->beats; i++)
        if (!(times[i + 1] > times[i]))
            return momui_fail(error, MOMU_ERROR_ARGUMENT,
                              "count %d of a unit is not after count %d", (int)i + 1, (int)i);
    momui_segment *segment = momui_segment_new(units->memory, start, frames);
    if (!segment)
        return momui_fail_memory(error, "a unit's segment");
    time_map map = {.counts = times, .knots = unit->knots, .beats = unit->beats};
    make_map(&map);
    for (int64_t t = 0; t < frames; t++)
        show(units->takes[unit->take].segment,
             map_time(&map, start + (double)t / MOMUI_SEGMENT_RATE), &segment->lower[t],
             &segment->upper[t]);
    if (amplitude != 1.0)
        scale_upper(segment, amplitude);
    if (mirrored)
        momui_segment_mirror(segment);
    *out = segment;
    return MOMU_OK;
}
