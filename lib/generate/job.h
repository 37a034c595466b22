/* The generation behind the three verbs: one job from the checked options to the published result.
 *
 *     motion --body3d--> features (frames, 206) --motion VAE--> latent (latents, d) -+
 *                                                                                   +--sampler-->
 * latent --> result sound ----mel----> (frames, 80) ----------music VAE-----> latent (latents, d)
 * -+
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
#include "dsp/mel.h"
#include "models/models.h"
#include "motion/motion.h"

#include <momu/generate.h>

typedef enum momui_side { MOMUI_SIDE_MUSIC, MOMUI_SIDE_MOTION } momui_side;

typedef struct momui_job {
    momu_context *context;
    momui_memory *memory;
    momu_error *error;
    const momui_bundle *bundle;
    const momui_config *config;
    momu_generate_options options; /* defaults filled in */
    bool makes_music, makes_motion;
    bool genre_refused;   /* the caller wants none told, nor found */
    bool progress_broken; /* the callback returned neither CONTINUE nor CANCEL */
    double seconds;       /* of the result */
    int64_t frames;       /* of features: floor(seconds x frame rate) */
    int64_t latents;      /* ceil(frames / down) */
    momu_generate_info info;
    /* What beats are measured on: a mono sound with its rate, and a motion. Not owned. */
    const momui_audio *music;
    const momui_motion *dance;
} momui_job;

/* ---- job.c ---- */
/* Checks and fills in the options; `input_seconds` < 0: there is no input (joint generation). */
momu_status momui_job_begin(momui_job *job, momu_context *context, const momui_bundle *bundle,
                            const momu_generate_options *options, bool makes_music,
                            bool makes_motion);
/* Sets the length from the options and the input's (negative: none). */
momu_status momui_job_length(momui_job *job, const char *input, double input_seconds);

/* ---- progress.c ---- */
/* Tells the caller, and hears whether to go on. */
momu_status momui_job_report(momui_job *job, const char *stage, uint64_t done, uint64_t total);
/* A momu_progress_callback for the samplers; user is the job. */
int32_t momui_job_progress(void *user, const char *stage, uint64_t done, uint64_t total);

/* ---- condition.c ---- */
/* (latents, 25) of docs/features.md, "Controls", or NULL when nothing was said. Freed with
 * momui_free.
 */
momu_status momui_job_controls(momui_job *job, float **controls);
/* For a joint generation by a model that knows beats: draws a beat track unless the caller gave
 * one, and puts it into job->options. *beats (may be NULL) is freed behind the generation. */
momu_status momui_job_draw_beats(momui_job *job, double **beats);
/* Whether a tempo is told and no beats, to a model that knows beats. */
bool momui_job_fits_beats(const momui_job *job);
/* Then: tells the steady track of that tempo on which most of the input's beats (`heard`) fall,
 * those within the result. A tempo by itself is heard little: where it begins to count, it would
 * have to invent a phase. *beats as above. */
momu_status momui_job_fit_beats(momui_job *job, const double *heard, size_t count, double **beats);
/* Tells these beats, and their tempo where they keep one. Their times must last until the result is
 * sampled. */
void momui_job_condition_on_beats(momui_job *job, const momui_beats *found);
/* Into info.told_tempo, while the beats that are told are there. */
void momui_job_note_tempo(momui_job *job);
/* How many of the rising times lie within the result; an input may go on behind it. */
size_t momui_job_within(const momui_job *job, const double *times, size_t count);
/* given (latents) is 1 where the latent frame lies within a span. */
void momui_job_inpainting_mask(const momui_job *job, const momu_span *spans, size_t count,
                               uint8_t *given);

/* Shorter ones say too little for a genre or beats to be looked for. */
enum { MOMUI_MIN_ANALYSIS_SECONDS = 5 };

/* ---- classify_genre.c ---- */
/* For music: the genre of the dance behind `condition` (latents, d), into job->options, unless the
 * caller said one or wants none, or the model tells none. */
momu_status momui_job_classify_genre(momui_job *job, const float *condition);

/* ---- track_beats.c ---- */
/* Whether the beats of what the result is made for are to be looked for: the caller says none, the
 * model finds them, and there is enough of it. */
bool momui_job_tracks_beats(const momui_job *job);
/* If so, finds them in the dance, or in the song's latents (latents, d), and tells them where they
 * are sure enough; of a tempo that is told. *beats, freed behind the generation, stays NULL where
 * they are not. */
momu_status momui_job_track_dance_beats(momui_job *job, const momui_motion *motion, double **beats);
momu_status momui_job_track_music_beats(momui_job *job, const float *condition, double **beats);

/* ---- encode.c ---- */
momui_mel_config momui_job_mel(const momui_job *job);
/* rows (latents * down, channels): behind job->frames the last frame again. */
void momui_job_hold_last(const momui_job *job, float *rows, size_t channels);
/* The first job->frames frames of the input as a scaled latent (latents, d). */
momu_status momui_encode_sound(momui_job *job, const momui_audio *audio, float **latent);
momu_status momui_encode_motion(momui_job *job, const momui_motion *motion, float **latent);
/* The input as the transformer is told of it, (latents, d): its scaled latent, or what a learned
 * encoder makes of it. */
momu_status momui_condition_on_sound(momui_job *job, const momui_audio *audio, float **condition);
momu_status momui_condition_on_motion(momui_job *job, const momui_motion *motion,
                                      float **condition);
/* The dance as the layout sees it, frame k at (k + 0.5) / rate. `filled`: joints of the body that
 * were filled in. */
momu_status momui_dance_on_clock(momui_memory *memory, momui_layout layout,
                                 const momui_motion *motion, double rate, int64_t frames,
                                 momui_motion **clocked, uint32_t *filled, momu_error *error);
/* The same as features, (frames, features). */
momu_status momui_dance_features(momui_memory *memory, momui_layout layout,
                                 const momui_motion *motion, double rate, int64_t frames,
                                 float **features, uint32_t *filled, momu_error *error);

/* ---- decode.c ---- */
/* A scaled latent (latents, d) as sound at the asked rate, or as motion at the asked frame rate. */
momu_status momui_decode_sound(momui_job *job, const float *latent, momui_audio **audio);
momu_status momui_decode_motion(momui_job *job, const float *latent, momui_motion **motion);

/* ---- tiles.c: the autoencoders and the vocoder over any length ---- */
/* features (frames, channels) standardised, frames = latents x down -> latent (latents, d), the
 * posterior mean */
momu_status momui_run_encoder(momui_job *job, const momui_autoencoder *network,
                              const momui_autoencoder_config *config, const float *features,
                              int64_t frames, float *latent);
/* The same for a condition's learned encoder. */
momu_status momui_run_condition_encoder(momui_job *job, const momui_condition_encoder *network,
                                        int32_t in_channels, const float *features, int64_t frames,
                                        float *condition);
momu_status momui_run_decoder(momui_job *job, const momui_autoencoder *network,
                              const momui_autoencoder_config *config, const float *latent,
                              int64_t latents, float *features);
/* mel (frames, bands) standardised -> head (frames, n_fft + 2) */
momu_status momui_run_vocoder(momui_job *job, const float *mel, int64_t frames, float *head);
/* mel (frames, bands), logarithms as the vocoder wants them -> mono (frames * hop) */
momu_status momui_run_wave_vocoder(momui_job *job, const float *mel, int64_t frames, float *mono);

/* ---- denoise.c: the transformer as the sampler sees it ---- */
typedef struct momui_network_denoiser momui_network_denoiser;
/* `side` is what is made. cached: the condition never changes, so what it leaves behind is kept. */
momu_status momui_network_denoiser_create(momui_job *job, momui_side side, bool cached,
                                          const uint8_t *given, const float *controls,
                                          momui_network_denoiser **out);
const momui_denoiser *momui_network_denoiser_get(const momui_network_denoiser *denoiser);
void momui_network_denoiser_destroy(momui_network_denoiser *denoiser);

/* ---- report.c ---- */
/* Fills job->info in from job->music and job->dance. */
momu_status momui_job_measure(momui_job *job);
/* Measures where somebody wants to know, and hands the info over. `info` may be NULL. */
momu_status momui_job_finish(momui_job *job, momu_generate_info *info);
/* Ends a call: a cancelled one has used its request up; a broken callback is not a wish to stop. */
momu_status momui_job_close(momui_job *job, momu_status status);

/* ---- sample.c ---- */
/* Samples one side from its condition (latents, d). *latent (latents, d) is freed with momui_free.
 */
momu_status momui_job_sample(momui_job *job, momui_side side, const float *condition,
                             float **latent);
/* Both sides by cross-guidance. */
momu_status momui_job_sample_joint(momui_job *job, float **music, float **motion);

/* ---- generate.c: the three jobs from an input to a result ---- */
momu_status momui_generate_music(momui_job *job, const momui_motion *motion, momui_audio **made);
momu_status momui_generate_motion(momui_job *job, const momui_audio *audio, momui_motion **made);
momu_status momui_generate_joint(momui_job *job, momui_audio **audio, momui_motion **motion);

#endif
