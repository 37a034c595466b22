/* Generation: one job from the checked options to the result.
 *
 *   generate.c        the stages in the order below, for music, for motion and for both
 *   job.c             options checked, defaults and length filled in
 *   encode.c          motion --features--> (frames, 206) --motion VAE--> latent (latents, d)
 *                     sound  --features--> (frames, 80)  --music VAE---> latent (latents, d)
 *   dance.c           the dance on the clock, its rhythm (frames, 10) and its kinematic beats, once
 *   track_beats.c     the input's beats by the model's beat tracker, or by the classic ones
 *   classify_genre.c  the dance's genre
 *   controls.c        controls (latents, 25) and the inpainting mask
 *   sample.c          noise -> the other side's latent (latents, d), by lib/diffusion
 *   denoise.c         the transformer as the sampler sees it
 *   decode.c          latent --VAE--> features --> sound or motion
 *   report.c          levels, beats and their agreement
 *   progress.c        the caller's callback, and cancelling
 */
#ifndef MOMUI_GENERATE_JOB_H
#define MOMUI_GENERATE_JOB_H

#include "base/audio_buffer.h"
#include "base/call.h"
#include "base/check.h"
#include "diffusion/sampler.h"
#include "diffusion/samplers/samplers.h"
#include "diffusion/schedule.h"
#include "dsp/beat_tracking.h"
#include "features/features.h"
#include "features/tiles.h"
#include "models/models.h"
#include "motion/motion.h"

#include <momu/generate.h>

typedef enum momui_side { MOMUI_SIDE_MUSIC, MOMUI_SIDE_MOTION } momui_side;

/* A dance as all stages read it; each part is made when it is first asked for. */
typedef struct momui_job_dance {
    const momui_motion *motion; /* whose parts these are; not owned */
    momui_motion *clocked;      /* on the clock, job->frames frames */
    uint32_t filled;            /* joints of the body that it does not have */
    float *rhythm;              /* (frames, MOMUI_RHYTHM_ROWS) */
    double *beats;              /* (beat_count) kinematic, seconds */
    size_t beat_count;
} momui_job_dance;

typedef struct momui_job {
    /* the call */
    momu_context *context;
    momui_memory *memory;
    momu_error *error;
    const momui_bundle *bundle;
    const momui_config *config;
    bool makes_music, makes_motion;
    bool quiet;           /* cancels are looked for, progress is not reported */
    bool progress_broken; /* the callback returned neither CONTINUE nor CANCEL */

    /* options and length: job.c */
    momu_generate_options options; /* defaults filled in */
    bool genre_refused;            /* the caller wants the genre unconditioned */
    double seconds;                /* of the result */
    int64_t frames;                /* of features: floor(seconds x frame rate) */
    int64_t latents;               /* ceil(frames / down) */

    /* encode: dance.c */
    momui_job_dance cached;

    /* track beats, condition */
    momui_beats beats; /* that the job tracked, fitted or drew; options.beats points into it */
    bool beats_free;   /* tracked, and among all tempos: what the report measures on, too */

    /* report: a sound and a motion, neither of them owned */
    const momui_audio *music;
    const momui_motion *dance;
    momu_generate_info info;
} momui_job;

/* ---- job.c ---- */
/* Checks and fills in the options. momui_job_close() ends the job, also after a failure. */
momu_status momui_job_begin(momui_job *job, momu_context *context, const momui_bundle *bundle,
                            const momu_generate_options *options, bool makes_music,
                            bool makes_motion);
/* Sets the length from the options and the input's (negative: there is none). */
momu_status momui_job_length(momui_job *job, const char *input, double input_seconds);
/* Ends a call: frees what the job holds; a cancelled call has used its request up; a broken
 * callback is no wish to stop. */
momu_status momui_job_close(momui_job *job, momu_status status);

/* ---- progress.c ---- */
/* Reports to the caller; CANCELLED when the caller, or the context, asks to stop. */
momu_status momui_job_report(momui_job *job, const char *stage, uint64_t done, uint64_t total);
/* A momu_progress_callback for the samplers; user is the job. */
int32_t momui_job_progress(void *user, const char *stage, uint64_t done, uint64_t total);
/* What the job's networks run with. */
momui_run momui_job_run(momui_job *job);

/* ---- encode.c ---- */
/* The input as measured, for the music autoencoder: rows (frames, in_channels) and how many of them
 * the sound has, at most job->frames. Freed with momui_free. */
momu_status momui_job_sound_rows(momui_job *job, const momui_audio *audio, float **rows,
                                 int64_t *frames);
/* Likewise the MFCCs (frames, MOMUI_MFCCS). */
momu_status momui_job_mfcc_rows(momui_job *job, const momui_audio *audio, float **rows,
                                int64_t *frames);
/* The first job->frames frames of the input as a scaled latent (latents, d). */
momu_status momui_encode_sound(momui_job *job, const momui_audio *audio, float **latent);
momu_status momui_encode_motion(momui_job *job, const momui_motion *motion, float **latent);
/* The input as the transformer's condition, (latents, d): its scaled latent, or what a learned
 * encoder makes of it. */
momu_status momui_condition_on_sound(momui_job *job, const momui_audio *audio, float **condition);
momu_status momui_condition_on_motion(momui_job *job, const momui_motion *motion,
                                      float **condition);

/* ---- dance.c: parts of a dance, made once; they belong to the job ---- */
momu_status momui_job_clocked(momui_job *job, const momui_motion *motion,
                              const momui_motion **clocked);
momu_status momui_job_rhythm(momui_job *job, const momui_motion *motion, const float **rhythm);
momu_status momui_job_kinematic_beats(momui_job *job, const momui_motion *motion,
                                      const double **times, size_t *count);
void momui_job_forget_dance(momui_job *job);

/* ---- track_beats.c ---- */
/* Less of an input says too little for its genre or its beats. */
enum { MOMUI_MIN_ANALYSIS_SECONDS = 5 };

/* Whether the job tracks the beats of its input: the caller says none, the model has a trained beat
 * tracker, and there is enough of the input. */
bool momui_job_tracks_beats(const momui_job *job);
/* If so, tracks the beats of the dance, or of the song's scaled latents (latents, d), within 1 % of
 * a tempo that the caller says, and conditions on them where the tracker is confident enough. */
momu_status momui_job_track_dance_beats(momui_job *job, const momui_motion *motion);
momu_status momui_job_track_music_beats(momui_job *job, const float *condition);

/* The beats of a song or of a dance, for reports, pictures and `momu beats`: by the model's beat
 * tracker where it has one and is confident, so that they are those which a generation would
 * condition on; else by dynamic programming, or those of the directogram. beats->tracker says
 * which. Released with momui_beats_release(). */
momu_status momui_job_music_beats(momui_job *job, const momui_audio *audio, momui_beats *beats);
momu_status momui_job_dance_beats(momui_job *job, const momui_motion *motion, momui_beats *beats);
/* The beats of the sound's first job->seconds by dynamic programming. */
momu_status momui_job_classic_beats(momui_job *job, const momui_audio *audio, momui_beats *beats);

/* ---- controls.c ---- */
/* (latents, 25) of docs/features.md, "Controls", or NULL when there is none. Freed with momui_free.
 */
momu_status momui_job_controls(momui_job *job, float **controls);
/* For a joint generation by a model that was trained with beats: draws a beat track unless the
 * caller gave one. */
momu_status momui_job_draw_beats(momui_job *job);
/* Whether the caller says a tempo and no beats, to a model that was trained with beats. */
bool momui_job_fits_beats(const momui_job *job);
/* Then: conditions on the steady track of that tempo on which most of the input's beats fall, those
 * within the result. A tempo by itself conditions little: where it begins to count, the transformer
 * would have to invent a phase. */
momu_status momui_job_fit_beats(momui_job *job, const double *times, size_t count);
/* Conditions on job->beats, and on their tempo where they keep one. */
void momui_job_condition_on_beats(momui_job *job);
/* Into info.tempo_used: the tempo that the transformer is conditioned on. */
void momui_job_note_tempo(momui_job *job);
/* How many of the ascending times lie within the result; an input may be longer. */
size_t momui_job_within(const momui_job *job, const double *times, size_t count);
/* mask (latents) is 1 where the latent frame lies within a span. */
void momui_job_inpainting_mask(const momui_job *job, const momu_span *spans, size_t count,
                               uint8_t *mask);

/* ---- classify_genre.c ---- */
/* For music: the genre of the dance behind `condition` (latents, d), into job->options, unless the
 * caller said one or wants none, or the model classifies none. */
momu_status momui_job_classify_genre(momui_job *job, const float *condition);

/* ---- denoise.c: the transformer as the sampler sees it ---- */
typedef struct momui_network_denoiser momui_network_denoiser;
/* `side` is what is made. cached: the condition never changes, so its keys and values are kept. */
momu_status momui_network_denoiser_create(momui_job *job, momui_side side, bool cached,
                                          const uint8_t *mask, const float *controls,
                                          momui_network_denoiser **out);
const momui_denoiser *momui_network_denoiser_get(const momui_network_denoiser *denoiser);
void momui_network_denoiser_destroy(momui_network_denoiser *denoiser);

/* ---- sample.c ---- */
/* Samples one side from its condition (latents, d). *latent (latents, d) is freed with momui_free.
 */
momu_status momui_job_sample(momui_job *job, momui_side side, const float *condition,
                             float **latent);
/* Both sides by cross-guidance. */
momu_status momui_job_sample_joint(momui_job *job, float **music, float **motion);

/* ---- decode.c ---- */
/* A scaled latent (latents, d) as sound at the asked rate, or as motion at the asked frame rate. */
momu_status momui_decode_sound(momui_job *job, const float *latent, momui_audio **audio);
momu_status momui_decode_motion(momui_job *job, const float *latent, momui_motion **motion);

/* ---- report.c ---- */
/* Measures job->music and job->dance and fills in `info`, where it is not NULL. */
momu_status momui_job_finish(momui_job *job, momu_generate_info *info);

/* ---- generate.c: the three jobs from an input to a result ---- */
momu_status momui_generate_music(momui_job *job, const momui_motion *motion, momui_audio **made);
momu_status momui_generate_motion(momui_job *job, const momui_audio *audio, momui_motion **made);
momu_status momui_generate_joint(momui_job *job, momui_audio **audio, momui_motion **motion);

#endif
