#include "train/metrics/paper_metrics.h"

#include "dsp/beat_match.h"
#include "dsp/beat_tracking.h"

#include <math.h>
#include <string.h>

/* An hour and more; clips are seconds to minutes long. */
enum { MOST_SECONDS = 8192 };
static const double DANCE_TOLERANCE = 0.1;

static size_t set_bits(const double *times, size_t count, size_t seconds, uint8_t *bits) {
    size_t set = 0;
    memset(bits, 0, seconds);
    for (size_t i = 0; i < count; i++) {
        if (!(times[i] >= 0) || times[i] >= (double)seconds)
            continue;
        set += !bits[(size_t)times[i]];
        bits[(size_t)times[i]] = 1;
    }
    return set;
}

static momui_paper_score with_shares(momui_paper_score p) {
    p.bcs = p.made > 0 ? (double)p.hits / (double)p.made : 0;
    p.bhs = p.truth > 0 ? (double)p.hits / (double)p.truth : 0;
    return p;
}

momui_paper_score momui_paper_score_seconds(const double *made, size_t made_count,
                                            double made_seconds, const double *truth,
                                            size_t truth_count) {
    uint8_t ours[MOST_SECONDS], theirs[MOST_SECONDS];
    double whole = ceil(fmin(fmax(made_seconds, 0), MOST_SECONDS));
    size_t seconds = (size_t)whole;
    momui_paper_score p = {.made = set_bits(made, made_count, seconds, ours),
                           .truth = set_bits(truth, truth_count, seconds, theirs)};
    for (size_t i = 0; i < seconds; i++)
        p.hits += ours[i] && theirs[i];
    return with_shares(p);
}

momui_paper_score momui_paper_score_matches(const double *kinematic, size_t kinematic_count,
                                            const double *music, size_t music_count) {
    momui_match match =
        momui_beats_match(kinematic, kinematic_count, music, music_count, DANCE_TOLERANCE);
    return with_shares(
        (momui_paper_score){.made = kinematic_count, .truth = music_count, .hits = match.hits});
}

static void mean_and_deviation(const momui_paper_score *clips, size_t count, bool coverage,
                               double *mean, double *deviation) {
    double sum = 0, square = 0;
    for (size_t i = 0; i < count; i++)
        sum += coverage ? clips[i].bcs : clips[i].bhs;
    *mean = sum / (double)count;
    for (size_t i = 0; i < count; i++) {
        double away = (coverage ? clips[i].bcs : clips[i].bhs) - *mean;
        square += away * away;
    }
    *deviation = count > 1 ? sqrt(square / (double)(count - 1)) : 0;
}

momui_paper_scores momui_paper_scores_of(const momui_paper_score *clips, size_t count) {
    momui_paper_scores s = {.clips = count};
    if (count == 0)
        return s;
    mean_and_deviation(clips, count, true, &s.bcs, &s.csd);
    mean_and_deviation(clips, count, false, &s.bhs, &s.hsd);
    s.f1 = s.bcs + s.bhs > 0 ? 2 * s.bcs * s.bhs / (s.bcs + s.bhs) : 0;
    s.bcs *= 100, s.csd *= 100, s.bhs *= 100, s.hsd *= 100, s.f1 *= 100;
    return s;
}
