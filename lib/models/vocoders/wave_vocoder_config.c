/* The config of HiFi-GAN and BigVGAN in a model file. */
#include "models/vocoders/wave_vocoder_config.h"

#include "models/config_json.h"

static momu_status read_list(const momui_json *o, const char *key, size_t most, int64_t high,
                             int32_t *values, int32_t *count, momu_error *error) {
    const momui_json *list;
    MOMUI_TRY(momui_json_array(o, key, 1, most, &list, error));
    *count = (int32_t)momui_json_count(list);
    for (size_t i = 0; i < momui_json_count(list); i++) {
        int64_t value;
        MOMUI_TRY(momui_json_as_int(momui_json_at(list, i), 1, high, &value, error));
        values[i] = (int32_t)value;
    }
    return MOMU_OK;
}

static momu_status read_dilations(const momui_json *o, momui_wave_vocoder_config *w,
                                  momu_error *error) {
    const momui_json *lists;
    size_t blocks = (size_t)w->block_count;
    MOMUI_TRY(momui_json_array(o, "dilations", blocks, blocks, &lists, error));
    for (size_t k = 0; k < blocks; k++) {
        const momui_json *list = momui_json_at(lists, k);
        int32_t count = (int32_t)momui_json_count(list);
        if (count < 1 || count > MOMUI_WAVE_DILATIONS || (k > 0 && count != w->dilation_count))
            return momui_json_fail(lists, error,
                                   "each block has 1 to %d dilations, and all as many",
                                   MOMUI_WAVE_DILATIONS);
        w->dilation_count = count;
        for (int32_t i = 0; i < count; i++) {
            int64_t value;
            MOMUI_TRY(momui_json_as_int(momui_json_at(list, (size_t)i), 1, 64, &value, error));
            w->dilations[k][i] = (int32_t)value;
        }
    }
    return MOMU_OK;
}

static momu_status check_wave(const momui_json *o, const momui_wave_vocoder_config *w, int32_t hop,
                              momu_error *error) {
    int32_t rate = 1, width = w->channels;
    for (int i = 0; i < w->stages; i++) {
        if (w->up_kernels[i] < w->up_rates[i] || (w->up_kernels[i] - w->up_rates[i]) % 2 != 0)
            return momui_json_fail(o, error,
                                   "a kernel of %d cannot make %d samples of one; expected at "
                                   "least as many, and as even",
                                   w->up_kernels[i], w->up_rates[i]);
        rate *= w->up_rates[i];
        if (width % 2 != 0)
            return momui_json_fail(o, error, "%d channels cannot be halved %d times", w->channels,
                                   w->stages);
        width /= 2;
    }
    for (int k = 0; k < w->block_count; k++)
        if (w->block_kernels[k] % 2 == 0)
            return momui_json_fail(o, error, "a block's kernel is %d; expected an odd one",
                                   w->block_kernels[k]);
    if (rate != hop)
        return momui_json_fail(o, error, "up_rates make %d samples of a frame; clock.hop is %d",
                               rate, hop);
    return MOMU_OK;
}

momu_status momui_wave_vocoder_config_read(const momui_json *o, int32_t hop,
                                           momui_vocoder_config *v, momu_error *error) {
    momui_wave_vocoder_config *w = &v->wave;
    int32_t kernels;
    MOMUI_TRY(MOMUI_CONFIG_KEYS(o, error, "type", "channels", "up_rates", "up_kernels",
                                "block_kernels", "dilations", "short_blocks", "snake_beta",
                                "natural", "tanh"));
    w->bigvgan = v->kind == MOMUI_VOCODER_BIGVGAN;
    MOMUI_TRY(momui_json_i32(o, "channels", 2, 8192, &w->channels, error));
    MOMUI_TRY(read_list(o, "up_rates", MOMUI_WAVE_STAGES, 64, w->up_rates, &w->stages, error));
    MOMUI_TRY(read_list(o, "up_kernels", MOMUI_WAVE_STAGES, 256, w->up_kernels, &kernels, error));
    if (kernels != w->stages)
        return momui_json_fail(o, error, "%d up_kernels for %d up_rates", kernels, w->stages);
    MOMUI_TRY(read_list(o, "block_kernels", MOMUI_WAVE_BLOCKS, 63, w->block_kernels,
                        &w->block_count, error));
    MOMUI_TRY(read_dilations(o, w, error));
    MOMUI_TRY(momui_json_bool(o, "short_blocks", &w->short_blocks, error));
    MOMUI_TRY(momui_json_bool(o, "snake_beta", &w->snake_beta, error));
    MOMUI_TRY(momui_json_bool(o, "natural", &w->natural, error));
    MOMUI_TRY(momui_json_bool(o, "tanh", &w->tanh, error));
    return check_wave(o, w, hop, error);
}

/* ---- writing ---- */

static void write_list(momui_writer *out, const char *key, const int32_t *values, int32_t count) {
    momui_write_text(out, key);
    for (int32_t i = 0; i < count; i++)
        momui_config_number(out, i == 0 ? "[" : ",", values[i]);
    momui_write_text(out, "]");
}

void momui_wave_vocoder_config_write(momui_writer *out, const momui_vocoder_config *v) {
    const momui_wave_vocoder_config *w = &v->wave;
    momui_config_number(out, ",\"channels\":", w->channels);
    write_list(out, ",\"up_rates\":", w->up_rates, w->stages);
    write_list(out, ",\"up_kernels\":", w->up_kernels, w->stages);
    write_list(out, ",\"block_kernels\":", w->block_kernels, w->block_count);
    for (int k = 0; k < w->block_count; k++)
        write_list(out, k == 0 ? ",\"dilations\":[" : ",", w->dilations[k], w->dilation_count);
    momui_config_flag(out, "],\"short_blocks\":", w->short_blocks);
    momui_config_flag(out, ",\"snake_beta\":", w->snake_beta);
    momui_config_flag(out, ",\"natural\":", w->natural);
    momui_config_flag(out, ",\"tanh\":", w->tanh);
}
