#include "models/config_networks.h"

#include "models/beat_tracker.h"
#include "models/classifier.h"
#include "models/config_json.h"

static const char *const ARCHITECTURES[] = {"base", "paper", "unet"};
static const char *const MUSIC_CONDITIONS[] = {"latent", "mfcc"}, *const MOTION_CONDITIONS[] = {
                                                                      "latent", "learned"};

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
    MOMUI_TRY(MOMUI_CONFIG_SECTION(root, key, &o, error, "channels", "multipliers", "blocks",
                                   "kernel", "decoder_kernel", "down", "attention", "groups"));
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
    MOMUI_TRY(MOMUI_CONFIG_SECTION(root, "transformer", &o, error, "architecture", "hidden",
                                   "multipliers", "blocks", "heads", "controls", "inpainting"));
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
    t->architecture = (momui_architecture)architecture;
    bool paper = t->architecture == MOMUI_ARCHITECTURE_PAPER;
    if (t->architecture == MOMUI_ARCHITECTURE_UNET)
        return read_unet(root, t, error);
    MOMUI_TRY(MOMUI_CONFIG_SECTION(root, "transformer", &o, error, "architecture", "hidden",
                                   "blocks", "heads", "ffn_multiple", "ffn_kernel", "max_tokens",
                                   "controls", "inpainting", "fusion"));
    MOMUI_TRY(momui_json_i32(o, "hidden", 2, 8192, &t->hidden, error));
    MOMUI_TRY(momui_json_i32(o, "blocks", 1, MOMUI_MAX_BLOCKS, &t->blocks, error));
    MOMUI_TRY(momui_json_i32(o, "heads", 1, 64, &t->heads, error));
    MOMUI_TRY(momui_json_i32(o, "ffn_multiple", 1, 16, &t->ffn_multiple, error));
    MOMUI_TRY(momui_json_i32(o, "ffn_kernel", 1, 31, &t->ffn_kernel, error));
    MOMUI_TRY(momui_json_i32(o, "max_tokens", 0, 1 << 20, &t->max_tokens, error));
    MOMUI_TRY(momui_json_bool(o, "controls", &t->controls, error));
    MOMUI_TRY(momui_json_bool(o, "inpainting", &t->inpainting, error));
    if (momui_json_find(o, "fusion")) /* absent in early models */
        MOMUI_TRY(momui_json_bool(o, "fusion", &t->fusion, error));
    if (t->hidden % t->heads != 0 || t->hidden / t->heads % 2 != 0)
        return momui_json_fail(o, error, "hidden %d does not give %d heads an even width",
                               t->hidden, t->heads);
    if (t->ffn_kernel % 2 == 0 || (!paper && t->ffn_kernel != 1))
        return momui_json_fail(o, error, "ffn_kernel is %d; expected %s", t->ffn_kernel,
                               paper ? "an odd one" : "1");
    if (paper &&
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
    MOMUI_TRY(
        MOMUI_CONFIG_SECTION(root, "condition_encoder", &o, error, "music", "motion", "channels"));
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

static momu_status read_keypoints(const momui_json *root, momui_config *c, momu_error *error) {
    const momui_json *o;
    MOMUI_TRY(momui_json_object(root, "keypoint_encoder", &o, error));
    if (c->layout != MOMUI_LAYOUT_BODY3D)
        return momui_json_fail(o, error,
                               "is for models of layout body3d; this one reads keypoints");
    return read_autoencoder(root, "keypoint_encoder", MOMUI_KEYPOINT_ROWS, c, &c->keypoints, error);
}

/* It reads motion_to_music's condition, and sets a control. */
static momu_status read_genre(const momui_json *root, momui_config *c, momu_error *error) {
    const momui_json *o;
    MOMUI_TRY(MOMUI_CONFIG_SECTION(root, "genre_classifier", &o, error, "channels", "tempo"));
    MOMUI_TRY(momui_json_i32(o, "channels", 4, 4096, &c->genre_channels, error));
    if (momui_json_find(o, "tempo"))
        MOMUI_TRY(momui_json_bool(o, "tempo", &c->genre_uses_tempo, error));
    if (c->genre_channels % MOMUI_CLASSIFIER_HEADS != 0)
        return momui_json_fail(o, error, "channels is %d; expected a multiple of %d",
                               c->genre_channels, (int)MOMUI_CLASSIFIER_HEADS);
    if (c->condition.motion || !c->transformer.controls)
        return momui_json_fail(o, error,
                               "it reads motion latents and sets a control: expected no "
                               "condition_encoder.motion learned, and a transformer with "
                               "controls");
    return MOMU_OK;
}

/* They read a dance's rhythm, which has a clock of its own, and music latents, and set a control.
 */
static momu_status read_beat_tracker(const momui_json *root, momui_config *c, momu_error *error) {
    const momui_json *o;
    momui_beat_tracker_config *b = &c->beat_tracker;
    MOMUI_TRY(MOMUI_CONFIG_SECTION(root, "beat_tracker", &o, error, "channels", "blocks"));
    MOMUI_TRY(momui_json_i32(o, "channels", 8, 4096, &b->channels, error));
    MOMUI_TRY(momui_json_i32(o, "blocks", 1, MOMUI_MAX_BLOCKS, &b->blocks, error));
    if (b->channels % (2 * MOMUI_BEAT_TRACKER_HEADS) != 0)
        return momui_json_fail(o, error, "channels is %d; expected a multiple of %d", b->channels,
                               2 * MOMUI_BEAT_TRACKER_HEADS);
    if (c->condition.mfcc || !c->transformer.controls || 2 * c->sample_rate != 125 * c->hop)
        return momui_json_fail(
            o, error,
            "it reads 62.5 frames a second of a dance, and music latents, and sets a control: "
            "expected that clock, no condition_encoder.music mfcc, and a transformer with "
            "controls");
    return MOMU_OK;
}

momu_status momui_config_read_networks(const momui_json *root, momui_config *c, momu_error *error) {
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
    return MOMU_OK;
}

/* ---- writing: keys in the order of the page ---- */

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
    bool unet = t->architecture == MOMUI_ARCHITECTURE_UNET;
    momui_write_text(out, ",\"transformer\":{\"architecture\":\"");
    momui_write_text(out, ARCHITECTURES[t->architecture]);
    momui_config_number(out, "\",\"hidden\":", t->hidden);
    for (int32_t i = 0; i < t->levels; i++)
        momui_config_number(out, i == 0 ? ",\"multipliers\":[" : ",", t->multipliers[i]);
    momui_config_number(out, unet ? "],\"blocks\":" : ",\"blocks\":", t->blocks);
    momui_config_number(out, ",\"heads\":", t->heads);
    if (!unet) {
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

void momui_config_write_networks(momui_writer *out, const momui_config *c) {
    write_autoencoder(out, "music_vae", &c->music);
    write_autoencoder(out, "motion_vae", &c->motion);
    if (c->keypoints.channels > 0)
        write_autoencoder(out, "keypoint_encoder", &c->keypoints);
    write_transformer(out, &c->transformer);
    if (c->condition.channels > 0)
        write_condition(out, &c->condition);
    if (c->genre_channels > 0) {
        momui_config_number(out, ",\"genre_classifier\":{\"channels\":", c->genre_channels);
        if (c->genre_uses_tempo)
            momui_config_flag(out, ",\"tempo\":", true);
        momui_write_text(out, "}");
    }
    if (c->beat_tracker.channels > 0) {
        momui_config_number(out, ",\"beat_tracker\":{\"channels\":", c->beat_tracker.channels);
        momui_config_number(out, ",\"blocks\":", c->beat_tracker.blocks);
        momui_write_text(out, "}");
    }
}
