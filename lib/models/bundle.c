/* The bundle: all networks of one model file, docs/networks.md and docs/model-format.md. */
#include "models/bundle.h"

#include "models/config_file.h"
#include "models/format1.h"
#include "models/genres.h"
#include "models/vocoders/vocoders.h"
#include "models/weights_int8.h"

#include "io/safetensors/safetensors.h"
#include "motion/rhythm.h"

#include <momu/model.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What this reader can read: 2 brought int8 matrices, 3 the names of format 2. */
enum { READER = 3 };

static void declare_statistics(momui_parameters *set, const char *name, int64_t channels,
                               momui_tensor **mean, momui_tensor **deviation) {
    *mean = momui_parameter_declare(set, name, "mean", MOMUI_INIT_ZERO, 0, 1, &channels);
    *deviation = momui_parameter_declare(set, name, "std", MOMUI_INIT_ONE, 0, 1, &channels);
}

/* Learned condition encoders, with the statistics of their inputs. */
static void declare_encoders(momui_bundle *b) {
    const momui_config *c = &b->config;
    momui_parameters *set = &b->parameters;
    if (c->condition.motion) {
        declare_statistics(set, "stats.dance", c->features, &b->dance_mean, &b->dance_std);
        b->to_music_encoder = momui_condition_encoder_declare(
            set, "motion_to_music.encoder", c->features, c->condition.channels, c->down, c->latent);
    }
    if (c->condition.mfcc) {
        declare_statistics(set, "stats.mfcc", MOMUI_MFCCS, &b->mfcc_mean, &b->mfcc_std);
        b->to_motion_encoder = momui_condition_encoder_declare(
            set, "music_to_motion.encoder", MOMUI_MFCCS, c->condition.channels, c->down, c->latent);
    }
}

static void declare_networks(momui_bundle *b) {
    const momui_config *c = &b->config;
    momui_parameters *set = &b->parameters;
    declare_statistics(set, c->wave ? "stats.wave" : "stats.mel", c->music.in_channels,
                       &b->mel_mean, &b->mel_std);
    declare_statistics(set, "stats.motion", c->features, &b->motion_mean, &b->motion_std);
    declare_statistics(set, "stats.music_latent", c->latent, &b->music_latent_mean,
                       &b->music_latent_std);
    declare_statistics(set, "stats.motion_latent", c->latent, &b->motion_latent_mean,
                       &b->motion_latent_std);
    b->music = momui_autoencoder_declare(set, "music_vae", &c->music);
    b->motion = momui_autoencoder_declare(set, "motion_vae", &c->motion);
    b->to_music = momui_transformer_declare(set, "motion_to_music", &c->transformer, c->latent);
    b->to_motion = momui_transformer_declare(set, "music_to_motion", &c->transformer, c->latent);
    declare_encoders(b);
    momui_vocoder_output output = momui_vocoder_type_of(c->vocoder.kind)->output;
    if (output == MOMUI_VOCODER_MAKES_SAMPLES)
        b->wave_vocoder =
            momui_wave_vocoder_declare(set, "vocoder", &c->vocoder.wave, c->mel_bands);
    if (output == MOMUI_VOCODER_MAKES_SPECTRUM)
        b->vocoder = momui_vocoder_declare(set, "vocoder", &c->vocoder, c->mel_bands, c->n_fft);
    int64_t one = 1;
    momui_tensor *scale =
        momui_parameter_declare(set, "infonce", "log_scale", MOMUI_INIT_ZERO, 0, 1, &one);
    if (scale && !set->source)
        scale->data[0] = logf(1.0f / 0.07f);
    if (c->keypoints.channels > 0)
        b->keypoints = momui_encoder_declare(set, "keypoint_encoder", &c->keypoints);
    if (c->keypoints.channels > 0)
        b->keypoints_trained = momui_parameter_declare(set, "stats.keypoint_encoder", "trained",
                                                       MOMUI_INIT_ZERO, 0, 1, &one);
    if (c->beat_tracker.channels > 0) {
        b->motion_beat_tracker = momui_beat_tracker_declare(
            set, "beat_tracker.motion", &c->beat_tracker, MOMUI_RHYTHM_ROWS * c->down, c->down);
        b->music_beat_tracker = momui_beat_tracker_declare(set, "beat_tracker.music",
                                                           &c->beat_tracker, c->latent, c->down);
        b->beats_trained = momui_parameter_declare(set, "stats.beat_tracker", "trained",
                                                   MOMUI_INIT_ZERO, 0, 1, &one);
    }
    if (c->genre_channels > 0) {
        if (c->genre_uses_tempo)
            b->tempo_genre = momui_tempo_genre_declare(set, "genre_classifier.tempo");
        b->genre = momui_classifier_declare(set, "genre_classifier", c->latent, c->genre_channels,
                                            MOMUI_GENRES);
        b->genre_trained = momui_parameter_declare(set, "stats.genre_classifier", "trained",
                                                   MOMUI_INIT_ZERO, 0, 1, &one);
    }
}

/* A bundle whose weights come from `source`, or are drawn from `seed`. */
static momu_status build(momui_memory *memory, const momui_config *config,
                         const momui_weight_source *source, uint64_t seed, momui_bundle **bundle,
                         momu_error *error) {
    *bundle = NULL;
    momui_bundle *b = momui_calloc(memory, 1, sizeof *b);
    if (!b)
        return momui_fail_memory(error, "a model");
    b->memory = memory;
    b->config = *config;
    b->license = momui_strdup(memory, "");
    b->training_data = momui_strdup(memory, "");
    b->trained_by = momui_strdup(memory, "");
    momui_parameters_init(&b->parameters, memory, source, seed, error);
    if (!b->license || !b->training_data || !b->trained_by)
        b->parameters.status = momui_fail_memory(error, "a model's texts");
    declare_networks(b);
    b->parameters.source = NULL; /* both may die after this call */
    b->parameters.error = NULL;
    momu_status status = b->parameters.status;
    if (status != MOMU_OK)
        momui_bundle_free(b);
    else
        *bundle = b;
    return status;
}

momu_status momui_bundle_create(momui_memory *memory, const momui_config *config, uint64_t seed,
                                momui_bundle **bundle, momu_error *error) {
    return build(memory, config, NULL, seed, bundle, error);
}

void momui_bundle_free(momui_bundle *bundle) {
    if (!bundle)
        return;
    momui_autoencoder_free(bundle->music);
    momui_autoencoder_free(bundle->motion);
    momui_autoencoder_free(bundle->keypoints);
    momui_transformer_free(bundle->to_music);
    momui_transformer_free(bundle->to_motion);
    momui_classifier_free(bundle->genre);
    momui_tempo_genre_free(bundle->tempo_genre);
    momui_beat_tracker_free(bundle->motion_beat_tracker);
    momui_beat_tracker_free(bundle->music_beat_tracker);
    momui_condition_encoder_free(bundle->to_music_encoder);
    momui_condition_encoder_free(bundle->to_motion_encoder);
    momui_vocoder_free(bundle->vocoder);
    momui_wave_vocoder_free(bundle->wave_vocoder);
    momui_parameters_release(&bundle->parameters);
    momui_free(bundle->license);
    momui_free(bundle->training_data);
    momui_free(bundle->trained_by);
    momui_free(bundle);
}

bool momui_bundle_classifies_genre(const momui_bundle *bundle) {
    return bundle->genre && bundle->genre_trained->data[0] > 0 &&
           (bundle->config.trained_controls & MOMU_CONTROL_GENRE);
}

bool momui_bundle_tracks_beats(const momui_bundle *bundle) {
    return bundle->motion_beat_tracker && bundle->beats_trained->data[0] > 0 &&
           (bundle->config.trained_controls & MOMU_CONTROL_BEATS);
}

bool momui_bundle_reads_keypoints(const momui_bundle *bundle) {
    return bundle->config.layout != MOMUI_LAYOUT_BODY3D ||
           (bundle->keypoints && bundle->keypoints_trained->data[0] > 0);
}

/* ---- reading ---- */

/* A model file, and whether its names are those of format 1. */
typedef struct weight_file {
    const momui_safetensors *file;
    bool format1;
} weight_file;

static momu_status read_weight(void *user, const char *name, int rank, const int64_t *shape,
                               float *out, momu_error *error) {
    const weight_file *from = user;
    char before[MOMUI_FORMAT1_NAME];
    bool found = false;
    if (from->format1)
        name = momui_format1_tensor(name, before);
    MOMUI_TRY(momui_int8_read(from->file, name, rank, shape, out, &found, error));
    return found ? MOMU_OK : momui_safetensors_read_f32(from->file, name, rank, shape, out, error);
}

static momu_status check_format(const momui_safetensors *file, const char *name,
                                momu_error *error) {
    const char *format = momui_safetensors_metadata(file, "momu.format");
    const char *reader = momui_safetensors_metadata(file, "momu.min_reader");
    if (!format || !reader)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: no model of this library: momu.format or momu.min_reader is missing "
                          "in its metadata",
                          name);
    char *end;
    long least = strtol(reader, &end, 10);
    if (*reader < '0' || *reader > '9' || *end != '\0')
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: momu.min_reader is \"%.32s\"; expected a number", name, reader);
    if (least > READER)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "%s: needs a reader of format %ld; this library reads up to %d", name,
                          least, READER);
    return MOMU_OK;
}

static momu_status check_names(const momui_safetensors *file, momui_bundle *b, const char *name,
                               momu_error *error) {
    bool format1 = momui_is_format1(momui_safetensors_metadata(file, "momu.format"));
    for (size_t i = 0; i < momui_safetensors_count(file); i++) {
        const momui_safetensors_entry *entry = momui_safetensors_at(file, i);
        char today[MOMUI_FORMAT1_NAME];
        const char *as = format1 ? momui_format1_tensor_today(entry->name, today) : entry->name;
        if (!momui_parameters_find(&b->parameters, as) && !momui_int8_is_scale(file, entry->name))
            return momui_fail(error, MOMU_ERROR_FORMAT,
                              "%s: tensor \"%.100s\" does not belong to a model of this config",
                              name, entry->name);
    }
    return MOMU_OK;
}

/* Values that are divided by must be above zero. */
static momu_status check_deviation(const momui_tensor *x, const char *what, const char *name,
                                   momu_error *error) {
    for (int64_t i = 0; i < momui_tensor_count(x); i++)
        if (!(x->data[i] > 0))
            return momui_fail(error, MOMU_ERROR_FORMAT,
                              "%s: tensor stats.%s.std, value %lld is %g; expected more than 0",
                              name, what, (long long)i, (double)x->data[i]);
    return MOMU_OK;
}

static momu_status read_text(momui_memory *memory, const momui_safetensors *file, const char *key,
                             char **out, momu_error *error) {
    const char *text = momui_safetensors_metadata(file, key);
    char *copy = momui_strdup(memory, text ? text : "");
    if (!copy)
        return momui_fail_memory(error, "a model's texts");
    momui_free(*out);
    *out = copy;
    return MOMU_OK;
}

static momu_status check_bundle(const momui_safetensors *file, momui_bundle *b, const char *name,
                                momu_error *error) {
    MOMUI_TRY(check_names(file, b, name, error));
    MOMUI_TRY(check_deviation(b->mel_std, b->config.wave ? "wave" : "mel", name, error));
    MOMUI_TRY(check_deviation(b->motion_std, "motion", name, error));
    MOMUI_TRY(check_deviation(b->music_latent_std, "music_latent", name, error));
    MOMUI_TRY(check_deviation(b->motion_latent_std, "motion_latent", name, error));
    if (b->mfcc_std)
        MOMUI_TRY(check_deviation(b->mfcc_std, "mfcc", name, error));
    if (b->dance_std)
        MOMUI_TRY(check_deviation(b->dance_std, "dance", name, error));
    MOMUI_TRY(read_text(b->memory, file, "momu.license", &b->license, error));
    MOMUI_TRY(read_text(b->memory, file, "momu.training_data", &b->training_data, error));
    return read_text(b->memory, file, "momu.trained_by", &b->trained_by, error);
}

static momu_status read_config(momui_memory *memory, const char *text, bool format1,
                               const char *name, momui_config *config, momu_error *error) {
    char *today = format1 ? momui_format1_config(memory, text) : NULL;
    if (format1 && !today)
        return momui_fail_memory(error, "a model's config");
    text = today ? today : text;
    momu_status status = momui_config_parse(text, strlen(text), config, error);
    momui_free(today);
    if (status != MOMU_OK && error)
        momui_fail_prefix(error, name);
    return status;
}

static momu_status load(momui_memory *memory, momui_safetensors *file, const char *name, bool pack,
                        momui_bundle **bundle, momu_error *error) {
    MOMUI_TRY(check_format(file, name, error));
    const char *text = momui_safetensors_metadata(file, "momu.config");
    if (!text)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: momu.config is missing in its metadata",
                          name);
    momui_config config;
    weight_file from = {file, momui_is_format1(momui_safetensors_metadata(file, "momu.format"))};
    MOMUI_TRY(read_config(memory, text, from.format1, name, &config, error));
    momui_weight_source source = {read_weight, &from};
    MOMUI_TRY(build(memory, &config, &source, 0, bundle, error));
    momu_status status = check_bundle(file, *bundle, name, error);
    if (status == MOMU_OK && pack)
        status = momui_parameters_pack(&(*bundle)->parameters, error);
    if (status != MOMU_OK) {
        momui_bundle_free(*bundle);
        *bundle = NULL;
    }
    return status;
}

momu_status momui_bundle_load(momui_memory *memory, const momui_bytes *bytes, bool pack,
                              momui_bundle **bundle, momu_error *error) {
    momui_safetensors *file = NULL;
    *bundle = NULL;
    /* Not safetensors: a sentence about the header's length would only confuse. */
    if (bytes->size > 8 && bytes->data[8] != '{')
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: no model file: it is not safetensors, found byte 0x%02x where a "
                          "header's '{' is expected",
                          bytes->name, (unsigned)bytes->data[8]);
    MOMUI_TRY(momui_safetensors_open(memory, bytes, &file, error));
    momu_status status = load(memory, file, bytes->name, pack, bundle, error);
    momui_safetensors_close(file);
    return status;
}

/* ---- writing ---- */

static momu_status write_metadata(const momui_bundle *b, momui_safetensors_writer *file,
                                  momu_error *error) {
    momui_writer config;
    momui_writer_init(&config, b->memory);
    momui_config_write(&b->config, &config);
    momui_write(&config, "", 1);
    momu_status status =
        config.failed
            ? momui_fail_memory(error, "a model's config")
            : momui_safetensors_writer_metadata(file, "momu.config", (char *)config.data, error);
    momui_writer_release(&config);
    const char *const texts[][2] = {{"momu.format", "2"},
                                    {"momu.min_reader", "3"},
                                    {"momu.license", b->license},
                                    {"momu.training_data", b->training_data},
                                    {"momu.trained_by", b->trained_by}};
    for (size_t i = 0; status == MOMU_OK && i < sizeof texts / sizeof *texts; i++)
        status = momui_safetensors_writer_metadata(file, texts[i][0],
                                                   texts[i][1] ? texts[i][1] : "", error);
    return status;
}

static momu_status write_weights(const momui_bundle *bundle, momui_weight_format format,
                                 bool average, momui_arena *arena, momui_safetensors_writer *file,
                                 momu_error *error) {
    for (int i = 0; i < bundle->parameters.count; i++) {
        const momui_parameter *p = bundle->parameters.items[i];
        const float *data = average && p->average ? p->average : p->tensor.data;
        bool matrix = p->tensor.rank > 1;
        if (format == MOMUI_WEIGHTS_INT8 && momui_int8_fits(p->tensor.rank, p->tensor.shape))
            MOMUI_TRY(momui_int8_write(file, arena, p->name, p->tensor.rank, p->tensor.shape, data,
                                       error));
        else
            MOMUI_TRY(momui_safetensors_writer_tensor(
                file, p->name, p->tensor.rank, p->tensor.shape, data,
                matrix && format != MOMUI_WEIGHTS_F32, error));
    }
    return MOMU_OK;
}

momu_status momui_bundle_save(const momui_bundle *bundle, const char *path,
                              momui_weight_format format, bool average, momu_error *error) {
    momui_safetensors_writer *file = momui_safetensors_writer_new(bundle->memory);
    momui_arena *arena = momui_arena_create(bundle->memory);
    momu_status status = file && arena ? write_metadata(bundle, file, error)
                                       : momui_fail_memory(error, "a model file");
    if (status == MOMU_OK)
        status = write_weights(bundle, format, average, arena, file, error);
    if (status == MOMU_OK)
        status = momui_safetensors_writer_save(file, path, error);
    momui_safetensors_writer_free(file);
    momui_arena_destroy(arena);
    return status;
}
