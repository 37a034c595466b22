/* What the stages and the loop share. */
#ifndef MOMUI_TRAIN_STAGES_TRAINER_H
#define MOMUI_TRAIN_STAGES_TRAINER_H

#include "diffusion/schedule.h"
#include "dsp/mel.h"
#include "train/datasets/dataset.h"
#include "train/stages/adamw.h"
#include "train/stages/discriminator_training.h"
#include "train/stages/training.h"

enum { MOMUI_MAX_TERMS = 8 };

typedef struct momui_trainer momui_trainer;

enum { MOMUI_MICRO_BATCHES = MOMUI_DISCRIMINATOR_REPLICAS };

/* Defaults of the options of the same names. */
#define MOMUI_INFONCE_WEIGHT 1.0
#define MOMUI_GAN_START 0.5

/* One micro-batch of a step: how many clips, with which weights, and which random numbers. All
 * follow from the seed, the task, the step and the micro-batch, so that a resumed run draws the
 * same. */
typedef struct momui_draw {
    uint64_t seed, base; /* streams of this micro-batch */
    uint64_t common;     /* streams that all micro-batches of the step share */
    bool validation;     /* from the validation part */
    const momui_bundle *bundle;
    int batch, micro_batch;
    double share; /* of the step's clips */
} momui_draw;

/* Purposes keep the streams of one step apart. */
enum {
    MOMUI_DRAW_CROPS = 1,
    MOMUI_DRAW_POSTERIOR,
    MOMUI_DRAW_WINDOWS,
    MOMUI_DRAW_NOISE,
    MOMUI_DRAW_CONDITION,
    MOMUI_DRAW_LEVELS,
    MOMUI_DRAW_MASK,
    MOMUI_DRAW_CONTROLS,
    MOMUI_DRAW_MIXTURE,
    MOMUI_DRAW_CHORDS
};

/* The network that a task trains. Random streams follow from these numbers: they stay. */
typedef enum momui_trained_network {
    MOMUI_TRAIN_NET_MUSIC = 1,
    MOMUI_TRAIN_NET_MOTION,
    MOMUI_TRAIN_NET_TO_MUSIC,
    MOMUI_TRAIN_NET_TO_MOTION,
    MOMUI_TRAIN_NET_VOCODER,
    MOMUI_TRAIN_NET_KEYPOINTS,
    MOMUI_TRAIN_NET_GENRE_CLASSIFIER,
    MOMUI_TRAIN_NET_BEAT_TRACKER
} momui_trained_network;

/* A network and how it is trained. */
typedef struct momui_network_task {
    const char *name;
    momui_trained_network network;
    const char *trained[2];                 /* prefixes of the parameters that move */
    const char *terms[MOMUI_MAX_TERMS + 1]; /* names of the parts of the loss, NULL at the end */
    bool average;                           /* keep an EMA, and save it */
    bool rows;                              /* the data's mels and features, not latents alone */
    bool waves;                             /* the data's sound itself, not only its mels */
    momui_discriminator_kind discriminator;
    double gan;                  /* its default weight */
    double rate, seconds, share; /* defaults; share of the minutes of `all` */
    int32_t batch;
    int64_t steps, warmup;
    /* Checks that earlier stages are trained, computes statistics, caches latents. */
    momu_status (*prepare)(momui_trainer *trainer, momu_error *error);
    /* The loss of one batch; terms[i] is set to the value of each part. NULL: g->status says what.
     */
    momui_tensor *(*loss)(momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                          double *terms);
    /* Before the model is written. May be NULL. */
    void (*finish)(momui_trainer *trainer);
} momui_network_task;

extern const momui_network_task momui_task_music, momui_task_motion, momui_task_to_music,
    momui_task_to_motion, momui_task_vocoder, momui_task_keypoints, momui_task_genre_classifier,
    momui_task_beat_tracker;

typedef struct momui_settings { /* what a checkpoint remembers besides weights */
    uint64_t seed;
    int64_t step, steps; /* done; in all, 0: by minutes alone */
    double minutes, elapsed;
    double rate, seconds;
    double infonce;        /* its weight in stage motion */
    double gan, gan_start; /* weight of the discriminator; the share of the run where it begins */
    int64_t discriminator_steps; /* that the discriminator has had */
    int32_t batch;
} momui_settings;

/* One line of the log: means over the steps since the line before. */
typedef struct momui_log_row {
    int64_t step;
    double elapsed, rate, norm, loss, validation; /* validation NaN: not measured here */
    double terms[MOMUI_MAX_TERMS];
} momui_log_row;

typedef struct momui_log {
    momui_memory *memory;
    const momui_network_task *task;
    char path[1024], plot[1024];
    momui_log_row *rows;
    size_t count, capacity;
} momui_log;

struct momui_trainer {
    const momui_train_options *options;
    momui_memory *memory;
    momui_pool *pool;
    momui_arena **arenas; /* one for each thread of the pool */
    momui_dataset data;
    momui_bundle *bundle;
    const momui_network_task *task;
    momui_bundle
        *replicas[MOMUI_MICRO_BATCHES - 1]; /* the bundle's weights, gradients of their own */
    momui_settings settings;
    momui_adamw optimiser;
    momui_discriminator_training discriminator;
    momui_mel_bank filters; /* for stage vocoder */
    momui_log log;
    bool encoded[2];          /* the data has latents of the newest music, motion autoencoder */
    momui_schedule *schedule; /* of the bundle's config */
};

/* Reports a sentence to the caller; printf's format. */
void momui_trainer_note(momui_trainer *trainer, const char *format, ...) MOMUI_PRINTF(2, 3);
/* One for each thread; closed however far opening came. */
momu_status momui_trainer_arenas(momui_trainer *trainer, int threads, momu_error *error);
void momui_trainer_close_arenas(momui_trainer *trainer, int threads);
double momui_seconds_now(void); /* a clock that only goes forward */
bool momui_trainer_cancelled(const momui_trainer *trainer);

/* The discriminator's part in this step: it learns alone first, then it also guides the generator.
 */
typedef enum momui_discriminator_use {
    MOMUI_DISCRIMINATOR_OFF,
    MOMUI_DISCRIMINATOR_LEARNS,
    MOMUI_DISCRIMINATOR_GUIDES
} momui_discriminator_use;
momui_discriminator_use momui_trainer_uses_discriminator(const momui_trainer *trainer);
double momui_trainer_progress(const momui_trainer *trainer); /* 0 at the start, 1 at the end */

/* training_loop.c: from settings.step to the end, checkpoints and logs on the way. */
momu_status momui_trainer_loop(momui_trainer *trainer, momu_error *error);

/* micro_batches.c: a step's loss and gradients; a validation's loss. */
momu_status momui_micro_batches_open(momui_trainer *trainer, momu_error *error);
void momui_micro_batches_close(momui_trainer *trainer);
momu_status momui_micro_batches_step(momui_trainer *trainer, double *loss, double *terms,
                                     momu_error *error);
momu_status momui_micro_batches_validate(momui_trainer *trainer, int batches, double *loss,
                                         momu_error *error);

/* checkpoint.c: the whole state in one file; the weights of every network are in it. */
momu_status momui_checkpoint_save(const momui_trainer *trainer, const char *path,
                                  momu_error *error);
typedef struct momui_checkpoint {
    char task[32];
    momui_settings settings;
    momui_bytes bytes;
    struct momui_safetensors *file;
} momui_checkpoint;
momu_status momui_checkpoint_open(momui_memory *memory, const char *path,
                                  momui_checkpoint *checkpoint, momu_error *error);
/* A bundle with the checkpoint's weights; then, once the optimiser is attached, its moments and
 * averages. */
momu_status momui_checkpoint_bundle(momui_memory *memory, const momui_checkpoint *checkpoint,
                                    momui_bundle **bundle, momu_error *error);
momu_status momui_checkpoint_moments(const momui_checkpoint *checkpoint,
                                     momui_parameters *parameters, momu_error *error);
void momui_checkpoint_close(momui_checkpoint *checkpoint);

/* batch.c */
momui_random momui_draw_random(const momui_draw *draw, int purpose);
float *momui_draw_normals(momui_graph *g, const momui_draw *draw, int purpose, size_t count);

typedef struct momui_crop {
    const momui_pair *pair;
    int64_t start; /* frames; a multiple of `down` */
} momui_crop;
typedef bool (*momui_pair_filter)(const momui_pair *pair);
/* `count` crops of `frames` frames in the graph's arena, each frame of the data equally likely. */
momui_crop *momui_draw_crops(const momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                             int64_t frames, momui_pair_filter filter, int count);
int64_t momui_crop_frames(const momui_trainer *trainer, double seconds); /* a multiple of `down` */
float momui_kl_weight(const momui_trainer *trainer);
int64_t momui_dataset_frames(const momui_dataset *data, bool validation, momui_pair_filter filter);
/* What a task's pairs must have. */
momui_pair_filter momui_task_filter(const momui_network_task *task);
bool momui_pair_has_music(const momui_pair *pair);
bool momui_pair_has_motion(const momui_pair *pair);
bool momui_pair_has_both(const momui_pair *pair);
bool momui_pair_has_genre(const momui_pair *pair); /* and a motion */
bool momui_pair_has_beats(const momui_pair *pair); /* and both sides */
/* (frames, channels) standardised, from frame `start` of a pair on; beyond its end as below. */
void momui_music_rows(const momui_trainer *trainer, const momui_pair *pair, int64_t start,
                      int64_t frames, float *out);
void momui_motion_rows(const momui_trainer *trainer, const momui_pair *pair, int64_t start,
                       int64_t frames, float *out);
/* (count, frames, channels) standardised; beyond a pair's end silence, or its last frame again.
 * music: input of the music autoencoder, log-mels or, in a model of waves, samples. */
momui_tensor *momui_batch_music(const momui_trainer *trainer, momui_graph *g,
                                const momui_crop *crops, int count, int64_t frames);
momui_tensor *momui_batch_motion(const momui_trainer *trainer, momui_graph *g,
                                 const momui_crop *crops, int count, int64_t frames);

/* One crop's scaled latents (length, d), zeros beyond the pair's end. Returns how many are not. */
int64_t momui_scaled_latents(const momui_bundle *bundle, const momui_crop *crop, bool music,
                             int64_t length, float *out);

/* Crops of a step whose length is drawn and the same for all: as long as the shortest of their
 * pairs allows, or silence would mark the end of a clip. */
typedef struct momui_segment_draw {
    momui_pair_filter filter; /* in: of what pairs */
    double shortest;          /* in: seconds */
    int64_t least;            /* in: latent frames that are needed, silence or not */
    momui_crop *crops;        /* out, in the graph's arena */
    int64_t length;           /* out, in latent frames */
} momui_segment_draw;
bool momui_draw_clips(const momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                      momui_segment_draw *clips);
/* Their scaled latents (batch, length, d), with noise of that deviation where they train;
 * purpose: MOMUI_DRAW_. */
momui_tensor *momui_noisy_latents(const momui_trainer *trainer, momui_graph *g,
                                  const momui_draw *draw, const momui_segment_draw *clips,
                                  bool music, int purpose, float noise);

/* Input of the learned encoder of a transformer's condition: MFCCs, or with to_music motion
 * features; beyond a pair's end its last frame again. */
momui_tensor *momui_batch_condition(const momui_trainer *trainer, momui_graph *g,
                                    const momui_crop *crops, int count, int64_t frames,
                                    bool to_music);
/* stage_keypoints.c: the same crops as keypoints of cameras drawn from `random`, (count, frames,
 * 42). */
momui_tensor *momui_batch_camera_views(const momui_trainer *trainer, momui_graph *g,
                                       const momui_crop *crops, int count, int64_t frames,
                                       momui_random random);

/* encode_dataset.c: fills music_latent or motion_latent of every pair that has that side. */
momu_status momui_encode_dataset(momui_trainer *trainer, bool music, momu_error *error);

/* validation_samples.c: OUT/samples/TASK-STEP: sound (.wav) or motion (.bvh, .npz), and a picture
 * (.png) of it above its target. */
momu_status momui_samples_write(momui_trainer *trainer, momu_error *error);

/* Takes the statistics of the encoded latents, unless the model has them. */
momu_status momui_latent_statistics(momui_trainer *trainer, bool music, momu_error *error);

/* training_log.c, plot.c */
momu_status momui_log_open(momui_log *log, momui_memory *memory, const char *folder,
                           const momui_network_task *task, int64_t step, momu_error *error);
momu_status momui_log_add(momui_log *log, const momui_log_row *row, momu_error *error);
momu_status momui_log_plot(const momui_log *log, momu_error *error);
void momui_log_release(momui_log *log);

/* Whether the statistics differ from a new model's: the mark of a trained autoencoder. */
bool momui_statistics_trained(const momui_tensor *mean, const momui_tensor *deviation);
void momui_statistics_reset(momui_tensor *mean, momui_tensor *deviation);
/* Encodes x and decodes a sample of the posterior: the reconstruction, or NULL (g->status); and the
 * tensors between. */
typedef struct momui_reconstruction {
    momui_tensor *mean, *logvar, *hidden; /* hidden: momui_autoencoder_decode_by */
} momui_reconstruction;
momui_tensor *momui_reconstruct(momui_graph *g, const momui_draw *draw,
                                const momui_autoencoder *network, momui_tensor *x,
                                momui_reconstruction *out);
/* The loss's weights and parts: sums `parts` and reads their values into `terms`. */
momui_tensor *momui_loss_sum(momui_graph *g, momui_tensor *const *parts, const float *weights,
                             int count, double *terms);

#endif
