#include "models/transformer_parts.h"

#include <math.h>

momui_tensor *momui_embed_time(momui_graph *g, const momui_affine *in, const momui_affine *out,
                               const int32_t *t, int64_t count) {
    enum { HALF = MOMUI_TIME_FEATURES / 2 };
    momui_tensor *feature = momui_tensor_new(g, 3, (int64_t[]){count, 1, MOMUI_TIME_FEATURES});
    for (int64_t b = 0; feature && b < count; b++)
        for (int i = 0; i < HALF; i++) {
            double angle = t[b] * exp(-log(10000.0) * i / HALF);
            feature->data[b * MOMUI_TIME_FEATURES + i] = (float)cos(angle);
            feature->data[b * MOMUI_TIME_FEATURES + HALF + i] = (float)sin(angle);
        }
    return momui_apply_linear(g, out, momui_op_silu(g, momui_apply_linear(g, in, feature)));
}

int32_t *momui_frame_positions(momui_graph *g, int64_t frames, bool token) {
    int32_t *out = momui_arena_alloc(g->arena, (size_t)frames + 1, sizeof *out);
    if (!out) {
        g->status = momui_fail_memory(g->error, "the positions");
        return NULL;
    }
    out[0] = 0;
    for (int64_t i = 0; i < frames; i++)
        out[i + (token ? 1 : 0)] = (int32_t)i;
    return out;
}

momui_tensor *momui_append_mask(momui_graph *g, momui_tensor *x, const uint8_t *inpainting) {
    int64_t rows = x->shape[0] * x->shape[1];
    momui_tensor *flags = momui_tensor_from(g, 3, (int64_t[]){x->shape[0], x->shape[1], 1}, NULL);
    for (int64_t i = 0; flags && inpainting && i < rows; i++)
        flags->data[i] = inpainting[i] ? 1.0f : 0.0f;
    return momui_op_concat(g, (momui_tensor *[]){x, flags}, 2, 2);
}
