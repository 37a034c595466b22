/* A phrase of motion capture units: drawn so that they fit the counts, the energy and the place. */
#include "train/corpus/dance/phrase.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DRAWS = 40 };

static const double SLOWEST = 0.62, FASTEST = 1.65; /* speeds at which a take still looks human */
static const double BOUND = 1.4; /* metres from where the dance began: farther is not wanted */

typedef struct fitting {
    const momui_units *units;
    const momui_dance_options *options;
    const momui_phrase *phrase;
    const momui_lower *start;
    bool stays; /* its legs are not used: travel does not matter */
} fitting;

/* How far from where the dance began the unit ends when it begins where the dancer is. */
static double end_radius(const fitting *f, const momui_unit *u) {
    const momui_segment *segment = f->units->takes[u->take].segment;
    int64_t a = (int64_t)(u->knots[0] * MOMUI_SEGMENT_RATE),
            b = (int64_t)(u->knots[u->beats] * MOMUI_SEGMENT_RATE);
    b = b < segment->frames ? b : segment->frames - 1;
    momui_vec3 way = momui_vec3_subtract(segment->lower[b].pelvis, segment->lower[a].pelvis);
    double turn = momui_lower_yaw(f->start) - momui_lower_yaw(&segment->lower[a]);
    way = momui_quat_rotate(momui_quat_about(momui_vec3_of(0, 1, 0), turn), way);
    return hypot(f->start->pelvis.x + way.x, f->start->pelvis.z + way.z);
}

/* How well the unit suits counts `at`.. of the phrase; below 0: not at all. */
static double suits(const fitting *f, const momui_unit *u, size_t at) {
    const momui_phrase *p = f->phrase;
    const momui_take *take = &f->units->takes[u->take];
    if (take->split != f->options->split || at + (size_t)u->beats > p->count)
        return -1;
    double beat = (p->times[at + (size_t)u->beats] - p->times[at]) / u->beats;
    for (int32_t i = 0; i < u->beats; i++) {
        double gap = p->times[at + (size_t)i + 1] - p->times[at + (size_t)i];
        double speed = (u->knots[i + 1] - u->knots[i]) / gap;
        if (speed < SLOWEST || speed > FASTEST)
            return -1;
    }
    double natural = (u->knots[u->beats] - u->knots[0]) / u->beats;
    double score =
        1.0 - 0.8 * fabs(log(natural / beat)) - 0.7 * fabs((double)u->energy - p->energy);
    score += 0.5 * ((double)u->clean - 0.8) + 0.22 * log2((double)u->beats) +
             (take->dance ? 0.5 : 0.0) - (u->beats == 1 ? 0.4 : 0.0);
    if (!f->stays)
        score -= 1.2 * fmax(0.0, end_radius(f, u) - BOUND) + 0.05 * fabs((double)u->turn);
    return score;
}

static const momui_unit *draw_unit(const fitting *f, size_t at, momui_random *random) {
    const momui_unit *best = NULL;
    double best_score = 0;
    for (int i = 0; i < DRAWS && f->units->count; i++) {
        const momui_unit *u =
            &f->units->items[momui_random_below(random, (uint32_t)f->units->count)];
        double score = suits(f, u, at) + 0.35 * (double)momui_random_uniform(random);
        if (score > best_score) {
            best_score = score;
            best = u;
        }
    }
    return best;
}

static void note_name(const momui_units *units, const momui_unit *u, bool mirrored, char *name,
                      size_t size) {
    size_t length = strlen(name);
    if (length + strlen(units->takes[u->take].name) + 12 < size)
        snprintf(name + length, size - length, "%s%s%s", length ? "," : "",
                 units->takes[u->take].name, mirrored ? " mirrored" : "");
}

static void copy_frames(momui_segment *to, int64_t at, const momui_segment *from) {
    for (int64_t t = 0; t < from->frames && at + t < to->frames; t++) {
        to->lower[at + t] = from->lower[t];
        to->upper[at + t] = from->upper[t];
    }
}

/* One unit, from count `at` of the phrase, appended to the segment. */
static momu_status lay_unit(const fitting *f, const momui_unit *u, size_t at, bool mirrored,
                            double amplitude, momui_segment *segment, momu_error *error) {
    const momui_phrase *p = f->phrase;
    double rate = MOMUI_SEGMENT_RATE;
    int64_t first = at == 0 ? 0 : (int64_t)ceil(p->times[at] * rate) - p->from;
    if (first >= segment->frames)
        return MOMU_OK;
    momui_lower before = *f->start;
    momui_upper above = segment->upper[first];
    momui_segment *track = NULL;
    MOMUI_TRY(momui_unit_dance(f->units, u, p->times + at, mirrored, amplitude,
                               (double)(p->from + first) / rate, segment->frames - first, &track,
                               error));
    momui_segment_place(track, 0, before.pelvis.x, before.pelvis.z, momui_lower_yaw(&before));
    double beat = p->times[at + 1] - p->times[at];
    momui_transition_lower(track, &before, beat);
    if (at > 0)
        momui_transition_upper(track, &above, fmin(0.42, 0.85 * beat));
    copy_frames(segment, first, track);
    momui_segment_free(track);
    return MOMU_OK;
}

momu_status momui_phrase_captured(momui_memory *memory, const momui_units *units,
                                  const momui_dance_options *options, const momui_phrase *phrase,
                                  uint64_t part, double amplitude, const momui_lower *start,
                                  bool stays, momui_segment **out, char *name, size_t size,
                                  momu_error *error) {
    fitting f = {units, options, phrase, start, stays};
    momui_random random = {phrase->plan.draw, part, 0};
    *out = NULL;
    name[0] = '\0';
    momui_segment *segment = momui_segment_new(memory, (double)phrase->from / MOMUI_SEGMENT_RATE,
                                               phrase->to - phrase->from + 1);
    if (!segment)
        return momui_fail_memory(error, "a phrase");
    bool mirrored = phrase->plan.mirrored;
    const momui_unit *u = NULL;
    momui_lower here = *start;
    f.start = &here;
    for (size_t at = 0; at < phrase->count;) {
        /* what was danced once comes again, on the other side, where it fits */
        if (!u || suits(&f, u, at) < 0.3)
            u = draw_unit(&f, at, &random);
        if (!u) {
            momui_segment_free(segment);
            return MOMU_OK;
        }
        momu_status status = lay_unit(&f, u, at, mirrored, amplitude, segment, error);
        if (status != MOMU_OK) {
            momui_segment_free(segment);
            return status;
        }
        note_name(units, u, mirrored, name, size);
        at += (size_t)u->beats;
        if (at < phrase->count) {
            int64_t now = (int64_t)ceil(phrase->times[at] * MOMUI_SEGMENT_RATE) - phrase->from;
            here = segment->lower[now < segment->frames ? now : segment->frames - 1];
        }
        mirrored = !mirrored;
    }
    *out = segment;
    return MOMU_OK;
}
