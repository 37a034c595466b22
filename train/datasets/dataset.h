/* A folder of paired files, loaded once and kept in memory. */
#ifndef MOMUI_TRAIN_DATASETS_DATASET_H
#define MOMUI_TRAIN_DATASETS_DATASET_H

#include "features/features.h"
#include "models/models.h"
#include "train/datasets/packed_rows.h"

/* STEM.flac|wav|ogg with STEM.npz|bvh|glb, and what STEM.json says of them. Where both sides are
 * there, both have the same number of frames. */
typedef struct momui_pair {
    char stem[128];
    bool validation;
    bool has_music, has_motion; /* also once the rows below have made room for latents */
    int64_t frames;             /* at 62.5/s */
    momui_rows mel;             /* (frames, bands) as measured */
    momui_rows wave;            /* (frames, hop) samples, where they were asked for */
    momui_rows mfcc;            /* (frames, MOMUI_MFCCS), where the config conditions on them */
    momui_rows features;        /* (frames, features) as measured */
    momui_rows rhythm;          /* (frames, MOMUI_RHYTHM_ROWS), where the config finds beats */
    float *acceleration;        /* Q (frames), with features */
    double tempo;               /* bpm; 0: not said */
    double energy;              /* of the whole; 0: not said */
    int32_t genre;              /* 1..16; 0: not said */
    double *beats;              /* (beat_count) seconds, or NULL */
    size_t beat_count;
    float *beat_energy; /* (beat_count), or NULL: `energy` all the time */
    double *bars;       /* (bar_count) where bars begin, in beats from beats[0]; or NULL */
    size_t bar_count;
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
    bool waves;     /* pairs have their sound, too */
    bool emptied;   /* mels or features have made room for latents */
} momui_dataset;

typedef void (*momui_dataset_note)(void *user, const char *sentence);

/* Every pair of the folder, in the order of their names. Broken ones are reported and counted; none
 * left is an error. A corpus (momu corpus) trains on its train/ and validates on its validation/;
 * its test/ is not read. In any other folder validation.txt lists the stems that are kept for
 * validation, one a line; without it each tenth by a hash of its name. */
momu_status momui_dataset_load(momui_memory *memory, momui_pool *pool, const char *folder,
                               const momui_config *config, bool waves, momui_dataset_note note,
                               void *user, momui_dataset *data, momu_error *error);
void momui_dataset_release(momui_dataset *data);

/* ---- dataset_list.c: what is in a folder ---- */

typedef struct momui_listed { /* one stem and which endings it has */
    char stem[128];
    const char *music, *motion; /* the endings, NULL: none */
    bool annotations;
} momui_listed;

typedef struct momui_listing {
    momui_memory *memory;
    momui_listed *items; /* in the order of their stems */
    size_t count, capacity;
} momui_listing;

/* STEM.original.flac, a corpus's sound at its own rate, is passed over. */
momu_status momui_list_pairs(momui_memory *memory, const char *folder, momui_listing *list,
                             momu_error *error);
void momui_listing_release(momui_listing *list);

/* ---- pair.c ---- */

/* One pair from its files; `music`, `motion`, `facts` are paths or NULL. */
momu_status momui_pair_load(momui_memory *memory, const momui_config *config, const char *music,
                            const char *motion, const char *annotations, bool waves,
                            momui_pair *pair, momu_error *error);
void momui_pair_release(momui_pair *pair);

/* facts.c: tempo, energy, genre, beats and bars from a pair's STEM.json. */
momu_status momui_annotations_load(momui_memory *memory, const char *path, momui_pair *pair,
                                   momu_error *error);

/* ---- statistics ---- */

/* Some rows of a pair: packed, or plain floats; neither: none. */
typedef struct momui_row_view {
    int64_t count;
    const momui_rows *packed;
    const float *plain;
} momui_row_view;

/* Mean and standard deviation of each channel over the training part, the latter at least `floor`.
 * `rows` tells where a pair's (count, channels) values are. */
momu_status momui_dataset_statistics(const momui_dataset *data, int32_t channels, double floor,
                                     momui_row_view (*rows)(const momui_pair *pair), float *mean,
                                     float *deviation, momu_error *error);

/* ---- controls.c ---- */

/* Bits beside those of momui_config.trained_controls: beats without their bars. */
enum { MOMUI_BARS_UNKNOWN = 1 << 8 };

/* The controls of docs/features.md, "Controls" for latent frames start..start+count-1 of a pair:
 * (count, 25). `known`: bit 0 genre, 1 tempo, 2 energy, 3 beats, as in
 * momui_config.trained_controls. */
void momui_pair_controls(const momui_pair *pair, const momui_config *config, int64_t start,
                         int64_t count, uint32_t known, float *out);
/* Which of them the pair can say. */
uint32_t momui_pair_available_controls(const momui_pair *pair);

#endif
