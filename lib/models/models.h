/* The networks of docs/networks.md, built from a config alone. */
#ifndef MOMUI_MODELS_MODELS_H
#define MOMUI_MODELS_MODELS_H

#include "base/stream.h"
#include "models/genres.h"
#include "nn/nn.h"

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

typedef struct momui_transformer_config {
    bool paper, unet; /* neither: base */
    int32_t hidden, blocks, heads, ffn_multiple, ffn_kernel, max_tokens;
    bool controls, inpainting, fusion;
    int32_t levels, multipliers[MOMUI_MAX_LEVELS]; /* unet alone */
} momui_transformer_config;

typedef struct momui_beat_tracker_config {
    int32_t channels; /* 0: there is none */
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

/* Encoders that learn with a transformer, where no autoencoder stands before its condition. */
typedef struct momui_condition_config {
    bool mfcc;        /* music_to_motion is told MFCCs, else music latents */
    bool motion;      /* motion_to_music is told motion features, else motion latents */
    int32_t channels; /* of both; 0: there are none */
} momui_condition_config;

enum { MOMUI_WAVE_STAGES = 8, MOMUI_WAVE_BLOCKS = 4, MOMUI_WAVE_DILATIONS = 4 };

/* HiFi-GAN's and BigVGAN's generators, models/wave_vocoder.h. */
typedef struct momui_wave_vocoder_config {
    int32_t channels; /* before the first stage; 0: there is none */
    int32_t stages, up_rates[MOMUI_WAVE_STAGES], up_kernels[MOMUI_WAVE_STAGES];
    int32_t block_count, block_kernels[MOMUI_WAVE_BLOCKS]; /* of a stage */
    int32_t dilation_count, dilations[MOMUI_WAVE_BLOCKS][MOMUI_WAVE_DILATIONS];
    bool bigvgan;      /* snake in place of leaky ReLU */
    bool short_blocks; /* one convolution a dilation in place of two */
    bool snake_beta;   /* beta of its own; else alpha stands for both */
    bool natural;      /* natural logarithms of mels; else log10 */
    bool tanh;         /* at the end; else cut to -1..1 */
} momui_wave_vocoder_config;

typedef struct momui_vocoder_config {
    bool none;  /* for waves, which need none */
    bool vocos; /* else Griffin-Lim */
    int32_t iterations, dim, ffn, layers;
    momui_wave_vocoder_config wave;
} momui_vocoder_config;

typedef struct momui_config {
    char preset[32];
    int32_t sample_rate, hop, n_fft, mel_bands, down;
    double mel_low, mel_high;
    bool wave; /* the music autoencoder sees samples, (frames, hop), else log-mels */
    momui_layout layout;
    int32_t joints, features, latent;
    momui_autoencoder_config music, motion;
    momui_autoencoder_config keypoints; /* channels 0: none */
    int32_t genre_channels;             /* of a classifier of dances' genres; 0: none */
    bool genre_by_tempo;                /* and whether it hears what a tempo says */
    momui_beat_tracker_config beat_tracker;
    momui_transformer_config transformer;
    momui_condition_config condition;
    momui_diffusion_config diffusion;
    momui_vocoder_config vocoder;
    double window_seconds, max_seconds;
    uint32_t trained_controls; /* bit 0 genre, 1 tempo, 2 energy, 3 beats, 4 known latents */
} momui_config;

/* name: "paper", "base", "small", "tiny"; the last three also with "-unet", "-directions2d",
 * "-wave", "-mfcc" or "-floor" behind. MOMU_ERROR_ARGUMENT names the known ones. */
momu_status momui_config_preset(const char *name, momui_config *config, momu_error *error);
/* Everything is checked: unknown and missing keys, types and limits, each by name. */
momu_status momui_config_parse(const char *json, size_t length, momui_config *config,
                               momu_error *error);
void momui_config_write(const momui_config *config, momui_writer *out); /* JSON, one line */

/* ---- autoencoder (music and motion are the same network) ---- */
typedef struct momui_autoencoder momui_autoencoder;
/* Lives in set->memory; freed with momui_autoencoder_free (its weights belong to the set). */
momui_autoencoder *momui_autoencoder_declare(momui_parameters *set, const char *prefix,
                                             const momui_autoencoder_config *config);
void momui_autoencoder_free(momui_autoencoder *network);
/* An encoder alone; momui_autoencoder_decode does not go with it. */
momui_autoencoder *momui_encoder_declare(momui_parameters *set, const char *prefix,
                                         const momui_autoencoder_config *config);
/* x (B, T, in) standardised, T a multiple of down -> mean, logvar (B, T/down, latent) */
void momui_autoencoder_encode(momui_graph *g, const momui_autoencoder *network, momui_tensor *x,
                              momui_tensor **mean, momui_tensor **logvar);
/* z (B, L, latent) -> (B, L*down, in) standardised */
momui_tensor *momui_autoencoder_decode(momui_graph *g, const momui_autoencoder *network,
                                       momui_tensor *z);
/* The same; *hidden is what the last convolution sees (B, L*down, channels), and the weight of that
 * convolution is momui_autoencoder_last_weight. */
momui_tensor *momui_autoencoder_decode_by(momui_graph *g, const momui_autoencoder *network,
                                          momui_tensor *z, momui_tensor **hidden);
const momui_tensor *momui_autoencoder_last_weight(const momui_autoencoder *network);

/* ---- encoder of a condition, learned with the transformer that it is for ---- */
typedef struct momui_condition_encoder momui_condition_encoder;
/* down: a power of two. Freed with momui_condition_encoder_free (its weights belong to the set). */
momui_condition_encoder *momui_condition_encoder_declare(momui_parameters *set, const char *prefix,
                                                         int32_t in_channels, int32_t channels,
                                                         int32_t down, int32_t latent);
void momui_condition_encoder_free(momui_condition_encoder *network);
/* x (B, T, in) standardised, T a multiple of down -> (B, T/down, latent) */
momui_tensor *momui_condition_encoder_forward(momui_graph *g,
                                              const momui_condition_encoder *network,
                                              momui_tensor *x);
/* How many frames of x to each side may matter for a frame of what comes out. */
int64_t momui_condition_encoder_receptive_field(int32_t down);

/* ---- classifier: of a judge, and of a dance's genre ---- */
enum { MOMUI_CLASSIFIER_FRAMES = 8 /* at least so many */, MOMUI_CLASSIFIER_HEADS = 4 };
typedef struct momui_classifier momui_classifier;
/* channels: a multiple of 4. Freed with momui_classifier_free (its weights belong to the set). */
momui_classifier *momui_classifier_declare(momui_parameters *set, const char *prefix,
                                           int64_t in_channels, int64_t channels, int64_t outputs);
void momui_classifier_free(momui_classifier *network);
/* x (B, T, in) standardised, T at least 8 -> (B, outputs); `embedding` (may be NULL) (B, channels)
 */
momui_tensor *momui_classifier_forward(momui_graph *g, const momui_classifier *network,
                                       momui_tensor *x, momui_tensor **embedding);

/* ---- what a tempo says of the genre ---- */
enum { MOMUI_TEMPO_RBF_FEATURES = 40 };
typedef struct momui_tempo_genre momui_tempo_genre;
/* "PREFIX.weight" (16, 40) and "PREFIX.bias". Freed with momui_tempo_genre_free (its weights belong
 * to the set). */
momui_tempo_genre *momui_tempo_genre_declare(momui_parameters *set, const char *prefix);
void momui_tempo_genre_free(momui_tempo_genre *network);
/* Whether it has something to say of the tempo: it was trained on some, and this is 60 to 200.
 * network NULL: no. */
bool momui_tempo_genre_covers(const momui_tempo_genre *network, double tempo);
/* tempos (items) beats a minute, 0: not known -> logits (items, 16) */
momui_tensor *momui_tempo_genre_forward(momui_graph *g, const momui_tempo_genre *network,
                                        const double *tempos, int64_t items);

/* ---- finder of beats ---- */
enum { MOMUI_BEAT_TRACKER_HEADS = 4 };
typedef struct momui_beat_tracker momui_beat_tracker;
/* channels: a multiple of 8. Freed with momui_beat_tracker_free (its weights belong to the set). */
momui_beat_tracker *momui_beat_tracker_declare(momui_parameters *set, const char *prefix,
                                               const momui_beat_tracker_config *config,
                                               int32_t in_channels, int32_t down);
void momui_beat_tracker_free(momui_beat_tracker *network);
/* x (B, L, in) -> (B, L*down): the logit of a beat in each frame */
momui_tensor *momui_beat_tracker_forward(momui_graph *g, const momui_beat_tracker *network,
                                         momui_tensor *x);

/* ---- diffusion transformer ---- */
typedef struct momui_transformer momui_transformer;
momui_transformer *momui_transformer_declare(momui_parameters *set, const char *prefix,
                                             const momui_transformer_config *config,
                                             int32_t latent);
void momui_transformer_free(momui_transformer *network);

/* What the condition tokens leave behind. base: keys and values of each block, and with `fusion`
 * what it adds to the target tokens of the same instants, good for all steps of a generation.
 * paper, unet: the embedded tokens. */
typedef struct momui_condition {
    momui_tensor *keys[MOMUI_MAX_BLOCKS], *values[MOMUI_MAX_BLOCKS], *fused[MOMUI_MAX_BLOCKS];
    momui_tensor *tokens;
    const uint8_t *mask; /* (B, L) or NULL */
} momui_condition;

/* condition (B, L, latent) scaled latents; keep[b] 0: item b gets the learned null; level[b] 0..T:
 * how noisy (docs/diffusion.md, "Guidance"); mask (B, L) valid frames or NULL. Arrays must
 * outlive the tape. */
void momui_transformer_condition(momui_graph *g, const momui_transformer *network,
                                 momui_tensor *condition, const uint8_t *keep, const int32_t *level,
                                 const uint8_t *mask, momui_condition *out);
/* x (B, L, latent), timestep[b] 0..T-1, given (B, L) 1 = this frame of x is clean and known, or
 * NULL, controls (B, L, 25) or NULL (all nulls) -> prediction (B, L, latent) */
momui_tensor *momui_transformer_forward(momui_graph *g, const momui_transformer *network,
                                        momui_tensor *x, const int32_t *timestep,
                                        const uint8_t *given, momui_tensor *controls,
                                        const momui_condition *condition, const uint8_t *mask);

/* ---- vocoder (Vocos type) ---- */
typedef struct momui_vocoder momui_vocoder;
momui_vocoder *momui_vocoder_declare(momui_parameters *set, const char *prefix,
                                     const momui_vocoder_config *config, int32_t mel_bands,
                                     int32_t n_fft);
void momui_vocoder_free(momui_vocoder *network);
/* mel (B, T, bands) standardised -> (B, T, n_fft + 2): log magnitudes, then phases, before exp and
 * cos/sin */
momui_tensor *momui_vocoder_forward(momui_graph *g, const momui_vocoder *network,
                                    momui_tensor *mel);

/* ---- the bundle: one model file ---- */
typedef struct momui_bundle {
    momui_memory *memory;
    momui_config config;
    momui_parameters parameters;
    momui_autoencoder *music, *motion;
    momui_autoencoder *keypoints; /* NULL: none; keypoints_trained (1) says whether it is of use */
    momui_tensor *keypoints_trained;
    momui_tempo_genre *tempo_genre; /* NULL: none; trained with genre */
    momui_classifier *genre; /* of scaled motion latents; NULL: none; genre_trained likewise */
    momui_tensor *genre_trained;
    /* of `down` rows of a dance's rhythm (motion/rhythm.h), and of scaled music latents; NULL:
     * none; beats_trained likewise */
    momui_beat_tracker *motion_beat_tracker, *music_beat_tracker;
    momui_tensor *beats_trained;
    momui_transformer *to_music, *to_motion;
    momui_condition_encoder *to_music_encoder,
        *to_motion_encoder;                  /* of their conditions; NULL: latents */
    struct momui_wave_vocoder *wave_vocoder; /* NULL unless an imported one is there */
    momui_vocoder *vocoder;                  /* NULL: Griffin-Lim, or waves */
    /* mel_: of what the music autoencoder sees, so with waves of the (hop) samples of a frame */
    momui_tensor *mel_mean, *mel_std, *motion_mean, *motion_std;
    momui_tensor *music_latent_mean, *music_latent_std, *motion_latent_mean, *motion_latent_std;
    momui_tensor *mfcc_mean, *mfcc_std, *dance_mean, *dance_std; /* of learned encoders, or NULL */
    char *license, *training_data, *trained_by;
} momui_bundle;

/* Fresh weights. */
momu_status momui_bundle_create(momui_memory *memory, const momui_config *config, uint64_t seed,
                                momui_bundle **bundle, momu_error *error);
/* Reads and checks a model file (bytes may be released afterwards), packs its weights. */
momu_status momui_bundle_load(momui_memory *memory, const momui_bytes *bytes, bool pack,
                              momui_bundle **bundle, momu_error *error);
/* How matrices are stored; rank-1 tensors are fp32 always. INT8: bytes with a scale a row, small
 * matrices in bf16. */
typedef enum momui_weight_format {
    MOMUI_WEIGHTS_F32,
    MOMUI_WEIGHTS_BF16,
    MOMUI_WEIGHTS_INT8
} momui_weight_format;

/* Written whole or not at all. average true writes the EMA weights where there are any. */
momu_status momui_bundle_save(const momui_bundle *bundle, const char *path,
                              momui_weight_format format, bool average, momu_error *error);
void momui_bundle_free(momui_bundle *bundle);

/* Networks that a model may have, and may have untrained. */
bool momui_bundle_classifies_genre(const momui_bundle *bundle);
bool momui_bundle_tracks_beats(const momui_bundle *bundle);
bool momui_bundle_reads_keypoints(const momui_bundle *bundle); /* of whatever layout */

#endif
