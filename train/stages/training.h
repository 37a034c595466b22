/* Training: the stages of docs/training.md, from a folder of pairs to a model file. */
#ifndef MOMUI_TRAIN_STAGES_TRAINING_H
#define MOMUI_TRAIN_STAGES_TRAINING_H

#include "base/memory.h"
#include <stdatomic.h>

typedef enum momui_train_stage {
    MOMUI_TRAIN_MUSIC,     /* the music autoencoder */
    MOMUI_TRAIN_MOTION,    /* the motion autoencoder, aligned by the music's rhythm */
    MOMUI_TRAIN_DIFFUSION, /* both transformers, one after the other */
    MOMUI_TRAIN_TO_MUSIC,  /* only motion_to_music */
    MOMUI_TRAIN_TO_MOTION, /* only music_to_motion */
    MOMUI_TRAIN_ALL, /* these, then genre classifier, beat tracker, keypoints and vocoder, where the
                        model has them */
    MOMUI_TRAIN_VOCODER,
    MOMUI_TRAIN_KEYPOINTS,
    MOMUI_TRAIN_GENRE,
    MOMUI_TRAIN_BEATS
} momui_train_stage;

typedef enum momui_train_event_kind {
    MOMUI_TRAIN_NOTE, /* `text` for a person: a pair was skipped, statistics were taken, ... */
    MOMUI_TRAIN_STEP, /* after every step */
    MOMUI_TRAIN_VALIDATION, /* `validation` is new */
    MOMUI_TRAIN_CHECKPOINT  /* `text` is the path written */
} momui_train_event_kind;

typedef struct momui_train_event {
    momui_train_event_kind kind;
    const char *task; /* "music", "motion", "motion_to_music", "music_to_motion"; "" before any */
    const char *text; /* "" for steps */
    int64_t step, total; /* total 0: bounded by minutes alone */
    double loss, validation;
    double speed;              /* steps a second, smoothed */
    double elapsed, remaining; /* seconds of this task */
} momui_train_event;

/* Zero in any field is its default. */
typedef struct momui_train_options {
    const char *data, *out; /* folders; out is made when absent */
    const char *preset;     /* needed unless a model is there to start from */
    const char *init;       /* a model file whose weights are the start, or NULL */
    bool resume;            /* continue from the checkpoint in `out`, where there is one */
    int64_t steps;          /* of each task; 0 without minutes: the stage's own */
    double minutes;         /* in all, shared out among the tasks */
    int32_t batch;          /* clips a step */
    double seconds;         /* of a crop; diffusion: of the longest */
    double rate;            /* learning rate at its highest */
    double infonce;         /* its weight in stage motion; below 0: none */
    double gan, gan_start;  /* weight of the discriminator (stages music, vocoder), below 0: none;
                               share of the run at which it begins, below 0: at once */
    uint64_t seed;
    int32_t threads;          /* 0: 1 */
    int64_t validate_every;   /* steps; 0: 200 */
    double checkpoint_every;  /* seconds; 0: 180 */
    int64_t checkpoint_steps; /* also every so many steps; 0: by time alone */
    int64_t sample_steps;     /* a sample every so many steps; 0: 1000, below 0: none */
    bool decoder_only; /* stages music and motion: the encoder stays as it is, so that latents keep
                          their meaning to the other networks; with --resume, set it again */
    bool bf16;         /* the model file's matrices in bf16 */
    const char *license, *training_data; /* for the model file; NULL: unchanged */
    void (*report)(void *user, const momui_train_event *event); /* may be NULL */
    void *user;
    atomic_int
        *cancel; /* not 0: write a checkpoint and stop with MOMU_ERROR_CANCELLED; may be NULL */
} momui_train_options;

/* Writes OUT/model.safetensors after every task, and OUT/checkpoint.safetensors, OUT/log-TASK.csv
 * and OUT/loss-TASK.svg on the way. With `steps` alone, a run that was killed and resumed ends in
 * the same bytes as an unbroken one, given the same data and number of threads. */
momu_status momui_train_run(momui_train_stage stage, const momui_train_options *options,
                            momu_error *error);

#endif
