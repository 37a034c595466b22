#include "train/metrics/evaluation_network.h"

#include "models/format1.h"

#include "io/json/json.h"
#include "io/safetensors/safetensors.h"
#include "models/layers.h"

#include <stdio.h>
#include <string.h>

momui_evaluation_network_outputs
momui_evaluation_network_outputs_of(const momui_evaluation_network_config *config) {
    momui_evaluation_network_outputs at = {.tempo = config->classes, .count = config->classes};
    at.octave = at.tempo + MOMUI_EVALUATION_TEMPOS;
    at.energy = at.octave + MOMUI_EVALUATION_OCTAVES;
    if (config->tempo)
        at.count = at.energy + 1;
    return at;
}

/* ---- declaring ---- */

static void declare_network(momui_evaluation_network *network) {
    momui_parameters *set = &network->parameters;
    const momui_evaluation_network_config *c = &network->config;
    int64_t in = c->in_channels;
    network->mean = momui_parameter_declare(set, "stats", "mean", MOMUI_INIT_ZERO, 0, 1, &in);
    network->deviation = momui_parameter_declare(set, "stats", "std", MOMUI_INIT_ONE, 0, 1, &in);
    network->network = momui_classifier_declare(set, "embedder", in, MOMUI_EVALUATION_EMBEDDING,
                                                momui_evaluation_network_outputs_of(c).count);
    momui_parameters_freeze(set, "stats.", true);
}

static momu_status check_config(const momui_evaluation_network_config *c, momu_error *error) {
    if (c->in_channels < 1 || c->in_channels > 4096 || c->classes < 2 ||
        c->classes > MOMUI_EVALUATION_MAX_CLASSES || !(c->rate > 0 && c->rate <= 1000))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "an evaluation network of %d channels, %d classes and %g frames a second",
                          (int)c->in_channels, (int)c->classes, c->rate);
    return MOMU_OK;
}

static momu_status build(momui_memory *memory, const momui_evaluation_network_config *config,
                         const momui_weight_source *source, uint64_t seed,
                         momui_evaluation_network **network, momu_error *error) {
    *network = NULL;
    MOMUI_TRY(check_config(config, error));
    momui_evaluation_network *made = momui_calloc(memory, 1, sizeof *made);
    if (!made)
        return momui_fail_memory(error, "an evaluation network");
    made->memory = memory;
    made->config = *config;
    momui_parameters_init(&made->parameters, memory, source, seed, error);
    declare_network(made);
    made->parameters.source = NULL; /* they may not outlive this call */
    made->parameters.error = NULL;
    momu_status status = made->parameters.status;
    if (status != MOMU_OK)
        momui_evaluation_network_free(made);
    else
        *network = made;
    return status;
}

momu_status momui_evaluation_network_create(momui_memory *memory,
                                            const momui_evaluation_network_config *config,
                                            uint64_t seed, momui_evaluation_network **network,
                                            momu_error *error) {
    return build(memory, config, NULL, seed, network, error);
}

void momui_evaluation_network_free(momui_evaluation_network *network) {
    if (!network)
        return;
    momui_parameters_release(&network->parameters);
    momui_classifier_free(network->network);
    momui_free(network);
}

momui_tensor *momui_evaluation_network_forward(momui_graph *g,
                                               const momui_evaluation_network *network,
                                               momui_tensor *x, momui_tensor **embedding) {
    return momui_classifier_forward(g, network->network, x, embedding);
}

/* ---- files ---- */

static const char *const KEYS[] = {"kind", "in_channels", "rate", "classes", "tempo"};

static momu_status write_config(const momui_evaluation_network_config *c,
                                momui_safetensors_writer *file, momui_memory *memory,
                                momu_error *error) {
    momui_writer text;
    char line[160];
    momui_writer_init(&text, memory);
    momui_write_text(&text, "{\"kind\":");
    momui_json_write_string(&text, c->kind);
    momui_write_text(&text, ",\"rate\":");
    momui_write_fixed(&text, c->rate, 6);
    snprintf(line, sizeof line, ",\"in_channels\":%d,\"classes\":%d,\"tempo\":%s}",
             (int)c->in_channels, (int)c->classes, c->tempo ? "true" : "false");
    momui_write_text(&text, line);
    momui_write(&text, "", 1);
    momu_status status = text.failed
                             ? momui_fail_memory(error, "an evaluation network's config")
                             : momui_safetensors_writer_metadata(file, "momu.evaluation_network",
                                                                 (char *)text.data, error);
    momui_writer_release(&text);
    return status;
}

momu_status momui_evaluation_network_save(const momui_evaluation_network *network, const char *path,
                                          momu_error *error) {
    momui_safetensors_writer *file = momui_safetensors_writer_new(network->memory);
    if (!file)
        return momui_fail_memory(error, "an evaluation network's file");
    momu_status status = write_config(&network->config, file, network->memory, error);
    for (int i = 0; status == MOMU_OK && i < network->parameters.count; i++) {
        const momui_parameter *p = network->parameters.items[i];
        status = momui_safetensors_writer_tensor(file, p->name, p->tensor.rank, p->tensor.shape,
                                                 p->tensor.data, false, error);
    }
    if (status == MOMU_OK)
        status = momui_safetensors_writer_save(file, path, error);
    momui_safetensors_writer_free(file);
    return status;
}

static momu_status read_config(const momui_json *root, momui_evaluation_network_config *c,
                               momu_error *error) {
    const char *kind;
    MOMUI_TRY(momui_json_as_object(root, error));
    MOMUI_TRY(momui_json_only(root, KEYS, sizeof KEYS / sizeof *KEYS, error));
    MOMUI_TRY(momui_json_string(root, "kind", &kind, error));
    MOMUI_TRY(momui_json_i32(root, "in_channels", 1, 4096, &c->in_channels, error));
    MOMUI_TRY(momui_json_double(root, "rate", 0.1, 1000, &c->rate, error));
    MOMUI_TRY(momui_json_i32(root, "classes", 2, MOMUI_EVALUATION_MAX_CLASSES, &c->classes, error));
    MOMUI_TRY(momui_json_bool(root, "tempo", &c->tempo, error));
    snprintf(c->kind, sizeof c->kind, "%s", kind);
    return MOMU_OK;
}

/* Files of format 1 have the metadata momu.judge. */
static momu_status read_weight_format1(void *user, const char *name, int rank, const int64_t *shape,
                                       float *out, momu_error *error) {
    char before[MOMUI_FORMAT1_NAME];
    return momui_safetensors_read_f32(user, momui_format1_tensor(name, before), rank, shape, out,
                                      error);
}

static momu_status read_weight(void *user, const char *name, int rank, const int64_t *shape,
                               float *out, momu_error *error) {
    return momui_safetensors_read_f32(user, name, rank, shape, out, error);
}

static momu_status load(momui_memory *memory, momui_safetensors *file,
                        momui_evaluation_network **network, momu_error *error) {
    const char *name = momui_safetensors_name(file);
    const char *text = momui_safetensors_metadata(file, "momu.evaluation_network");
    bool format1 = !text;
    if (format1)
        text = momui_safetensors_metadata(file, "momu.judge");
    if (!text)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: momu.evaluation_network is missing in its metadata", name);
    momui_evaluation_network_config config = {0};
    momui_json *root = NULL;
    momu_status status = momui_json_parse(text, strlen(text), name, &root, error);
    if (status == MOMU_OK)
        status = read_config(root, &config, error);
    momui_json_free(root);
    momui_weight_source source = {format1 ? read_weight_format1 : read_weight, file};
    if (status == MOMU_OK)
        status = build(memory, &config, &source, 0, network, error);
    for (int64_t i = 0; status == MOMU_OK && i < config.in_channels; i++)
        if (!((*network)->deviation->data[i] > 0)) {
            momui_evaluation_network_free(*network);
            *network = NULL;
            status = momui_fail(error, MOMU_ERROR_FORMAT, "%s: stats.std[%lld] is not above 0",
                                name, (long long)i);
        }
    return status;
}

momu_status momui_evaluation_network_load(momui_memory *memory, const momui_bytes *bytes,
                                          momui_evaluation_network **network, momu_error *error) {
    momui_safetensors *file = NULL;
    *network = NULL;
    MOMUI_TRY(momui_safetensors_open(memory, bytes, &file, error));
    momu_status status = load(memory, file, network, error);
    momui_safetensors_close(file);
    return status;
}
