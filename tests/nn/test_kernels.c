/* The inner loops of each instruction set against plain C in double, with odd tails and guard bytes
 * around what is written; and generation's bytes at different numbers of threads. */
#include "nn_test.h"

enum { GUARD = 64 };
static const float SENTINEL = -12345.5f;

/* `count` floats between guards; freed by guarded_free, which checks the guards. */
static float *guarded(int64_t count) {
    float *block = malloc((size_t)(count + 2 * GUARD) * sizeof *block);
    assert_non_null(block);
    for (int64_t i = 0; i < count + 2 * GUARD; i++)
        block[i] = SENTINEL;
    return block + GUARD;
}

static void guarded_free(float *x, int64_t count) {
    for (int64_t i = 1; i <= GUARD; i++)
        assert_true(x[-i] == SENTINEL && x[count + i - 1] == SENTINEL);
    free(x - GUARD);
}

static float *normals(int64_t count, uint64_t stream) {
    float *x = guarded(count);
    momui_fill_normal(x, (size_t)count, 21, stream);
    return x;
}

/* ---- the matrix product ---- */

typedef struct product_shape {
    int64_t m, n, k;
    bool transposed_a, transposed_b, bias, accumulate;
} product_shape;

static double plain_element(const product_shape *s, const float *a, const float *b, int64_t i,
                            int64_t j) {
    double sum = 0.0;
    for (int64_t p = 0; p < s->k; p++)
        sum += (double)(s->transposed_a ? a[p * s->m + i] : a[i * s->k + p]) *
               (double)(s->transposed_b ? b[j * s->k + p] : b[p * s->n + j]);
    return sum;
}

/* c has rows of n + 3, so that a write past a row's end shows. */
static void check_product(const momui_kernels *kernels, const product_shape *s) {
    int64_t row = s->n + 3, size = s->m * row,
            packed_size = momui_packed_floats(kernels, s->k, s->n);
    float *a = normals(s->m * s->k, 1), *b = normals(s->k * s->n, 2), *bias = normals(s->n, 3);
    float *c = guarded(size), *packed = guarded(packed_size);
    momui_view left = {a, s->transposed_a ? 1 : s->k, s->transposed_a ? s->m : 1};
    momui_view right = {b, s->transposed_b ? 1 : s->n, s->transposed_b ? s->k : 1};
    for (int64_t i = 0; i < s->m && s->accumulate; i++)
        for (int64_t j = 0; j < s->n; j++)
            c[i * row + j] = (float)(i - j);
    kernels->pack(s->k, s->n, right, packed, 0, (s->n + kernels->panel - 1) / kernels->panel);
    kernels->multiply(s->m, s->n, s->k, left, packed, s->bias ? bias : NULL, s->accumulate, c, row);
    for (int64_t i = 0; i < s->m; i++)
        for (int64_t j = 0; j < row; j++) {
            if (j >= s->n) {
                assert_true(c[i * row + j] == SENTINEL);
                continue;
            }
            double expected = plain_element(s, a, b, i, j) + (s->bias ? (double)bias[j] : 0.0) +
                              (s->accumulate ? (double)(i - j) : 0.0);
            double bound = 2e-6 * sqrt((double)s->k + 1.0) * 4.0 + 1e-6 * fabs(expected);
            if (!(fabs((double)c[i * row + j] - expected) <= bound))
                fail_msg("%s: (%d, %d, %d) at (%d, %d): %g, not %g", kernels->name, (int)s->m,
                         (int)s->n, (int)s->k, (int)i, (int)j, (double)c[i * row + j], expected);
        }
    guarded_free(a, s->m * s->k);
    guarded_free(b, s->k * s->n);
    guarded_free(bias, s->n);
    guarded_free(c, size);
    guarded_free(packed, packed_size);
}

static void test_products(void **state) {
    (void)state;
    const momui_kernels *sets[4];
    int count = momui_kernels_all(sets, 4);
    const int64_t sizes[][3] = {{1, 1, 1},    {12, 32, 7},  {13, 33, 65},  {25, 15, 256},
                                {5, 17, 257}, {97, 49, 31}, {11, 1, 600},  {3, 100, 5},
                                {47, 64, 12}, {6, 16, 1},   {96, 31, 513}, {2, 8, 3}};
    assert_true(count >= 1);
    assert_string_equal(sets[count - 1]->name, "portable");
    for (int v = 0; v < count; v++)
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
            for (int bits = 0; bits < 16; bits++) {
                product_shape shape = {sizes[i][0], sizes[i][1], sizes[i][2], bits & 1,
                                       bits & 2,    bits & 4,    bits & 8};
                check_product(sets[v], &shape);
            }
}

/* ---- functions of one element ---- */

static double exact_gelu(double x) {
    return 0.5 * x * erfc(-x / sqrt(2.0));
}
static double exact_gelu_tanh(double x) {
    double u = sqrt(2.0 / 3.14159265358979323846) * (x + 0.044715 * x * x * x);
    return x / (1.0 + exp(-2.0 * u));
}
static double exact_silu(double x) {
    return x / (1.0 + exp(-x));
}

typedef void (*map_loop)(int64_t n, const float *x, float *y);

static void check_map(const char *name, const momui_kernels *kernels, map_loop loop,
                      double (*exact)(double), float low, float high) {
    enum { N = 4001 };
    float *x = guarded(N), *y = guarded(N);
    for (int i = 0; i < N; i++)
        x[i] = low + (high - low) * (float)i / (float)(N - 1);
    loop(N, x, y);
    for (int i = 0; i < N; i++) {
        double expected = exact((double)x[i]), error = fabs((double)y[i] - expected);
        double argument = fabs((double)x[i]); /* exp's own conditioning: an ulp of x x */
        if (!(error <= 1e-6 * fabs(expected) * (1.0 + 0.1 * argument * argument) + 1e-30))
            fail_msg("%s on %s: f(%g) = %.9g, not %.9g", name, kernels->name, (double)x[i],
                     (double)y[i], expected);
    }
    for (int n = 0; n < 40; n++) { /* tails: no element more, none less */
        float *tail = guarded(n);
        loop(n, x + 2000, tail);
        for (int i = 0; i < n; i++)
            assert_true(fabsf(tail[i] - y[2000 + i]) <= 2e-7f * fabsf(y[2000 + i]) + 1e-30f);
        guarded_free(tail, n);
    }
    guarded_free(x, N);
    guarded_free(y, N);
}

static void test_functions(void **state) {
    (void)state;
    const momui_kernels *sets[4];
    int count = momui_kernels_all(sets, 4);
    for (int v = 0; v < count; v++) {
        const momui_kernels *k = sets[v];
        check_map("exp", k, k->exp, exp, -80.0f, 88.0f);
        check_map("exp", k, k->exp, exp, -1.0f, 1.0f);
        check_map("gelu", k, k->gelu, exact_gelu, -6.0f, 9.0f);
        check_map("gelu", k, k->gelu, exact_gelu, -0.01f, 0.01f);
        check_map("silu", k, k->silu, exact_silu, -30.0f, 30.0f);
        check_map("gelu_tanh", k, k->gelu_tanh, exact_gelu_tanh, -3.0f, 9.0f);
        float odd[6] = {INFINITY, NAN, -INFINITY, 100.0f, -200.0f, 88.5f}, out[6];
        k->exp(6, odd, out);
        assert_true(isinf(out[0]) && isnan(out[1]) && out[2] < 1e-30f && isinf(out[3]));
        assert_true(out[4] >= 0.0f && out[4] < 1e-30f && isfinite(out[5]));
        k->gelu(6, odd, out);
        assert_true(isnan(out[1]) && out[3] == 100.0f && fabsf(out[4]) < 1e-20f);
        k->silu(6, odd, out);
        assert_true(isnan(out[1]) && out[3] == 100.0f && fabsf(out[4]) < 1e-20f);
    }
}

/* ---- softmax ---- */

static void test_softmax(void **state) {
    (void)state;
    const momui_kernels *sets[4];
    int count = momui_kernels_all(sets, 4);
    for (int v = 0; v < count; v++)
        for (int n = 1; n < 70; n += 3) {
            uint8_t mask[70];
            float *s = normals(n, (uint64_t)n), *again = guarded(n);
            memcpy(again, s, (size_t)n * sizeof *s);
            double sum = 0.0, total = 0.0, expected[70];
            for (int i = 0; i < n; i++) {
                mask[i] = i % 4 != 1;
                expected[i] = mask[i] ? exp(3.0 * (double)s[i]) : 0.0;
                sum += expected[i];
            }
            float log_sum = sets[v]->softmax(n, 3.0f, mask, s);
            sets[v]->softmax_recompute(n, 3.0f, mask, log_sum, again);
            for (int i = 0; i < n; i++) {
                assert_true(fabs((double)s[i] - expected[i] / sum) < 1e-6);
                assert_true(fabs((double)again[i] - expected[i] / sum) < 3e-6);
                total += (double)s[i];
            }
            assert_true(fabs(total - 1.0) < 1e-5);
            memset(mask, 0, sizeof mask);
            sets[v]->softmax(n, 3.0f, mask, s);
            for (int i = 0; i < n; i++)
                assert_true(s[i] == 0.0f);
            guarded_free(s, n);
            guarded_free(again, n);
        }
}

/* ---- threads ---- */

typedef momui_tensor *(*network)(momui_graph *g, momui_tensor *x, momui_parameters *set);

static momui_tensor *linear_network(momui_graph *g, momui_tensor *x, momui_parameters *set) {
    return momui_op_linear(g, x, &set->items[0]->tensor, &set->items[1]->tensor);
}
static momui_tensor *conv_network(momui_graph *g, momui_tensor *x, momui_parameters *set) {
    return momui_op_conv1d(g, x, &set->items[2]->tensor, &set->items[1]->tensor, 2, 1, 2);
}
static momui_tensor *attention_network(momui_graph *g, momui_tensor *x, momui_parameters *set) {
    (void)set;
    return momui_op_attention(g, x, x, x, 3, 0.2f, NULL);
}
static momui_tensor *pointwise_network(momui_graph *g, momui_tensor *x, momui_parameters *set) {
    momui_tensor *weight = &set->items[3]->tensor, *bias = &set->items[4]->tensor;
    x = momui_op_silu(g, momui_op_layer_norm(g, x, 1e-5f, weight, bias));
    x = momui_op_group_norm(g, momui_op_gelu(g, x), 3, 1e-5f, weight, bias, NULL);
    return momui_op_geglu(g, momui_op_exp(g, momui_op_multiply_row(g, x, weight)));
}

static void declare_all(momui_parameters *set) {
    momui_parameters_init(set, NULL, NULL, 4, NULL);
    momui_parameter_declare(set, "", "linear", MOMUI_INIT_UNIFORM, 0, 2, SHAPE(77, 66));
    momui_parameter_declare(set, "", "bias", MOMUI_INIT_NORMAL, 1, 1, SHAPE(77));
    momui_parameter_declare(set, "", "conv", MOMUI_INIT_UNIFORM, 0, 3, SHAPE(77, 5, 66));
    momui_parameter_declare(set, "", "norm", MOMUI_INIT_NORMAL, 1, 1, SHAPE(66));
    assert_non_null(momui_parameter_declare(set, "", "shift", MOMUI_INIT_NORMAL, 1, 1, SHAPE(66)));
}

/* Generation's bytes: 1, 2, 3 and 7 threads, weights packed beforehand or on the way, one item or
 * two. */
static void test_threads_do_not_change_bytes(void **state) {
    (void)state;
    const network networks[4] = {linear_network, conv_network, attention_network,
                                 pointwise_network};
    const int threads[5] = {1, 2, 3, 7, 2};
    for (int kind = 0; kind < 4; kind++) {
        float *kept = NULL;
        int64_t count = 0;
        for (int i = 0; i < 5; i++) {
            momu_error error;
            momui_pool *pool = NULL;
            momui_parameters set;
            momui_arena *arena = momui_arena_create(NULL);
            assert_int_equal(momui_pool_create(NULL, threads[i], &pool, NULL), MOMU_OK);
            declare_all(&set);
            if (i == 4)
                assert_int_equal(momui_parameters_pack(&set, NULL), MOMU_OK);
            momui_graph g = begin_graph(arena, pool, false, &error);
            momui_tensor *x = normal_tensor(&g, 3, SHAPE(2, 403, 66), 8);
            if (i == 3) /* the first item alone */
                x = momui_op_slice(&g, x, 0, 0, 1);
            momui_tensor *y = networks[kind](&g, x, &set);
            assert_fine(&g, y);
            int64_t here = momui_tensor_count(y);
            if (!kept) {
                kept = malloc((size_t)here * sizeof *kept);
                assert_non_null(kept);
                memcpy(kept, y->data, (size_t)here * sizeof *kept);
                count = here;
            }
            assert_true(here == (i == 3 ? count / 2 : count));
            assert_memory_equal(kept, y->data, (size_t)here * sizeof *kept);
            momui_parameters_release(&set);
            momui_pool_destroy(pool);
            momui_arena_destroy(arena);
        }
        free(kept);
    }
}

/* What generation computes is what training computes. */
static void test_tape_changes_little(void **state) {
    (void)state;
    momui_parameters set;
    declare_all(&set);
    const network networks[4] = {linear_network, conv_network, attention_network,
                                 pointwise_network};
    for (int kind = 0; kind < 4; kind++) {
        momui_arena *arena = momui_arena_create(NULL);
        momu_error error;
        momui_tensor *y[2];
        for (int tape = 0; tape < 2; tape++) {
            momui_graph g = begin_graph(arena, NULL, tape, &error);
            momui_tensor *x = normal_tensor(&g, 3, SHAPE(1, 50, 66), 8);
            x->needs_grad = tape;
            y[tape] = networks[kind](&g, x, &set);
            assert_fine(&g, y[tape]);
        }
        for (int64_t i = 0; i < momui_tensor_count(y[0]); i++)
            assert_true(fabsf(y[0]->data[i] - y[1]->data[i]) <=
                        1e-5f * (1.0f + fabsf(y[0]->data[i])));
        momui_arena_destroy(arena);
    }
    momui_parameters_release(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products),
        cmocka_unit_test(test_functions),
        cmocka_unit_test(test_softmax),
        cmocka_unit_test(test_threads_do_not_change_bytes),
        cmocka_unit_test(test_tape_changes_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
