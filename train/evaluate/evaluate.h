/* Evaluation of models and of files: excerpts of pairs, what systems make of them, what is seen and
 * heard in it, and the scores of all that with the naive systems beside (docs/evaluation.md).
 *
 *     folder --list--> excerpts --systems--> sounds, dances --observe--> heard, seen
 *                                                                          |
 *     tables  <---------------- scores (pooled, intervals) <---compare-----+
 */
#ifndef MOMUI_TRAIN_EVALUATE_EVALUATE_H
#define MOMUI_TRAIN_EVALUATE_EVALUATE_H

#include "base/audio_buffer.h"
#include "base/pool.h"
#include "train/evaluate/vggish.h"
#include "train/metrics/agreement.h"
#include "train/metrics/beat_scores.h"
#include "train/metrics/evaluation_network.h"
#include "train/metrics/motion_quality.h"
#include "train/metrics/pair_metrics.h"
#include "train/metrics/paper_metrics.h"

#include <momu/momu.h>
#include <stdatomic.h>

/* Whose work is scored. */
typedef enum momui_system {
    MOMUI_TRUTH,
    MOMUI_RECONSTRUCTED, /* the truth through the model's autoencoder: the ceiling */
    MOMUI_MADE,          /* by the model, or by whoever made the files */
    MOMUI_RETRIEVED,     /* of the training pair whose given side is nearest */
    MOMUI_METRONOME,     /* clicks, or an arm, at the right tempo from the right start */
    MOMUI_OTHER,         /* another piece's truth */
    MOMUI_SYSTEMS
} momui_system;
extern const char *const momui_system_names[MOMUI_SYSTEMS];

typedef enum momui_direction {
    MOMUI_TO_MUSIC,
    MOMUI_TO_MOTION,
    MOMUI_DIRECTION_COUNT
} momui_direction;

enum {
    MOMUI_EVAL_GENRES = 16,
    MOMUI_EVAL_WINDOWS = 16, /* of five seconds; the most of an excerpt that is judged */
    MOMUI_EVAL_REPEATS = 5,  /* outputs for one input, for the diversity within */
    MOMUI_JOINT_STARTS = 9,  /* 0.1 to 0.9 */
    MOMUI_JOINT_LENGTHS = 5  /* 10 to 30 s */
};

/* What a judge says of an excerpt: one embedding every five seconds. */
typedef struct momui_clip_embeddings {
    int32_t windows;
    float *embeddings;                /* (windows, 128) */
    double genres[MOMUI_EVAL_GENRES]; /* mean posterior */
} momui_clip_embeddings;

/* What is measured in a sound. */
typedef struct momui_audio_analysis {
    bool there;
    double seconds, tempo;
    double *beats, *onsets;
    size_t beat_count, onset_count;
    const char *tracker; /* what tracked the beats: momu_beats */
    momui_clip_embeddings predicted;
    momui_clip_embeddings vggish; /* one embedding every 0.96 s, where there is VGGish; no genres */
} momui_audio_analysis;

/* What is measured in a dance. */
typedef struct momui_motion_analysis {
    bool there;
    double seconds, tempo;
    double *beats, *rises, *minima; /* arrests; the paper's beats; BAS's beats */
    size_t beat_count, rise_count, minimum_count;
    momui_motion_metrics *metrics; /* NULL: keypoints in a picture */
    momui_clip_embeddings predicted;
} momui_motion_analysis;

/* Some seconds of one pair, and all that was made of it. */
typedef struct momui_evaluation_clip {
    char stem[128], music[1160], motion[1160],
        annotations_path[1160];               /* paths; "" where there is none */
    char made_music[1160], made_motion[1160]; /* files to be judged */
    double start, seconds;                    /* of the piece; seconds 0: could not be read */
    momui_annotations annotations;            /* beats on the piece's own clock */
    double *beats; /* (beat_count) on the excerpt's clock: known, or tracked */
    size_t beat_count;
    bool beats_known;
    double tempo; /* 0: none */
    momui_audio_analysis audio_found[MOMUI_SYSTEMS];
    momui_motion_analysis motion_found[MOMUI_SYSTEMS];
    momui_audio_analysis audio_repeats[MOMUI_EVAL_REPEATS]; /* made with other seeds */
    momui_motion_analysis motion_repeats[MOMUI_EVAL_REPEATS];
    size_t other, retrieved[MOMUI_DIRECTION_COUNT]; /* which excerpt; SIZE_MAX: none */
    momu_status status;
    momu_error error;
} momui_evaluation_clip;

/* A song and its dance, made together. */
typedef struct momui_jointly {
    double joint_start, seconds;
    uint64_t seed;
    momui_audio_analysis audio_found;
    momui_motion_analysis motion_found;
    momu_status status;
    momu_error error;
} momui_jointly;

/* Controls that are told to the model. */
enum {
    MOMUI_CONDITION_GENRE = 1,
    MOMUI_CONDITION_TEMPO = 2,
    MOMUI_CONDITION_BEATS = 4,
    MOMUI_CONDITION_NO_GENRE = 8,
    MOMUI_CONDITION_NO_BEATS = 16
};

typedef struct momui_evaluate_options {
    const char *folder; /* pairs, or a corpus: its test part */
    const char
        *generated;      /* files of others: STEM.wav, STEM.bvh, ...; NULL: the model makes them */
    const char *model;   /* NULL: the default model. Not loaded where `generated` is given */
    const char *against; /* pairs that Fréchet distances are taken to; NULL: a corpus's
                            validation part, or none */
    const char
        *networks;      /* folder with judge-mel and judge-motion; NULL: beside the default model */
    const char *vggish; /* a file of python -m momu.convert vggish, or NULL */
    bool validation;    /* of a corpus the validation part, and the test part as `against` */
    bool skip_music, skip_motion; /* directions that are not wanted */
    int32_t pairs;                /* 0: 50 */
    double seconds;               /* of an excerpt; 0: 25 */
    int32_t candidates;    /* training pieces that retrieval chooses from; 0: 200, below 0: none */
    int32_t joint;         /* pairs made together; 0: none */
    int32_t repeats;       /* excerpts with MOMUI_EVAL_REPEATS outputs each; 0: none */
    bool sweep;            /* joint: every start and every length, `joint` pairs each */
    uint32_t ask;          /* MOMUI_CONDITION_ bits */
    double guidance;       /* 0: the model's */
    double guidance_start; /* 0: the model's */
    int32_t steps;         /* 0: the model's */
    uint64_t seed;
    int32_t threads;
    void (*progress)(void *user, size_t done, size_t total);
    void (*note)(void *user, const char *sentence); /* a pair that failed; both may be NULL */
    void *user;
    atomic_int *cancel; /* not 0: stop with MOMU_ERROR_CANCELLED; may be NULL */
} momui_evaluate_options;

typedef struct momui_list {
    momui_evaluation_clip *items;
    size_t count;
} momui_list;

typedef struct momui_evaluation {
    momui_memory *memory;
    momui_evaluate_options options;
    momu_model *model;
    char model_name[64];                   /* preset, or "files" */
    momui_evaluation_network *networks[2]; /* mel, motion; NULL: none */
    momui_vggish *vggish;                  /* or NULL */
    momui_list pairs, candidates, references;
    momui_jointly *joint;
    size_t joint_count;
    size_t failed; /* pairs and joint ones */
} momui_evaluation;

/* Reads, generates and observes everything. A pair that fails is noted and counted. */
momu_status momui_evaluate(momui_memory *memory, const momui_evaluate_options *options,
                           momui_evaluation *evaluation, momu_error *error);
void momui_evaluation_release(momui_evaluation *evaluation);

/* ---- excerpt.c ---- */
/* Pairs of a folder, at most `most`, drawn by the seed; those without a side that `generated` does
 * not need are kept. */
momu_status momui_clips_list(momui_memory *memory, const char *folder, const char *generated,
                             size_t most, uint64_t seed, momui_list *list, momu_error *error);
void momui_evaluation_clip_release(momui_evaluation_clip *clip);
void momui_clips_release(momui_list *list);
/* Facts, the excerpt's place, and its truth: mono at 16 kHz, the canonical body at 62.5; NULL where
 * the pair has none. `seconds` 0: all of it. */
momu_status momui_evaluation_clip_read(momui_memory *memory, momui_evaluation_clip *clip,
                                       double seconds, uint64_t seed, momui_audio **sound,
                                       momui_motion **dance, momu_error *error);
/* Any sound as mono at 16 kHz, any motion as the canonical body (keypoints stay), from `start`, at
 * most `seconds` (0: to the end). */
momu_status momui_evaluation_clip_sound(momui_memory *memory, const char *path, double start,
                                        double seconds, momui_audio **sound, momu_error *error);
momu_status momui_evaluation_clip_dance(momui_memory *memory, const char *path, double start,
                                        double seconds, momui_motion **dance, momu_error *error);

/* ---- observe.c ---- */
/* model, network and vggish may be NULL. The model's beat tracker tracks the beats, as everywhere;
 * the context is that of the calling thread. */
momu_status momui_analyse_audio(momui_memory *memory, momu_context *context,
                                const momu_model *model, const momui_evaluation_network *network,
                                const momui_vggish *vggish, const momui_audio *sound,
                                momui_audio_analysis *audio_found, momu_error *error);
momu_status momui_analyse_motion(momui_memory *memory, const momui_evaluation_network *network,
                                 const momui_motion *dance, momui_motion_analysis *motion_found,
                                 momu_error *error);
void momui_audio_analysis_release(momui_audio_analysis *audio_found);
void momui_motion_analysis_release(momui_motion_analysis *motion_found);

/* ---- metronome.c ---- */
/* A click at each beat of an even pulse from the first beat on. */
momu_status momui_metronome_sound(momui_memory *memory, double seconds, double first, double tempo,
                                  momui_audio **sound, momu_error *error);
/* A figure whose arms arrive at a pose on each beat, and hold it. */
momu_status momui_metronome_dance(momui_memory *memory, double seconds, double first, double tempo,
                                  momui_motion **dance, momu_error *error);

#endif
