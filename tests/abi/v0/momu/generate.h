/**
 * @file momu/generate.h
 * Generation: music for a dance, a dance for music, and both together from noise.
 *
 * The method is MoMu-Diffusion (You, Fang, Tang, Huang, Wang, Xie: "On Learning Long-Term
 * Motion-Music Synchronization and Correspondence", NeurIPS 2024). The same build on the same kind
 * of processor gives the same bytes for the same seed, at any number of threads. Threads, options
 * and errors: see common.h.
 */
#ifndef MOMU_GENERATE_H
#define MOMU_GENERATE_H

#include <momu/audio.h>
#include <momu/common.h>
#include <momu/model.h>
#include <momu/motion.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How the reverse diffusion is solved. */
MOMU_ENUM(momu_sampler){
    MOMU_SAMPLER_DEFAULT = 0,       /**< the model's */
    MOMU_SAMPLER_DPM_SOLVER_PP = 1, /**< DPM-Solver++(2M) (Lu et al. 2022) */
    MOMU_SAMPLER_DDIM = 2           /**< DDIM, eta = 0 (Song et al. 2021) */
};

/** The genres that models are conditioned on. */
MOMU_ENUM(momu_genre){
    MOMU_GENRE_NONE = -1,   /**< unconditioned */
    MOMU_GENRE_DEFAULT = 0, /**< the one that the model classifies the dance as, or unconditioned */
    MOMU_GENRE_HOUSE = 1,     MOMU_GENRE_TECHNO = 2,        MOMU_GENRE_HIP_HOP = 3,
    MOMU_GENRE_FUNK = 4,      MOMU_GENRE_POP = 5,           MOMU_GENRE_ROCK = 6,
    MOMU_GENRE_SYNTHWAVE = 7, MOMU_GENRE_DRUM_AND_BASS = 8, MOMU_GENRE_REGGAETON = 9,
    MOMU_GENRE_CHA_CHA = 10,  MOMU_GENRE_RUMBA = 11,        MOMU_GENRE_WALTZ = 12,
    MOMU_GENRE_SWING = 13,    MOMU_GENRE_BALLAD = 14,       MOMU_GENRE_MODERN = 15,
    MOMU_GENRE_OTHER = 16};

/** "house", "techno", ... for 1..16, else NULL. Static strings. */
MOMU_API const char *momu_genre_name(momu_genre genre);

/** A span of time, 0 <= start < end. */
typedef struct momu_span {
    double start; /**< seconds */
    double end;   /**< seconds */
} momu_span;

/** What is generated, and how. Zero in any field is its default. A control that the model was not
 * trained for (momu_model_info.controls_trained) is refused with MOMU_ERROR_UNSUPPORTED, never
 * ignored. What the pointers name is read during the call alone. */
typedef struct momu_generate_options {
    size_t struct_size; /**< set by momu_generate_options_init() */

    /* Sampling. Guidance is classifier-free guidance (Ho & Salimans 2022). */
    uint64_t seed; /**< of all noise; 0 is a seed like any other */
    int32_t steps; /**< denoising steps, 1 to those that the model was trained with (1000 in all
                             * presets). 0: the model's */
    momu_sampler sampler;   /**< 0: the model's */
    double guidance_music;  /**< weight when music is made, > 0..50; 1 is none. 0: the model's */
    double guidance_motion; /**< weight when motion is made, likewise. 0: the model's */
    double guidance_start_music;  /**< noise level, > 0..1 of the noisiest, at which guidance begins
                                   * when music is made; before, the condition alone is followed
                                   * (Kynkaanniemi et al. 2024). 1: from the first step. 0: the
                                   * model's */
    double guidance_start_motion; /**< the same when motion is made. 0: the model's */
    double guidance_rescale;      /**< 0..1, how far the guided prediction's spread is set back to
                                   * the conditional one's. 0: not */
    double joint_start;           /**< joint generation alone: noise level, > 0..1 (T_c / T), at
                                   * which the two sides begin to guide each other. 0: the
                                   * model's */

    /* The result. Its length is at most the input's, and momu_model_info.max_seconds. */
    double seconds;        /**< length, from one latent frame; longer than the input is ARGUMENT. 0:
                            * the input's; joint: 12 */
    double audio_rate;     /**< of the sound made, frames a second, 1000..384000. 0: the model's */
    double motion_fps;     /**< of the motion made, frames a second, 1..1000. 0: 60 */
    momu_switch foot_lock; /**< hold feet in contact in place. 0: on */

    /* Conditioning beside the input. */
    momu_genre genre;     /**< 0: momu_motion_to_music() takes the genre that the model classifies
                            * the dance as (info.genre) where the model was trained to, the result
                            * has 5 s or more, no music is inpainted, beats were tracked or given
                            * or are not tracked, and the confidence is 0.2 or more; else
                            * unconditioned */
    double tempo;         /**< beats a minute, 30..300. 0: unconditioned. Without beats, a model
                            * that was trained for beats is conditioned on a steady beat grid:
                            * within 1 % of the tempo, one that it tracks in the input
                            * (track_beats), or else the one on which most beats of the used part
                            * of the input fall; joint: one of exactly this tempo */
    const double *energy; /**< (energy_count) loudness of the performance, 0..1, spread evenly over
                            * the result, linear in between; one value: throughout. NULL:
                            * unconditioned */
    size_t energy_count;  /**< values */
    const double *beats;  /**< (beat_count) where beats shall fall, seconds, ascending; they may lie
                            * outside the result. NULL: see track_beats */
    size_t beat_count;    /**< at least 2 when beats are given */
    int32_t beats_per_bar; /**< 1..16. 0: bars are unconditioned */
    int32_t downbeat; /**< index of a beat that opens a bar, 0..beat_count - 1. Bars without beats
                            * are ARGUMENT */
    momu_switch track_beats; /**< where no beats are given, condition on those that the model tracks
                              * in the input, of `tempo` if that is given (info.tempo_used,
                              * .beats_confidence): where the model was trained to, the result has
                              * 5 s or more, nothing of the side that is made is inpainted, and the
                              * confidence is 0.25 or more. 0: on. Joint: no input, nothing to track
                              */
    int32_t reserved;        /**< 0 */

    /* Inpainting: a recording is the target within spans of time, and the rest is generated around
     * it. The recording begins where the result begins, and must reach to the end of its last span.
     * The mask is by latent frames (64 ms in body models): one is kept when a span covers it whole.
     * There the result is the recording as the model's autoencoder reconstructs it. */
    const momu_audio *inpainting_audio;       /**< NULL: none */
    const momu_span *inpainting_audio_spans;  /**< (inpainting_audio_span_count) */
    size_t inpainting_audio_span_count;       /**< spans */
    const momu_motion *inpainting_motion;     /**< NULL: none */
    const momu_span *inpainting_motion_spans; /**< (inpainting_motion_span_count) */
    size_t inpainting_motion_span_count;      /**< spans */

    /* Start noise in place of the seed's: standard normals of shape (latent frames, latent
     * channels). A result of S seconds has ceil(floor(S x frame_rate) x latent_rate / frame_rate)
     * latent frames. */
    const float *music_noise;  /**< NULL: drawn from the seed */
    size_t music_noise_count;  /**< floats */
    const float *motion_noise; /**< NULL: drawn from the seed */
    size_t motion_noise_count; /**< floats */

    /* Progress. */
    momu_progress_callback progress; /**< NULL: none */
    void *progress_user;             /**< passed to `progress` */
} momu_generate_options;

/** Sets all fields to zero but struct_size. `size` is sizeof(momu_generate_options). */
MOMU_API void momu_generate_options_init(momu_generate_options *options, size_t size);

/** "dpm-solver++", "ddim", ... for the values of momu_sampler, else NULL (so for
 * MOMU_SAMPLER_DEFAULT). Static strings. */
MOMU_API const char *momu_sampler_name(momu_sampler sampler);

/** What was used, and what came of it; untouched where the call fails. Fields of a side that the call does not make are measured on
 * its input. */
typedef struct momu_generate_info {
    size_t struct_size; /**< set by momu_generate_info_init() */

    /* Sampling, as momu_generate_options has it, with the model's defaults filled in. */
    uint64_t seed;                /**< of all noise */
    int32_t steps;                /**< of denoising */
    momu_sampler sampler;         /**< never DEFAULT */
    double guidance_music;        /**< weight when music is made */
    double guidance_motion;       /**< weight when motion is made */
    double guidance_start_music;  /**< noise level at which it begins */
    double guidance_start_motion; /**< noise level at which it begins */
    double guidance_rescale;      /**< 0..1 */
    double joint_start;           /**< noise level */

    /* The result. */
    double seconds;        /**< length */
    int64_t latent_frames; /**< length */

    /* Conditioning. */
    momu_genre genre;       /**< the caller's, or the dance's as the model classified it. 0: none */
    uint32_t joints_filled; /**< input motion: bit j (momu_joint) is set when that joint of the
                             * canonical body is missing and was estimated */
    double genre_confidence; /**< of a classified genre, 0..1. 0: none was */
    double tempo_used;       /**< beats a minute: the mean of the beats that the result was
                              * conditioned on, or a tempo without beats; the caller's, tracked in
                              * the input, or drawn (joint). 0: none */
    double beats_confidence; /**< of tracked beats, 0..1: the mean over the beats. 0: none were */

    /* The music. */
    double peak;             /**< greatest |sample|, 0..1 */
    double rms;              /**< root mean square */
    double flatness;         /**< mean spectral flatness, 0 (tones)..1 (white noise) */
    double tempo;            /**< beats a minute. 0: none */
    double tempo_confidence; /**< 0..1, as in momu_beats */

    /* The dance. */
    double motion_tempo;            /**< beats a minute. 0: none */
    double motion_tempo_confidence; /**< 0..1 */
    double skate_before; /**< foot skate before the foot lock, cm/s: mean horizontal speed
                                     * of feet flat on the ground; generated motion alone */
    double skate_after;  /**< and after it */

    /* Both. */
    double beat_agreement;        /**< F1 of the dance's kinematic beats against the music's beats,
                                   * one to one, within 70 ms */
    double beat_agreement_chance; /**< the same at random time offsets, mean of 20: what no
                                   * synchronisation gives */
} momu_generate_info;

/** Sets all fields to zero but struct_size. `size` is sizeof(momu_generate_info). */
MOMU_API void momu_generate_info_init(momu_generate_info *info, size_t size);

/** Music for a dance. `motion` is on any skeleton that names human joints; 2-D keypoints too, where
 * the model's layout is of those or momu_model_info.reads_keypoints is 1; a layout of keypoints
 * sees a skeleton from where it mostly faces. The music is mono, as long as the motion to within
 * one latent frame, its peak at most 1. `options` and `info` may be NULL. On failure the context is
 * fit for the next call. Release with momu_audio_destroy(). Errors: ARGUMENT, UNSUPPORTED (names
 * the joint or the control), LIMIT (too long), NUMERIC, CANCELLED, MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_motion_to_music(
    momu_context *context, const momu_model *model, const momu_motion *motion,
    const momu_generate_options *options, momu_audio **audio, momu_generate_info *info);

/** A dance for music. `audio` has any rate and any number of channels. The motion is on the
 * canonical body (momu_joint) with fixed bone lengths, or 14 keypoints in a picture where the
 * model's layout is of those; as long as the music to within one latent frame. Release with
 * momu_motion_destroy(). The rest as momu_motion_to_music(). */
MOMU_NODISCARD MOMU_API momu_status momu_music_to_motion(
    momu_context *context, const momu_model *model, const momu_audio *audio,
    const momu_generate_options *options, momu_motion **motion, momu_generate_info *info);

/** Both together from noise, each guiding the other (the paper's algorithm 2). A model that was
 * trained for beats gets one beat grid for both sides, so that they agree from the first step: the
 * options', or one drawn from the seed at the options' tempo, or at a tempo drawn too. A model whose
 * transformers see a learned encoding of the other side instead of its latents is UNSUPPORTED. The
 * rest as momu_motion_to_music(). */
MOMU_NODISCARD MOMU_API momu_status momu_joint_generate(momu_context *context,
                                                        const momu_model *model,
                                                        const momu_generate_options *options,
                                                        momu_audio **audio, momu_motion **motion,
                                                        momu_generate_info *info);

#ifdef __cplusplus
}
#endif
#endif
