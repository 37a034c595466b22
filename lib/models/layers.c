#include "models/layers.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

const char *momui_layer_name(char name[MOMUI_NAME_LENGTH], const char *prefix, const char *format,
                             ...) {
    int at = snprintf(name, MOMUI_NAME_LENGTH, "%s.", prefix);
    if (at < 0 || at >= MOMUI_NAME_LENGTH)
        return name;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name + at, (size_t)(MOMUI_NAME_LENGTH - at), format, arguments);
    va_end(arguments);
    return name;
}

momui_affine momui_declare_norm(momui_parameters *set, const char *prefix, int64_t channels) {
    momui_affine n;
    n.weight = momui_parameter_declare(set, prefix, "weight", MOMUI_INIT_ONE, 0, 1, &channels);
    n.bias = momui_parameter_declare(set, prefix, "bias", MOMUI_INIT_ZERO, 0, 1, &channels);
    return n;
}

momui_affine momui_declare_conv(momui_parameters *set, const char *prefix, int64_t in, int64_t out,
                                int64_t kernel) {
    momui_affine c;
    float bound = (float)(1.0 / sqrt((double)(in * kernel)));
    c.weight = momui_parameter_declare(set, prefix, "weight", MOMUI_INIT_UNIFORM, bound, 3,
                                       (int64_t[]){out, kernel, in});
    c.bias = momui_parameter_declare(set, prefix, "bias", MOMUI_INIT_UNIFORM, bound, 1, &out);
    return c;
}

momui_affine momui_declare_linear(momui_parameters *set, const char *prefix, int64_t in,
                                  int64_t out) {
    momui_affine l;
    float bound = (float)(1.0 / sqrt((double)in));
    l.weight = momui_parameter_declare(set, prefix, "weight", MOMUI_INIT_UNIFORM, bound, 2,
                                       (int64_t[]){out, in});
    l.bias = momui_parameter_declare(set, prefix, "bias", MOMUI_INIT_UNIFORM, bound, 1, &out);
    return l;
}

momui_tensor *momui_declare_matrix(momui_parameters *set, const char *prefix, int64_t in,
                                   int64_t out, float deviation) {
    momui_init init = deviation > 0 ? MOMUI_INIT_NORMAL : MOMUI_INIT_ZERO;
    return momui_parameter_declare(set, prefix, "weight", init, deviation, 2, (int64_t[]){out, in});
}

momui_affine momui_declare_normal_linear(momui_parameters *set, const char *prefix, int64_t in,
                                         int64_t out, float deviation) {
    momui_affine l;
    l.weight = momui_declare_matrix(set, prefix, in, out, deviation);
    l.bias = momui_parameter_declare(set, prefix, "bias", MOMUI_INIT_ZERO, 0, 1, &out);
    return l;
}
