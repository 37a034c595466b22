#include "nn/kernels/kernels.h"
#include "nn/nn.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void momui_parameters_init(momui_parameters *set, momui_memory *memory,
                           const momui_weight_source *source, uint64_t seed, momu_error *error) {
    *set = (momui_parameters){.memory = memory, .source = source, .seed = seed, .error = error};
}

static void parameter_free(momui_parameter *p) {
    momui_free(p->tensor.data);
    momui_free(p->tensor.grad);
    momui_free((void *)(uintptr_t)p->tensor.packed);
    momui_free(p->first);
    momui_free(p->second);
    momui_free(p->average);
    momui_free(p);
}

void momui_parameters_release(momui_parameters *set) {
    for (int i = 0; i < set->count; i++)
        parameter_free(set->items[i]);
    momui_free(set->items);
    set->items = NULL;
    set->count = set->capacity = 0;
}

static momui_tensor *refuse(momui_parameters *set, momu_status status) {
    set->status = status;
    return NULL;
}

/* Values that one output depends on: all axes but the first; a rank-1 tensor's own length, since
 * its layer passes a scale. */
static double fan_in(int rank, const int64_t *shape) {
    double fan = rank == 1 ? (double)shape[0] : 1.0;
    for (int i = 1; i < rank; i++)
        fan *= (double)shape[i];
    return fan < 1.0 ? 1.0 : fan;
}

static void draw_initial(float *out, size_t count, momui_init init, float scale, int rank,
                         const int64_t *shape, uint64_t seed, uint64_t stream) {
    momui_random random = {seed, stream, 0};
    if (init == MOMUI_INIT_UNIFORM && scale == 0.0f)
        scale = (float)(1.0 / sqrt(fan_in(rank, shape)));
    if (init == MOMUI_INIT_NORMAL)
        momui_fill_normal(out, count, seed, stream);
    for (size_t i = 0; i < count; i++)
        switch (init) {
        case MOMUI_INIT_ZERO:
            out[i] = 0.0f;
            break;
        case MOMUI_INIT_ONE:
            out[i] = 1.0f;
            break;
        case MOMUI_INIT_NORMAL:
            out[i] *= scale;
            break;
        case MOMUI_INIT_UNIFORM:
            out[i] = (2.0f * momui_random_uniform(&random) - 1.0f) * scale;
            break;
        }
}

static bool grow(momui_parameters *set) {
    if (set->count < set->capacity)
        return true;
    int capacity = set->capacity ? 2 * set->capacity : 64;
    momui_parameter **items =
        momui_realloc(set->memory, set->items, (size_t)capacity, sizeof *items);
    if (!items)
        return false;
    set->items = items;
    set->capacity = capacity;
    return true;
}

/* A parameter with its memory, not yet in the set; NULL sets the set's status. */
static momui_parameter *parameter_new(momui_parameters *set, const char *name, int rank,
                                      const int64_t *shape, size_t *count) {
    *count = 1;
    for (int i = 0; i < rank; i++)
        if (shape[i] < 1 || shape[i] > INT32_MAX ||
            !momui_multiply(*count, (size_t)shape[i], count)) {
            refuse(set,
                   momui_fail(set->error, MOMU_ERROR_INTERNAL, "tensor %s: axis %d is %lld long",
                              name, i, (long long)shape[i]));
            return NULL;
        }
    momui_parameter *p = momui_calloc(set->memory, 1, sizeof *p);
    if (p)
        p->tensor.data = momui_alloc(set->memory, *count, sizeof(float));
    if (!p || !p->tensor.data || !grow(set)) {
        if (p)
            parameter_free(p);
        refuse(set, momui_fail_memory(set->error, "the network's weights"));
        return NULL;
    }
    memcpy(p->name, name, strlen(name) + 1);
    p->tensor.rank = rank;
    for (int i = 0; i < rank; i++)
        p->tensor.shape[i] = shape[i];
    return p;
}

momui_tensor *momui_parameter_declare(momui_parameters *set, const char *prefix, const char *name,
                                      momui_init init, float scale, int rank,
                                      const int64_t *shape) {
    if (set->status != MOMU_OK)
        return NULL;
    char full[128];
    bool dot = prefix && prefix[0] && name && name[0];
    int length = snprintf(full, sizeof full, "%s%s%s", prefix ? prefix : "", dot ? "." : "",
                          name ? name : "");
    if (length < 1 || (size_t)length >= sizeof full || rank < 1 || rank > 4)
        return refuse(set, momui_fail(set->error, MOMU_ERROR_INTERNAL,
                                      "tensor %s: its name or rank %d does not fit", full, rank));
    if (momui_parameters_find(set, full))
        return refuse(
            set, momui_fail(set->error, MOMU_ERROR_INTERNAL, "tensor %s is declared twice", full));
    size_t count = 0;
    momui_parameter *p = parameter_new(set, full, rank, shape, &count);
    if (!p)
        return NULL;
    if (set->source) {
        momu_status status =
            set->source->read(set->source->user, full, rank, shape, p->tensor.data, set->error);
        if (status != MOMU_OK) {
            parameter_free(p);
            return refuse(set, status);
        }
    } else {
        draw_initial(p->tensor.data, count, init, scale, rank, shape, set->seed,
                     (uint64_t)set->count);
    }
    set->items[set->count++] = p;
    return &p->tensor;
}

momui_parameter *momui_parameters_find(momui_parameters *set, const char *name) {
    for (int i = 0; i < set->count; i++)
        if (strcmp(set->items[i]->name, name) == 0)
            return set->items[i];
    return NULL;
}

/* `prefix` is a whole name or the part of one before a dot; "" means all. A frozen parameter gets
 * no gradient. */
void momui_parameters_freeze(momui_parameters *set, const char *prefix, bool frozen) {
    size_t length = strlen(prefix);
    if (length > 0 && prefix[length - 1] == '.')
        length--;
    for (int i = 0; i < set->count; i++) {
        momui_parameter *p = set->items[i];
        if (length > 0 && (strncmp(p->name, prefix, length) != 0 ||
                           (p->name[length] != '\0' && p->name[length] != '.')))
            continue;
        p->frozen = frozen;
        p->tensor.needs_grad = !frozen && p->tensor.grad;
    }
}

void momui_parameters_zero_grad(momui_parameters *set) {
    for (int i = 0; i < set->count; i++) {
        momui_tensor *x = &set->items[i]->tensor;
        if (x->grad)
            memset(x->grad, 0, (size_t)momui_tensor_count(x) * sizeof(float));
    }
}

/* A weight (out, ...) is used as a right-hand side (everything else, out). Depthwise weights and
 * tables are packed too: it costs a little memory, and the set cannot tell how a matrix is used.
 */
momu_status momui_parameters_pack(momui_parameters *set, momu_error *error) {
    const momui_kernels *kernels = momui_kernels_best();
    for (int i = 0; i < set->count; i++) {
        momui_tensor *x = &set->items[i]->tensor;
        if (x->rank < 2 || x->rank > 3)
            continue;
        int64_t n = x->shape[0], k = momui_tensor_count(x) / n;
        float *packed = (float *)(uintptr_t)x->packed;
        if (!packed)
            packed =
                momui_alloc(set->memory, (size_t)momui_packed_floats(kernels, k, n), sizeof(float));
        if (!packed)
            return momui_fail_memory(error, "the network's weights in kernel order");
        kernels->pack(k, n, (momui_view){x->data, 1, k}, packed, 0,
                      (n + kernels->panel - 1) / kernels->panel);
        x->packed = packed;
    }
    return MOMU_OK;
}
