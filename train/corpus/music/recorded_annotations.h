/* What is heard at the beats of a track. Private to real*.c. */
#ifndef MOMUI_TRAIN_CORPUS_MUSIC_RECORDED_ANNOTATIONS_H
#define MOMUI_TRAIN_CORPUS_MUSIC_RECORDED_ANNOTATIONS_H

#include "train/corpus/time_grid.h"

enum { MOMUI_REAL_BANDS = 80 };

typedef struct momui_real_facts {
    float *loud;   /* (beats) dB, from this beat to the next */
    float *attack; /* (beats) mean rise of the bands at the beat */
    float *kick;   /* the same of the lowest bands */
    float *change; /* how much the middle bands differ from those of the beat before */
    float *tone;   /* (beats, MOMUI_REAL_BANDS) mean log magnitudes until the next beat */
} momui_real_facts;

momu_status momui_real_facts_open(momui_memory *memory, const float *mono, int64_t samples,
                                  double rate, const double *beats, size_t count,
                                  momui_real_facts *facts, momu_error *error);
void momui_real_facts_close(momui_real_facts *facts);

/* Fills counts and the meter where the evidence is clear; else counts of -1 and meter 0. `number`
 * is that of the first beat in a piece that begins with a bar: four beats a bar are then believed
 * unless it sounds otherwise; -1: not known. */
void momui_real_find_bars(const momui_real_facts *facts, int64_t number, momui_grid *grid);
/* Energy, accents and rests of the beats. */
momu_status momui_real_find_energy(momui_memory *memory, const momui_real_facts *facts,
                                   momui_grid *grid, momu_error *error);
/* Sections: phrases of eight beats that are alike. */
momu_status momui_real_find_sections(momui_memory *memory, const momui_real_facts *facts,
                                     momui_grid *grid, momu_error *error);

#endif
