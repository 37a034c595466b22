/* Beats matched one to one: precision, recall and F1 of an estimate against a reference. */
#ifndef MOMUI_DSP_BEAT_MATCH_H
#define MOMUI_DSP_BEAT_MATCH_H

#include "base/memory.h"

typedef struct momui_match {
    size_t hits;
    double precision, recall, f1; /* 0 where a list is empty */
} momui_match;

/* One-to-one matching within `tolerance` seconds; both lists ascending. */
momui_match momui_beats_match(const double *estimate, size_t estimates, const double *reference,
                              size_t references, double tolerance);

/* The same; also marks the hits of each list: (estimates) and (references), 0 or 1. */
momui_match momui_beats_match_marked(const double *estimate, size_t estimates,
                                     const double *reference, size_t references, double tolerance,
                                     uint8_t *estimate_hits, uint8_t *reference_hits);

/* The F1 expected by chance: the mean at 20 random time offsets, the estimate wrapping round
 * `duration`. 0 when out of memory. */
double momui_beats_chance(const double *estimate, size_t estimates, const double *reference,
                          size_t references, double tolerance, double duration, uint64_t seed);

#endif
