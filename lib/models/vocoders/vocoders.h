/* The table of vocoders: what makes sound of a log-mel. To add one: a file in this folder with its
 * network and the reader and writer of its config, a kind in models/config.h, a row in vocoders.c,
 * and lib/models/meson.build. generate/decode.c reads `output`; a vocoder with another kind of
 * output also needs a case there. */
#ifndef MOMUI_MODELS_VOCODERS_H
#define MOMUI_MODELS_VOCODERS_H

#include "io/json/json.h"
#include "models/config.h"

typedef enum momui_vocoder_output {
    MOMUI_VOCODER_MAKES_NOTHING,  /* the autoencoder's output is the sound */
    MOMUI_VOCODER_MAKES_PHASES,   /* Griffin-Lim: no network, phases by iteration */
    MOMUI_VOCODER_MAKES_SPECTRUM, /* a network's (frames, n_fft + 2), then the inverse STFT */
    MOMUI_VOCODER_MAKES_SAMPLES   /* a network's (frames * hop) */
} momui_vocoder_output;

typedef struct momui_vocoder_type {
    momui_vocoder_kind kind;
    const char *name; /* in config files and in momu_model_info */
    momui_vocoder_output output;
    /* The section "vocoder" of a model's config, "type" read and written already. */
    momu_status (*read)(const momui_json *o, int32_t hop, momui_vocoder_config *v,
                        momu_error *error);
    void (*write)(momui_writer *out, const momui_vocoder_config *v);
} momui_vocoder_type;

/* The row of a kind. */
const momui_vocoder_type *momui_vocoder_type_of(momui_vocoder_kind kind);

/* The section "vocoder". `wave`: the model's sound is waves, which need no vocoder. */
momu_status momui_vocoder_config_read(const momui_json *root, bool wave, int32_t hop,
                                      momui_vocoder_config *v, momu_error *error);
/* With the comma before it. */
void momui_vocoder_config_write(momui_writer *out, const momui_vocoder_config *v);

#endif
