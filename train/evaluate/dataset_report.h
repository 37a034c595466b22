/* A dataset report: measures the pairs one by one, and how well networks classify them. */
#ifndef MOMUI_TRAIN_EVALUATE_DATASET_REPORT_H
#define MOMUI_TRAIN_EVALUATE_DATASET_REPORT_H

#include "models/models.h"
#include "train/metrics/beat_scores.h"
#include "train/metrics/motion_quality.h"
#include "train/metrics/pair_metrics.h"

enum { MOMUI_REPORT_TRAIN, MOMUI_REPORT_VALIDATION, MOMUI_REPORT_TEST, MOMUI_REPORT_SPLITS };

/* Windows of one sound or motion: (count) of (frames, channels). */
typedef struct momui_windows {
    int32_t count, channels;
    int64_t frames;
    float *values;
    momui_origin *origin; /* of each; NULL: not known */
} momui_windows;

/* One pair, or one take of motion capture (no music, no annotations). */
typedef struct momui_reported_pair {
    char stem[128], path[1024]; /* path: without the extension */
    char music[8], motion[8];   /* extensions; empty: there is none */
    int split;
    bool held_out; /* a take that no dataset is made from */
    momui_annotations annotations;
    double seconds;
    double *kinematic; /* deceleration peaks of the dance, seconds */
    size_t kinematic_count;
    momui_beat_counts near, close; /* within 70 and 50 ms */
    momui_motion_metrics *metrics;
    momui_windows sound, dance; /* 6 s at 31.25 frames a second: mel and features */
    momui_windows moments;      /* 2 s of features at 62.5, toes hidden */
    momu_status status;
    momu_error error;
} momui_reported_pair;

typedef struct momui_dataset_report {
    momui_memory *memory;
    momui_pool *pool;
    momui_reported_pair *pairs;
    size_t pair_count;
    momui_reported_pair *takes; /* of motion capture */
    size_t take_count;
    size_t broken; /* pairs and takes that could not be read; left out */
    uint64_t seed;
} momui_dataset_report;

typedef struct momui_dataset_report_options {
    const char *folder; /* of a corpus, or of plain pairs: then each tenth is for testing */
    const char *mocap;  /* folder of motion capture takes, or NULL */
    uint64_t seed;
    int32_t threads;
    bool windows; /* keep windows for the networks */
    void (*progress)(void *user, size_t done, size_t total);
    void (*broken)(void *user, const char *sentence); /* both may be NULL */
    void *user;
} momui_dataset_report_options;

momu_status momui_dataset_report_open(momui_memory *memory,
                                      const momui_dataset_report_options *options,
                                      momui_dataset_report *dataset, momu_error *error);
void momui_dataset_report_close(momui_dataset_report *dataset);

/* ---- dataset_report_sums.c ---- */

/* Sums over some pairs; genre 0: all of them. */
typedef struct momui_dataset_report_row {
    int32_t genre;
    size_t pairs;
    double hours, mocap_share, half_time_share, skate;
    momui_beat_score near, close, mismatched; /* mismatched: f1 alone, within 70 ms */
} momui_dataset_report_row;

momu_status momui_dataset_report_row_of(const momui_dataset_report *dataset, int32_t genre,
                                        momui_dataset_report_row *row, momu_error *error);
/* Sums the motion metrics of the pairs, or of the takes. */
void momui_dataset_report_motion(const momui_reported_pair *pairs, size_t count,
                                 momui_motion_metrics *sum);

/* ---- dataset_report_genre.c, dataset_report_mocap.c ---- */

/* Genre from one side alone: trained on the training split, tested on the test split. */
typedef struct momui_genre_report {
    size_t trained, windows, pairs; /* training windows; test windows and pairs */
    int32_t genres;                 /* that occur on both sides */
    double chance;                  /* 1 / genres */
    momui_interval accuracy;        /* of windows, pairs resampled */
    double pair_accuracy;           /* by the mean over a pair's windows */
    double balanced;                /* mean over genres of the share classified right */
    double tempo, octave;           /* share of windows whose tempo, octave is predicted right */
    double energy;                  /* correlation of energy with its prediction */
} momui_genre_report;
momu_status momui_dataset_report_genre(const momui_dataset_report *dataset, bool music,
                                       int64_t steps, const char *save, momui_genre_report *report,
                                       momu_error *error);

/* Dataset or motion capture, from two seconds of motion. Trained on the dataset's training split
 * and the takes that are not held out, tested on its test split and the held-out takes; and by five
 * folds over all takes, each of which leaves its test takes out of training (but the dataset may be
 * made of them). Accuracies are balanced: 0.5 is indistinguishable. */
typedef struct momui_mocap_report {
    size_t trained[2], test[2]; /* windows: dataset, motion capture; the latter overlap */
    momui_interval held_out;    /* pairs and takes resampled */
    double corpus_found, mocap_found;
    momui_interval folds;
} momui_mocap_report;
/* MOMUI_ORIGIN_MIXED: windows of any origin. */
momu_status momui_dataset_report_mocap(const momui_dataset_report *dataset, momui_origin origin,
                                       int64_t steps, momui_mocap_report *report,
                                       momu_error *error);

#endif
