/* Parameters, the optimiser, and the graph's memory. */
#include "base/extremes.h"
#include "nn_test.h"
#include "train/losses/loss_ops.h"
#include "train/stages/adamw.h"

static void test_declare_and_find(void **state) {
    (void)state;
    momu_error error = {0};
    momui_parameters set;
    momui_parameters_init(&set, NULL, NULL, 3, &error);
    momui_tensor *w = momui_parameter_declare(&set, "net.layer", "weight", MOMUI_INIT_UNIFORM, 0.0f,
                                              3, SHAPE(4, 5, 5));
    momui_tensor *one =
        momui_parameter_declare(&set, "net.norm", "weight", MOMUI_INIT_ONE, 0.0f, 1, SHAPE(7));
    momui_tensor *n =
        momui_parameter_declare(&set, "", "null", MOMUI_INIT_NORMAL, 0.5f, 2, SHAPE(100, 100));
    assert_non_null(w);
    assert_non_null(one);
    assert_non_null(n);
    assert_int_equal(set.count, 3);
    assert_ptr_equal(&momui_parameters_find(&set, "net.layer.weight")->tensor, w);
    assert_ptr_equal(&momui_parameters_find(&set, "null")->tensor, n);
    assert_null(momui_parameters_find(&set, "net.layer"));
    float largest = 0.0f; /* U(-1/sqrt(25), 1/sqrt(25)) */
    for (int i = 0; i < 100; i++)
        largest = momui_maxf(largest, fabsf(w->data[i]));
    assert_true(largest <= 0.2f && largest > 0.17f);
    for (int i = 0; i < 7; i++)
        assert_true(one->data[i] == 1.0f);
    double squares = 0.0;
    for (int i = 0; i < 10000; i++)
        squares += (double)n->data[i] * (double)n->data[i];
    assert_true(fabs(sqrt(squares / 1e4) - 0.5) < 0.02);
    assert_null(
        momui_parameter_declare(&set, "net.norm", "weight", MOMUI_INIT_ONE, 0, 1, SHAPE(7)));
    assert_int_equal(set.status, MOMU_ERROR_INTERNAL);
    assert_non_null(strstr(error.message, "net.norm.weight"));
    assert_null(momui_parameter_declare(&set, "", "later", MOMUI_INIT_ONE, 0, 1, SHAPE(7)));
    momui_parameters_release(&set);
}

/* A tensor's initial weights follow from the seed and its place alone. */
static void test_new_weights_repeat(void **state) {
    (void)state;
    float first[2][6], second[2][6];
    for (int round = 0; round < 2; round++) {
        momui_parameters set;
        momui_parameters_init(&set, NULL, NULL, 11, NULL);
        momui_tensor *a =
            momui_parameter_declare(&set, "a", "", MOMUI_INIT_UNIFORM, 0.3f, 1, SHAPE(6));
        momui_tensor *b =
            momui_parameter_declare(&set, "b", "", MOMUI_INIT_UNIFORM, 0.3f, 1, SHAPE(6));
        assert_non_null(b);
        memcpy(first[round], a->data, sizeof first[0]);
        memcpy(second[round], b->data, sizeof second[0]);
        momui_parameters_release(&set);
    }
    assert_memory_equal(first[0], first[1], sizeof first[0]);
    assert_memory_equal(second[0], second[1], sizeof second[0]);
    assert_memory_not_equal(first[0], second[0], sizeof first[0]);
}

static momu_status read_source(void *user, const char *name, int rank, const int64_t *shape,
                               float *out, momu_error *error) {
    if (strcmp(name, user) != 0)
        return momui_fail(error, MOMU_ERROR_FORMAT, "the model has no tensor %s", name);
    assert_int_equal(rank, 1);
    for (int64_t i = 0; i < shape[0]; i++)
        out[i] = (float)i;
    return MOMU_OK;
}

static void test_source(void **state) {
    (void)state;
    momu_error error = {0};
    char known[] = "a.b";
    momui_weight_source source = {read_source, known};
    momui_parameters set;
    momui_parameters_init(&set, NULL, &source, 0, &error);
    momui_tensor *x = momui_parameter_declare(&set, "a", "b", MOMUI_INIT_ONE, 0.0f, 1, SHAPE(3));
    assert_non_null(x);
    assert_true(x->data[0] == 0.0f && x->data[2] == 2.0f);
    assert_null(momui_parameter_declare(&set, "a", "c", MOMUI_INIT_ONE, 0.0f, 1, SHAPE(3)));
    assert_int_equal(set.status, MOMU_ERROR_FORMAT);
    assert_string_equal(error.message, "the model has no tensor a.c");
    momui_parameters_release(&set);
}

static void test_freeze(void **state) {
    (void)state;
    momui_parameters set;
    momui_parameters_init(&set, NULL, NULL, 0, NULL);
    const char *names[4] = {"music.a", "music.b.c", "musical", "motion"};
    momui_tensor *x[4];
    for (int i = 0; i < 4; i++)
        x[i] = momui_parameter_declare(&set, "", names[i], MOMUI_INIT_ONE, 0.0f, 1, SHAPE(3));
    momui_parameters_freeze(&set, "music", true);
    assert_int_equal(momui_adamw_attach(&set, false, NULL), MOMU_OK);
    assert_false(x[0]->needs_grad || x[1]->needs_grad);
    assert_null(x[0]->grad);
    assert_true(x[2]->needs_grad && x[3]->needs_grad);
    momui_parameters_freeze(&set, "music.b", false);
    assert_false(x[1]->needs_grad); /* not before it has a gradient */
    assert_int_equal(momui_adamw_attach(&set, false, NULL), MOMU_OK);
    assert_true(x[1]->needs_grad && !x[0]->needs_grad);
    momui_parameters_freeze(&set, "", true);
    for (int i = 0; i < 4; i++)
        assert_false(x[i]->needs_grad);
    momui_parameters_release(&set);
}

/* ---- AdamW ---- */

typedef struct two_parameters {
    momui_parameters set;
    momui_parameter *vector, *matrix;
} two_parameters;

static void two_parameters_make(two_parameters *two, bool average) {
    momui_parameters_init(&two->set, NULL, NULL, 0, NULL);
    momui_parameter_declare(&two->set, "", "vector", MOMUI_INIT_ONE, 0.0f, 1, SHAPE(2));
    momui_parameter_declare(&two->set, "", "matrix", MOMUI_INIT_ONE, 0.0f, 2, SHAPE(1, 2));
    assert_int_equal(momui_adamw_attach(&two->set, average, NULL), MOMU_OK);
    two->vector = momui_parameters_find(&two->set, "vector");
    two->matrix = momui_parameters_find(&two->set, "matrix");
}

static void set_gradients(two_parameters *two, float a, float b) {
    two->vector->tensor.grad[0] = two->matrix->tensor.grad[0] = a;
    two->vector->tensor.grad[1] = two->matrix->tensor.grad[1] = b;
}

/* Two steps against the formulas, written out in double; decay on the matrix alone. */
static void test_adamw_steps(void **state) {
    (void)state;
    two_parameters two;
    two_parameters_make(&two, true);
    momui_adamw adamw = {
        .rate = 0.1, .beta1 = 0.9, .beta2 = 0.99, .epsilon = 1e-8, .decay = 0.5, .average = 0.75};
    double gradients[2] = {0.5, -2.0}, m = 0.0, v = 0.0, vector = 1.0, matrix = 1.0, average = 1.0;
    for (int step = 1; step <= 2; step++) {
        double g = gradients[step - 1], norm = 0.0;
        set_gradients(&two, (float)g, 0.0f);
        assert_int_equal(momui_adamw_step(&adamw, &two.set, NULL, &norm, NULL), MOMU_OK);
        assert_true(fabs(norm - fabs(g) * sqrt(2.0)) < 1e-6);
        m = 0.9 * m + 0.1 * g;
        v = 0.99 * v + 0.01 * g * g;
        double move =
            0.1 * (m / (1.0 - pow(0.9, step))) / (sqrt(v / (1.0 - pow(0.99, step))) + 1e-8);
        vector -= move;
        matrix = matrix * (1.0 - 0.1 * 0.5) - move;
        average = 0.75 * average + 0.25 * matrix;
        assert_true(fabs((double)two.vector->tensor.data[0] - vector) < 1e-6);
        assert_true(fabs((double)two.matrix->tensor.data[0] - matrix) < 1e-6);
        assert_true(fabs((double)two.matrix->average[0] - average) < 1e-6);
    }
    assert_true(two.vector->tensor.data[1] == 1.0f); /* no gradient, no decay: it stays */
    assert_true(fabs((double)two.matrix->tensor.data[1] - 0.95 * 0.95) < 1e-6);
    assert_true(adamw.step == 2);
    momui_parameters_release(&two.set);
}

/* How far one step moves a weight whose gradient is 1 for ever: the rate, but for epsilon. */
static double moved_at(const momui_adamw *like, int64_t step) {
    two_parameters two;
    two_parameters_make(&two, false);
    momui_adamw adamw = *like;
    double norm, before = 1.0;
    for (int64_t i = 1; i <= step; i++) {
        set_gradients(&two, 1.0f, 1.0f);
        before = (double)two.vector->tensor.data[0];
        assert_int_equal(momui_adamw_step(&adamw, &two.set, NULL, &norm, NULL), MOMU_OK);
    }
    double moved = before - (double)two.vector->tensor.data[0];
    momui_parameters_release(&two.set);
    return moved;
}

static void test_adamw_rate(void **state) {
    (void)state;
    momui_adamw adamw = {
        .rate = 0.01, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-12, .warmup = 10, .total = 50};
    assert_true(fabs(moved_at(&adamw, 1) - 0.001) < 1e-6);
    assert_true(fabs(moved_at(&adamw, 5) - 0.005) < 1e-6);
    assert_true(fabs(moved_at(&adamw, 10) - 0.01) < 1e-6);
    assert_true(fabs(moved_at(&adamw, 30) - 0.0055) < 1e-6); /* half way down the cosine */
    assert_true(fabs(moved_at(&adamw, 50) - 0.001) < 1e-6);
    assert_true(fabs(moved_at(&adamw, 60) - 0.001) < 1e-6);
    adamw.total = 0;
    assert_true(fabs(moved_at(&adamw, 60) - 0.01) < 1e-6);
}

static void test_adamw_clips(void **state) {
    (void)state;
    two_parameters two;
    two_parameters_make(&two, false);
    momui_adamw adamw = {.rate = 0.1, .beta1 = 0.0, .beta2 = 0.0, .epsilon = 1.0, .clip = 1.0};
    double norm = 0.0;
    set_gradients(&two, 3.0f, 4.0f); /* twice: the norm is 5 sqrt(2) */
    assert_int_equal(momui_adamw_step(&adamw, &two.set, NULL, &norm, NULL), MOMU_OK);
    assert_true(fabs(norm - 5.0 * sqrt(2.0)) < 1e-6);
    double g = 3.0 / norm; /* with epsilon 1 and no memory: a step of rate g / (g + 1) */
    assert_true(fabs((double)two.vector->tensor.data[0] - (1.0 - 0.1 * g / (g + 1.0))) < 1e-6);
    momui_parameters_release(&two.set);
}

static void test_adamw_refuses_what_is_not_finite(void **state) {
    (void)state;
    momu_error error = {0};
    two_parameters two;
    two_parameters_make(&two, true);
    momui_adamw adamw = {.rate = 0.1, .beta1 = 0.9, .beta2 = 0.9, .epsilon = 1e-8};
    double norm = 0.0;
    const float bad[2] = {NAN, INFINITY};
    for (int i = 0; i < 2; i++) {
        set_gradients(&two, 1.0f, bad[i]);
        assert_int_equal(momui_adamw_step(&adamw, &two.set, NULL, &norm, &error),
                         MOMU_ERROR_NUMERIC);
        assert_non_null(strstr(error.message, "step 1"));
        assert_true(two.matrix->tensor.data[0] == 1.0f && two.matrix->first[0] == 0.0f);
        assert_true(adamw.step == 0);
    }
    momui_parameters_zero_grad(&two.set);
    assert_true(two.vector->tensor.grad[1] == 0.0f);
    momui_parameters_release(&two.set);
}

/* The same weights whatever the number of threads. */
static void test_adamw_threads(void **state) {
    (void)state;
    enum { N = 100003 };
    float *kept = malloc(N * sizeof *kept);
    assert_non_null(kept);
    for (int threads = 1; threads <= 3; threads++) {
        momui_pool *pool = NULL;
        momui_parameters set;
        assert_int_equal(momui_pool_create(NULL, threads, &pool, NULL), MOMU_OK);
        momui_parameters_init(&set, NULL, NULL, 5, NULL);
        momui_tensor *x =
            momui_parameter_declare(&set, "", "x", MOMUI_INIT_NORMAL, 1.0f, 2, SHAPE(N, 1));
        assert_int_equal(momui_adamw_attach(&set, true, NULL), MOMU_OK);
        momui_fill_normal(x->grad, N, 2, 3);
        momui_adamw adamw = {.rate = 0.1,
                             .beta1 = 0.9,
                             .beta2 = 0.9,
                             .epsilon = 1e-8,
                             .clip = 1.0,
                             .decay = 0.1,
                             .average = 0.9};
        double norm;
        assert_int_equal(momui_adamw_step(&adamw, &set, pool, &norm, NULL), MOMU_OK);
        if (threads == 1)
            memcpy(kept, x->data, N * sizeof *kept);
        else
            assert_memory_equal(kept, x->data, N * sizeof *kept);
        momui_parameters_release(&set);
        momui_pool_destroy(pool);
    }
    free(kept);
}

/* Weights in kernel order follow a step: what comes out afterwards comes of the new values. */
static void test_packed_weights_follow(void **state) {
    (void)state;
    momui_parameters set;
    momui_parameters_init(&set, NULL, NULL, 5, NULL);
    momui_tensor *w = momui_parameter_declare(&set, "", "w", MOMUI_INIT_NORMAL, 1, 2, SHAPE(3, 2));
    assert_int_equal(momui_adamw_attach(&set, false, NULL), MOMU_OK);
    assert_int_equal(momui_parameters_pack(&set, NULL), MOMU_OK);
    w->grad[0] = 1.0f;
    momui_adamw adamw = {.rate = 0.5, .beta1 = 0.9, .beta2 = 0.9, .epsilon = 1e-8};
    double norm;
    assert_int_equal(momui_adamw_step(&adamw, &set, NULL, &norm, NULL), MOMU_OK);
    for (int round = 0; round < 2; round++) {
        momui_arena *arena = momui_arena_create(NULL);
        momui_graph g = begin_graph(arena, NULL, false, NULL);
        momui_tensor *x = momui_tensor_from(&g, 2, SHAPE(1, 2), (const float[]){1.0f, 0.0f});
        momui_tensor *y = momui_op_linear(&g, x, w, NULL);
        assert_fine(&g, y);
        for (int i = 0; i < 3; i++)
            assert_true(y->data[i] == w->data[2 * i]);
        momui_arena_destroy(arena);
        assert_int_equal(momui_parameters_pack(&set, NULL), MOMU_OK);
    }
    momui_parameters_release(&set);
}

/* ---- the graph ---- */

static momui_tensor *small_network(momui_graph *g, momui_tensor *x, momui_tensor *w) {
    for (int block = 0; block < 3 && g->status == MOMU_OK; block++) {
        momui_arena_mark mark = momui_arena_position(g->arena);
        momui_tensor *y = momui_op_gelu(g, momui_op_conv1d(g, x, w, NULL, 1, 1, 1));
        y = momui_op_attention(g, y, y, y, 2, 0.3f, NULL);
        x = momui_graph_release(g, mark, momui_op_add(g, x, y));
    }
    return x;
}

/* After its first round a loop takes no more memory, with a tape or without; without one, a network
 * of many blocks needs no more than one of few. */
static void test_arena_stops_growing(void **state) {
    (void)state;
    for (int tape = 0; tape < 2; tape++) {
        momui_arena *arena = momui_arena_create(NULL);
        unsigned chunks = 0;
        float first = 0.0f;
        for (int round = 0; round < 4; round++) {
            momui_arena_mark mark = {0, 0};
            if (round > 0)
                momui_arena_reset(arena, mark);
            momui_graph g = begin_graph(arena, NULL, tape, NULL);
            momui_tensor *x = normal_tensor(&g, 3, SHAPE(2, 301, 64), 1);
            momui_tensor *w = normal_tensor(&g, 3, SHAPE(64, 3, 64), 2);
            w->needs_grad = tape;
            momui_tensor *y = small_network(&g, x, w);
            assert_fine(&g, y);
            if (tape) {
                momui_tensor *loss = momui_op_l1(&g, y, x, NULL);
                assert_fine(&g, loss);
                assert_int_equal(momui_backward(&g, loss), MOMU_OK);
                assert_non_null(w->grad);
            }
            if (round == 0) {
                chunks = momui_arena_chunk_count(arena);
                first = y->data[1234];
            }
            assert_true(y->data[1234] == first);
        }
        assert_int_equal(momui_arena_chunk_count(arena), chunks);
        momui_arena_destroy(arena);
    }
}

static void test_release_keeps_values(void **state) {
    (void)state;
    momui_arena *arena = momui_arena_create(NULL);
    momui_graph g = begin_graph(arena, NULL, false, NULL);
    momui_arena_mark mark = momui_arena_position(arena);
    normal_tensor(&g, 2, SHAPE(30, 3), 1);
    momui_tensor *keep = normal_tensor(&g, 2, SHAPE(50, 7), 2);
    float copy[350];
    memcpy(copy, keep->data, sizeof copy);
    momui_tensor *moved = momui_graph_release(&g, mark, keep);
    assert_fine(&g, moved);
    assert_true(moved->rank == 2 && moved->shape[0] == 50 && moved->shape[1] == 7);
    assert_memory_equal(moved->data, copy, sizeof copy);
    momui_arena_mark after = momui_arena_position(arena);
    momui_arena_reset(arena, mark);
    assert_non_null(momui_arena_alloc(arena, 1, sizeof *moved));
    assert_non_null(momui_arena_alloc(arena, 350, sizeof(float)));
    assert_int_equal(momui_arena_position(arena).offset, after.offset);
    momui_arena_destroy(arena);
}

/* Memory runs out at every place in turn: a status, no more; with enough of it, no failure. */
static void test_every_allocation_may_fail(void **state) {
    (void)state;
    bool whole = false;
    int failures = 0;
    for (uint64_t limit = 20000; !whole; limit += limit / 10) {
        momu_error error = {0};
        momui_memory memory;
        momui_memory_init(&memory, NULL, limit);
        momui_parameters set;
        momui_parameters_init(&set, &memory, NULL, 1, &error);
        momui_arena *arena = momui_arena_create(&memory);
        momui_tensor *w =
            momui_parameter_declare(&set, "a", "w", MOMUI_INIT_UNIFORM, 0, 3, SHAPE(64, 3, 64));
        momu_status status = set.status;
        if (status == MOMU_OK)
            status = momui_adamw_attach(&set, true, &error);
        momui_graph g = {0};
        if (status == MOMU_OK && arena)
            status = momui_graph_begin(&g, arena, NULL, true, &error);
        if (status == MOMU_OK && arena) {
            momui_tensor *x = momui_tensor_from(&g, 3, SHAPE(2, 700, 64), NULL);
            momui_tensor *loss = momui_op_kl(&g, small_network(&g, x, w), x);
            status = loss ? momui_backward(&g, loss) : g.status;
        }
        if (status == MOMU_OK && arena)
            status = momui_parameters_pack(&set, &error);
        whole = status == MOMU_OK && arena;
        if (!whole && status != MOMU_OK) {
            assert_int_equal(status, MOMU_ERROR_MEMORY);
            assert_int_equal(error.status, MOMU_ERROR_MEMORY);
        }
        failures += !whole;
        momui_parameters_release(&set);
        momui_arena_destroy(arena);
        assert_true(atomic_load(&memory.used) == 0);
    }
    assert_true(failures > 10);
}

/* A wrong shape stops the graph with a sentence, and everything after passes NULL on. */
static void test_wrong_shapes(void **state) {
    (void)state;
    momui_arena *arena = momui_arena_create(NULL);
    for (int i = 0; i < 16; i++) {
        momu_error error = {0};
        momui_graph g = begin_graph(arena, NULL, i % 2, &error);
        momui_tensor *x = normal_tensor(&g, 3, SHAPE(2, 4, 6), 1);
        momui_tensor *w = normal_tensor(&g, 2, SHAPE(5, 7), 2),
                     *row = normal_tensor(&g, 1, SHAPE(5), 3);
        momui_tensor *refused[16] = {0};
        switch (i) {
        case 0:
            refused[0] = momui_op_linear(&g, x, w, NULL);
            break;
        case 1:
            refused[1] = momui_op_conv1d(&g, x, w, NULL, 1, 0, 0);
            break;
        case 2:
            refused[2] = momui_op_attention(&g, x, x, x, 4, 1.0f, NULL);
            break;
        case 3:
            refused[3] = momui_op_rotary(&g, x, 6, (const int32_t[]){0, 1, 2, 3});
            break;
        case 4:
            refused[4] = momui_op_group_norm(&g, x, 4, 1e-5f, row, row, NULL);
            break;
        case 5:
            refused[5] = momui_op_layer_norm(&g, x, 1e-5f, row, row);
            break;
        case 6:
            refused[6] = momui_op_geglu(&g, row);
            break;
        case 7:
            refused[7] = momui_op_add(&g, x, w);
            break;
        case 8:
            refused[8] = momui_op_add_row(&g, x, row);
            break;
        case 9:
            refused[9] = momui_op_slice(&g, x, 1, 3, 2);
            break;
        case 10:
            refused[10] = momui_op_reshape(&g, x, 2, SHAPE(7, 7));
            break;
        case 11:
            refused[11] = momui_op_concat(&g, (momui_tensor *[]){x, w}, 2, 0);
            break;
        case 12:
            refused[12] = momui_op_infonce(&g, w);
            break;
        case 13:
            refused[13] = momui_op_depthwise_conv1d(&g, x, w, NULL);
            break;
        case 14: /* 7 values a row have no label 7 */
            refused[14] = momui_op_cross_entropy(&g, w, (const int32_t[]){0, 7, 0, 0, 0});
            break;
        case 15:
            refused[15] = momui_op_cross_entropy(&g, x, (const int32_t[]){0, 0, 0, 0});
            break;
        }
        assert_null(refused[i]);
        assert_int_equal(g.status, MOMU_ERROR_INTERNAL);
        assert_true(strlen(error.message) > 20);
        assert_null(momui_op_silu(&g, x));
        assert_null(momui_op_linear(&g, refused[i], w, NULL));
        momui_arena_reset(arena, (momui_arena_mark){0, 0});
    }
    momui_arena_destroy(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_declare_and_find),
        cmocka_unit_test(test_new_weights_repeat),
        cmocka_unit_test(test_source),
        cmocka_unit_test(test_freeze),
        cmocka_unit_test(test_adamw_steps),
        cmocka_unit_test(test_adamw_rate),
        cmocka_unit_test(test_adamw_clips),
        cmocka_unit_test(test_adamw_refuses_what_is_not_finite),
        cmocka_unit_test(test_adamw_threads),
        cmocka_unit_test(test_packed_weights_follow),
        cmocka_unit_test(test_arena_stops_growing),
        cmocka_unit_test(test_every_allocation_may_fail),
        cmocka_unit_test(test_release_keeps_values),
        cmocka_unit_test(test_wrong_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
