/* What the architectures of the transformer share (transformer_base.c, _paper.c, _unet.c). */
#ifndef MOMUI_MODELS_TRANSFORMER_PARTS_H
#define MOMUI_MODELS_TRANSFORMER_PARTS_H

#include "models/layers.h"
#include "models/transformer_condition.h"

typedef struct momui_transformer momui_transformer;

enum { MOMUI_TIME_FEATURES = 256 };

typedef struct momui_base_block {
    momui_affine norm1, norm2, out, ffn_in, ffn_out;
    momui_tensor *query, *key, *value;
    momui_tensor *fuse; /* NULL without fusion, and in every second block */
} momui_base_block;

typedef struct momui_paper_attention {
    momui_tensor *query, *key, *value;
    momui_affine out;
} momui_paper_attention;

typedef struct momui_paper_block {
    momui_affine norm_in, proj_in, norm1, norm2, norm3, ffn_in, ffn_out, proj_out;
    momui_paper_attention attention1, attention2;
} momui_paper_block;

struct momui_transformer {
    momui_transformer_config config;
    int32_t latent;
    momui_tensor *null, *modality, *controls, *positions;
    momui_affine time_in, time_out, condition_time_in, condition_time_out;
    momui_affine input, output, norm_out;
    momui_affine condition, condition_in, condition_out,
        condition_norm; /* the first: base and unet */
    momui_base_block *base;
    momui_paper_block *paper;
    struct momui_unet *unet;
};

/* time(t) of docs/networks.md, "Transformer": (count, 1, hidden) */
momui_tensor *momui_embed_time(momui_graph *g, const momui_affine *in, const momui_affine *out,
                               const int32_t *t, int64_t count);
/* Rotary positions 0, 1, ... frames - 1 in the arena; with `token` the timestep's token comes
 * first, at position 0 too. */
int32_t *momui_frame_positions(momui_graph *g, int64_t frames, bool token);
/* x (B, L, d) and the inpainting mask (B, L), or zeros where it is NULL -> (B, L, d + 1) */
momui_tensor *momui_append_mask(momui_graph *g, momui_tensor *x, const uint8_t *inpainting);

#endif
