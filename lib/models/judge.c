/* x (B, T, in) -> conv 5 / 2 (B, T/2, 96) -> conv 5 / 2 (B, T/4, 128), each with norm and GELU
 *   -> two blocks: x + conv 3 (GELU (conv 3 (norm x)))
 *   -> norm -> mean over time -> linear (B, 128): the embedding -> GELU -> linear (B, outputs)
 */
#include "models/judge.h"

#include "io/json.h"
#include "io/safetensors.h"
#include "models/layers.h"

#include <stdio.h>
#include <string.h>

enum { FIRST = 96, WIDE = MOMUI_JUDGE_EMBEDDING, BLOCKS = 2, HEADS = 4, LEAST_FRAMES = 8 };
static const float EPSILON = 1e-5f;

struct momui_judge_network {
    momui_affine first, first_norm, second, second_norm;
    struct {
        momui_affine norm, in, out;
    } blocks[BLOCKS];
    momui_affine norm, embed, head;
};

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
    momui_judge_network *n = judge->network;
    char name[MOMUI_NAME_LENGTH];
    int64_t in = c->in_channels;
    judge->mean = momui_parameter_declare(set, "stats", "mean", MOMUI_INIT_ZERO, 0, 1, &in);
    judge->deviation = momui_parameter_declare(set, "stats", "std", MOMUI_INIT_ONE, 0, 1, &in);
    n->first = momui_declare_conv(set, "judge.first", in, FIRST, 5);
    n->first_norm = momui_declare_norm(set, "judge.first_norm", FIRST);
    n->second = momui_declare_conv(set, "judge.second", FIRST, WIDE, 5);
    n->second_norm = momui_declare_norm(set, "judge.second_norm", WIDE);
    for (int i = 0; i < BLOCKS; i++) {
        const char *prefix = "judge.blocks";
        momui_layer_name(name, prefix, "%d.norm", i);
        n->blocks[i].norm = momui_declare_norm(set, name, WIDE);
        momui_layer_name(name, prefix, "%d.in", i);
        n->blocks[i].in = momui_declare_conv(set, name, WIDE, WIDE, 3);
        momui_layer_name(name, prefix, "%d.out", i);
        n->blocks[i].out = momui_declare_conv(set, name, WIDE, WIDE, 3);
    }
    n->norm = momui_declare_norm(set, "judge.norm", WIDE);
    n->embed = momui_declare_linear(set, "judge.embed", WIDE, WIDE);
    n->head = momui_declare_linear(set, "judge.head", WIDE, momui_judge_outputs_of(c).count);
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
    made->network = momui_calloc(memory, 1, sizeof *made->network);
    if (made->network)
        declare_network(made);
    else
        made->parameters.status = momui_fail_memory(error, "a judge");
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
    momui_free(judge->network);
    momui_free(judge);
}

/* ---- the way forward ---- */

/* (B, T, C) -> (B, C): attention whose queries ask nothing looks at every frame alike. */
static momui_tensor *mean_over_time(momui_graph *g, momui_tensor *x) {
    if (!x)
        return NULL;
    int64_t batch = x->shape[0], channels = x->shape[2];
    momui_tensor *query = momui_tensor_from(g, 3, (int64_t[]){batch, 1, channels}, NULL);
    momui_tensor *keys = momui_tensor_from(g, 3, x->shape, NULL);
    momui_tensor *mean = momui_op_attention(g, query, keys, x, HEADS, 1.0f, NULL);
    return momui_op_reshape(g, mean, 2, (int64_t[]){batch, channels});
}

static momui_tensor *halve(momui_graph *g, const momui_affine *conv, const momui_affine *norm,
                           momui_tensor *x) {
    x = momui_op_conv1d(g, x, conv->weight, conv->bias, 2, 2, 2);
    return momui_op_gelu(g, momui_apply_layer_norm(g, norm, x, EPSILON));
}

momui_tensor *momui_judge_forward(momui_graph *g, const momui_judge *judge, momui_tensor *x,
                                  momui_tensor **embedding) {
    const momui_judge_network *n = judge->network;
    if (x && (x->rank != 3 || x->shape[1] < LEAST_FRAMES)) {
        g->status =
            momui_fail(g->error, MOMU_ERROR_INTERNAL,
                       "a judge looks at (batch, at least %d frames, channels)", LEAST_FRAMES);
        return NULL;
    }
    x = halve(g, &n->first, &n->first_norm, x);
    x = halve(g, &n->second, &n->second_norm, x);
    for (int i = 0; i < BLOCKS; i++) {
        momui_tensor *y = momui_apply_layer_norm(g, &n->blocks[i].norm, x, EPSILON);
        y = momui_op_gelu(g, momui_apply_conv(g, &n->blocks[i].in, y));
        x = momui_op_add(g, x, momui_apply_conv(g, &n->blocks[i].out, y));
    }
    x = mean_over_time(g, momui_apply_layer_norm(g, &n->norm, x, EPSILON));
    x = momui_apply_linear(g, &n->embed, x);
    if (embedding)
        *embedding = x;
    return momui_apply_linear(g, &n->head, momui_op_gelu(g, x));
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
