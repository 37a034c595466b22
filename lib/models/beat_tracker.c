/* The beat tracker, of a dance's rhythm or of a song's latents (docs/networks.md, "Beat tracker"):
 *
 *   x (B, L, in) -> conv 5 (B, L, C), GELU -> conv 5
 *   -> blocks of transformer_base.c: norm, rotary attention, residual; norm, GEGLU
 *      feed-forward, residual
 *   -> norm -> linear (B, L, down) -> (B, L down): the logit of a beat in each frame
 */
#include "models/beat_tracker.h"

#include "models/transformer_base.h"

enum { HEADS = MOMUI_BEAT_TRACKER_HEADS, FFN_MULTIPLE = 2 };

struct momui_beat_tracker {
    momui_beat_tracker_config config;
    int32_t down;
    momui_affine first, second, norm, head;
    momui_base_block blocks[MOMUI_MAX_BLOCKS];
};

momui_beat_tracker *momui_beat_tracker_declare(momui_parameters *set, const char *prefix,
                                               const momui_beat_tracker_config *config,
                                               int32_t in_channels, int32_t down) {
    momui_beat_tracker *n = momui_calloc(set->memory, 1, sizeof *n);
    if (!n) {
        set->status = momui_fail_memory(set->error, "a beat tracker");
        return NULL;
    }
    char name[MOMUI_NAME_LENGTH], block[MOMUI_NAME_LENGTH];
    int64_t c = config->channels;
    n->config = *config;
    n->down = down;
    n->first = momui_declare_conv(set, momui_layer_name(name, prefix, "first"), in_channels, c, 5);
    n->second = momui_declare_conv(set, momui_layer_name(name, prefix, "second"), c, c, 5);
    for (int32_t i = 0; i < config->blocks; i++)
        momui_base_block_declare(set, momui_layer_name(block, prefix, "blocks.%d", (int)i), c,
                                 FFN_MULTIPLE * c, config->blocks, false, &n->blocks[i]);
    n->norm = momui_declare_norm(set, momui_layer_name(name, prefix, "norm"), c);
    n->head = momui_declare_linear(set, momui_layer_name(name, prefix, "head"), c, down);
    return n;
}

void momui_beat_tracker_free(momui_beat_tracker *network) {
    momui_free(network);
}

momui_tensor *momui_beat_tracker_forward(momui_graph *g, const momui_beat_tracker *network,
                                         momui_tensor *x) {
    const momui_beat_tracker *n = network;
    if (!x)
        return NULL;
    int64_t items = x->shape[0], frames = x->shape[1];
    const int32_t *places = momui_frame_positions(g, frames, false);
    momui_tensor *s = momui_op_gelu(g, momui_apply_conv(g, &n->first, x));
    s = momui_apply_conv(g, &n->second, s);
    momui_arena_mark mark = momui_arena_position(g->arena);
    for (int32_t i = 0; i < n->config.blocks && g->status == MOMU_OK; i++)
        s = momui_graph_release(g, mark,
                                momui_base_block_alone(g, &n->blocks[i], HEADS, s, places));
    s = momui_apply_linear(g, &n->head, momui_apply_layer_norm(g, &n->norm, s, 1e-5f));
    return momui_op_reshape(g, s, 2, (int64_t[]){items, frames * n->down});
}
