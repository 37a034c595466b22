/* Cutting takes at their deceleration peaks into units, and labelling these. */
#include "train/corpus/moves/units.h"

#include <math.h>
#include <string.h>

static const double SHORTEST_BEAT = 0.28, LONGEST_BEAT = 1.05; /* seconds between knots */
static const double UNEVEN = 1.7; /* the longest beat of a unit against its shortest */

static momui_vec3 pelvis_at(const momui_segment *segment, double seconds) {
    int64_t frame = (int64_t)(seconds * MOMUI_SEGMENT_RATE);
    frame = frame < 0 ? 0 : frame >= segment->frames ? segment->frames - 1 : frame;
    return segment->lower[frame].pelvis;
}

static momui_support support_at(const momui_segment *segment, double seconds) {
    int64_t frame = (int64_t)(seconds * MOMUI_SEGMENT_RATE);
    frame = frame >= segment->frames ? segment->frames - 1 : frame;
    bool left = segment->lower[frame].foot[0].state != MOMUI_FOOT_AIR;
    bool right = segment->lower[frame].foot[1].state != MOMUI_FOOT_AIR;
    return left && right ? MOMUI_SUPPORT_BOTH
           : left        ? MOMUI_SUPPORT_LEFT
           : right       ? MOMUI_SUPPORT_RIGHT
                         : MOMUI_SUPPORT_NONE;
}

/* Radians a second of the joints above the waist, and metres of the pelvis, as one number. */
static double mean_speed(const momui_segment *segment, double from, double to) {
    int64_t begin = (int64_t)(from * MOMUI_SEGMENT_RATE) + 1,
            end = (int64_t)(to * MOMUI_SEGMENT_RATE);
    double sum = 0;
    for (int64_t t = begin; t < end && t < segment->frames; t++) {
        for (int j = MOMUI_SPINE1; j < MOMUI_BODY_JOINTS; j++) {
            momui_quat a = segment->upper[t - 1].joint[j], b = segment->upper[t].joint[j];
            double dot = fabs(a.w * b.w + a.x * b.x + a.y * b.y + a.z * b.z);
            sum += 2.0 * acos(fmin(1.0, dot)) / 8.0;
        }
        sum += 4.0 * momui_vec3_length(momui_vec3_subtract(segment->lower[t].pelvis,
                                                           segment->lower[t - 1].pelvis));
    }
    return end > begin ? sum * MOMUI_SEGMENT_RATE / (double)(end - begin) : 0;
}

static double turn_between(const momui_segment *segment, double from, double to) {
    double sum = 0;
    for (int64_t t = (int64_t)(from * MOMUI_SEGMENT_RATE) + 1;
         t <= (int64_t)(to * MOMUI_SEGMENT_RATE) && t < segment->frames; t++)
        sum +=
            remainder(momui_lower_yaw(&segment->lower[t]) - momui_lower_yaw(&segment->lower[t - 1]),
                      2.0 * MOMUI_PI);
    return sum;
}

static momu_status add_unit(momui_units *units, int32_t take, const double *knots, int32_t beats,
                            double clean, momu_error *error) {
    const momui_segment *segment = units->takes[take].segment;
    momui_unit unit = {.take = take, .beats = beats, .clean = (float)clean};
    momui_unit *grown = momui_realloc(units->memory, units->items, units->count + 1, sizeof *grown);
    if (grown)
        units->items = grown;
    unit.knots = grown ? momui_alloc(units->memory, (size_t)beats + 1, sizeof *unit.knots) : NULL;
    if (!unit.knots)
        return momui_fail_memory(error, "the move library");
    memcpy(unit.knots, knots, ((size_t)beats + 1) * sizeof *knots);
    momui_vec3 way =
        momui_vec3_subtract(pelvis_at(segment, knots[beats]), pelvis_at(segment, knots[0]));
    unit.travel = (float)hypot(way.x, way.z);
    unit.turn = (float)turn_between(segment, knots[0], knots[beats]);
    unit.energy = (float)mean_speed(segment, knots[0], knots[beats]);
    unit.first = support_at(segment, knots[0]);
    unit.last = support_at(segment, knots[beats]);
    units->items[units->count++] = unit;
    return MOMU_OK;
}

static bool any_bad(const uint8_t *bad, int64_t frames, double from, double to) {
    for (int64_t t = (int64_t)(from * MOMUI_SEGMENT_RATE) - 2;
         t <= (int64_t)(to * MOMUI_SEGMENT_RATE) + 2; t++)
        if (t >= 0 && t < frames && bad[t])
            return true;
    return false;
}

/* From deceleration peak `first` on: peaks at even distances. Returns the number of beats; `passed`
 * counts the peaks in between that are no knots. */
static int32_t place_knots(const momui_take *take, size_t first, double wanted, double *knots,
                           size_t passed[9]) {
    int32_t beats = 0;
    size_t at = first, skipped = 0;
    knots[0] = take->deceleration_peaks[first];
    passed[0] = 0;
    while (beats < 8) {
        size_t next = at + 1, best = 0;
        double nearest = 1e9;
        for (; next < take->deceleration_count &&
               take->deceleration_peaks[next] - take->deceleration_peaks[at] < LONGEST_BEAT;
             next++) {
            double away =
                fabs(log((take->deceleration_peaks[next] - take->deceleration_peaks[at]) / wanted));
            if (take->deceleration_peaks[next] - take->deceleration_peaks[at] >= SHORTEST_BEAT &&
                away < nearest) {
                nearest = away;
                best = next;
            }
        }
        if (!best || nearest > log(UNEVEN) / 2)
            break;
        skipped += best - at - 1;
        at = best;
        knots[++beats] = take->deceleration_peaks[at];
        passed[beats] = skipped;
    }
    return beats;
}

momu_status momui_take_cut(momui_units *units, int32_t take, const uint8_t *bad,
                           momu_error *error) {
    static const double BEATS[] = {0.36, 0.46, 0.58, 0.74};
    const momui_take *t = &units->takes[take];
    for (size_t first = 0; first < t->deceleration_count; first++)
        for (int32_t length = 1; length <= 8; length *= 2) {
            double best[9], best_clean = 0;
            for (size_t i = 0; i < sizeof BEATS / sizeof *BEATS; i++) {
                double knots[9];
                size_t passed[9];
                if (place_knots(t, first, BEATS[i], knots, passed) < length ||
                    any_bad(bad, t->segment->frames, knots[0], knots[length]))
                    continue;
                double clean = (double)length / (double)((size_t)length + passed[length]);
                if (clean > best_clean) {
                    best_clean = clean;
                    memcpy(best, knots, sizeof best);
                }
            }
            if (best_clean >= 0.6)
                MOMUI_TRY(add_unit(units, take, best, length, best_clean, error));
        }
    return MOMU_OK;
}

void momui_units_release(momui_units *units) {
    for (size_t i = 0; i < units->take_count; i++) {
        momui_segment_free(units->takes[i].segment);
        momui_free(units->takes[i].deceleration_peaks);
    }
    for (size_t i = 0; i < units->count; i++)
        momui_free(units->items[i].knots);
    momui_free(units->takes);
    momui_free(units->items);
    *units = (momui_units){0};
}
