/* The bundle: all networks and statistics of one model file. */
#ifndef MOMUI_MODELS_BUNDLE_H
#define MOMUI_MODELS_BUNDLE_H

#include "base/stream.h"
#include "models/autoencoder.h"
#include "models/beat_tracker.h"
#include "models/classifier.h"
#include "models/condition_encoder.h"
#include "models/config.h"
#include "models/tempo_genre.h"
#include "models/transformer.h"
#include "models/vocoders/vocos.h"
#include "models/vocoders/wave_vocoder.h"

typedef struct momui_bundle {
    momui_memory *memory;
    momui_config config;
    momui_parameters parameters;
    momui_autoencoder *music, *motion;
    momui_autoencoder *keypoints;    /* an encoder of keypoints alone; NULL: none */
    momui_tensor *keypoints_trained; /* (1), above 0 once trained; so the next ones */
    momui_classifier *genre;         /* of scaled motion latents; NULL: none */
    momui_tensor *genre_trained;
    momui_tempo_genre *tempo_genre; /* NULL: none; trained with genre */
    /* of `down` rows of a dance's rhythm (motion/rhythm.h), and of scaled music latents; NULL: none
     */
    momui_beat_tracker *motion_beat_tracker, *music_beat_tracker;
    momui_tensor *beats_trained;
    momui_transformer *to_music, *to_motion;
    momui_condition_encoder *to_music_encoder,
        *to_motion_encoder;           /* of their conditions; NULL: latents */
    momui_wave_vocoder *wave_vocoder; /* HiFi-GAN or BigVGAN; NULL: another */
    momui_vocoder *vocoder;           /* Vocos; NULL: another */
    /* mel_: of the music autoencoder's input, (bands) or with waves (hop) */
    momui_tensor *mel_mean, *mel_std, *motion_mean, *motion_std;
    momui_tensor *music_latent_mean, *music_latent_std, *motion_latent_mean, *motion_latent_std;
    momui_tensor *mfcc_mean, *mfcc_std, *dance_mean, *dance_std; /* of learned encoders, or NULL */
    char *license, *training_data, *trained_by;
} momui_bundle;

/* Initial weights, drawn from the seed. */
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

/* Whether the model has the network, and has it trained. */
bool momui_bundle_classifies_genre(const momui_bundle *bundle);
bool momui_bundle_tracks_beats(const momui_bundle *bundle);
bool momui_bundle_reads_keypoints(const momui_bundle *bundle); /* any layout of them */

#endif
