/* Beats of music: tempo and beat times; and how well two lists of beats agree. */
#ifndef MOMUI_DSP_BEAT_TRACKING_H
#define MOMUI_DSP_BEAT_TRACKING_H

#include "base/memory.h"

typedef struct momui_beats {
    double *times; /* seconds, ascending */
    size_t count;
    double tempo;        /* beats a minute: the slope of a line through the beats; 0: none found */
    double confidence;   /* 0..1, by the tracker: the onset curve's correlation with itself one beat
                          * later, or the mean probability of the network's beats */
    const char *tracker; /* what tracked them, a static string: "network" ...; NULL: nothing did */
} momui_beats;

/* The trackers' names. */
#define MOMUI_TRACKER_NETWORK "network"
#define MOMUI_TRACKER_DYNAMIC "dynamic programming"
#define MOMUI_TRACKER_DIRECTOGRAM "directogram"

void momui_beats_release(momui_beats *beats);

/* Rises of a mel spectrogram 86 times a second -> tempo by autocorrelation, with a prior around 120
 * that decides between octaves -> beats by dynamic programming (Ellis 2007), moved between the
 * frames. Silence and less than two seconds have no beats and tempo 0; a sample that is not finite
 * is refused. Noise has beats of little confidence (< 0.2). */
momu_status momui_beats_track(momui_memory *memory, const float *mono, int64_t samples, double rate,
                              momui_beats *beats, momu_error *error);

/* Tempo (60..200) whose pulse fits the times best, and how well (0..1); pulse.c. */
void momui_event_tempo(const double *times, size_t count, double *tempo, double *confidence);

#define MOMUI_TEMPO_TOLERANCE 0.01 /* how far a told tempo may be moved for the beats' sake */

/* Seconds, 0..period, of the first beat of the steady track at *tempo (> 0) on which most of the
 * times fall. *tempo becomes what fits best within the leeway of it. 0 and no change where there
 * are no times. */
double momui_fit_steady_beats(const double *times, size_t count, double *tempo);

typedef struct momui_match {
    size_t hits;
    double precision, recall, f1; /* 0 where a list is empty */
} momui_match;

/* One to one within `tolerance` seconds; both lists ascending. */
momui_match momui_beats_match(const double *estimate, size_t estimates, const double *reference,
                              size_t references, double tolerance);

/* The same, and which of them are hits: (estimates) and (references), 0 or 1. */
momui_match momui_beats_match_marked(const double *estimate, size_t estimates,
                                     const double *reference, size_t references, double tolerance,
                                     uint8_t *estimate_hits, uint8_t *reference_hits);

/* What no synchronisation would give: mean F1 at 20 random time offsets, the estimate wrapping
 * round `duration`. 0 when out of memory. */
double momui_beats_chance(const double *estimate, size_t estimates, const double *reference,
                          size_t references, double tolerance, double duration, uint64_t seed);

#endif
