/* What a model file's config says of its networks, its clock and its sampling, as structs
 * (docs/model-format.md, "Config"). */
#ifndef MOMUI_MODELS_CONFIG_H
#define MOMUI_MODELS_CONFIG_H

#include "base/memory.h"

enum {
    MOMUI_MAX_LEVELS = 6,
    MOMUI_MAX_BLOCKS = 48,
    MOMUI_CONTROL_FEATURES = 25,
    MOMUI_MFCCS = 40,
    MOMUI_KEYPOINT_ROWS = 42 /* motion/camera.h: MOMUI_PROJECTED_FEATURES */
};

typedef enum momui_layout {
    MOMUI_LAYOUT_BODY3D,
    MOMUI_LAYOUT_POSITIONS2D,
    MOMUI_LAYOUT_DIRECTIONS2D
} momui_layout;

typedef struct momui_autoencoder_config {
    int32_t in_channels; /* not in the file: 80 (hop for waves), or the layout's features */
    int32_t latent;      /* not in the file: latent.channels */
    int32_t channels, levels;
    int32_t multipliers[MOMUI_MAX_LEVELS];
    int32_t blocks, kernel, decoder_kernel;
    bool down[MOMUI_MAX_LEVELS]; /* whether level i ends in a halving of the frames */
    bool attention;              /* one attention in the middle */
    int32_t groups;              /* of the group norms; 0: a layer norm per frame */
} momui_autoencoder_config;

/* Of the transformers: docs/networks.md. */
typedef enum momui_architecture {
    MOMUI_ARCHITECTURE_BASE,
    MOMUI_ARCHITECTURE_PAPER,
    MOMUI_ARCHITECTURE_UNET /* the paper's ablation */
} momui_architecture;

typedef struct momui_transformer_config {
    momui_architecture architecture;
    int32_t hidden, blocks, heads, ffn_multiple, ffn_kernel, max_tokens;
    bool controls, inpainting, fusion;
    int32_t levels, multipliers[MOMUI_MAX_LEVELS]; /* unet alone */
} momui_transformer_config;

typedef struct momui_beat_tracker_config {
    int32_t channels; /* 0: none */
    int32_t blocks;
} momui_beat_tracker_config;

typedef struct momui_diffusion_config {
    int32_t steps; /* T */
    double beta_start, beta_end;
    bool zero_terminal_snr, predict_v; /* else epsilon */
    int32_t sampler;                   /* MOMU_SAMPLER_*, diffusion/samplers/samplers.h */
    int32_t sampling_steps;
    double guidance_music, guidance_motion;
    double guidance_start_music, guidance_start_motion; /* share of T */
    double joint_start;                                 /* T_c / T */
} momui_diffusion_config;

/* Encoders of a condition that train with their transformer, in place of an autoencoder. */
typedef struct momui_condition_config {
    bool mfcc;   /* music_to_motion is conditioned on MFCCs, else on music latents */
    bool motion; /* motion_to_music is conditioned on motion features, else on motion latents */
    int32_t channels; /* of both; 0: there are none */
} momui_condition_config;

enum { MOMUI_WAVE_STAGES = 8, MOMUI_WAVE_BLOCKS = 4, MOMUI_WAVE_DILATIONS = 4 };

/* HiFi-GAN's and BigVGAN's generators, vocoders/wave_vocoder.c. */
typedef struct momui_wave_vocoder_config {
    int32_t channels; /* before the first stage; 0: none */
    int32_t stages, up_rates[MOMUI_WAVE_STAGES], up_kernels[MOMUI_WAVE_STAGES];
    int32_t block_count, block_kernels[MOMUI_WAVE_BLOCKS]; /* of a stage */
    int32_t dilation_count, dilations[MOMUI_WAVE_BLOCKS][MOMUI_WAVE_DILATIONS];
    bool bigvgan;      /* snake in place of leaky ReLU */
    bool short_blocks; /* one convolution a dilation in place of two */
    bool snake_beta;   /* beta of its own; else alpha stands for both */
    bool natural;      /* natural logarithms of mels; else log10 */
    bool tanh;         /* at the end; else cut to -1..1 */
} momui_wave_vocoder_config;

/* The rows of vocoders/vocoders.c. */
typedef enum momui_vocoder_kind {
    MOMUI_VOCODER_GRIFFIN_LIM,
    MOMUI_VOCODER_VOCOS,
    MOMUI_VOCODER_NONE, /* of a music autoencoder of waves */
    MOMUI_VOCODER_HIFI_GAN,
    MOMUI_VOCODER_BIGVGAN
} momui_vocoder_kind;

typedef struct momui_vocoder_config {
    momui_vocoder_kind kind;
    int32_t iterations;             /* Griffin-Lim */
    int32_t dim, ffn, layers;       /* Vocos */
    momui_wave_vocoder_config wave; /* HiFi-GAN and BigVGAN */
} momui_vocoder_config;

typedef struct momui_config {
    char preset[32];
    int32_t sample_rate, hop, n_fft, mel_bands, down;
    double mel_low, mel_high;
    bool wave; /* the music autoencoder's input: samples (frames, hop), else log-mels (frames,
                  bands) */
    momui_layout layout;
    int32_t joints, features, latent;
    momui_autoencoder_config music, motion;
    momui_autoencoder_config keypoints; /* channels 0: none */
    int32_t genre_channels;             /* of the genre classifier of dances; 0: none */
    bool genre_uses_tempo;              /* it adds the logits of models/tempo_genre.h */
    momui_beat_tracker_config beat_tracker;
    momui_transformer_config transformer;
    momui_condition_config condition;
    momui_diffusion_config diffusion;
    momui_vocoder_config vocoder;
    double window_seconds, max_seconds;
    uint32_t trained_controls; /* bit 0 genre, 1 tempo, 2 energy, 3 beats, 4 inpainting */
} momui_config;

#endif
