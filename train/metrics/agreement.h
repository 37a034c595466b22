/* Tempo and phase of two lists of beats, and Bailando's beat alignment score. */
#ifndef MOMUI_TRAIN_METRICS_AGREEMENT_H
#define MOMUI_TRAIN_METRICS_AGREEMENT_H

#include "base/memory.h"
#include "motion/motion.h"

typedef enum momui_tempo_match {
    MOMUI_TEMPO_NONE,   /* a side has no tempo */
    MOMUI_TEMPO_RIGHT,  /* within 2 % */
    MOMUI_TEMPO_OCTAVE, /* of the half, double, third or triple of it */
    MOMUI_TEMPO_WRONG
} momui_tempo_match;
momui_tempo_match momui_tempo_compare(double tempo, double truth);

/* Where estimates fall between the references around them: `concentration` is the length of the
 * mean of their phases as unit vectors (1: all at one place, about 0: anywhere), `place` its angle
 * as a share of a beat, -0.5..0.5. `count` of the estimates lie between two references. */
typedef struct momui_phase {
    size_t count;
    double concentration, place;
} momui_phase;
momui_phase momui_phase_of(const double *estimate, size_t estimates, const double *reference,
                           size_t references);

/* BAS: the mean over the music's beats of exp(-d^2 / (2 sigma^2)), d to the nearest minimum of the
 * dance's speed, sigma 50 ms; 0 without beats or minima. Both lists ascend. */
double momui_beat_alignment(const double *minima, size_t minima_count, const double *music,
                            size_t count);
/* Seconds of the local minima of the mean joint speed under a Gaussian of 83 ms, at 60 frames a
 * second; none for fewer than three frames. `motion` has positions in space. */
momu_status momui_speed_minima(momui_memory *memory, const momui_motion *motion, double **times,
                               size_t *count, momu_error *error);

#endif
