/* A folder of paired files, loaded once and kept in memory. */
#ifndef MOMUI_TRAIN_DATASET_H
#define MOMUI_TRAIN_DATASET_H

#include "models/models.h"

/* STEM.flac|wav|ogg with STEM.npz|bvh|glb, and what STEM.json says of them. Where both sides are
 * there, both have the same number of frames. */
typedef struct momui_pair {
    char stem[128];
    bool validation;
    int64_t frames;  /* at 62.5/s */
    float *mel;      /* (frames, bands) as measured, or NULL: no music */
    float *features; /* (frames, features) as measured, or NULL: no motion */
    float *increase; /* Q (frames), with features */
    double tempo;    /* bpm; 0: not said */
    double energy;   /* 0: not said */
    int32_t genre;   /* 1..16; 0: not said */
    double *beats;   /* (beat_count) seconds, or NULL */
    size_t beat_count;
    /* posterior means of the trained autoencoders, (latents, latent channels); NULL until they are
     * made */
    int64_t latents;
    float *music_latent, *motion_latent;
} momui_pair;

typedef struct momui_dataset {
    momui_memory *memory;
    momui_pair *items;
    size_t count, capacity;
    size_t skipped; /* broken pairs, each reported */
} momui_dataset;

typedef void (*momui_dataset_note)(void *user, const char *sentence);

/* Every pair of the folder, in the order of their names. Broken ones are reported and counted; none
 * left is an error. validation.txt in the folder lists the stems that are kept for validation, one
 * a line; without it each tenth by a hash of its name. */
momu_status momui_dataset_load(momui_memory *memory, momui_pool *pool, const char *folder,
                               const momui_config *config, momui_dataset_note note, void *user,
                               momui_dataset *data, momu_error *error);
void momui_dataset_release(momui_dataset *data);

/* One pair from its files; `music`, `motion`, `facts` are paths or NULL. */
momu_status momui_pair_load(momui_memory *memory, const momui_config *config, const char *music,
                            const char *motion, const char *facts, momui_pair *pair,
                            momu_error *error);
void momui_pair_release(momui_pair *pair);

/* Mean and standard deviation of each channel over the training part, the latter at least `floor`.
 * `rows` tells where a pair's (count, channels) values are, or NULL to leave it out. */
momu_status momui_dataset_statistics(const momui_dataset *data, int32_t channels, double floor,
                                     const float *(*rows)(const momui_pair *pair, int64_t *count),
                                     float *mean, float *deviation, momu_error *error);

/* The controls of docs/MODEL.md section 6b for latent frames start..start+count-1 of a pair:
 * (count, 25). `known`: bit 0 genre, 1 tempo, 2 energy, 3 beats, as in
 * momui_config.trained_controls. */
void momui_pair_controls(const momui_pair *pair, const momui_config *config, int64_t start,
                         int64_t count, uint32_t known, float *out);
/* Which of them the pair can say. */
uint32_t momui_pair_known_controls(const momui_pair *pair);

#endif
