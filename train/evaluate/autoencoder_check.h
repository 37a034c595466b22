/* How well a model's autoencoders reconstruct held-out tracks, and how well the latents of both
 * sides are aligned. */
#ifndef MOMUI_TRAIN_EVALUATE_AUTOENCODER_CHECK_H
#define MOMUI_TRAIN_EVALUATE_AUTOENCODER_CHECK_H

#include "base/memory.h"
#include "train/metrics/interval.h"

enum { MOMUI_CHECK_CLIPS = 64 };

/* 95 % intervals over tracks. */
typedef struct momui_check {
    size_t music, motion, pairs; /* tracks of each kind */
    momui_interval music_l1;     /* standardised log-mels */
    momui_interval high_energy;  /* 4 to 8 kHz: power of the reconstruction by the original's */
    momui_interval low_energy;   /* below 4 kHz */
    momui_interval sharpness;    /* mean |step from frame to frame| of the high bands, by the
                                    original's */
    momui_interval motion_l1;    /* standardised features */
    momui_interval joint_error;  /* cm, in the heading frame; body3d alone */
    /* Of MOMUI_CHECK_CLIPS one-second clips of music, each of another place, how often the nearest
     * to a motion clip is its own, and its own is among the five nearest. Chance: 1/64, 5/64. */
    momui_interval recall1, recall5;
} momui_check;

typedef struct momui_check_options {
    const char *model, *data; /* a model file; pairs, or a corpus: its validation part */
    bool test;                /* of a corpus: its test part */
    uint64_t seed;
    int32_t threads;
    void (*note)(void *user, const char *sentence); /* may be NULL */
    void *user;
} momui_check_options;

momu_status momui_check_model(const momui_check_options *options, momui_check *check,
                              momu_error *error);

#endif
