/* The presets of docs/model-format.md: a preset is a config, not code. */
#include "models/presets.h"

#include <momu/generate.h>

#include <stdio.h>
#include <string.h>

static momui_config common(const char *name) {
    momui_config c = {.sample_rate = 16000,
                      .hop = 256,
                      .n_fft = 1024,
                      .mel_bands = 80,
                      .down = 4,
                      .mel_low = 0,
                      .mel_high = 8000,
                      .layout = MOMUI_LAYOUT_BODY3D,
                      .joints = 22,
                      .features = 206,
                      .window_seconds = 25,
                      .max_seconds = 600};
    c.diffusion = (momui_diffusion_config){.steps = 1000,
                                           .beta_start = 0.00085,
                                           .beta_end = 0.012,
                                           .zero_terminal_snr = true,
                                           .predict_v = true,
                                           .sampler = MOMU_SAMPLER_DPM_SOLVER_PP,
                                           .sampling_steps = 20,
                                           .guidance_music = 3,
                                           .guidance_motion = 2,
                                           .guidance_start_music = 1,
                                           .guidance_start_motion = 1,
                                           .joint_start = 0.5};
    snprintf(c.preset, sizeof c.preset, "%s", name);
    return c;
}

static momui_autoencoder_config autoencoder(int32_t channels, int32_t levels, int32_t blocks) {
    momui_autoencoder_config a = {.channels = channels,
                                  .levels = levels,
                                  .multipliers = {1, 2, levels > 2 ? 4 : 0},
                                  .blocks = blocks,
                                  .kernel = 5,
                                  .decoder_kernel = 3,
                                  .down = {true, true}};
    return a;
}

static momui_transformer_config transformer(int32_t hidden, int32_t blocks, int32_t heads) {
    return (momui_transformer_config){.hidden = hidden,
                                      .blocks = blocks,
                                      .heads = heads,
                                      .ffn_multiple = 4,
                                      .ffn_kernel = 1,
                                      .controls = true,
                                      .inpainting = true,
                                      .fusion = true};
}

static momui_config paper(void) {
    momui_config c = common("paper");
    c.layout = MOMUI_LAYOUT_POSITIONS2D;
    c.joints = 14;
    c.features = 28;
    c.latent = 20;
    c.down = 2;
    c.music = autoencoder(384, 3, 2);
    c.music.attention = true;
    c.music.groups = 32;
    c.music.down[1] = false;
    c.motion = c.music;
    c.transformer = (momui_transformer_config){.architecture = MOMUI_ARCHITECTURE_PAPER,
                                               .hidden = 576,
                                               .blocks = 4,
                                               .heads = 8,
                                               .ffn_multiple = 4,
                                               .ffn_kernel = 9,
                                               .max_tokens = 3300};
    c.diffusion.zero_terminal_snr = c.diffusion.predict_v = false;
    c.diffusion.sampler = MOMU_SAMPLER_DDIM;
    c.diffusion.sampling_steps = 50;
    c.vocoder =
        (momui_vocoder_config){.kind = MOMUI_VOCODER_VOCOS, .dim = 512, .ffn = 1536, .layers = 8};
    c.window_seconds = c.max_seconds = 50;
    return c;
}

/* The ablations: a size with one thing changed, named SIZE-CHANGE. The U-Nets have as many weights
 * as the transformers that they replace. */
static bool size_of(const char *name, const char *change, char size[16]) {
    const char *dash = strchr(name, '-');
    size_t length = dash ? (size_t)(dash - name) : 0;
    if (length == 0 || length >= 16 || strcmp(dash + 1, change) != 0)
        return false;
    memcpy(size, name, length);
    size[length] = '\0';
    return true;
}

static void with_unet(const char *size, momui_config *c) {
    bool base = strcmp(size, "base") == 0, tiny = strcmp(size, "tiny") == 0;
    c->transformer = (momui_transformer_config){.architecture = MOMUI_ARCHITECTURE_UNET,
                                                .hidden = base   ? 144
                                                          : tiny ? 32
                                                                 : 64,
                                                .levels = tiny ? 2 : 3,
                                                .multipliers = {1, 2, tiny ? 0 : 2},
                                                .blocks = tiny ? 1 : 2,
                                                .heads = base ? 4 : 2,
                                                .controls = true,
                                                .inpainting = true};
}

/* An encoder of keypoints, small: the bundle of base must stay within 64 MiB. */
static momui_autoencoder_config keypoints(bool tiny) {
    momui_autoencoder_config a = autoencoder(tiny ? 8 : 32, tiny ? 2 : 3, 1);
    a.multipliers[2] = tiny ? 0 : 2;
    return a;
}

static void with_directions2d(momui_config *c) {
    c->layout = MOMUI_LAYOUT_DIRECTIONS2D;
    c->joints = 14;
    c->features = 28;
    c->keypoints = (momui_autoencoder_config){0};
}

/* The music autoencoder codes samples instead of mels, so there is no vocoder. */
static void with_wave(momui_config *c) {
    c->wave = true;
    c->vocoder = (momui_vocoder_config){.kind = MOMUI_VOCODER_NONE};
}

/* One transformer's condition through an encoder of its own: of MFCCs, or of the dance. Twice
 * the motion autoencoder's channels. */
static void with_encoder(bool mfcc, momui_config *c) {
    c->condition =
        (momui_condition_config){.mfcc = mfcc, .motion = !mfcc, .channels = 2 * c->motion.channels};
    if (mfcc)
        c->beat_tracker = (momui_beat_tracker_config){0}; /* it reads music latents */
    else
        c->genre_channels = c->genre_uses_tempo = 0; /* it reads motion latents */
}

static momu_status sized(const char *size, const char *name, momui_config *config,
                         momu_error *error) {
    momui_config c;
    if (strcmp(size, "base") == 0) {
        c = common(name);
        c.latent = 32;
        c.music = c.motion = autoencoder(64, 3, 2);
        c.transformer = transformer(256, 8, 4);
        c.vocoder = (momui_vocoder_config){
            .kind = MOMUI_VOCODER_VOCOS, .dim = 256, .ffn = 768, .layers = 8};
    } else if (strcmp(size, "small") == 0) {
        c = common(name);
        c.latent = 32;
        c.music = autoencoder(48, 3, 1);
        c.motion = autoencoder(64, 3, 1);
        c.transformer = transformer(128, 6, 2);
        c.vocoder.iterations = 60;
    } else if (strcmp(size, "tiny") == 0) {
        c = common(name);
        c.latent = 8;
        c.music = c.motion = autoencoder(16, 2, 1);
        c.transformer = transformer(64, 2, 2);
        c.vocoder.iterations = 60;
    } else {
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "there is no preset \"%s\"; expected paper, base, small or tiny, the "
                          "last three also with -unet, -directions2d, -wave, -mfcc or -floor",
                          name);
    }
    bool tiny = strcmp(size, "tiny") == 0;
    c.keypoints = keypoints(tiny);
    c.genre_channels = tiny ? 32 : 128;
    c.genre_uses_tempo = true;
    c.beat_tracker = (momui_beat_tracker_config){tiny ? 32 : 64, tiny ? 2 : 3};
    *config = c;
    return MOMU_OK;
}

momu_status momui_config_preset(const char *name, momui_config *config, momu_error *error) {
    momui_config c;
    char size[16];
    if (strcmp(name, "paper") == 0) {
        c = paper();
    } else if (size_of(name, "unet", size)) {
        MOMUI_TRY(sized(size, name, &c, error));
        with_unet(size, &c);
    } else if (size_of(name, "directions2d", size)) {
        MOMUI_TRY(sized(size, name, &c, error));
        with_directions2d(&c);
    } else if (size_of(name, "wave", size)) {
        MOMUI_TRY(sized(size, name, &c, error));
        with_wave(&c);
    } else if (size_of(name, "mfcc", size)) {
        MOMUI_TRY(sized(size, name, &c, error));
        with_encoder(true, &c);
    } else if (size_of(name, "floor", size)) {
        MOMUI_TRY(sized(size, name, &c, error));
        with_encoder(false, &c);
    } else {
        MOMUI_TRY(sized(name, name, &c, error));
    }
    c.music.in_channels = c.wave ? c.hop : c.mel_bands;
    c.motion.in_channels = c.features;
    c.music.latent = c.motion.latent = c.keypoints.latent = c.latent;
    c.keypoints.in_channels = MOMUI_KEYPOINT_ROWS;
    *config = c;
    return MOMU_OK;
}
