/* Architecture unet of docs/networks.md, "Transformer", ablation #4: a U-Net over the latent frames
 * in the transformer's place. C[i] = hidden * multipliers[i], n levels.
 *
 *   condition (B, L, d) -> tokens (B, L, h), the learned null where it is dropped, + time(noise
 * level) [x, inpainting mask, tokens] (B, L, d + 1 + h) -> input conv 3 (B, L, h), + controls down
 * levels 0 .. n-1: residual blocks (B, L/2^i, C[i]), kept as skips; all but the last halve middle:
 * residual, attention with rotary places, residual up levels n-1 .. 0: [s, skip], residual blocks,
 * frames doubled; norm, SiLU, output conv 3
 *
 * Frames are padded to a multiple of 2^(n-1). Norms are of each frame alone and masked frames are
 * zeros for convolutions, so an item comes out the same alone and padded in a batch. */
#include "models/transformer_unet.h"

#include <math.h>
#include <string.h>

enum { MAX_BLOCKS = 8 }; /* of a level, as the config allows */

typedef struct residual {
    momui_affine norm1, conv1, time, norm2, conv2, shortcut;
    bool reshapes; /* the shortcut is there */
} residual;

typedef struct attention {
    momui_affine norm, out;
    momui_tensor *query, *key, *value;
} attention;

typedef struct momui_unet {
    residual down[MOMUI_MAX_LEVELS][MAX_BLOCKS], up[MOMUI_MAX_LEVELS][MAX_BLOCKS];
    residual middle1, middle2;
    attention attention;
    momui_affine halve[MOMUI_MAX_LEVELS], twice[MOMUI_MAX_LEVELS];
} unet;

/* ---- declaration ---- */

static residual declare_residual(momui_parameters *set, const char *prefix, int64_t h, int64_t in,
                                 int64_t out) {
    char name[MOMUI_NAME_LENGTH];
    residual r = {.reshapes = in != out};
    r.norm1 = momui_declare_norm(set, momui_layer_name(name, prefix, "norm1"), in);
    r.conv1 = momui_declare_conv(set, momui_layer_name(name, prefix, "conv1"), in, out, 3);
    r.time = momui_declare_linear(set, momui_layer_name(name, prefix, "time"), h, 2 * out);
    r.norm2 = momui_declare_norm(set, momui_layer_name(name, prefix, "norm2"), out);
    r.conv2 = momui_declare_conv(set, momui_layer_name(name, prefix, "conv2"), out, out, 3);
    if (r.reshapes)
        r.shortcut =
            momui_declare_conv(set, momui_layer_name(name, prefix, "shortcut"), in, out, 1);
    return r;
}

static attention declare_attention(momui_parameters *set, const char *prefix, int64_t width) {
    char name[MOMUI_NAME_LENGTH];
    attention a;
    a.norm = momui_declare_norm(set, momui_layer_name(name, prefix, "norm"), width);
    a.query =
        momui_declare_matrix(set, momui_layer_name(name, prefix, "query"), width, width, 0.02f);
    a.key = momui_declare_matrix(set, momui_layer_name(name, prefix, "key"), width, width, 0.02f);
    a.value =
        momui_declare_matrix(set, momui_layer_name(name, prefix, "value"), width, width, 0.02f);
    a.out = momui_declare_linear(set, momui_layer_name(name, prefix, "out"), width, width);
    return a;
}

/* Blocks j = 0 .. of "PREFIX.PART.I.blocks.J"; returns the width behind them. */
static int64_t declare_blocks(momui_parameters *set, const char *prefix, const char *part,
                              int level, const momui_transformer_config *c, int64_t width,
                              residual *blocks) {
    char name[MOMUI_NAME_LENGTH];
    int64_t out = (int64_t)c->hidden * c->multipliers[level];
    for (int j = 0; j < c->blocks; j++, width = out)
        blocks[j] =
            declare_residual(set, momui_layer_name(name, prefix, "%s.%d.blocks.%d", part, level, j),
                             c->hidden, width, out);
    return out;
}

static void declare_levels(momui_parameters *set, const char *prefix,
                           const momui_transformer_config *c, unet *u) {
    char name[MOMUI_NAME_LENGTH];
    int64_t h = c->hidden, width = h;
    for (int i = 0; i < c->levels; i++) {
        width = declare_blocks(set, prefix, "down", i, c, width, u->down[i]);
        if (i + 1 < c->levels)
            u->halve[i] = momui_declare_conv(set, momui_layer_name(name, prefix, "down.%d.down", i),
                                             width, width, 3);
    }
    u->middle1 =
        declare_residual(set, momui_layer_name(name, prefix, "middle.block1"), h, width, width);
    u->attention =
        declare_attention(set, momui_layer_name(name, prefix, "middle.attention"), width);
    u->middle2 =
        declare_residual(set, momui_layer_name(name, prefix, "middle.block2"), h, width, width);
    for (int i = c->levels - 1; i >= 0; i--) {
        width = declare_blocks(set, prefix, "up", i, c, width + h * c->multipliers[i], u->up[i]);
        if (i > 0)
            u->twice[i] = momui_declare_conv(set, momui_layer_name(name, prefix, "up.%d.up", i),
                                             width, width, 3);
    }
}

bool momui_unet_declare(momui_parameters *set, const char *prefix, momui_transformer *t) {
    const momui_transformer_config *c = &t->config;
    char name[MOMUI_NAME_LENGTH];
    int64_t h = c->hidden, d = t->latent, last = h * c->multipliers[0];
    t->unet = momui_calloc(set->memory, 1, sizeof *t->unet);
    if (!t->unet)
        return false;
    t->null = momui_parameter_declare(set, prefix, "null", MOMUI_INIT_NORMAL, 0.02f, 1, &h);
    t->time_in = momui_declare_linear(set, momui_layer_name(name, prefix, "time.in"),
                                      MOMUI_TIME_FEATURES, h);
    t->time_out = momui_declare_linear(set, momui_layer_name(name, prefix, "time.out"), h, h);
    t->condition_time_in = momui_declare_linear(
        set, momui_layer_name(name, prefix, "condition_time.in"), MOMUI_TIME_FEATURES, h);
    t->condition_time_out =
        momui_declare_linear(set, momui_layer_name(name, prefix, "condition_time.out"), h, h);
    t->condition = momui_declare_linear(set, momui_layer_name(name, prefix, "condition"), d, h);
    t->input = momui_declare_conv(set, momui_layer_name(name, prefix, "input"),
                                  d + (c->inpainting ? 1 : 0) + h, h, 3);
    if (c->controls)
        t->controls = momui_declare_matrix(set, momui_layer_name(name, prefix, "controls"),
                                           MOMUI_CONTROL_FEATURES, h, 0);
    declare_levels(set, prefix, c, t->unet);
    t->norm_out = momui_declare_norm(set, momui_layer_name(name, prefix, "norm_out"), last);
    momui_layer_name(name, prefix, "output");
    t->output.weight = momui_parameter_declare(set, name, "weight", MOMUI_INIT_ZERO, 0, 3,
                                               (int64_t[]){d, 3, last});
    t->output.bias = momui_parameter_declare(set, name, "bias", MOMUI_INIT_ZERO, 0, 1, &d);
    return true;
}

/* ---- running ---- */

void momui_unet_condition(momui_graph *g, const momui_transformer *t, momui_tensor *condition,
                          const uint8_t *keep, const int32_t *noise_level, momui_condition *out) {
    momui_tensor *s = momui_apply_linear(g, &t->condition, condition);
    momui_tensor *noise = momui_embed_time(g, &t->condition_time_in, &t->condition_time_out,
                                           noise_level, condition->shape[0]);
    s = momui_op_add_row(g, momui_op_where(g, s, keep, t->null), noise);
    out->tokens = momui_op_mask(g, s, out->mask);
}

/* One evaluation. */
typedef struct pass {
    const momui_transformer *t;
    int64_t items, padded;                  /* padded: frames of level 0 */
    momui_tensor *time;                     /* SiLU of the timestep's embedding, (B, 1, h) */
    const uint8_t *masks[MOMUI_MAX_LEVELS]; /* (B, padded / 2^i), or all NULL: every frame counts */
} pass;

/* A coarse frame counts when one of its two does. */
static bool make_masks(momui_graph *g, pass *p, int64_t frames, const uint8_t *mask) {
    if (!mask && frames == p->padded)
        return true;
    int64_t length = p->padded;
    for (int i = 0; i < p->t->config.levels; i++, length /= 2) {
        uint8_t *own = momui_arena_alloc(g->arena, (size_t)p->items, (size_t)length);
        if (!own) {
            g->status = momui_fail_memory(g->error, "the mask");
            return false;
        }
        for (int64_t b = 0; b < p->items; b++)
            for (int64_t k = 0; k < length; k++)
                if (i == 0)
                    own[b * length + k] = k < frames && (!mask || mask[b * frames + k]);
                else
                    own[b * length + k] = p->masks[i - 1][2 * (b * length + k)] ||
                                          p->masks[i - 1][2 * (b * length + k) + 1];
        p->masks[i] = own;
    }
    return true;
}

static momui_tensor *convolve(momui_graph *g, const pass *p, int level, const momui_affine *conv,
                              momui_tensor *x) {
    return momui_apply_conv(g, conv, momui_op_mask(g, x, p->masks[level]));
}

static momui_tensor *apply_residual(momui_graph *g, const pass *p, int level, const residual *r,
                                    momui_tensor *x) {
    int64_t width = r->conv1.weight->shape[0];
    momui_tensor *y = momui_op_silu(g, momui_apply_layer_norm(g, &r->norm1, x, 1e-5f));
    y = momui_apply_layer_norm(g, &r->norm2, convolve(g, p, level, &r->conv1, y), 1e-5f);
    momui_tensor *time = momui_apply_linear(g, &r->time, p->time);
    momui_tensor *scaled = momui_op_multiply_row(g, y, momui_op_slice(g, time, 2, 0, width));
    y = momui_op_add_row(g, momui_op_add(g, y, scaled), momui_op_slice(g, time, 2, width, width));
    y = convolve(g, p, level, &r->conv2, momui_op_silu(g, y));
    return momui_op_add(g, y, r->reshapes ? momui_apply_conv(g, &r->shortcut, x) : x);
}

static momui_tensor *apply_attention(momui_graph *g, const pass *p, momui_tensor *x) {
    const attention *a = &p->t->unet->attention;
    int heads = p->t->config.heads;
    if (!x)
        return NULL;
    int32_t *places = momui_arena_alloc(g->arena, (size_t)x->shape[1], sizeof *places);
    if (!places) {
        g->status = momui_fail_memory(g->error, "the positions");
        return NULL;
    }
    for (int64_t k = 0; k < x->shape[1]; k++)
        places[k] = (int32_t)k;
    momui_tensor *y = momui_apply_layer_norm(g, &a->norm, x, 1e-5f);
    momui_tensor *query = momui_op_rotary(g, momui_op_linear(g, y, a->query, NULL), heads, places);
    momui_tensor *key = momui_op_rotary(g, momui_op_linear(g, y, a->key, NULL), heads, places);
    momui_tensor *value = momui_op_linear(g, y, a->value, NULL);
    float scale = (float)(1.0 / sqrt((double)x->shape[2] / heads));
    y = momui_op_attention(g, query, key, value, heads, scale, p->masks[p->t->config.levels - 1]);
    return momui_op_add(g, x, momui_apply_linear(g, &a->out, y));
}

static momui_tensor *apply_blocks(momui_graph *g, const pass *p, int level, const residual *blocks,
                                  momui_arena_mark mark, momui_tensor *s) {
    for (int j = 0; j < p->t->config.blocks; j++)
        s = momui_graph_release(g, mark, apply_residual(g, p, level, &blocks[j], s));
    return s;
}

/* Each level's skip stays where its mark is until the way up is past it. */
static momui_tensor *apply_levels(momui_graph *g, const pass *p, momui_tensor *s) {
    const unet *u = p->t->unet;
    int n = p->t->config.levels;
    momui_tensor *skips[MOMUI_MAX_LEVELS] = {NULL};
    momui_arena_mark marks[MOMUI_MAX_LEVELS];
    for (int i = 0; i < n; i++) {
        marks[i] = momui_arena_position(g->arena);
        s = skips[i] = apply_blocks(g, p, i, u->down[i], marks[i], s);
        if (s && i + 1 < n)
            s = momui_op_conv1d(g, momui_op_mask(g, s, p->masks[i]), u->halve[i].weight,
                                u->halve[i].bias, 2, 0, 1);
    }
    momui_arena_mark middle = momui_arena_position(g->arena);
    s = momui_graph_release(g, middle, apply_residual(g, p, n - 1, &u->middle1, s));
    s = apply_attention(g, p, s);
    s = momui_graph_release(g, middle, apply_residual(g, p, n - 1, &u->middle2, s));
    for (int i = n - 1; i >= 0; i--) {
        s = momui_op_concat(g, (momui_tensor *[]){s, skips[i]}, 2, 2);
        s = apply_blocks(g, p, i, u->up[i], marks[i], s);
        if (i > 0)
            s = convolve(g, p, i - 1, &u->twice[i], momui_op_upsample2(g, s));
    }
    return s;
}

/* x padded with zeros at its end to `frames` frames. */
static momui_tensor *padded(momui_graph *g, momui_tensor *x, int64_t frames) {
    int64_t more = x ? frames - x->shape[1] : 0;
    if (more == 0)
        return x;
    momui_tensor *zeros =
        momui_tensor_from(g, 3, (int64_t[]){x->shape[0], more, x->shape[2]}, NULL);
    return momui_op_concat(g, (momui_tensor *[]){x, zeros}, 2, 1);
}

momui_tensor *momui_unet_forward(momui_graph *g, const momui_transformer *t, momui_tensor *x,
                                 const int32_t *timestep, const uint8_t *inpainting,
                                 momui_tensor *controls, const momui_condition *condition,
                                 const uint8_t *mask) {
    int64_t frames = x->shape[1], step = (int64_t)1 << (t->config.levels - 1);
    pass p = {.t = t, .items = x->shape[0], .padded = (frames + step - 1) / step * step};
    if (!make_masks(g, &p, frames, mask))
        return NULL;
    p.time = momui_op_silu(g, momui_embed_time(g, &t->time_in, &t->time_out, timestep, p.items));
    if (t->config.inpainting)
        x = momui_append_mask(g, x, inpainting);
    momui_tensor *s = momui_op_concat(g, (momui_tensor *[]){x, condition->tokens}, 2, 2);
    s = convolve(g, &p, 0, &t->input, padded(g, s, p.padded));
    if (controls && t->controls) {
        momui_tensor *said = momui_op_linear(g, controls, t->controls, NULL);
        s = momui_op_add(g, s, padded(g, said, p.padded));
    }
    s = momui_apply_layer_norm(g, &t->norm_out, apply_levels(g, &p, s), 1e-5f);
    s = convolve(g, &p, 0, &t->output, momui_op_silu(g, s));
    return frames == p.padded ? s : momui_op_slice(g, s, 1, 0, frames);
}
