/* The config as JSON: docs/model-format.md, "Config". Every key is required, every other is
 * refused, all values are within limits that keep what they describe representable. */
#include "models/config_sections.h"

#include "base/numbers.h"

#include <stdio.h>
#include <string.h>

static const char *const LAYOUTS[] = {"body3d", "positions2d", "directions2d"};
static const char *const ARCHITECTURES[] = {"base", "paper", "unet"};
static const char *const PREDICTIONS[] = {"epsilon", "v"};
static const char *const SAMPLERS[] = {"ddim", "dpm-solver++"};
static const char *const INPUTS[] = {"mel", "wave"};
static const char *const MUSIC_CONDITIONS[] = {"latent", "mfcc"}, *const MOTION_CONDITIONS[] = {
                                                                      "latent", "learned"};
static const char *const CONTROLS[] = {"genre", "tempo", "energy", "beats", "inpainting"};

momu_status momui_config_section(const momui_json *root, const char *key, const char *const *keys,
                                 size_t count, const momui_json **out, momu_error *error) {
    MOMUI_TRY(momui_json_object(root, key, out, error));
    return momui_json_only(*out, keys, count, error);
}

static momu_status read_clock(const momui_json *root, momui_config *c, momu_error *error) {
    const momui_json *o;
    MOMUI_TRY(SECTION(root, "clock", &o, error, "sample_rate", "hop", "n_fft", "mel_bands",
                      "mel_low", "mel_high", "down", "input"));
    MOMUI_TRY(momui_json_i32(o, "sample_rate", 4000, 192000, &c->sample_rate, error));
    MOMUI_TRY(momui_json_i32(o, "hop", 16, 16384, &c->hop, error));
    MOMUI_TRY(momui_json_i32(o, "n_fft", 32, 32768, &c->n_fft, error));
    MOMUI_TRY(momui_json_i32(o, "mel_bands", 4, 512, &c->mel_bands, error));
    MOMUI_TRY(momui_json_double(o, "mel_low", 0, 96000, &c->mel_low, error));
    MOMUI_TRY(momui_json_double(o, "mel_high", 1, 96000, &c->mel_high, error));
    MOMUI_TRY(momui_json_i32(o, "down", 1, 64, &c->down, error));
    if (momui_json_find(o, "input")) { /* may be left out: mel */
        int32_t input;
        MOMUI_TRY(momui_json_choice(o, "input", INPUTS, 2, &input, error));
        c->wave = input == 1;
    }
    if (c->n_fft < c->hop || (c->n_fft - c->hop) % 2 != 0)
        return momui_json_fail(o, error, "n_fft is %d; expected at least the hop, %d, and as even",
                               c->n_fft, c->hop);
    if (c->mel_low >= c->mel_high || c->mel_high > 0.5 * c->sample_rate)
        return momui_json_fail(o, error,
                               "the mel bands must end above their begin and at most at "
                               "half the sample rate");
    return MOMU_OK;
}

static momu_status read_motion(const momui_json *root, momui_config *c, momu_error *error) {
    static const int32_t JOINTS[] = {22, 14, 14}, FEATURES[] = {206, 28, 28};
    const momui_json *o;
    int32_t layout;
    MOMUI_TRY(SECTION(root, "motion", &o, error, "layout", "joints", "features"));
    MOMUI_TRY(momui_json_choice(o, "layout", LAYOUTS, 3, &layout, error));
    MOMUI_TRY(momui_json_i32(o, "joints", 1, 512, &c->joints, error));
    MOMUI_TRY(momui_json_i32(o, "features", 1, 4096, &c->features, error));
    c->layout = (momui_layout)layout;
    if (c->joints != JOINTS[layout] || c->features != FEATURES[layout])
        return momui_json_fail(o, error, "found %d joints and %d features; %s has %d and %d",
                               c->joints, c->features, LAYOUTS[layout], JOINTS[layout],
                               FEATURES[layout]);
    return MOMU_OK;
}

static momu_status read_levels(const momui_json *o, momui_autoencoder_config *a, int32_t down,
                               momu_error *error) {
    const momui_json *multipliers, *downs;
    MOMUI_TRY(momui_json_array(o, "multipliers", 1, MOMUI_MAX_LEVELS, &multipliers, error));
    a->levels = (int32_t)momui_json_count(multipliers);
    MOMUI_TRY(momui_json_array(o, "down", (size_t)a->levels, (size_t)a->levels, &downs, error));
    int32_t product = 1;
    for (int32_t i = 0; i < a->levels; i++) {
        int64_t multiplier;
        MOMUI_TRY(
            momui_json_as_int(momui_json_at(multipliers, (size_t)i), 1, 32, &multiplier, error));
        MOMUI_TRY(momui_json_as_bool(momui_json_at(downs, (size_t)i), &a->down[i], error));
        a->multipliers[i] = (int32_t)multiplier;
        product *= a->down[i] ? 2 : 1;
    }
    if (product != down)
        return momui_json_fail(downs, error, "halves the frames to 1/%d; clock.down says 1/%d",
                               product, down);
    return MOMU_OK;
}

static momu_status read_autoencoder(const momui_json *root, const char *key, int32_t in,
                                    const momui_config *c, momui_autoencoder_config *a,
                                    momu_error *error) {
    const momui_json *o;
    MOMUI_TRY(SECTION(root, key, &o, error, "channels", "multipliers", "blocks", "kernel",
                      "decoder_kernel", "down", "attention", "groups"));
    a->in_channels = in;
    a->latent = c->latent;
    MOMUI_TRY(momui_json_i32(o, "channels", 1, 4096, &a->channels, error));
    MOMUI_TRY(momui_json_i32(o, "blocks", 1, 8, &a->blocks, error));
    MOMUI_TRY(momui_json_i32(o, "kernel", 1, 31, &a->kernel, error));
    MOMUI_TRY(momui_json_i32(o, "decoder_kernel", 1, 31, &a->decoder_kernel, error));
    MOMUI_TRY(momui_json_bool(o, "attention", &a->attention, error));
    MOMUI_TRY(momui_json_i32(o, "groups", 0, 4096, &a->groups, error));
    MOMUI_TRY(read_levels(o, a, c->down, error));
    if (a->kernel % 2 == 0 || a->decoder_kernel % 2 == 0)
        return momui_json_fail(o, error, "kernels are %d and %d; expected odd ones", a->kernel,
                               a->decoder_kernel);
    for (int32_t i = 0; a->groups > 0 && i < a->levels; i++) {
        int32_t width = a->channels * a->multipliers[i];
        if (width % (a->groups < width ? a->groups : width) != 0)
            return momui_json_fail(o, error, "%d channels do not divide into %d groups", width,
                                   a->groups);
    }
    return MOMU_OK;
}

/* The U-Net has levels where transformers have feed-forward layers. */
static momu_status read_unet(const momui_json *root, momui_transformer_config *t,
                             momu_error *error) {
    const momui_json *o, *multipliers;
    MOMUI_TRY(SECTION(root, "transformer", &o, error, "architecture", "hidden", "multipliers",
                      "blocks", "heads", "controls", "inpainting"));
    MOMUI_TRY(momui_json_i32(o, "hidden", 2, 8192, &t->hidden, error));
    MOMUI_TRY(momui_json_array(o, "multipliers", 1, MOMUI_MAX_LEVELS, &multipliers, error));
    t->levels = (int32_t)momui_json_count(multipliers);
    for (int32_t i = 0; i < t->levels; i++) {
        int64_t multiplier;
        MOMUI_TRY(
            momui_json_as_int(momui_json_at(multipliers, (size_t)i), 1, 32, &multiplier, error));
        t->multipliers[i] = (int32_t)multiplier;
    }
    MOMUI_TRY(momui_json_i32(o, "blocks", 1, 8, &t->blocks, error));
    MOMUI_TRY(momui_json_i32(o, "heads", 1, 64, &t->heads, error));
    MOMUI_TRY(momui_json_bool(o, "controls", &t->controls, error));
    MOMUI_TRY(momui_json_bool(o, "inpainting", &t->inpainting, error));
    int32_t width = t->hidden * t->multipliers[t->levels - 1];
    if (width % t->heads != 0 || width / t->heads % 2 != 0)
        return momui_json_fail(o, error,
                               "a middle of %d channels does not give %d heads an even "
                               "width",
                               width, t->heads);
    return MOMU_OK;
}

static momu_status read_transformer(const momui_json *root, momui_transformer_config *t,
                                    momu_error *error) {
    const momui_json *o;
    int32_t architecture;
    MOMUI_TRY(momui_json_object(root, "transformer", &o, error));
    MOMUI_TRY(momui_json_choice(o, "architecture", ARCHITECTURES, 3, &architecture, error));
    t->paper = architecture == 1;
    t->unet = architecture == 2;
    if (t->unet)
        return read_unet(root, t, error);
    MOMUI_TRY(SECTION(root, "transformer", &o, error, "architecture", "hidden", "blocks", "heads",
                      "ffn_multiple", "ffn_kernel", "max_tokens", "controls", "inpainting",
                      "fusion"));
    MOMUI_TRY(momui_json_i32(o, "hidden", 2, 8192, &t->hidden, error));
    MOMUI_TRY(momui_json_i32(o, "blocks", 1, MOMUI_MAX_BLOCKS, &t->blocks, error));
    MOMUI_TRY(momui_json_i32(o, "heads", 1, 64, &t->heads, error));
    MOMUI_TRY(momui_json_i32(o, "ffn_multiple", 1, 16, &t->ffn_multiple, error));
    MOMUI_TRY(momui_json_i32(o, "ffn_kernel", 1, 31, &t->ffn_kernel, error));
    MOMUI_TRY(momui_json_i32(o, "max_tokens", 0, 1 << 20, &t->max_tokens, error));
    MOMUI_TRY(momui_json_bool(o, "controls", &t->controls, error));
    MOMUI_TRY(momui_json_bool(o, "inpainting", &t->inpainting, error));
    if (momui_json_find(o, "fusion")) /* the first models had none */
        MOMUI_TRY(momui_json_bool(o, "fusion", &t->fusion, error));
    if (t->hidden % t->heads != 0 || t->hidden / t->heads % 2 != 0)
        return momui_json_fail(o, error, "hidden %d does not give %d heads an even width",
                               t->hidden, t->heads);
    if (t->ffn_kernel % 2 == 0 || (!t->paper && t->ffn_kernel != 1))
        return momui_json_fail(o, error, "ffn_kernel is %d; expected %s", t->ffn_kernel,
                               t->paper ? "an odd one" : "1");
    if (t->paper &&
        (t->max_tokens < 3 || t->hidden % 32 != 0 || t->controls || t->inpainting || t->fusion))
        return momui_json_fail(o, error,
                               "architecture paper has a table of at least 3 tokens, a width "
                               "divisible by 32, no controls, no inpainting and no fusion");
    return MOMU_OK;
}

static momu_status read_condition(const momui_json *root, momui_config *c, momu_error *error) {
    const momui_json *o;
    int32_t music, motion;
    if (!momui_json_find(root, "condition_encoder"))
        return MOMU_OK; /* latents for both */
    MOMUI_TRY(SECTION(root, "condition_encoder", &o, error, "music", "motion", "channels"));
    MOMUI_TRY(momui_json_choice(o, "music", MUSIC_CONDITIONS, 2, &music, error));
    MOMUI_TRY(momui_json_choice(o, "motion", MOTION_CONDITIONS, 2, &motion, error));
    MOMUI_TRY(momui_json_i32(o, "channels", 1, 4096, &c->condition.channels, error));
    c->condition.mfcc = music == 1;
    c->condition.motion = motion == 1;
    if (!c->condition.mfcc && !c->condition.motion)
        return momui_json_fail(o, error,
                               "music and motion are both latent: nothing is learned; "
                               "expected music mfcc or motion learned");
    if (c->condition.mfcc && c->mel_bands < MOMUI_MFCCS)
        return momui_json_fail(o, error, "%d mel bands do not give %d MFCCs", c->mel_bands,
                               (int)MOMUI_MFCCS);
    return MOMU_OK;
}

/* The first models had none: they were guided from the first step. */
static momu_status read_guidance_start(const momui_json *o, const char *name, double *value,
                                       momu_error *error) {
    *value = 1;
    return momui_json_find(o, name) ? momui_json_double(o, name, 1e-3, 1, value, error) : MOMU_OK;
}

static momu_status read_diffusion(const momui_json *root, momui_diffusion_config *d,
                                  momu_error *error) {
    const momui_json *o;
    int32_t prediction, sampler;
    MOMUI_TRY(SECTION(root, "diffusion", &o, error, "steps", "beta_start", "beta_end",
                      "zero_terminal_snr", "prediction", "sampler", "sampling_steps",
                      "guidance_music", "guidance_motion", "guidance_start_music",
                      "guidance_start_motion", "joint_start"));
    MOMUI_TRY(momui_json_i32(o, "steps", 2, 10000, &d->steps, error));
    MOMUI_TRY(momui_json_double(o, "beta_start", 1e-8, 0.5, &d->beta_start, error));
    MOMUI_TRY(momui_json_double(o, "beta_end", d->beta_start, 0.9, &d->beta_end, error));
    MOMUI_TRY(momui_json_bool(o, "zero_terminal_snr", &d->zero_terminal_snr, error));
    MOMUI_TRY(momui_json_choice(o, "prediction", PREDICTIONS, 2, &prediction, error));
    MOMUI_TRY(momui_json_choice(o, "sampler", SAMPLERS, 2, &sampler, error));
    MOMUI_TRY(momui_json_i32(o, "sampling_steps", 1, d->steps, &d->sampling_steps, error));
    MOMUI_TRY(momui_json_double(o, "guidance_music", 1e-3, 50, &d->guidance_music, error));
    MOMUI_TRY(momui_json_double(o, "guidance_motion", 1e-3, 50, &d->guidance_motion, error));
    MOMUI_TRY(read_guidance_start(o, "guidance_start_music", &d->guidance_start_music, error));
    MOMUI_TRY(read_guidance_start(o, "guidance_start_motion", &d->guidance_start_motion, error));
    MOMUI_TRY(momui_json_double(o, "joint_start", 1e-3, 1, &d->joint_start, error));
    d->predict_v = prediction == 1;
    d->dpm_solver = sampler == 1;
    if (d->zero_terminal_snr && !d->predict_v)
        return momui_json_fail(o, error,
                               "zero_terminal_snr needs prediction v: the last step has "
                               "no signal to tell the noise from");
    return MOMU_OK;
}

static momu_status read_controls(const momui_json *root, momui_config *c, momu_error *error) {
    const momui_json *list;
    MOMUI_TRY(momui_json_array(root, "trained_controls", 0, 5, &list, error));
    for (size_t i = 0; i < momui_json_count(list); i++) {
        const char *name;
        uint32_t bit = 0;
        MOMUI_TRY(momui_json_as_string(momui_json_at(list, i), &name, error));
        for (int k = 0; k < 5; k++)
            bit |= strcmp(name, CONTROLS[k]) == 0 ? 1u << k : 0;
        if (bit == 0 || (c->trained_controls & bit))
            return momui_json_fail(list, error, "\"%s\" is unknown or there twice", name);
        c->trained_controls |= bit;
    }
    return MOMU_OK;
}

static momu_status read_keypoints(const momui_json *root, momui_config *c, momu_error *error) {
    const momui_json *o;
    MOMUI_TRY(momui_json_object(root, "keypoint_encoder", &o, error));
    if (c->layout != MOMUI_LAYOUT_BODY3D)
        return momui_json_fail(o, error, "is for models of layout body3d; this one sees keypoints");
    return read_autoencoder(root, "keypoint_encoder", MOMUI_KEYPOINT_ROWS, c, &c->keypoints, error);
}

/* It reads what tells motion_to_music of the dance, and says a control. */
static momu_status read_genre(const momui_json *root, momui_config *c, momu_error *error) {
    const momui_json *o;
    MOMUI_TRY(SECTION(root, "genre_classifier", &o, error, "channels", "tempo"));
    MOMUI_TRY(momui_json_i32(o, "channels", 4, 4096, &c->genre_channels, error));
    if (momui_json_find(o, "tempo"))
        MOMUI_TRY(momui_json_bool(o, "tempo", &c->genre_by_tempo, error));
    if (c->genre_channels % MOMUI_CLASSIFIER_HEADS != 0)
        return momui_json_fail(o, error, "channels is %d; expected a multiple of %d",
                               c->genre_channels, (int)MOMUI_CLASSIFIER_HEADS);
    if (c->condition.motion || !c->transformer.controls)
        return momui_json_fail(o, error,
                               "it reads motion latents and tells the transformer: it goes neither "
                               "with condition_encoder.motion learned nor with a transformer "
                               "without controls");
    return MOMU_OK;
}

/* They read a dance's rhythm, which has a clock of its own, and music latents, and say a control.
 */
static momu_status read_beat_tracker(const momui_json *root, momui_config *c, momu_error *error) {
    const momui_json *o;
    momui_beat_tracker_config *b = &c->beat_tracker;
    MOMUI_TRY(SECTION(root, "beat_tracker", &o, error, "channels", "blocks"));
    MOMUI_TRY(momui_json_i32(o, "channels", 8, 4096, &b->channels, error));
    MOMUI_TRY(momui_json_i32(o, "blocks", 1, MOMUI_MAX_BLOCKS, &b->blocks, error));
    if (b->channels % (2 * MOMUI_BEAT_TRACKER_HEADS) != 0)
        return momui_json_fail(o, error, "channels is %d; expected a multiple of %d", b->channels,
                               2 * MOMUI_BEAT_TRACKER_HEADS);
    if (c->condition.mfcc || !c->transformer.controls || 2 * c->sample_rate != 125 * c->hop)
        return momui_json_fail(
            o, error,
            "it reads 62.5 frames a second of a dance, and music latents, and tells "
            "the transformers: it goes neither with another clock, nor with "
            "condition_encoder.music mfcc, nor with a transformer without controls");
    return MOMU_OK;
}

static momu_status read_config(const momui_json *root, momui_config *c, momu_error *error) {
    static const char *const KEYS[] = {"preset",
                                       "clock",
                                       "motion",
                                       "latent",
                                       "music_vae",
                                       "motion_vae",
                                       "transformer",
                                       "diffusion",
                                       "vocoder",
                                       "window_seconds",
                                       "max_seconds",
                                       "trained_controls",
                                       "condition_encoder",
                                       "keypoint_encoder",
                                       "genre_classifier",
                                       "beat_tracker"};
    const char *preset;
    MOMUI_TRY(momui_json_as_object(root, error));
    MOMUI_TRY(momui_json_only(root, KEYS, sizeof KEYS / sizeof *KEYS, error));
    MOMUI_TRY(momui_json_string(root, "preset", &preset, error));
    if (strlen(preset) >= sizeof c->preset)
        return momui_json_fail(root, error, "preset is longer than 31 bytes");
    snprintf(c->preset, sizeof c->preset, "%s", preset);
    MOMUI_TRY(read_clock(root, c, error));
    MOMUI_TRY(read_motion(root, c, error));
    MOMUI_TRY(momui_json_i32(root, "latent", 1, 1024, &c->latent, error));
    MOMUI_TRY(
        read_autoencoder(root, "music_vae", c->wave ? c->hop : c->mel_bands, c, &c->music, error));
    MOMUI_TRY(read_autoencoder(root, "motion_vae", c->features, c, &c->motion, error));
    if (momui_json_find(root, "keypoint_encoder"))
        MOMUI_TRY(read_keypoints(root, c, error));
    MOMUI_TRY(read_transformer(root, &c->transformer, error));
    MOMUI_TRY(read_condition(root, c, error));
    if (momui_json_find(root, "genre_classifier"))
        MOMUI_TRY(read_genre(root, c, error));
    if (momui_json_find(root, "beat_tracker"))
        MOMUI_TRY(read_beat_tracker(root, c, error));
    MOMUI_TRY(read_diffusion(root, &c->diffusion, error));
    MOMUI_TRY(momui_config_read_vocoder(root, c, error));
    MOMUI_TRY(momui_json_double(root, "window_seconds", 1, 600, &c->window_seconds, error));
    MOMUI_TRY(
        momui_json_double(root, "max_seconds", c->window_seconds, 7200, &c->max_seconds, error));
    return read_controls(root, c, error);
}

momu_status momui_config_parse(const char *json, size_t length, momui_config *config,
                               momu_error *error) {
    momui_config c = {0};
    momu_error here = {0};
    momui_json *root = NULL;
    momu_status status = momui_json_parse(json, length, "the model's config", &root, &here);
    if (status == MOMU_OK)
        status = read_config(root, &c, &here);
    momui_json_free(root);
    if (status != MOMU_OK)
        return momui_fail(error, status, "%s", here.message);
    *config = c;
    return MOMU_OK;
}

/* ---- writing: keys in the order of the page ---- */

/* Whole numbers without a point, others with as many of twelve places as say something. */
void momui_config_number(momui_writer *out, const char *before, double value) {
    char text[64];
    size_t length = momui_format_fixed(text, value, 12);
    while (text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    momui_write_text(out, before);
    momui_write(out, text, length);
}

void momui_config_flag(momui_writer *out, const char *before, bool value) {
    momui_write_text(out, before);
    momui_write_text(out, value ? "true" : "false");
}

static void write_autoencoder(momui_writer *out, const char *key,
                              const momui_autoencoder_config *a) {
    momui_write_text(out, ",\"");
    momui_write_text(out, key);
    momui_config_number(out, "\":{\"channels\":", a->channels);
    for (int32_t i = 0; i < a->levels; i++)
        momui_config_number(out, i == 0 ? ",\"multipliers\":[" : ",", a->multipliers[i]);
    momui_config_number(out, "],\"blocks\":", a->blocks);
    momui_config_number(out, ",\"kernel\":", a->kernel);
    momui_config_number(out, ",\"decoder_kernel\":", a->decoder_kernel);
    for (int32_t i = 0; i < a->levels; i++)
        momui_config_flag(out, i == 0 ? ",\"down\":[" : ",", a->down[i]);
    momui_config_flag(out, "],\"attention\":", a->attention);
    momui_config_number(out, ",\"groups\":", a->groups);
    momui_write_text(out, "}");
}

static void write_transformer(momui_writer *out, const momui_transformer_config *t) {
    momui_write_text(out, ",\"transformer\":{\"architecture\":\"");
    momui_write_text(out, ARCHITECTURES[t->unet ? 2 : t->paper]);
    momui_config_number(out, "\",\"hidden\":", t->hidden);
    for (int32_t i = 0; i < t->levels; i++)
        momui_config_number(out, i == 0 ? ",\"multipliers\":[" : ",", t->multipliers[i]);
    momui_config_number(out, t->unet ? "],\"blocks\":" : ",\"blocks\":", t->blocks);
    momui_config_number(out, ",\"heads\":", t->heads);
    if (!t->unet) {
        momui_config_number(out, ",\"ffn_multiple\":", t->ffn_multiple);
        momui_config_number(out, ",\"ffn_kernel\":", t->ffn_kernel);
        momui_config_number(out, ",\"max_tokens\":", t->max_tokens);
    }
    momui_config_flag(out, ",\"controls\":", t->controls);
    momui_config_flag(out, ",\"inpainting\":", t->inpainting);
    if (t->fusion)
        momui_config_flag(out, ",\"fusion\":", true);
    momui_write_text(out, "}");
}

static void write_condition(momui_writer *out, const momui_condition_config *c) {
    momui_write_text(out, ",\"condition_encoder\":{\"music\":\"");
    momui_write_text(out, MUSIC_CONDITIONS[c->mfcc]);
    momui_write_text(out, "\",\"motion\":\"");
    momui_write_text(out, MOTION_CONDITIONS[c->motion]);
    momui_config_number(out, "\",\"channels\":", c->channels);
    momui_write_text(out, "}");
}

static void write_diffusion(momui_writer *out, const momui_diffusion_config *d) {
    momui_config_number(out, ",\"diffusion\":{\"steps\":", d->steps);
    momui_config_number(out, ",\"beta_start\":", d->beta_start);
    momui_config_number(out, ",\"beta_end\":", d->beta_end);
    momui_config_flag(out, ",\"zero_terminal_snr\":", d->zero_terminal_snr);
    momui_write_text(out, ",\"prediction\":\"");
    momui_write_text(out, PREDICTIONS[d->predict_v]);
    momui_write_text(out, "\",\"sampler\":\"");
    momui_write_text(out, SAMPLERS[d->dpm_solver]);
    momui_config_number(out, "\",\"sampling_steps\":", d->sampling_steps);
    momui_config_number(out, ",\"guidance_music\":", d->guidance_music);
    momui_config_number(out, ",\"guidance_motion\":", d->guidance_motion);
    if (d->guidance_start_music < 1)
        momui_config_number(out, ",\"guidance_start_music\":", d->guidance_start_music);
    if (d->guidance_start_motion < 1)
        momui_config_number(out, ",\"guidance_start_motion\":", d->guidance_start_motion);
    momui_config_number(out, ",\"joint_start\":", d->joint_start);
    momui_write_text(out, "}");
}

void momui_config_write(const momui_config *c, momui_writer *out) {
    momui_write_text(out, "{\"preset\":");
    momui_json_write_string(out, c->preset);
    momui_config_number(out, ",\"clock\":{\"sample_rate\":", c->sample_rate);
    momui_config_number(out, ",\"hop\":", c->hop);
    momui_config_number(out, ",\"n_fft\":", c->n_fft);
    momui_config_number(out, ",\"mel_bands\":", c->mel_bands);
    momui_config_number(out, ",\"mel_low\":", c->mel_low);
    momui_config_number(out, ",\"mel_high\":", c->mel_high);
    momui_config_number(out, ",\"down\":", c->down);
    if (c->wave)
        momui_write_text(out, ",\"input\":\"wave\"");
    momui_write_text(out, "},\"motion\":{\"layout\":\"");
    momui_write_text(out, LAYOUTS[c->layout]);
    momui_config_number(out, "\",\"joints\":", c->joints);
    momui_config_number(out, ",\"features\":", c->features);
    momui_config_number(out, "},\"latent\":", c->latent);
    write_autoencoder(out, "music_vae", &c->music);
    write_autoencoder(out, "motion_vae", &c->motion);
    if (c->keypoints.channels > 0)
        write_autoencoder(out, "keypoint_encoder", &c->keypoints);
    write_transformer(out, &c->transformer);
    if (c->condition.channels > 0)
        write_condition(out, &c->condition);
    if (c->genre_channels > 0) {
        momui_config_number(out, ",\"genre_classifier\":{\"channels\":", c->genre_channels);
        if (c->genre_by_tempo)
            momui_config_flag(out, ",\"tempo\":", true);
        momui_write_text(out, "}");
    }
    if (c->beat_tracker.channels > 0) {
        momui_config_number(out, ",\"beat_tracker\":{\"channels\":", c->beat_tracker.channels);
        momui_config_number(out, ",\"blocks\":", c->beat_tracker.blocks);
        momui_write_text(out, "}");
    }
    write_diffusion(out, &c->diffusion);
    momui_config_write_vocoder(out, &c->vocoder);
    momui_config_number(out, ",\"window_seconds\":", c->window_seconds);
    momui_config_number(out, ",\"max_seconds\":", c->max_seconds);
    momui_write_text(out, ",\"trained_controls\":[");
    bool comma = false;
    for (int k = 0; k < 5; k++)
        if (c->trained_controls & (1u << k)) {
            momui_write_text(out, comma ? ",\"" : "\"");
            momui_write_text(out, CONTROLS[k]);
            momui_write_text(out, "\"");
            comma = true;
        }
    momui_write_text(out, "]}");
}
