/* Where beats are matched: one-to-one matching of an estimate to a reference within a tolerance,
 * its precision, recall and F1, and the F1 expected by chance. */
#include "dsp/beat_match.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>

static void mark(uint8_t *marks, size_t at, uint8_t hit) {
    if (marks)
        marks[at] = hit;
}

momui_match momui_beats_match(const double *estimate, size_t estimates, const double *reference,
                              size_t references, double tolerance) {
    return momui_beats_match_marked(estimate, estimates, reference, references, tolerance, NULL,
                                    NULL);
}

momui_match momui_beats_match_marked(const double *estimate, size_t estimates,
                                     const double *reference, size_t references, double tolerance,
                                     uint8_t *estimate_hits, uint8_t *reference_hits) {
    momui_match match = {0};
    for (size_t i = 0; i < estimates; i++)
        mark(estimate_hits, i, 0);
    for (size_t j = 0; j < references; j++)
        mark(reference_hits, j, 0);
    /* Both lists ascend, so taking the earliest partner within the tolerance gives a maximum
     * matching. */
    for (size_t i = 0, j = 0; i < estimates && j < references;) {
        double gap = estimate[i] - reference[j];
        if (fabs(gap) <= tolerance) {
            match.hits++;
            mark(estimate_hits, i++, 1);
            mark(reference_hits, j++, 1);
        } else if (gap < 0) {
            i++;
        } else {
            j++;
        }
    }
    if (estimates > 0 && references > 0) {
        match.precision = (double)match.hits / (double)estimates;
        match.recall = (double)match.hits / (double)references;
        match.f1 = 2.0 * (double)match.hits / (double)(estimates + references);
    }
    return match;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double momui_beats_chance(const double *estimate, size_t estimates, const double *reference,
                          size_t references, double tolerance, double duration, uint64_t seed) {
    enum { OFFSETS = 20 };
    double *shifted = momui_alloc(NULL, estimates, sizeof *shifted), sum = 0;
    if (!shifted || !(duration > 0) || !isfinite(duration)) {
        momui_free(shifted);
        return 0;
    }
    momui_random random = {seed, 77, 0};
    for (int round = 0; round < OFFSETS; round++) {
        double offset = (double)momui_random_uniform(&random) * duration;
        for (size_t i = 0; i < estimates; i++)
            shifted[i] = fmod(estimate[i] + offset, duration);
        qsort(shifted, estimates, sizeof *shifted, ascending);
        sum += momui_beats_match(shifted, estimates, reference, references, tolerance).f1;
    }
    momui_free(shifted);
    return sum / OFFSETS;
}
