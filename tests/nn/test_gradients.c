/* Finite differences of every operation, on every instruction set that this processor has. The
 * output is weighted with random numbers r: the derivative of sum(r y), by differences of the
 * forward pass without a tape, must be what the tape brings back. */
#include "base/extremes.h"
#include "nn_test.h"
#include "train/losses/loss_ops.h"

enum { MAX_LEAVES = 6 };

typedef struct leaf {
    int rank;
    int64_t shape[4];
} leaf;

typedef momui_tensor *(*build)(momui_graph *g, momui_tensor **leaves);

typedef struct gradient_case {
    const char *name;
    build make;
    float step; /* smaller where the function has corners */
    leaf leaves[MAX_LEAVES];
} gradient_case;

/* ---- what is built ---- */

static const uint8_t MASK[3 * 70] = {1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1,
                                     0, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1};
static const uint8_t NONE_LEFT[2 * 5] = {1, 0, 1, 1, 0, 0, 0, 0, 0, 0};
static const uint8_t KEEP[3] = {1, 0, 1};
static const int32_t POSITIONS[8] = {0, 3, 1, 7, 2, 2, 90, 5};

#define BUILD(name, call)                                                                          \
    static momui_tensor *name(momui_graph *g, momui_tensor **x) {                                  \
        (void)x;                                                                                   \
        return call;                                                                               \
    }
BUILD(linear, momui_op_linear(g, x[0], x[1], x[2]))
BUILD(linear_plain, momui_op_linear(g, x[0], x[1], NULL))
BUILD(conv_same, momui_op_conv1d(g, x[0], x[1], x[2], 1, 2, 2))
BUILD(conv_down, momui_op_conv1d(g, x[0], x[1], x[2], 2, 0, 1))
BUILD(conv_odd, momui_op_conv1d(g, x[0], x[1], NULL, 3, 1, 0))
BUILD(conv_wide, momui_op_conv1d(g, x[0], x[1], x[2], 1, 2, 3))
BUILD(conv_one, momui_op_conv1d(g, x[0], x[1], x[2], 1, 0, 0))
BUILD(depthwise, momui_op_depthwise_conv1d(g, x[0], x[1], x[2]))
BUILD(depthwise_plain, momui_op_depthwise_conv1d(g, x[0], x[1], NULL))
BUILD(attention, momui_op_attention(g, x[0], x[1], x[2], 2, 0.5f, NULL))
BUILD(attention_masked, momui_op_attention(g, x[0], x[1], x[2], 3, 0.4f, MASK))
BUILD(attention_none, momui_op_attention(g, x[0], x[1], x[2], 1, 0.4f, NONE_LEFT))
BUILD(attention_self, momui_op_attention(g, x[0], x[0], x[0], 2, 0.3f, NULL))
BUILD(rotary, momui_op_rotary(g, x[0], 2, POSITIONS))
BUILD(group_norm, momui_op_group_norm(g, x[0], 3, 1e-5f, x[1], x[2], NULL))
BUILD(group_norm_masked, momui_op_group_norm(g, x[0], 2, 1e-5f, x[1], x[2], MASK))
BUILD(layer_norm, momui_op_layer_norm(g, x[0], 1e-5f, x[1], x[2]))
BUILD(silu, momui_op_silu(g, x[0]))
BUILD(gelu, momui_op_gelu(g, x[0]))
BUILD(gelu_tanh, momui_op_gelu_tanh(g, x[0]))
BUILD(geglu, momui_op_geglu(g, x[0]))
BUILD(exponential, momui_op_exp(g, x[0]))
BUILD(clamp, momui_op_clamp(g, x[0], -0.8f, 0.6f))
BUILD(scale, momui_op_scale(g, x[0], -1.7f))
BUILD(add, momui_op_add(g, x[0], x[1]))
BUILD(add_itself, momui_op_add(g, x[0], x[0]))
BUILD(subtract, momui_op_subtract(g, x[0], x[1]))
BUILD(subtract_itself, momui_op_subtract(g, momui_op_scale(g, x[0], 3.0f), x[0]))
BUILD(multiply, momui_op_multiply(g, x[0], x[1]))
BUILD(square, momui_op_multiply(g, x[0], x[0]))
BUILD(add_row, momui_op_add_row(g, x[0], x[1]))
BUILD(multiply_row, momui_op_multiply_row(g, x[0], x[1]))
BUILD(choose, momui_op_where(g, x[0], KEEP, x[1]))
BUILD(mask_frames, momui_op_mask(g, x[0], MASK))
BUILD(mask_frames_twice, momui_op_add(g, x[0], momui_op_mask(g, x[0], MASK)))
BUILD(sample,
      momui_op_reparameterise(g, x[0], x[1],
                              (const float[]){.3f, -1, 2, .1f, 0, 1, -.5f, -2, .7f, .2f, 1, -1}))
BUILD(upsample, momui_op_upsample2(g, x[0]))
BUILD(concat_frames, momui_op_concat(g, (momui_tensor *[]){x[0], x[1], x[0]}, 3, 1))
BUILD(concat_channels, momui_op_concat(g, (momui_tensor *[]){x[0], x[1]}, 2, 2))
BUILD(slice_frames, momui_op_slice(g, x[0], 1, 2, 3))
BUILD(slice_channels, momui_op_slice(g, x[0], 2, 1, 3))
BUILD(window_max, momui_op_window_max(g, x[0], (const int32_t[]){0, 1, 1, 0},
                                      (const int32_t[]){0, 2, 3, 1}, 4, 3))
BUILD(normalize, momui_op_normalize(g, x[0]))
BUILD(l1, momui_op_l1(g, x[0], x[1], NULL))
BUILD(l1_weighted, momui_op_l1(g, x[0], x[1], (const float[]){1, .5f, 0, 2, 3}))
BUILD(squared, momui_op_squared_error(g, x[0], x[1], NULL, 7.0))
BUILD(squared_weighted,
      momui_op_squared_error(g, x[0], x[1], (const float[]){1, 0, 2, .5f, 1, 3}, 4))
static const int32_t LABELS[5] = {4, 0, 2, 2, 1}; /* outlive the tape */
static const float CHANCES[10] = {0, 1, .25f, .9f, .5f, 1, 0, .1f, .7f, .3f};
BUILD(kl, momui_op_kl(g, x[0], x[1]))
BUILD(conv2d, momui_op_conv2d(g, x[0], x[1], x[2], (momui_conv2d_shape){2, 2, 1, 1}))
BUILD(conv2d_uneven, momui_op_conv2d(g, x[0], x[1], NULL, (momui_conv2d_shape){1, 3, 0, 2}))
BUILD(conv2d_beyond, momui_op_conv2d(g, x[0], x[1], x[2], (momui_conv2d_shape){1, 1, 2, 5}))
BUILD(transposed, momui_op_conv_transpose1d(g, x[0], x[1], x[2], 2, 1))
BUILD(transposed_far, momui_op_conv_transpose1d(g, x[0], x[1], NULL, 3, 0))
BUILD(snake, momui_op_snake(g, x[0], x[1], x[2]))
BUILD(hyperbolic, momui_op_tanh(g, x[0]))
BUILD(leaky, momui_op_leaky_relu(g, x[0], 0.2f))
BUILD(hinge_real, momui_op_hinge(g, x[0], true))
BUILD(hinge_made, momui_op_hinge(g, x[0], false))
BUILD(mean, momui_op_mean(g, x[0]))
BUILD(dot, momui_op_dot(g, momui_op_silu(g, x[0]), (const float[]){1, -2, .5f, 3, 0, 1}))
BUILD(infonce, momui_op_infonce(g, x[0]))
BUILD(cross_entropy, momui_op_cross_entropy(g, x[0], LABELS))
BUILD(binary_cross_entropy, momui_op_binary_cross_entropy(g, x[0], CHANCES))
BUILD(similarity, momui_op_similarity(g, x[0], x[1], x[2]))

static momui_tensor *reshape(momui_graph *g, momui_tensor **x) {
    return momui_op_silu(g, momui_op_reshape(g, x[0], 2, SHAPE(5, 6)));
}

static momui_tensor *weighted_sum(momui_graph *g, momui_tensor **x) {
    momui_tensor *parts[3] = {momui_op_l1(g, x[0], x[1], NULL), momui_op_kl(g, x[0], x[1]),
                              momui_op_squared_error(g, x[0], x[1], NULL, 3.0)};
    return momui_op_weighted_sum(g, parts, (const float[]){1.0f, -2.0f, 0.5f}, 3);
}

/* Gradients that meet and share memory: a residual block that is used twice. */
static momui_tensor *residual(momui_graph *g, momui_tensor **x) {
    momui_tensor *y = momui_op_layer_norm(g, x[0], 1e-5f, x[1], x[2]);
    momui_tensor *inner =
        momui_op_add(g, x[0], momui_op_gelu(g, momui_op_linear(g, y, x[3], x[2])));
    momui_tensor *sum = momui_op_add(g, inner, momui_op_linear(g, inner, x[3], NULL));
    return momui_op_add(g, momui_op_reshape(g, sum, 3, x[0]->shape),
                        momui_op_multiply(g, y, inner));
}

#define C(name, step, ...)                                                                         \
    {                                                                                              \
#name, name, step, {                                                                       \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
static const gradient_case CASES[] = {
    C(linear, .02f, {3, {2, 7, 5}}, {2, {9, 5}}, {1, {9}}),
    C(linear, .02f, {2, {101, 33}}, {2, {67, 33}}, {1, {67}}),
    C(linear_plain, .02f, {2, {3, 300}}, {2, {37, 300}}),
    C(conv_same, .02f, {3, {2, 9, 3}}, {3, {7, 5, 3}}, {1, {7}}),
    C(conv_down, .02f, {3, {3, 8, 5}}, {3, {4, 3, 5}}, {1, {4}}),
    C(conv_odd, .02f, {3, {1, 11, 6}}, {3, {33, 4, 6}}),
    C(conv_wide, .02f, {3, {2, 5, 3}}, {3, {6, 2, 3}}, {1, {6}}),
    C(conv_one, .02f, {3, {2, 5, 3}}, {3, {6, 1, 3}}, {1, {6}}),
    C(depthwise, .02f, {3, {2, 9, 17}}, {2, {17, 7}}, {1, {17}}),
    C(depthwise_plain, .02f, {3, {1, 3, 4}}, {2, {4, 5}}),
    C(attention, .01f, {3, {2, 5, 8}}, {3, {2, 7, 8}}, {3, {2, 7, 8}}),
    C(attention, .01f, {3, {1, 133, 34}}, {3, {1, 70, 34}}, {3, {1, 70, 34}}),
    C(attention_masked, .01f, {3, {2, 67, 15}}, {3, {2, 21, 15}}, {3, {2, 21, 15}}),
    C(attention_none, .01f, {3, {2, 3, 4}}, {3, {2, 5, 4}}, {3, {2, 5, 4}}),
    C(attention_self, .01f, {3, {1, 9, 6}}),
    C(rotary, .02f, {3, {2, 8, 12}}),
    C(group_norm, .01f, {3, {2, 5, 9}}, {1, {9}}, {1, {9}}),
    C(group_norm_masked, .01f, {3, {3, 7, 10}}, {1, {10}}, {1, {10}}),
    C(layer_norm, .01f, {3, {2, 5, 19}}, {1, {19}}, {1, {19}}),
    C(layer_norm, .01f, {2, {300, 32}}, {1, {32}}, {1, {32}}),
    C(silu, .01f, {2, {7, 11}}),
    C(gelu, .01f, {2, {7, 11}}),
    C(gelu_tanh, .01f, {2, {7, 11}}),
    C(geglu, .01f, {3, {2, 3, 34}}),
    C(exponential, .01f, {1, {37}}),
    C(clamp, .001f, {1, {40}}),
    C(scale, .02f, {4, {2, 2, 3, 2}}),
    C(add, .02f, {2, {3, 5}}, {2, {3, 5}}),
    C(add_itself, .02f, {2, {3, 5}}),
    C(subtract, .02f, {2, {3, 5}}, {2, {3, 5}}),
    C(subtract_itself, .02f, {2, {3, 5}}),
    C(multiply, .02f, {2, {3, 5}}, {2, {3, 5}}),
    C(square, .02f, {2, {3, 5}}),
    C(add_row, .02f, {3, {2, 4, 5}}, {1, {5}}),
    C(add_row, .02f, {3, {2, 4, 5}}, {3, {2, 1, 5}}),
    C(multiply_row, .02f, {3, {2, 4, 5}}, {1, {5}}),
    C(multiply_row, .02f, {3, {2, 400, 35}}, {3, {2, 1, 35}}),
    C(mask_frames, .02f, {3, {2, 7, 5}}),
    C(mask_frames_twice, .02f, {3, {2, 7, 5}}),
    C(choose, .02f, {3, {3, 4, 5}}, {1, {5}}),
    C(sample, .01f, {2, {3, 4}}, {2, {3, 4}}),
    C(upsample, .02f, {3, {2, 3, 5}}),
    C(concat_frames, .02f, {3, {2, 3, 5}}, {3, {2, 1, 5}}),
    C(concat_channels, .02f, {3, {2, 3, 5}}, {3, {2, 3, 1}}),
    C(slice_frames, .02f, {3, {2, 7, 3}}),
    C(slice_channels, .02f, {3, {2, 3, 5}}),
    C(reshape, .01f, {3, {2, 3, 5}}),
    C(window_max, .001f, {3, {2, 6, 5}}),
    C(normalize, .005f, {2, {4, 9}}),
    C(l1, .001f, {3, {2, 3, 5}}, {3, {2, 3, 5}}),
    C(l1_weighted, .001f, {3, {2, 3, 5}}, {3, {2, 3, 5}}),
    C(squared, .01f, {2, {6, 5}}, {2, {6, 5}}),
    C(squared_weighted, .01f, {2, {6, 5}}, {2, {6, 5}}),
    C(kl, .01f, {2, {6, 5}}, {2, {6, 5}}),
    C(conv2d, .02f, {4, {2, 7, 6, 3}}, {4, {5, 4, 4, 3}}, {1, {5}}),
    C(conv2d_uneven, .02f, {4, {1, 4, 9, 2}}, {4, {17, 2, 3, 2}}),
    C(conv2d_beyond, .02f, {4, {1, 3, 2, 1}}, {4, {2, 3, 4, 1}}, {1, {2}}),
    C(transposed, .02f, {3, {2, 5, 3}}, {3, {3, 4, 6}}, {1, {6}}),
    C(transposed_far, .02f, {3, {1, 4, 2}}, {3, {2, 2, 5}}),
    C(snake, .003f, {3, {2, 7, 3}}, {1, {3}}, {1, {3}}),
    C(hyperbolic, .01f, {2, {7, 11}}),
    C(leaky, .001f, {1, {40}}),
    C(hinge_real, .001f, {2, {6, 5}}),
    C(hinge_made, .001f, {2, {6, 5}}),
    C(mean, .01f, {2, {6, 5}}),
    C(dot, .01f, {2, {2, 3}}),
    C(infonce, .01f, {2, {7, 7}}),
    C(cross_entropy, .01f, {2, {5, 6}}),
    C(binary_cross_entropy, .01f, {2, {2, 5}}),
    C(similarity, .01f, {2, {4, 6}}, {2, {5, 6}}, {1, {1}}),
    C(weighted_sum, .001f, {2, {4, 3}}, {2, {4, 3}}),
    C(residual, .005f, {3, {2, 6, 8}}, {1, {8}}, {1, {8}}, {2, {8, 8}}),
};

/* ---- how it is checked ---- */

typedef struct bench {
    const gradient_case *of;
    const momui_kernels *kernels;
    momui_arena *arena;
    momui_pool *pool;
    momui_tensor *leaves[MAX_LEAVES];
    int count;
    float *weights; /* r, as many as the output has */
} bench;

/* sum(r y), in double */
static double weighted_output(bench *b) {
    momu_error error;
    momui_arena_mark mark = momui_arena_position(b->arena);
    momui_graph g = begin_graph(b->arena, b->pool, false, &error);
    g.kernels = b->kernels;
    momui_tensor *y = b->of->make(&g, b->leaves);
    assert_fine(&g, y);
    double sum = 0.0;
    for (int64_t i = 0; i < momui_tensor_count(y); i++)
        sum += (double)b->weights[i] * (double)y->data[i];
    momui_arena_reset(b->arena, mark);
    return sum;
}

/* The derivative when leaf x moves along `direction`. */
static double difference(bench *b, momui_tensor *x, const float *direction) {
    size_t count = (size_t)momui_tensor_count(x);
    float *kept = malloc(count * sizeof *kept);
    assert_non_null(kept);
    memcpy(kept, x->data, count * sizeof *kept);
    double sides[2], moved = 0.0, length = 0.0;
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < count; i++)
            x->data[i] = kept[i] + (side ? -b->of->step : b->of->step) * direction[i];
        for (size_t i = 0; i < count; i++) { /* what the rounding left of the step */
            moved += fabs((double)x->data[i] - (double)kept[i]);
            length += fabs((double)direction[i]);
        }
        sides[side] = weighted_output(b);
    }
    memcpy(x->data, kept, count * sizeof *kept);
    free(kept);
    return (sides[0] - sides[1]) / (2.0 * moved / length);
}

static void check_leaf(bench *b, int index) {
    momui_tensor *x = b->leaves[index];
    size_t count = (size_t)momui_tensor_count(x);
    assert_non_null(x->grad);
    float *direction = calloc(count, sizeof *direction);
    assert_non_null(direction);
    double largest = 0.0, size = 0.0;
    for (size_t i = 0; i < count; i++) {
        largest = momui_max(largest, fabs((double)x->grad[i]));
        size += (double)x->grad[i] * (double)x->grad[i];
    }
    size_t stride = count > 40 ? count / 40 : 1;
    for (size_t i = 0; i < count; i += stride) {
        direction[i] = 1.0f;
        double by_difference = difference(b, x, direction), by_tape = (double)x->grad[i];
        direction[i] = 0.0f;
        double bound = 1e-2 * fabs(by_difference) + 3e-3 * largest + 2e-4;
        if (!(fabs(by_difference - by_tape) <= bound))
            fail_msg("%s on %s: leaf %d, element %zu: %g by differences, %g by the tape",
                     b->of->name, b->kernels->name, index, i, by_difference, by_tape);
    }
    /* along the gradient itself, so that no element can hide: its square must come out */
    double norm = sqrt(size / (double)count);
    if (norm > 0.0) {
        double expected = 0.0;
        for (size_t i = 0; i < count; i++) {
            direction[i] = x->grad[i] / (float)fmax(norm, 1e-20) / (float)sqrt((double)count);
            expected += (double)direction[i] * (double)x->grad[i];
        }
        double along = difference(b, x, direction);
        if (!(fabs(along - expected) <= 3e-3 * fabs(expected) + 1e-4))
            fail_msg("%s on %s: leaf %d along its gradient: %g by differences, %g by the tape",
                     b->of->name, b->kernels->name, index, along, expected);
    }
    free(direction);
}

/* The seed r for the output: the error to a target of y - r, halved, has it as its gradient. */
static void run_tape(bench *b) {
    momu_error error;
    momui_graph g = begin_graph(b->arena, b->pool, true, &error);
    g.kernels = b->kernels;
    b->count = 0;
    for (int i = 0; i < MAX_LEAVES && b->of->leaves[i].rank > 0; i++, b->count++) {
        b->leaves[i] =
            normal_tensor(&g, b->of->leaves[i].rank, b->of->leaves[i].shape, 10 + (uint64_t)i);
        b->leaves[i]->needs_grad = true;
    }
    momui_tensor *y = b->of->make(&g, b->leaves);
    assert_fine(&g, y);
    momui_tensor *weights = normal_tensor(&g, y->rank, y->shape, 99);
    momui_tensor *target =
        momui_op_subtract(&g, momui_tensor_from(&g, y->rank, y->shape, y->data), weights);
    b->weights = weights->data;
    momui_tensor *loss = momui_op_squared_error(&g, y, target, NULL, 2.0);
    assert_fine(&g, loss);
    assert_int_equal(momui_backward(&g, loss), MOMU_OK);
}

static void test_gradients(void **state) {
    const momui_kernels *sets[4];
    int set_count = momui_kernels_all(sets, 4);
    momui_pool *pool = NULL;
    (void)state;
    assert_int_equal(momui_pool_create(NULL, 2, &pool, NULL), MOMU_OK);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        for (int v = 0; v < set_count; v++) {
            bench b = {.of = &CASES[i], .kernels = sets[v], .pool = pool};
            b.arena = momui_arena_create(NULL);
            assert_non_null(b.arena);
            run_tape(&b);
            for (int leaf_index = 0; leaf_index < b.count; leaf_index++)
                check_leaf(&b, leaf_index);
            momui_arena_destroy(b.arena);
        }
    momui_pool_destroy(pool);
}

/* What needs no gradient gets none, and costs no node. */
static void test_constants_get_no_gradient(void **state) {
    (void)state;
    momu_error error;
    momui_arena *arena = momui_arena_create(NULL);
    momui_graph g = begin_graph(arena, NULL, true, &error);
    momui_tensor *x = normal_tensor(&g, 2, SHAPE(3, 4), 1),
                 *w = normal_tensor(&g, 2, SHAPE(5, 4), 2);
    momui_tensor *constant = momui_op_linear(&g, x, w, NULL);
    assert_fine(&g, constant);
    assert_false(constant->needs_grad);
    w->needs_grad = true;
    momui_tensor *loss =
        momui_op_squared_error(&g, momui_op_linear(&g, x, w, NULL), constant, NULL, 1);
    assert_fine(&g, loss);
    assert_true(loss->needs_grad);
    assert_int_equal(momui_backward(&g, loss), MOMU_OK);
    assert_null(x->grad);
    assert_null(constant->grad);
    assert_non_null(w->grad);
    for (int i = 0; i < 20; i++)
        assert_true(w->grad[i] == 0.0f);
    momui_arena_destroy(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradients),
        cmocka_unit_test(test_constants_get_no_gradient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
