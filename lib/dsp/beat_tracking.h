/* Beats of music: tempo and beat times; and how well two lists of beats agree. */
#ifndef MOMUI_DSP_BEAT_TRACKING_H
#define MOMUI_DSP_BEAT_TRACKING_H

#include "base/memory.h"

typedef struct momui_beats {
    double *times; /* seconds, ascending */
    size_t count;
    double tempo;        /* beats a minute: the slope of a line through the beats; 0: none found */
    double confidence;   /* 0..1, by the tracker: autocorrelation of the onset strength at one beat,
                          * or the mean probability of the network's beats */
    const char *tracker; /* what tracked them, a static string: "network" ...; NULL: nothing did */
} momui_beats;

/* The trackers' names. */
#define MOMUI_TRACKER_NETWORK "network"
#define MOMUI_TRACKER_DYNAMIC "dynamic programming"
#define MOMUI_TRACKER_DIRECTOGRAM "directogram"

void momui_beats_release(momui_beats *beats);

/* Rises of a mel spectrogram 86 times a second -> tempo by autocorrelation, with a prior around
 * 120 that decides between octaves -> beats by dynamic programming (Ellis 2007), refined between
 * frames. Silence and sounds below two seconds have no beats and tempo 0; a sample that is not
 * finite is refused. Noise has beats of low confidence (< 0.2). */
momu_status momui_beats_track(momui_memory *memory, const float *mono, int64_t samples, double rate,
                              momui_beats *beats, momu_error *error);

/* event_tempo.c: the tempo (60..200) whose pulse fits the times best, and how well (0..1). */
void momui_event_tempo(const double *times, size_t count, double *tempo, double *confidence);

#define MOMUI_TEMPO_TOLERANCE 0.01 /* how far a given tempo may move to fit the beats */

/* Fits a steady beat grid to the times: starts from *tempo (> 0), sets *tempo to the best fit
 * within MOMUI_TEMPO_TOLERANCE of it, and returns the seconds, 0..period, of the first beat.
 * Without times it returns 0 and keeps *tempo. */
double momui_fit_steady_beats(const double *times, size_t count, double *tempo);

#endif
