#include "models/vocoders/vocoders.h"

#include "models/config_json.h"
#include "models/vocoders/vocos.h"
#include "models/vocoders/wave_vocoder_config.h"

#include <stddef.h>

static momu_status read_griffin_lim(const momui_json *o, int32_t hop, momui_vocoder_config *v,
                                    momu_error *error) {
    (void)hop;
    MOMUI_TRY(MOMUI_CONFIG_KEYS(o, error, "type", "iterations"));
    return momui_json_i32(o, "iterations", 1, 10000, &v->iterations, error);
}

static void write_griffin_lim(momui_writer *out, const momui_vocoder_config *v) {
    momui_config_number(out, ",\"iterations\":", v->iterations);
}

static momu_status read_none(const momui_json *o, int32_t hop, momui_vocoder_config *v,
                             momu_error *error) {
    (void)hop, (void)v;
    return MOMUI_CONFIG_KEYS(o, error, "type");
}

static void write_none(momui_writer *out, const momui_vocoder_config *v) {
    (void)out, (void)v;
}

/* In the order of momui_vocoder_kind. */
static const momui_vocoder_type TYPES[] = {
    {MOMUI_VOCODER_GRIFFIN_LIM, "griffin-lim", MOMUI_VOCODER_MAKES_PHASES, read_griffin_lim,
     write_griffin_lim},
    {MOMUI_VOCODER_VOCOS, "vocos", MOMUI_VOCODER_MAKES_SPECTRUM, momui_vocos_config_read,
     momui_vocos_config_write},
    {MOMUI_VOCODER_NONE, "none", MOMUI_VOCODER_MAKES_NOTHING, read_none, write_none},
    {MOMUI_VOCODER_HIFI_GAN, "hifi-gan", MOMUI_VOCODER_MAKES_SAMPLES,
     momui_wave_vocoder_config_read, momui_wave_vocoder_config_write},
    {MOMUI_VOCODER_BIGVGAN, "bigvgan", MOMUI_VOCODER_MAKES_SAMPLES, momui_wave_vocoder_config_read,
     momui_wave_vocoder_config_write},
};
enum { COUNT = sizeof TYPES / sizeof *TYPES };

const momui_vocoder_type *momui_vocoder_type_of(momui_vocoder_kind kind) {
    return &TYPES[kind];
}

momu_status momui_vocoder_config_read(const momui_json *root, bool wave, int32_t hop,
                                      momui_vocoder_config *v, momu_error *error) {
    const char *names[COUNT];
    const momui_json *o;
    int32_t type;
    for (size_t i = 0; i < COUNT; i++)
        names[i] = TYPES[i].name;
    MOMUI_TRY(momui_json_object(root, "vocoder", &o, error));
    MOMUI_TRY(momui_json_choice(o, "type", names, COUNT, &type, error));
    v->kind = TYPES[type].kind;
    if (wave != (TYPES[type].output == MOMUI_VOCODER_MAKES_NOTHING))
        return momui_json_fail(o, error, "type is %s; clock.input wave has none, mel needs one",
                               TYPES[type].name);
    return TYPES[type].read(o, hop, v, error);
}

void momui_vocoder_config_write(momui_writer *out, const momui_vocoder_config *v) {
    const momui_vocoder_type *type = momui_vocoder_type_of(v->kind);
    momui_write_text(out, ",\"vocoder\":{\"type\":\"");
    momui_write_text(out, type->name);
    momui_write_text(out, "\"");
    type->write(out, v);
    momui_write_text(out, "}");
}
