/* The layers that networks declare: a weight with its bias, under "PREFIX.weight" and
 * "PREFIX.bias". */
#ifndef MOMUI_MODELS_LAYERS_H
#define MOMUI_MODELS_LAYERS_H

#include "nn/nn.h"

typedef struct momui_affine {
    momui_tensor *weight, *bias;
} momui_affine;

enum { MOMUI_NAME_LENGTH = 128 };

/* prefix.format into name; a name that does not fit is cut and then refused as a duplicate or by
 * length. */
const char *momui_layer_name(char name[MOMUI_NAME_LENGTH], const char *prefix, const char *format,
                             ...) MOMUI_PRINTF(3, 4);
momui_affine momui_declare_norm(momui_parameters *set, const char *prefix, int64_t channels);
/* torch's initial weights: U(-1/sqrt(fan_in), 1/sqrt(fan_in)) for both */
momui_affine momui_declare_conv(momui_parameters *set, const char *prefix, int64_t in, int64_t out,
                                int64_t kernel);
momui_affine momui_declare_linear(momui_parameters *set, const char *prefix, int64_t in,
                                  int64_t out);
/* N(0, deviation) and a zero bias; deviation 0: all zeros */
momui_affine momui_declare_normal_linear(momui_parameters *set, const char *prefix, int64_t in,
                                         int64_t out, float deviation);
/* weight only: (out, in) */
momui_tensor *momui_declare_matrix(momui_parameters *set, const char *prefix, int64_t in,
                                   int64_t out, float deviation);

static inline momui_tensor *momui_apply_linear(momui_graph *g, const momui_affine *l,
                                               momui_tensor *x) {
    return momui_op_linear(g, x, l->weight, l->bias);
}
/* "same" zero padding */
static inline momui_tensor *momui_apply_conv(momui_graph *g, const momui_affine *c,
                                             momui_tensor *x) {
    int pad = ((int)c->weight->shape[1] - 1) / 2;
    return momui_op_conv1d(g, x, c->weight, c->bias, 1, pad, pad);
}
static inline momui_tensor *momui_apply_layer_norm(momui_graph *g, const momui_affine *n,
                                                   momui_tensor *x, float epsilon) {
    return momui_op_layer_norm(g, x, epsilon, n->weight, n->bias);
}

#endif
