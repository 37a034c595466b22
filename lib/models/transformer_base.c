/* Architecture base of docs/networks.md, "Transformer": two streams through the same blocks.
 *
 *   condition (B, L, d) -> linear, + time(noise level) -> tokens (B, L, h)
 *     blocks: the tokens attend to themselves alone; each block's keys and values (B, L, h) depend
 *     on no timestep and are the key-value cache of all steps
 *   x (B, L, d) [+ inpainting mask (B, L, 1)] -> linear (B, L, h), + controls, + time(t)
 *   [t, x] (B, 1 + L, h)
 *     blocks: attend to [t, x, cached condition] (B, 1 + 2 L, h)
 *   norm, linear -> prediction (B, L, d)
 *
 *   block: s (B, T, h)
 *     with fusion, in every second block: x_k += fuse(norm(condition_k))
 *     s += out(attention(rotary(norm s)));  s += ffn_out(GEGLU(ffn_in(norm s)))
 */
#include "models/transformer_base.h"

#include <math.h>

void momui_base_block_declare(momui_parameters *set, const char *prefix, int64_t hidden,
                              int64_t wide, int32_t depth, bool fusion, momui_base_block *block) {
    char name[MOMUI_NAME_LENGTH];
    int64_t h = hidden;
    float deep = (float)(0.02 / sqrt(2.0 * depth));
    momui_base_block *b = block;
    b->norm1 = momui_declare_norm(set, momui_layer_name(name, prefix, "norm1"), h);
    b->query = momui_declare_matrix(set, momui_layer_name(name, prefix, "query"), h, h, 0.02f);
    b->key = momui_declare_matrix(set, momui_layer_name(name, prefix, "key"), h, h, 0.02f);
    b->value = momui_declare_matrix(set, momui_layer_name(name, prefix, "value"), h, h, 0.02f);
    b->out = momui_declare_normal_linear(set, momui_layer_name(name, prefix, "out"), h, h, deep);
    if (fusion)
        b->fuse = momui_declare_matrix(set, momui_layer_name(name, prefix, "fuse"), h, h, 0.02f);
    b->norm2 = momui_declare_norm(set, momui_layer_name(name, prefix, "norm2"), h);
    b->ffn_in = momui_declare_normal_linear(set, momui_layer_name(name, prefix, "ffn_in"), h,
                                            2 * wide, 0.02f);
    b->ffn_out =
        momui_declare_normal_linear(set, momui_layer_name(name, prefix, "ffn_out"), wide, h, deep);
}

bool momui_base_declare(momui_parameters *set, const char *prefix, momui_transformer *t) {
    const momui_transformer_config *c = &t->config;
    char name[MOMUI_NAME_LENGTH];
    int64_t h = c->hidden, d = t->latent;
    t->base = momui_calloc(set->memory, (size_t)c->blocks, sizeof *t->base);
    if (!t->base)
        return false;
    t->null = momui_parameter_declare(set, prefix, "null", MOMUI_INIT_NORMAL, 0.02f, 1, &h);
    t->modality = momui_parameter_declare(set, prefix, "modality", MOMUI_INIT_NORMAL, 0.02f, 2,
                                          (int64_t[]){3, h});
    t->time_in = momui_declare_linear(set, momui_layer_name(name, prefix, "time.in"),
                                      MOMUI_TIME_FEATURES, h);
    t->time_out = momui_declare_linear(set, momui_layer_name(name, prefix, "time.out"), h, h);
    t->condition_time_in = momui_declare_linear(
        set, momui_layer_name(name, prefix, "condition_time.in"), MOMUI_TIME_FEATURES, h);
    t->condition_time_out =
        momui_declare_linear(set, momui_layer_name(name, prefix, "condition_time.out"), h, h);
    t->condition =
        momui_declare_normal_linear(set, momui_layer_name(name, prefix, "condition"), d, h, 0.02f);
    t->input = momui_declare_normal_linear(set, momui_layer_name(name, prefix, "input"),
                                           d + (c->inpainting ? 1 : 0), h, 0.02f);
    if (c->controls)
        t->controls = momui_declare_matrix(set, momui_layer_name(name, prefix, "controls"),
                                           MOMUI_CONTROL_FEATURES, h, 0);
    for (int i = 0; i < c->blocks; i++) {
        char block[MOMUI_NAME_LENGTH];
        momui_layer_name(block, prefix, "blocks.%d", i);
        momui_base_block_declare(set, block, h, h * c->ffn_multiple, c->blocks,
                                 c->fusion && i % 2 == 0, &t->base[i]);
    }
    t->norm_out = momui_declare_norm(set, momui_layer_name(name, prefix, "norm_out"), h);
    t->output = momui_declare_normal_linear(set, momui_layer_name(name, prefix, "output"), h, d, 0);
    return true;
}

/* Row i of the table (3, h). */
static momui_tensor *modality(momui_graph *g, const momui_transformer *t, int i) {
    return momui_op_reshape(g, momui_op_slice(g, t->modality, 0, i, 1), 1,
                            (int64_t[]){t->config.hidden});
}

static momui_tensor *rotated(momui_graph *g, int heads, momui_tensor *y, momui_tensor *weight,
                             const int32_t *places) {
    return momui_op_rotary(g, momui_op_linear(g, y, weight, NULL), heads, places);
}

static momui_tensor *attend(momui_graph *g, int heads, momui_tensor *query, momui_tensor *keys,
                            momui_tensor *values, const uint8_t *mask) {
    if (!query)
        return NULL;
    float scale = (float)(1.0 / sqrt((double)query->shape[2] / heads));
    return momui_op_attention(g, query, keys, values, heads, scale, mask);
}

/* s += out(attended); s += ffn_out(GEGLU(ffn_in(norm2(s)))) */
static momui_tensor *finish_block(momui_graph *g, const momui_base_block *b, momui_tensor *s,
                                  momui_tensor *attended) {
    s = momui_op_add(g, s, momui_apply_linear(g, &b->out, attended));
    momui_tensor *y = momui_apply_layer_norm(g, &b->norm2, s, 1e-5f);
    y = momui_op_geglu(g, momui_apply_linear(g, &b->ffn_in, y));
    return momui_op_add(g, s, momui_apply_linear(g, &b->ffn_out, y));
}

momui_tensor *momui_base_block_alone(momui_graph *g, const momui_base_block *b, int heads,
                                     momui_tensor *s, const int32_t *places) {
    momui_tensor *y = momui_apply_layer_norm(g, &b->norm1, s, 1e-5f);
    momui_tensor *query = rotated(g, heads, y, b->query, places);
    momui_tensor *keys = rotated(g, heads, y, b->key, places);
    momui_tensor *values = momui_op_linear(g, y, b->value, NULL);
    return finish_block(g, b, s, attend(g, heads, query, keys, values, NULL));
}

/* What the condition adds to the target tokens [t, x], (B, 1 + L, h): to x_k a linear map of the
 * condition at the same instant, so that attention need not learn to align them; to t nothing. */
static momui_tensor *fused(momui_graph *g, const momui_base_block *b, momui_tensor *y) {
    int64_t shape[] = {y->shape[0], 1, y->shape[2]};
    momui_tensor *nothing = momui_tensor_from(g, 3, shape, NULL);
    return momui_op_concat(g, (momui_tensor *[]){nothing, momui_op_linear(g, y, b->fuse, NULL)}, 2,
                           1);
}

void momui_base_condition(momui_graph *g, const momui_transformer *t, momui_tensor *condition,
                          const uint8_t *keep, const int32_t *noise_level, momui_condition *out) {
    int64_t items = condition->shape[0], frames = condition->shape[1];
    const int32_t *places = momui_frame_positions(g, frames, false);
    momui_tensor *s = momui_apply_linear(g, &t->condition, condition);
    s = momui_op_where(g, s, keep, t->null);
    s = momui_op_add_row(
        g, s,
        momui_embed_time(g, &t->condition_time_in, &t->condition_time_out, noise_level, items));
    s = momui_op_add_row(g, s, modality(g, t, 1));
    for (int i = 0; i < t->config.blocks && g->status == MOMU_OK; i++) {
        const momui_base_block *b = &t->base[i];
        momui_tensor *y = momui_apply_layer_norm(g, &b->norm1, s, 1e-5f);
        out->keys[i] = rotated(g, t->config.heads, y, b->key, places);
        out->values[i] = momui_op_linear(g, y, b->value, NULL);
        if (b->fuse)
            out->fused[i] = fused(g, b, y);
        if (i + 1 == t->config.blocks)
            break; /* the last block's output tokens are not used */
        momui_tensor *query = rotated(g, t->config.heads, y, b->query, places);
        s = finish_block(
            g, b, s, attend(g, t->config.heads, query, out->keys[i], out->values[i], out->mask));
    }
}

/* Which of the keys [t, x, condition] may be looked at: (B, 1 + 2 L), or NULL for all. */
static const uint8_t *key_mask(momui_graph *g, int64_t items, int64_t frames, const uint8_t *mask,
                               const uint8_t *condition) {
    if (!mask && !condition)
        return NULL;
    int64_t width = 1 + 2 * frames;
    uint8_t *out = momui_arena_alloc(g->arena, (size_t)(items * width), 1);
    if (!out)
        g->status = momui_fail_memory(g->error, "the mask");
    for (int64_t b = 0; out && b < items; b++) {
        out[b * width] = 1;
        for (int64_t k = 0; k < frames; k++) {
            out[b * width + 1 + k] = mask ? mask[b * frames + k] : 1;
            out[b * width + 1 + frames + k] = condition ? condition[b * frames + k] : 1;
        }
    }
    return out;
}

momui_tensor *momui_base_forward(momui_graph *g, const momui_transformer *t, momui_tensor *x,
                                 const int32_t *timestep, const uint8_t *inpainting,
                                 momui_tensor *controls, const momui_condition *condition,
                                 const uint8_t *mask) {
    int64_t items = x->shape[0], frames = x->shape[1];
    momui_tensor *time = momui_embed_time(g, &t->time_in, &t->time_out, timestep, items);
    momui_tensor *s = t->config.inpainting ? momui_append_mask(g, x, inpainting) : x;
    s = momui_apply_linear(g, &t->input, s);
    if (controls && t->controls)
        s = momui_op_add(g, s, momui_op_linear(g, controls, t->controls, NULL));
    s = momui_op_add_row(g, momui_op_add_row(g, s, time), modality(g, t, 2));
    momui_tensor *token = momui_op_add_row(g, time, modality(g, t, 0));
    s = momui_op_concat(g, (momui_tensor *[]){token, s}, 2, 1);
    const int32_t *places = momui_frame_positions(g, frames, true);
    const uint8_t *keys_seen = key_mask(g, items, frames, mask, condition->mask);
    momui_arena_mark mark = momui_arena_position(g->arena);
    for (int i = 0; i < t->config.blocks && g->status == MOMU_OK; i++) {
        const momui_base_block *b = &t->base[i];
        if (condition->fused[i])
            s = momui_op_add(g, s, condition->fused[i]);
        momui_tensor *y = momui_apply_layer_norm(g, &b->norm1, s, 1e-5f);
        momui_tensor *query = rotated(g, t->config.heads, y, b->query, places);
        momui_tensor *keys[] = {rotated(g, t->config.heads, y, b->key, places), condition->keys[i]};
        momui_tensor *values[] = {momui_op_linear(g, y, b->value, NULL), condition->values[i]};
        momui_tensor *attended = attend(g, t->config.heads, query, momui_op_concat(g, keys, 2, 1),
                                        momui_op_concat(g, values, 2, 1), keys_seen);
        s = momui_graph_release(g, mark, finish_block(g, b, s, attended));
    }
    s = momui_op_slice(g, s, 1, 1, frames);
    return momui_apply_linear(g, &t->output, momui_apply_layer_norm(g, &t->norm_out, s, 1e-5f));
}
