/* patch (B, 96, 64, 1) -> conv 3x3 64, pool -> 128, pool -> 256, 256, pool -> 512, 512, pool
 *   -> (B, 6 x 4 x 512) -> linear 4096 -> 4096 -> 128; a ReLU behind each layer but the last, every
 * pool the greatest of 2 x 2
 */
#include "train/evaluate/vggish.h"

#include "io/json/json.h"
#include "io/safetensors/safetensors.h"
#include "models/layers.h"
#include "train/evaluate/vggish_mel.h"
#include "train/losses/loss_ops.h"

#include <math.h>
#include <string.h>

enum { CONVS = 6, LINEARS = 3, WIDEST = 4096 };
static const bool POOLED[CONVS] = {true, true, false, true, false, true};
/* As torchvggish numbers them in its Sequentials. */
static const int CONV_PLACE[CONVS] = {0, 3, 6, 8, 11, 13}, LINEAR_PLACE[LINEARS] = {0, 2, 4};

typedef struct vggish_config {
    int32_t widths[CONVS], hidden;
} vggish_config;

struct momui_vggish {
    momui_memory *memory;
    momui_parameters parameters;
    momui_affine convs[CONVS], linears[LINEARS];
};

/* ---- the file ---- */

static momu_status read_config(const momui_json *root, vggish_config *c, momu_error *error) {
    static const char *const KEYS[] = {"widths", "hidden"};
    const momui_json *list;
    MOMUI_TRY(momui_json_as_object(root, error));
    MOMUI_TRY(momui_json_only(root, KEYS, 2, error));
    MOMUI_TRY(momui_json_i32(root, "hidden", 1, WIDEST, &c->hidden, error));
    MOMUI_TRY(momui_json_array(root, "widths", CONVS, CONVS, &list, error));
    for (size_t i = 0; i < CONVS; i++) {
        int64_t width = 0;
        MOMUI_TRY(momui_json_as_int(momui_json_at(list, i), 1, WIDEST, &width, error));
        c->widths[i] = (int32_t)width;
    }
    return MOMU_OK;
}

static momu_status read_weight(void *user, const char *name, int rank, const int64_t *shape,
                               float *out, momu_error *error) {
    return momui_safetensors_read_f32(user, name, rank, shape, out, error);
}

static void declare(momui_vggish *v, const vggish_config *c) {
    momui_parameters *set = &v->parameters;
    char name[MOMUI_NAME_LENGTH];
    int64_t in = 1;
    for (int i = 0; i < CONVS; i++) {
        momui_layer_name(name, "vggish", "features.%d", CONV_PLACE[i]);
        int64_t out = c->widths[i];
        v->convs[i].weight = momui_parameter_declare(set, name, "weight", MOMUI_INIT_ZERO, 0, 4,
                                                     (int64_t[]){out, 3, 3, in});
        v->convs[i].bias = momui_parameter_declare(set, name, "bias", MOMUI_INIT_ZERO, 0, 1, &out);
        in = out;
    }
    in *= (MOMUI_VGGISH_PATCH / 16) * (MOMUI_VGGISH_BANDS / 16);
    for (int i = 0; i < LINEARS; i++) {
        momui_layer_name(name, "vggish", "embeddings.%d", LINEAR_PLACE[i]);
        int64_t out = i + 1 < LINEARS ? c->hidden : MOMUI_VGGISH_EMBEDDING;
        v->linears[i] = momui_declare_linear(set, name, in, out);
        in = out;
    }
}

static momu_status build(momui_memory *memory, const vggish_config *config, momui_safetensors *file,
                         momui_vggish **vggish, momu_error *error) {
    momui_weight_source source = {read_weight, file};
    momui_vggish *made = momui_calloc(memory, 1, sizeof *made);
    if (!made)
        return momui_fail_memory(error, "VGGish");
    made->memory = memory;
    momui_parameters_init(&made->parameters, memory, &source, 0, error);
    declare(made, config);
    made->parameters.source = NULL; /* they may not outlive this call */
    made->parameters.error = NULL;
    momu_status status = made->parameters.status;
    if (status == MOMU_OK)
        *vggish = made;
    else
        momui_vggish_free(made);
    return status;
}

momu_status momui_vggish_load(momui_memory *memory, const momui_bytes *bytes, momui_vggish **vggish,
                              momu_error *error) {
    momui_safetensors *file = NULL;
    vggish_config config = {0};
    *vggish = NULL;
    MOMUI_TRY(momui_safetensors_open(memory, bytes, &file, error));
    const char *name = momui_safetensors_name(file);
    const char *text = momui_safetensors_metadata(file, "momu.vggish");
    momui_json *root = NULL;
    momu_status status;
    MOMUI_TRY_GOTO(text ? MOMU_OK
                        : momui_fail(error, MOMU_ERROR_FORMAT,
                                     "%s: momu.vggish is missing in its metadata; "
                                     "python -m momu.convert vggish makes such files",
                                     name),
                   status, done);
    MOMUI_TRY_GOTO(momui_json_parse(text, strlen(text), name, &root, error), status, done);
    MOMUI_TRY_GOTO(read_config(root, &config, error), status, done);
    MOMUI_TRY_GOTO(build(memory, &config, file, vggish, error), status, done);
done:
    momui_json_free(root);
    momui_safetensors_close(file);
    return status;
}

void momui_vggish_free(momui_vggish *vggish) {
    if (!vggish)
        return;
    momui_parameters_release(&vggish->parameters);
    momui_free(vggish);
}

/* ---- forward; there is no backward ---- */

/* (B, H, W, C) -> (B, H/2, W/2, C) */
static momui_tensor *pool(momui_graph *g, const momui_tensor *x) {
    if (!x)
        return NULL;
    int64_t height = x->shape[1] / 2, width = x->shape[2] / 2, channels = x->shape[3];
    momui_tensor *y = momui_tensor_new(g, 4, (int64_t[]){x->shape[0], height, width, channels});
    for (int64_t b = 0; y && b < x->shape[0] * height; b++)
        for (int64_t w = 0; w < width; w++) {
            const float *above = x->data + (2 * b * x->shape[2] + 2 * w) * channels;
            const float *below = above + x->shape[2] * channels;
            float *out = y->data + (b * width + w) * channels;
            for (int64_t c = 0; c < channels; c++)
                out[c] = fmaxf(fmaxf(above[c], above[c + channels]),
                               fmaxf(below[c], below[c + channels]));
        }
    return y;
}

static momui_tensor *forward(momui_graph *g, const momui_vggish *v, momui_tensor *x) {
    const momui_conv2d_shape same = {1, 1, 1, 1};
    for (int i = 0; i < CONVS; i++) {
        x = momui_op_conv2d(g, x, v->convs[i].weight, v->convs[i].bias, same);
        x = momui_op_leaky_relu(g, x, 0);
        if (POOLED[i])
            x = pool(g, x);
    }
    if (!x)
        return NULL;
    int64_t values = x->shape[1] * x->shape[2] * x->shape[3];
    x = momui_op_reshape(g, x, 2, (int64_t[]){x->shape[0], values});
    for (int i = 0; i < LINEARS; i++) {
        x = momui_apply_linear(g, &v->linears[i], x);
        if (i + 1 < LINEARS)
            x = momui_op_leaky_relu(g, x, 0);
    }
    return x;
}

static momu_status embed_patch(momui_arena *arena, const momui_vggish *v, const float *mel,
                               float *out, momu_error *error) {
    momui_graph g;
    MOMUI_TRY(momui_graph_begin(&g, arena, NULL, false, error));
    momui_tensor *x =
        momui_tensor_from(&g, 4, (int64_t[]){1, MOMUI_VGGISH_PATCH, MOMUI_VGGISH_BANDS, 1}, mel);
    momui_tensor *y = forward(&g, v, x);
    if (!y)
        return g.status;
    memcpy(out, y->data, MOMUI_VGGISH_EMBEDDING * sizeof *out);
    return MOMU_OK;
}

momu_status momui_vggish_embed(momui_memory *memory, const momui_vggish *vggish, const float *mono,
                               int64_t samples, float **embeddings, int32_t *patches,
                               momu_error *error) {
    float *mel = NULL;
    int64_t frames = 0;
    *embeddings = NULL;
    MOMUI_TRY(momui_vggish_mel(memory, mono, samples, &mel, &frames, error));
    *patches = (int32_t)(frames / MOMUI_VGGISH_PATCH);
    size_t count = *patches > 0 ? (size_t)*patches : 1;
    float *out = momui_alloc(memory, count, MOMUI_VGGISH_EMBEDDING * sizeof *out);
    momui_arena *arena = momui_arena_create(memory);
    momu_status status = out && arena ? MOMU_OK : momui_fail_memory(error, "VGGish");
    for (int32_t p = 0; status == MOMU_OK && p < *patches; p++) {
        momui_arena_mark mark = momui_arena_position(arena);
        status =
            embed_patch(arena, vggish, mel + (int64_t)p * MOMUI_VGGISH_PATCH * MOMUI_VGGISH_BANDS,
                        out + (int64_t)p * MOMUI_VGGISH_EMBEDDING, error);
        momui_arena_reset(arena, mark);
    }
    if (arena)
        momui_arena_destroy(arena);
    momui_free(mel);
    if (status == MOMU_OK)
        *embeddings = out;
    else
        momui_free(out);
    return status;
}
