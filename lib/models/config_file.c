/* The config as JSON: docs/model-format.md, "Config". Every key is required, every other is
 * refused, all values are within limits that keep what they describe representable. */
#include "models/config_file.h"

#include "diffusion/samplers/samplers.h"
#include "models/config_json.h"
#include "models/config_networks.h"
#include "models/vocoders/vocoders.h"

#include <stdio.h>
#include <string.h>

static const char *const LAYOUTS[] = {"body3d", "positions2d", "directions2d"};
static const char *const PREDICTIONS[] = {"epsilon", "v"};
static const char *const INPUTS[] = {"mel", "wave"};
static const char *const CONTROLS[] = {"genre", "tempo", "energy", "beats", "inpainting"};

static momu_status read_clock(const momui_json *root, momui_config *c, momu_error *error) {
    const momui_json *o;
    MOMUI_TRY(MOMUI_CONFIG_SECTION(root, "clock", &o, error, "sample_rate", "hop", "n_fft",
                                   "mel_bands", "mel_low", "mel_high", "down", "input"));
    MOMUI_TRY(momui_json_i32(o, "sample_rate", 4000, 192000, &c->sample_rate, error));
    MOMUI_TRY(momui_json_i32(o, "hop", 16, 16384, &c->hop, error));
    MOMUI_TRY(momui_json_i32(o, "n_fft", 32, 32768, &c->n_fft, error));
    MOMUI_TRY(momui_json_i32(o, "mel_bands", 4, 512, &c->mel_bands, error));
    MOMUI_TRY(momui_json_double(o, "mel_low", 0, 96000, &c->mel_low, error));
    MOMUI_TRY(momui_json_double(o, "mel_high", 1, 96000, &c->mel_high, error));
    MOMUI_TRY(momui_json_i32(o, "down", 1, 64, &c->down, error));
    if (momui_json_find(o, "input")) { /* absent: mel */
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
    MOMUI_TRY(MOMUI_CONFIG_SECTION(root, "motion", &o, error, "layout", "joints", "features"));
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

/* Absent in early models, which are guided from the first step. */
static momu_status read_guidance_start(const momui_json *o, const char *name, double *value,
                                       momu_error *error) {
    *value = 1;
    return momui_json_find(o, name) ? momui_json_double(o, name, 1e-3, 1, value, error) : MOMU_OK;
}

static momu_status read_sampler(const momui_json *o, int32_t *value, momu_error *error) {
    const char *names[MOMUI_SAMPLERS];
    int32_t index;
    for (size_t i = 0; i < MOMUI_SAMPLERS; i++)
        names[i] = momui_sampler_at(i)->name;
    MOMUI_TRY(momui_json_choice(o, "sampler", names, MOMUI_SAMPLERS, &index, error));
    *value = momui_sampler_at((size_t)index)->value;
    return MOMU_OK;
}

static momu_status read_diffusion(const momui_json *root, momui_diffusion_config *d,
                                  momu_error *error) {
    const momui_json *o;
    int32_t prediction;
    MOMUI_TRY(MOMUI_CONFIG_SECTION(root, "diffusion", &o, error, "steps", "beta_start", "beta_end",
                                   "zero_terminal_snr", "prediction", "sampler", "sampling_steps",
                                   "guidance_music", "guidance_motion", "guidance_start_music",
                                   "guidance_start_motion", "joint_start"));
    MOMUI_TRY(momui_json_i32(o, "steps", 2, 10000, &d->steps, error));
    MOMUI_TRY(momui_json_double(o, "beta_start", 1e-8, 0.5, &d->beta_start, error));
    MOMUI_TRY(momui_json_double(o, "beta_end", d->beta_start, 0.9, &d->beta_end, error));
    MOMUI_TRY(momui_json_bool(o, "zero_terminal_snr", &d->zero_terminal_snr, error));
    MOMUI_TRY(momui_json_choice(o, "prediction", PREDICTIONS, 2, &prediction, error));
    MOMUI_TRY(read_sampler(o, &d->sampler, error));
    MOMUI_TRY(momui_json_i32(o, "sampling_steps", 1, d->steps, &d->sampling_steps, error));
    MOMUI_TRY(momui_json_double(o, "guidance_music", 1e-3, 50, &d->guidance_music, error));
    MOMUI_TRY(momui_json_double(o, "guidance_motion", 1e-3, 50, &d->guidance_motion, error));
    MOMUI_TRY(read_guidance_start(o, "guidance_start_music", &d->guidance_start_music, error));
    MOMUI_TRY(read_guidance_start(o, "guidance_start_motion", &d->guidance_start_motion, error));
    MOMUI_TRY(momui_json_double(o, "joint_start", 1e-3, 1, &d->joint_start, error));
    d->predict_v = prediction == 1;
    if (d->zero_terminal_snr && !d->predict_v)
        return momui_json_fail(o, error,
                               "zero_terminal_snr needs prediction v: the last step has "
                               "no signal");
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
    MOMUI_TRY(momui_config_read_networks(root, c, error));
    MOMUI_TRY(read_diffusion(root, &c->diffusion, error));
    MOMUI_TRY(momui_vocoder_config_read(root, c->wave, c->hop, &c->vocoder, error));
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

static void write_diffusion(momui_writer *out, const momui_diffusion_config *d) {
    momui_config_number(out, ",\"diffusion\":{\"steps\":", d->steps);
    momui_config_number(out, ",\"beta_start\":", d->beta_start);
    momui_config_number(out, ",\"beta_end\":", d->beta_end);
    momui_config_flag(out, ",\"zero_terminal_snr\":", d->zero_terminal_snr);
    momui_write_text(out, ",\"prediction\":\"");
    momui_write_text(out, PREDICTIONS[d->predict_v]);
    momui_write_text(out, "\",\"sampler\":\"");
    momui_write_text(out, momui_sampler_by_value(d->sampler)->name);
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
    momui_config_write_networks(out, c);
    write_diffusion(out, &c->diffusion);
    momui_vocoder_config_write(out, &c->vocoder);
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
