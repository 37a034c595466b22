/* The time grid of a track: its dance is made on it, and the annotations are its beats. */
#ifndef MOMUI_TRAIN_CORPUS_TIME_GRID_H
#define MOMUI_TRAIN_CORPUS_TIME_GRID_H

#include "base/memory.h"

typedef struct momui_grid_beat {
    double time;     /* seconds from the track's beginning */
    int32_t count;   /* place in the bar: 0 is the downbeat; -1: not known */
    int32_t section; /* index into the grid's sections */
    float energy;    /* 0..1 */
    float accent;    /* 0..1: how hard the music hits on this beat */
    bool rest;       /* the music breaks here: a dancer holds */
} momui_grid_beat;

typedef struct momui_grid_section {
    char name[16]; /* intro, verse, chorus, bridge, break, outro; "piece" in recorded tracks */
    int32_t first_beat, beats;
    float energy;
    int32_t like; /* the section that it repeats, an index up to its own */
} momui_grid_section;

typedef struct momui_grid {
    double seconds; /* of sound */
    double tempo;   /* bpm */
    int32_t meter;  /* beats in a bar; 0: not known */
    int32_t genre;  /* 1..16: momu_genre_name() */
    double swing;   /* 0.5 straight .. 0.67: where the second eighth of a beat falls */
    momui_grid_beat *beats;
    size_t beat_count;
    momui_grid_section *sections;
    size_t section_count;
} momui_grid;

void momui_grid_release(momui_grid *grid);

#endif
