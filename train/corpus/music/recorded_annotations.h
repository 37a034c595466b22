/* Features of a track at its beats. Internal to recorded_*.c. */
#ifndef MOMUI_TRAIN_CORPUS_MUSIC_RECORDED_ANNOTATIONS_H
#define MOMUI_TRAIN_CORPUS_MUSIC_RECORDED_ANNOTATIONS_H

#include "train/corpus/time_grid.h"

enum { MOMUI_RECORDED_BANDS = 80 };

typedef struct momui_track_features {
    float *loud;   /* (beats) dB, from this beat to the next */
    float *attack; /* (beats) mean rise of the bands at the beat */
    float *kick;   /* the same of the lowest bands */
    float *change; /* how much the middle bands differ from those of the beat before */
    float *tone;   /* (beats, MOMUI_RECORDED_BANDS) mean log magnitudes until the next beat */
} momui_track_features;

momu_status momui_track_features_open(momui_memory *memory, const float *mono, int64_t samples,
                                      double rate, const double *beats, size_t count,
                                      momui_track_features *annotations, momu_error *error);
void momui_track_features_close(momui_track_features *annotations);

/* Fills counts and the meter where the evidence is clear; else counts of -1 and meter 0. `number`
 * is that of the first beat in a track that begins with a bar: four beats a bar are then assumed
 * unless the evidence is against it; -1: not known. */
void momui_recorded_find_bars(const momui_track_features *annotations, int64_t number,
                              momui_grid *grid);
/* Energy, accents and rests of the beats. */
momu_status momui_recorded_find_energy(momui_memory *memory,
                                       const momui_track_features *annotations, momui_grid *grid,
                                       momu_error *error);
/* Sections: phrases of eight beats that are alike. */
momu_status momui_recorded_find_sections(momui_memory *memory,
                                         const momui_track_features *annotations, momui_grid *grid,
                                         momu_error *error);

#endif
