/* Architecture paper of docs/networks.md, "Transformer" (You et al. 2024).
 *
 *   t (B, 1, h), condition (B, L, d) -> MLP, norm (B, L, h), x (B, L, d) -> conv 5 (B, L, h)
 *   [t, condition, x] + positions (B, 1 + 2 L, h), all of which attend to all valid ones
 *   block: group norm, proj_in; attention, attention, convolutions within t, condition and x, each
 *     with a norm before and a residual; proj_out, and the block's input added
 *   group norm, the x tokens, output (B, L, d)
 */
#include "models/transformer_paper.h"

#include <math.h>
#include <string.h>

static momui_paper_attention declare_attention(momui_parameters *set, const char *prefix,
                                               int64_t h) {
    char name[MOMUI_NAME_LENGTH];
    momui_paper_attention a;
    a.query = momui_declare_matrix(set, momui_layer_name(name, prefix, "query"), h, h, 0.02f);
    a.key = momui_declare_matrix(set, momui_layer_name(name, prefix, "key"), h, h, 0.02f);
    a.value = momui_declare_matrix(set, momui_layer_name(name, prefix, "value"), h, h, 0.02f);
    a.out = momui_declare_linear(set, momui_layer_name(name, prefix, "out"), h, h);
    return a;
}

static void declare_block(momui_parameters *set, const char *prefix,
                          const momui_transformer_config *c, momui_paper_block *b) {
    char name[MOMUI_NAME_LENGTH];
    int64_t h = c->hidden, wide = h * c->ffn_multiple;
    b->norm_in = momui_declare_norm(set, momui_layer_name(name, prefix, "norm_in"), h);
    b->proj_in = momui_declare_linear(set, momui_layer_name(name, prefix, "proj_in"), h, h);
    b->norm1 = momui_declare_norm(set, momui_layer_name(name, prefix, "norm1"), h);
    b->attention1 = declare_attention(set, momui_layer_name(name, prefix, "attention1"), h);
    b->norm2 = momui_declare_norm(set, momui_layer_name(name, prefix, "norm2"), h);
    b->attention2 = declare_attention(set, momui_layer_name(name, prefix, "attention2"), h);
    b->norm3 = momui_declare_norm(set, momui_layer_name(name, prefix, "norm3"), h);
    b->ffn_in = momui_declare_conv(set, momui_layer_name(name, prefix, "ffn_in"), h, 2 * wide,
                                   c->ffn_kernel);
    b->ffn_out =
        momui_declare_conv(set, momui_layer_name(name, prefix, "ffn_out"), wide, h, c->ffn_kernel);
    b->proj_out =
        momui_declare_normal_linear(set, momui_layer_name(name, prefix, "proj_out"), h, h, 0);
}

bool momui_paper_declare(momui_parameters *set, const char *prefix, momui_transformer *t) {
    const momui_transformer_config *c = &t->config;
    char name[MOMUI_NAME_LENGTH];
    int64_t h = c->hidden, d = t->latent;
    t->paper = momui_calloc(set->memory, (size_t)c->blocks, sizeof *t->paper);
    if (!t->paper)
        return false;
    t->null = momui_parameter_declare(set, prefix, "null", MOMUI_INIT_NORMAL, 0.02f, 1, &h);
    t->positions = momui_parameter_declare(set, prefix, "positions", MOMUI_INIT_NORMAL, 0.02f, 2,
                                           (int64_t[]){c->max_tokens, h});
    t->time_in = momui_declare_linear(set, momui_layer_name(name, prefix, "time.in"),
                                      MOMUI_TIME_FEATURES, h);
    t->time_out = momui_declare_linear(set, momui_layer_name(name, prefix, "time.out"), h, h);
    t->condition_in =
        momui_declare_linear(set, momui_layer_name(name, prefix, "condition.in"), d, h);
    t->condition_out =
        momui_declare_linear(set, momui_layer_name(name, prefix, "condition.out"), h, h);
    t->condition_norm =
        momui_declare_norm(set, momui_layer_name(name, prefix, "condition.norm"), h);
    t->input = momui_declare_conv(set, momui_layer_name(name, prefix, "input"), d, h, 5);
    for (int i = 0; i < c->blocks; i++) {
        char block[MOMUI_NAME_LENGTH];
        declare_block(set, momui_layer_name(block, prefix, "blocks.%d", i), c, &t->paper[i]);
    }
    t->norm_out = momui_declare_norm(set, momui_layer_name(name, prefix, "norm_out"), h);
    t->output = momui_declare_linear(set, momui_layer_name(name, prefix, "output"), h, d);
    return true;
}

void momui_paper_condition(momui_graph *g, const momui_transformer *t, momui_tensor *condition,
                           const uint8_t *keep, momui_condition *out) {
    momui_tensor *y = momui_op_gelu_tanh(g, momui_apply_linear(g, &t->condition_in, condition));
    y = momui_apply_linear(g, &t->condition_out, y);
    y = momui_apply_layer_norm(g, &t->condition_norm, y, 1e-5f);
    out->tokens = momui_op_where(g, y, keep, t->null);
}

/* Tokens of [t, condition, x]: how many, and which are valid. */
typedef struct layout {
    int64_t items, frames;
    const uint8_t *mask;                   /* (B, 1 + 2 L), or NULL: all */
    momui_tensor *condition_rows, *x_rows; /* (B, L, h) of 0 and 1, or NULL */
} layout;

static momui_tensor *rows_of(momui_graph *g, const uint8_t *mask, int64_t items, int64_t frames,
                             int64_t width) {
    momui_tensor *out = mask ? momui_tensor_new(g, 3, (int64_t[]){items, frames, width}) : NULL;
    for (int64_t i = 0; out && i < items * frames; i++)
        for (int64_t c = 0; c < width; c++)
            out->data[i * width + c] = mask[i] ? 1.0f : 0.0f;
    return out;
}

static const uint8_t *token_mask(momui_graph *g, const layout *l, const uint8_t *condition,
                                 const uint8_t *x) {
    if (!condition && !x)
        return NULL;
    int64_t width = 1 + 2 * l->frames;
    uint8_t *out = momui_arena_alloc(g->arena, (size_t)(l->items * width), 1);
    if (!out)
        g->status = momui_fail_memory(g->error, "the mask");
    for (int64_t b = 0; out && b < l->items; b++) {
        uint8_t *row = out + b * width;
        memset(row, 1, (size_t)width);
        if (condition)
            memcpy(row + 1, condition + b * l->frames, (size_t)l->frames);
        if (x)
            memcpy(row + 1 + l->frames, x + b * l->frames, (size_t)l->frames);
    }
    return out;
}

/* A convolution within each segment; masked frames count as zeros. */
static momui_tensor *within_segments(momui_graph *g, const momui_affine *conv, const layout *l,
                                     momui_tensor *s) {
    momui_tensor *parts[3] = {momui_op_slice(g, s, 1, 0, 1), momui_op_slice(g, s, 1, 1, l->frames),
                              momui_op_slice(g, s, 1, 1 + l->frames, l->frames)};
    momui_tensor *rows[3] = {NULL, l->condition_rows, l->x_rows};
    for (int i = 0; i < 3; i++) {
        if (rows[i] && parts[i]) {
            int64_t width = parts[i]->shape[2];
            momui_tensor *wide = momui_op_slice(g, rows[i], 2, 0, width);
            parts[i] = momui_op_multiply(g, parts[i], wide);
        }
        parts[i] = momui_apply_conv(g, conv, parts[i]);
    }
    return momui_op_concat(g, parts, 3, 1);
}

static momui_tensor *attend(momui_graph *g, const momui_transformer *t,
                            const momui_paper_attention *a, const layout *l, momui_tensor *y) {
    float scale = (float)(1.0 / sqrt((double)t->config.hidden / t->config.heads));
    momui_tensor *out = momui_op_attention(
        g, momui_op_linear(g, y, a->query, NULL), momui_op_linear(g, y, a->key, NULL),
        momui_op_linear(g, y, a->value, NULL), t->config.heads, scale, l->mask);
    return momui_apply_linear(g, &a->out, out);
}

static momui_tensor *apply_block(momui_graph *g, const momui_transformer *t,
                                 const momui_paper_block *b, const layout *l, momui_tensor *s) {
    momui_tensor *r = s;
    s = momui_op_group_norm(g, s, 32, 1e-6f, b->norm_in.weight, b->norm_in.bias, l->mask);
    s = momui_apply_linear(g, &b->proj_in, s);
    momui_tensor *y = momui_apply_layer_norm(g, &b->norm1, s, 1e-5f);
    s = momui_op_add(g, s, attend(g, t, &b->attention1, l, y));
    y = momui_apply_layer_norm(g, &b->norm2, s, 1e-5f);
    s = momui_op_add(g, s, attend(g, t, &b->attention2, l, y));
    y = momui_apply_layer_norm(g, &b->norm3, s, 1e-5f);
    y = momui_op_geglu(g, within_segments(g, &b->ffn_in, l, y));
    s = momui_op_add(g, s, within_segments(g, &b->ffn_out, l, y));
    return momui_op_add(g, r, momui_apply_linear(g, &b->proj_out, s));
}

momui_tensor *momui_paper_forward(momui_graph *g, const momui_transformer *t, momui_tensor *x,
                                  const int32_t *timestep, const momui_condition *condition,
                                  const uint8_t *mask) {
    int64_t h = t->config.hidden, wide = h * t->config.ffn_multiple;
    layout l = {x->shape[0], x->shape[1], NULL, NULL, NULL};
    int64_t tokens = 1 + 2 * l.frames;
    if (tokens > t->config.max_tokens) {
        g->status =
            momui_fail(g->error, MOMU_ERROR_LIMIT, "%lld tokens; this model has positions for %d",
                       (long long)tokens, t->config.max_tokens);
        return NULL;
    }
    l.mask = token_mask(g, &l, condition->mask, mask);
    int64_t widest = wide > t->latent ? wide : t->latent; /* of all that is convolved */
    l.condition_rows = rows_of(g, condition->mask, l.items, l.frames, widest);
    l.x_rows = rows_of(g, mask, l.items, l.frames, widest);
    if (l.x_rows)
        x = momui_op_multiply(g, x, momui_op_slice(g, l.x_rows, 2, 0, t->latent));
    momui_tensor *parts[3] = {momui_embed_time(g, &t->time_in, &t->time_out, timestep, l.items),
                              condition->tokens, momui_apply_conv(g, &t->input, x)};
    momui_tensor *s = momui_op_concat(g, parts, 3, 1);
    momui_tensor *places = momui_op_slice(g, t->positions, 0, 0, tokens);
    places = momui_op_reshape(g, places, 3, (int64_t[]){1, tokens, h});
    momui_tensor *all[64];
    for (int64_t b = 0; b < l.items && b < 64; b++)
        all[b] = places;
    if (l.items > 64) {
        g->status = momui_fail(g->error, MOMU_ERROR_LIMIT, "%lld items; at most 64 at once",
                               (long long)l.items);
        return NULL;
    }
    s = momui_op_add(g, s, momui_op_concat(g, all, (int)l.items, 0));
    momui_arena_mark mark = momui_arena_position(g->arena);
    for (int i = 0; i < t->config.blocks; i++)
        s = momui_graph_release(g, mark, apply_block(g, t, &t->paper[i], &l, s));
    s = momui_op_group_norm(g, s, 16, 1e-6f, t->norm_out.weight, t->norm_out.bias, l.mask);
    return momui_apply_linear(g, &t->output, momui_op_slice(g, s, 1, 1 + l.frames, l.frames));
}
