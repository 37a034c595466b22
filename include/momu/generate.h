/* momu/generate.h - the three verbs: a dance into music, a song into a dance, and both from
 * nothing.
 *
 * The method is MoMu-Diffusion (You, Fang, Tang, Huang, Wang, Xie: "On Learning Long-Term
 * Motion-Music Synchronization and Correspondence", NeurIPS 2024). The same build on the same kind
 * of processor gives the same bytes for the same seed, at any number of threads.
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

/* Stored as int32_t. */
typedef enum momu_sampler {
    MOMU_SAMPLER_DEFAULT = 0,       /* the model's */
    MOMU_SAMPLER_DPM_SOLVER_PP = 1, /* DPM-Solver++(2M) (Lu et al. 2022) */
    MOMU_SAMPLER_DDIM = 2           /* DDIM, eta = 0 (Song et al. 2021) */
} momu_sampler;

/* Stored as int32_t. */
typedef enum momu_switch {
    MOMU_SWITCH_DEFAULT = 0,
    MOMU_SWITCH_ON = 1,
    MOMU_SWITCH_OFF = 2
} momu_switch;

/* A stretch of time in seconds, 0 <= start < end. */
typedef struct momu_span {
    double start; /* seconds */
    double end;   /* seconds */
} momu_span;

/* For momu_generate_options.genre. */
#define MOMU_GENRE_NONE (-1)

/* What may be asked for. Zero in any field is its default; momu_generate_options_init() sets all to
 * zero. Grows at its end only. A control or known span that the model was not trained for
 * (momu_model_info.controls_trained) is refused with MOMU_ERROR_UNSUPPORTED, never ignored. */
typedef struct momu_generate_options {
    size_t struct_size; /* set by momu_generate_options_init() */

    /* Sampling. Guidance is the weight of classifier-free guidance (Ho & Salimans 2022): > 0..50, 1
     * is none. Rescale, 0..1, is how far the guided prediction's spread is set back to the plain
     * one's. */
    uint64_t seed;           /* of all noise; 0 is a seed like any other */
    int32_t steps;           /* denoising steps, 1..1000; 0: the model's */
    int32_t sampler;         /* momu_sampler; 0: the model's */
    double guidance_music;   /* when music is made; 0: the model's */
    double guidance_motion;  /* when motion is made; 0: the model's */
    double guidance_rescale; /* 0: none */
    double joint_start;      /* joint only, > 0..1: how noisy the two still are when they begin to
                              * look at each other (T_c / T); 0: the model's */

    /* The result. Its length is at most the input's, and momu_model_info.max_seconds. */
    double seconds;    /* 0: the input's; joint: 12 */
    double audio_rate; /* frames a second of the sound made, 1000..384000; 0: the model's */
    double motion_fps; /* frames a second of the motion made, 1..1000; 0: 60 */
    int32_t foot_lock; /* momu_switch; 0: on, feet in contact are held in place */

    /* Controls: what the result shall be like. 0: not said. */
    int32_t genre;        /* 1..16, see momu_genre_name(). 0: momu_motion_to_music takes the one
                           * that the model finds by the dance and its tempo (info.genre), where it
                           * was trained to, the result has 5 s or more, no music is known and it is
                           * sure enough (0.2); MOMU_GENRE_NONE: not said, and not looked for */
    double tempo;         /* beats a minute, 30..300. Without beats, a model that was trained for
                           * beats is told those of a steady track: within 1 % of the tempo, one that
                           * it finds in the input (find_beats), or else so that most beats of the
                           * used part of the input fall on it; joint: of exactly this tempo. */
    const double *energy; /* (energy_count) loudness of the performance, 0..1, spread evenly over
                             the result's length, linear in between; one value: throughout */
    size_t energy_count;
    const double *beats;   /* (beat_count) where beats shall fall, seconds, ascending */
    size_t beat_count;     /* at least 2 when beats are given */
    int32_t beats_per_bar; /* 1..16; 0: bars are not said */
    int32_t downbeat;      /* index of a beat that opens a bar, 0..beat_count-1 */

    /* Known spans: music or motion that is given within spans of time, the rest being invented
     * around it. The known recording begins where the result begins, and must reach to its last
     * span's end. A latent frame (64 ms in body models) is given when it lies within a span as a
     * whole; there the result is what the model's autoencoder makes of the recording. */
    const momu_audio *inpainting_audio;      /* NULL: none */
    const momu_span *inpainting_audio_spans; /* (known_audio_span_count) */
    size_t inpainting_audio_span_count;
    const momu_motion *inpainting_motion;     /* NULL: none */
    const momu_span *inpainting_motion_spans; /* (known_motion_span_count) */
    size_t inpainting_motion_span_count;

    /* Start noise instead of the seed's: standard normals of shape (latent frames, latent
     * channels). A result of S seconds has ceil(floor(S x frame_rate) x latent_rate / frame_rate)
     * latent frames. */
    const float *music_noise;  /* NULL: drawn from the seed */
    size_t music_noise_count;  /* floats */
    const float *motion_noise; /* NULL: drawn from the seed */
    size_t motion_noise_count; /* floats */

    /* Called between steps with the stages "encoding", "sampling" and "decoding". */
    momu_progress_callback progress; /* NULL: none */
    void *progress_user;

    /* How noisy the result still is when guidance begins, > 0..1 as a share of the noisiest;
     * before, the condition alone is followed (Kynkaanniemi et al. 2024). 1: guided from the first
     * step. */
    double guidance_start_music;  /* when music is made; 0: the model's */
    double guidance_start_motion; /* when motion is made; 0: the model's */

    /* Where no beats are said, those that the model finds in the dance or the song are told as if
     * they had been, of the tempo that is said if any is (info.told_tempo, .beats_probability):
     * where it was trained to, the result has 5 s or more, nothing of what is made is known, and it
     * is sure enough (0.25). A joint generation has nothing to find them in. */
    int32_t track_beats; /* momu_switch; 0: on */
    int32_t reserved;    /* 0 */
} momu_generate_options;

/* Sets all fields to zero but struct_size. `size` is sizeof(momu_generate_options) as the caller's
 * compiler knows it. */
MOMU_API void momu_generate_options_init(momu_generate_options *options, size_t size);

/* "house", "techno", ... for 1..16, else NULL. Static strings. Thread-safe. */
MOMU_API const char *momu_genre_name(int32_t genre);

/* "dpm-solver++", "ddim", ... for the values of momu_sampler, else NULL (so for
 * MOMU_SAMPLER_DEFAULT). Static strings. Thread-safe. */
MOMU_API const char *momu_sampler_name(int32_t sampler);

/* What was really used, and what came of it. Fields of a side that the verb does not make are
 * measured on its input. */
typedef struct momu_generate_info {
    size_t struct_size; /* in: sizeof(momu_generate_info) as the caller's compiler knows it */
    uint64_t seed;      /* of all noise */
    int32_t steps;      /* of denoising */
    int32_t sampler;    /* momu_sampler, never DEFAULT */
    double guidance_music;
    double guidance_motion;
    double guidance_rescale;
    double joint_start;
    double seconds;        /* of the result */
    int64_t latent_frames; /* of the result */
    double peak;           /* greatest |sample| of the music, 0..1 */
    double rms;            /* its root mean square */
    double flatness;       /* its mean spectral flatness, 0 (tones) .. 1 (white noise) */
    double skate_before;   /* cm/s of feet in contact before the foot lock; made motion only */
    double skate_after;    /* and after it */
    double beat_agreement; /* F1 of the dance's kinematic beats against the music's beats, one to
                              one, 70 ms */
    double beat_agreement_chance;   /* the same at random time offsets (mean of 20): what no
                                       synchronisation would give */
    double tempo;                   /* of the music, beats a minute; 0: none */
    double tempo_confidence;        /* 0..1, as in momu_beats */
    double motion_tempo;            /* of the dance */
    double motion_tempo_confidence; /* 0..1 */
    uint32_t joints_filled; /* input motion: bit j is set when joint j of the canonical body had to
                               be filled in */
    int32_t genre; /* that was told: the caller's, or the one found in the dance; 0: none */
    double guidance_start_music;
    double guidance_start_motion;
    double genre_confidence; /* of a genre that was found, 0..1; 0: none was */
    double tempo_used;       /* beats a minute of the beats that were told (their mean where it
                              * changes), or of a tempo told alone: the caller's, found in the
                              * input, or drawn (joint); 0: none were */
    double beats_confidence; /* of beats that were found, 0..1: how sure a beat lies at each on the
                              * mean; 0: none were */
} momu_generate_info;

/* Music for a dance. `motion` is any figure that names human joints; where the model's layout is of
 * 2-D keypoints, also those, and a figure is seen from where it mostly faces. The music is mono, as
 * long as the motion to within one latent frame, its peak at most 1. `options` and `info` may be
 * NULL. On failure *audio is NULL and the context is fit for the next call. Release with
 * momu_audio_destroy(). Errors: ARGUMENT, UNSUPPORTED (names the joint or the control), LIMIT (too
 * long), NUMERIC, CANCELLED, MEMORY. One thread a context; the model may be shared. */
MOMU_API momu_status momu_motion_to_music(momu_context *context, const momu_model *model,
                                          const momu_motion *motion,
                                          const momu_generate_options *options, momu_audio **audio,
                                          momu_generate_info *info);

/* A dance to a song. `audio` has any rate and any number of channels. The motion is on the
 * canonical body of 22 joints (docs/features.md, "Canonical body") with fixed bone lengths, or 14
 * keypoints in a picture where the model's layout is of those; as long as the song to within one
 * latent frame. The rest as above; release with momu_motion_destroy(). */
MOMU_API momu_status momu_music_to_motion(momu_context *context, const momu_model *model,
                                          const momu_audio *audio,
                                          const momu_generate_options *options,
                                          momu_motion **motion, momu_generate_info *info);

/* Both together from noise, each guiding the other (the paper's algorithm 2). A model that was
 * trained for beats gets one beat track for both sides, so that they agree from the first step: the
 * options', or one drawn from the seed at the options' tempo, or at one drawn too. The rest as
 * above. */
MOMU_API momu_status momu_joint_generate(momu_context *context, const momu_model *model,
                                         const momu_generate_options *options, momu_audio **audio,
                                         momu_motion **motion, momu_generate_info *info);

#ifdef __cplusplus
}
#endif
#endif
