#include "train/metrics/evaluation_network.h"

#include "io/json/json.h"
#include "io/safetensors/safetensors.h"
#include "models/layers.h"

#include <stdio.h>
#include <string.h>

momui_judge_outputs momui_judge_outputs_of(const momui_judge_config *config) {
    momui_judge_outputs at = {.tempo = config->classes, .count = config->classes};
    at.octave = at.tempo + MOMUI_JUDGE_TEMPOS;
    at.energy = at.octave + MOMUI_JUDGE_OCTAVES;
    if (config->tempo)
        at.count = at.energy + 1;
    return at;
}

/* ---- declaring ---- */

static void declare_network(momui_judge *judge) {
    momui_parameters *set = &judge->parameters;
    const momui_judge_config *c = &judge->config;
    int64_t in = c->in_channels;
    judge->mean = momui_parameter_declare(set, "stats", "mean", MOMUI_INIT_ZERO, 0, 1, &in);
    judge->deviation = momui_parameter_declare(set, "stats", "std", MOMUI_INIT_ONE, 0, 1, &in);
    judge->network = momui_classifier_declare(set, "judge", in, MOMUI_JUDGE_EMBEDDING,
                                              momui_judge_outputs_of(c).count);
    momui_parameters_freeze(set, "stats.", true);
}

static momu_status check_config(const momui_judge_config *c, momu_error *error) {
    if (c->in_channels < 1 || c->in_channels > 4096 || c->classes < 2 ||
        c->classes > MOMUI_JUDGE_MOST_CLASSES || !(c->rate > 0 && c->rate <= 1000))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "a judge of %d channels, %d classes and %g frames a second",
                          (int)c->in_channels, (int)c->classes, c->rate);
    return MOMU_OK;
}

static momu_status build(momui_memory *memory, const momui_judge_config *config,
                         const momui_weight_source *source, uint64_t seed, momui_judge **judge,
                         momu_error *error) {
    *judge = NULL;
    MOMUI_TRY(check_config(config, error));
    momui_judge *made = momui_calloc(memory, 1, sizeof *made);
    if (!made)
        return momui_fail_memory(error, "a judge");
    made->memory = memory;
    made->config = *config;
    momui_parameters_init(&made->parameters, memory, source, seed, error);
    declare_network(made);
    made->parameters.source = NULL; /* they may not outlive this call */
    made->parameters.error = NULL;
    momu_status status = made->parameters.status;
    if (status != MOMU_OK)
        momui_judge_free(made);
    else
        *judge = made;
    return status;
}

momu_status momui_judge_create(momui_memory *memory, const momui_judge_config *config,
                               uint64_t seed, momui_judge **judge, momu_error *error) {
    return build(memory, config, NULL, seed, judge, error);
}

void momui_judge_free(momui_judge *judge) {
    if (!judge)
        return;
    momui_parameters_release(&judge->parameters);
    momui_classifier_free(judge->network);
    momui_free(judge);
}

momui_tensor *momui_judge_forward(momui_graph *g, const momui_judge *judge, momui_tensor *x,
                                  momui_tensor **embedding) {
    return momui_classifier_forward(g, judge->network, x, embedding);
}

/* ---- files ---- */

static const char *const KEYS[] = {"kind", "in_channels", "rate", "classes", "tempo"};

static momu_status write_config(const momui_judge_config *c, momui_safetensors_writer *file,
                                momui_memory *memory, momu_error *error) {
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
    momu_status status = text.failed ? momui_fail_memory(error, "a judge's config")
                                     : momui_safetensors_writer_metadata(file, "momu.judge",
                                                                         (char *)text.data, error);
    momui_writer_release(&text);
    return status;
}

momu_status momui_judge_save(const momui_judge *judge, const char *path, momu_error *error) {
    momui_safetensors_writer *file = momui_safetensors_writer_new(judge->memory);
    if (!file)
        return momui_fail_memory(error, "a judge's file");
    momu_status status = write_config(&judge->config, file, judge->memory, error);
    for (int i = 0; status == MOMU_OK && i < judge->parameters.count; i++) {
        const momui_parameter *p = judge->parameters.items[i];
        status = momui_safetensors_writer_tensor(file, p->name, p->tensor.rank, p->tensor.shape,
                                                 p->tensor.data, false, error);
    }
    if (status == MOMU_OK)
        status = momui_safetensors_writer_save(file, path, error);
    momui_safetensors_writer_free(file);
    return status;
}

static momu_status read_config(const momui_json *root, momui_judge_config *c, momu_error *error) {
    const char *kind;
    MOMUI_TRY(momui_json_as_object(root, error));
    MOMUI_TRY(momui_json_only(root, KEYS, sizeof KEYS / sizeof *KEYS, error));
    MOMUI_TRY(momui_json_string(root, "kind", &kind, error));
    MOMUI_TRY(momui_json_i32(root, "in_channels", 1, 4096, &c->in_channels, error));
    MOMUI_TRY(momui_json_double(root, "rate", 0.1, 1000, &c->rate, error));
    MOMUI_TRY(momui_json_i32(root, "classes", 2, MOMUI_JUDGE_MOST_CLASSES, &c->classes, error));
    MOMUI_TRY(momui_json_bool(root, "tempo", &c->tempo, error));
    snprintf(c->kind, sizeof c->kind, "%s", kind);
    return MOMU_OK;
}

static momu_status read_weight(void *user, const char *name, int rank, const int64_t *shape,
                               float *out, momu_error *error) {
    return momui_safetensors_read_f32(user, name, rank, shape, out, error);
}

static momu_status load(momui_memory *memory, momui_safetensors *file, momui_judge **judge,
                        momu_error *error) {
    const char *name = momui_safetensors_name(file);
    const char *text = momui_safetensors_metadata(file, "momu.judge");
    if (!text)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: momu.judge is missing in its metadata",
                          name);
    momui_judge_config config = {0};
    momui_json *root = momui_json_parse(text, strlen(text), name, error);
    momu_status status = root ? read_config(root, &config, error) : MOMU_ERROR_FORMAT;
    momui_json_free(root);
    momui_weight_source source = {read_weight, file};
    if (status == MOMU_OK)
        status = build(memory, &config, &source, 0, judge, error);
    for (int64_t i = 0; status == MOMU_OK && i < config.in_channels; i++)
        if (!((*judge)->deviation->data[i] > 0)) {
            momui_judge_free(*judge);
            *judge = NULL;
            status = momui_fail(error, MOMU_ERROR_FORMAT, "%s: stats.std[%lld] is not above 0",
                                name, (long long)i);
        }
    return status;
}

momu_status momui_judge_load(momui_memory *memory, const momui_bytes *bytes, momui_judge **judge,
                             momu_error *error) {
    momui_safetensors *file = NULL;
    *judge = NULL;
    MOMUI_TRY(momui_safetensors_open(memory, bytes, &file, error));
    momu_status status = load(memory, file, judge, error);
    momui_safetensors_close(file);
    return status;
}
