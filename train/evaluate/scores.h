/* Scores of one system over all clips; intervals by resampling the clips. */
#ifndef MOMUI_TRAIN_EVALUATE_SCORES_H
#define MOMUI_TRAIN_EVALUATE_SCORES_H

#include "train/evaluate/evaluation.h"

/* A system's output for a clip, on the clip's clock; NULL: none. */
const momui_audio_analysis *momui_audio_analysis_of(const momui_evaluation *v,
                                                    const momui_evaluation_clip *e,
                                                    momui_system system);
const momui_motion_analysis *momui_motion_analysis_of(const momui_evaluation *v,
                                                      const momui_evaluation_clip *e,
                                                      momui_system system);

/* Which clips: of one genre (0: any). */
typedef struct momui_choice {
    momui_direction direction;
    momui_system system;
    int32_t genre;
} momui_choice;

typedef struct momui_beats_score {
    size_t clips;
    momui_beat_score near, close;                /* within 70 and 50 ms */
    momui_beat_score motion_capture, procedural; /* within 70 ms, phrases of one origin alone */
    momui_interval phase;                        /* concentration, 0..1 */
    momui_interval tempo, octave; /* shares with the right tempo, and of an octave of it */
    momui_interval alignment;     /* BAS; dances */
    momui_paper_scores paper;     /* one bit a second */
    momui_paper_scores matches;   /* dances: within 0.1 s */
} momui_beats_score;
momu_status momui_beats_score_of(const momui_evaluation *v, const momui_choice *choice,
                                 momui_beats_score *score, momu_error *error);

/* By VGGish (sounds alone) where it is asked for, else by our own network. */
typedef struct momui_quality_score {
    size_t clips, windows;
    bool has_frechet;
    momui_interval frechet;
    double between, within;    /* diversity; 0: not measured */
    momui_interval divergence; /* mean KL of genre posteriors, truth to made */
    momui_interval genre;      /* share classified as the true genre, where that is known */
    size_t genre_clips;
} momui_quality_score;
momu_status momui_quality_score_of(const momui_evaluation *v, const momui_choice *choice,
                                   bool vggish, momui_quality_score *score, momu_error *error);

/* Physical plausibility, dances alone: cm/s, m/s^3, -, cm, share, cm. */
typedef struct momui_sanity_score {
    size_t clips;
    momui_interval skate, jitter, pfc, penetration, beyond;
    double bone, deepest;
} momui_sanity_score;
momu_status momui_sanity_score_of(const momui_evaluation *v, momui_system system,
                                  momui_sanity_score *score, momu_error *error);

/* The dance's beats against its music's tracked beats. */
typedef enum momui_halves {
    MOMUI_HALVES_JOINT,
    MOMUI_HALVES_INDEPENDENT, /* each dance with the next pair's music */
    MOMUI_HALVES_TRUTH        /* the true pairs */
} momui_halves;
/* joint_start 0: the model's own; the pairs made with exactly these. */
momu_status momui_joint_score_of(const momui_evaluation *v, momui_halves halves, double joint_start,
                                 double seconds, momui_beat_score *score, momu_error *error);

#endif
