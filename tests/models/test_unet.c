/* The U-Net as a network and as a config. That its numbers are right is for the golden tests. */
#include "base/extremes.h"
#include "models/models.h"
#include "tests/support/support.h"
#include "train/losses/loss_ops.h"
#include "train/stages/adamw.h"

enum { LATENT = 5, FRAMES = 14, SIZE = FRAMES * LATENT };

typedef struct bench {
    momui_memory memory;
    momui_parameters set;
    momui_arena *arena;
    momu_error error;
    momui_transformer *network;
} bench;

/* No weight is zero: initial ones end in zeros. */
static bench *bench_new(int32_t blocks) {
    bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    momui_memory_init(&b->memory, NULL, 0);
    momui_parameters_init(&b->set, NULL, NULL, 4, &b->error);
    b->arena = momui_arena_create(&b->memory);
    assert_non_null(b->arena);
    const momui_transformer_config config = {.architecture = MOMUI_ARCHITECTURE_UNET,
                                             .hidden = 12,
                                             .levels = 3,
                                             .multipliers = {1, 2, 2},
                                             .blocks = blocks,
                                             .heads = 2,
                                             .controls = true,
                                             .inpainting = true};
    b->network = momui_transformer_declare(&b->set, "u", &config, LATENT);
    if (!b->network)
        fail_msg("%s", b->error.message);
    for (int i = 0; i < b->set.count; i++) {
        momui_tensor *x = &b->set.items[i]->tensor;
        size_t count = (size_t)momui_tensor_count(x);
        float *noise = malloc(count * sizeof *noise);
        assert_non_null(noise);
        momui_fill_normal(noise, count, 8, (uint64_t)i);
        for (size_t k = 0; k < count; k++)
            x->data[k] += 0.05F * noise[k];
        free(noise);
    }
    return b;
}

static void bench_free(bench *b) {
    momui_transformer_free(b->network);
    momui_parameters_release(&b->set);
    momui_arena_destroy(b->arena);
    assert_true(atomic_load(&b->memory.used) == 0);
    free(b);
}

/* The inputs of an evaluation of two items. */
typedef struct inputs {
    int64_t items, frames;
    float x[2 * SIZE], condition[2 * SIZE], controls[2 * FRAMES * MOMUI_CONTROL_FEATURES];
    uint8_t keep[2], inpainting[2 * FRAMES], mask[2 * FRAMES];
    bool masked;
    int32_t noise_level[2], timestep[2];
} inputs;

static inputs question_of(void) {
    inputs q = {.items = 2, .frames = FRAMES, .keep = {1, 0}, .noise_level = {120, 0}};
    q.timestep[0] = 700;
    q.timestep[1] = 40;
    momui_fill_normal(q.x, 2 * SIZE, 6, 1);
    momui_fill_normal(q.condition, 2 * SIZE, 6, 2);
    momui_fill_normal(q.controls, sizeof q.controls / sizeof(float), 6, 3);
    for (int k = 0; k < 2 * FRAMES; k++) {
        q.inpainting[k] = k % 5 == 0;
        q.mask[k] = 1;
    }
    return q;
}

static momui_tensor *ask(momui_graph *g, const bench *b, const inputs *q) {
    int64_t shape[] = {q->items, q->frames, LATENT};
    int64_t wide[] = {q->items, q->frames, MOMUI_CONTROL_FEATURES};
    const uint8_t *mask = q->masked ? q->mask : NULL;
    momui_condition c;
    momui_transformer_condition(g, b->network, momui_tensor_from(g, 3, shape, q->condition),
                                q->keep, q->noise_level, mask, &c);
    return momui_transformer_forward(g, b->network, momui_tensor_from(g, 3, shape, q->x),
                                     q->timestep, q->inpainting,
                                     momui_tensor_from(g, 3, wide, q->controls), &c, mask);
}

static void answer(bench *b, momui_pool *pool, const inputs *q, float *out) {
    momui_arena_mark mark = momui_arena_position(b->arena);
    momui_graph g;
    assert_int_equal(momui_graph_begin(&g, b->arena, pool, false, &b->error), MOMU_OK);
    momui_tensor *y = ask(&g, b, q);
    if (!y)
        fail_msg("%s", b->error.message);
    assert_int_equal(y->shape[1], q->frames);
    assert_int_equal(momui_tensor_count(y), q->items * q->frames * LATENT);
    memcpy(out, y->data, (size_t)momui_tensor_count(y) * sizeof *out);
    momui_arena_reset(b->arena, mark);
}

static double difference(const float *a, const float *b, int64_t count) {
    double most = 0;
    for (int64_t k = 0; k < count; k++)
        most = momui_max(most, fabs((double)a[k] - (double)b[k]));
    return most;
}

/* Any length, alone, is what the same frames are in a longer batch that masks the rest. */
static void test_any_length(void **state) {
    (void)state;
    bench *b = bench_new(2);
    for (int64_t valid = 1; valid <= FRAMES; valid++) {
        inputs q = question_of();
        float padded[SIZE], alone[SIZE];
        q.items = 1;
        q.masked = true;
        for (int k = 0; k < FRAMES; k++)
            q.mask[k] = k < valid;
        answer(b, NULL, &q, padded);
        for (int64_t k = valid * LATENT; k < SIZE; k++)
            q.x[k] = q.condition[k] = 7; /* masked */
        answer(b, NULL, &q, alone);
        assert_true(difference(padded, alone, valid * LATENT) == 0);
        q.masked = false;
        q.frames = valid;
        answer(b, NULL, &q, alone);
        assert_true(difference(padded, alone, valid * LATENT) < 1e-5);
    }
    bench_free(b);
}

static void moved(bench *b, const inputs *before, const inputs *after, double by[2]) {
    float one[2 * SIZE], two[2 * SIZE];
    answer(b, NULL, before, one);
    answer(b, NULL, after, two);
    for (int i = 0; i < 2; i++)
        by[i] = difference(one + i * SIZE, two + i * SIZE, SIZE);
}

/* Each input reaches the output, and only where it should. */
static void test_inputs_matter(void **state) {
    (void)state;
    bench *b = bench_new(1);
    const inputs q = question_of();
    inputs r = q;
    double by[2];
    const double least = 1e-4;
    for (int k = 0; k < 2 * SIZE; k++)
        r.condition[k] = -q.condition[k];
    moved(b, &q, &r, by);
    assert_true(by[0] > least && by[1] == 0); /* item 1 has the null */
    r = q;
    r.timestep[1] = 400;
    moved(b, &q, &r, by);
    assert_true(by[0] == 0 && by[1] > least);
    r = q;
    r.noise_level[0] = 0;
    moved(b, &q, &r, by);
    assert_true(by[0] > least && by[1] == 0);
    r = q;
    memset(r.inpainting, 0, sizeof r.inpainting);
    moved(b, &q, &r, by);
    assert_true(by[0] > least && by[1] > least);
    r = q;
    memset(r.controls, 0, sizeof r.controls);
    moved(b, &q, &r, by);
    assert_true(by[0] > least && by[1] > least);
    r = q;
    r.x[(FRAMES - 1) * LATENT] += 3; /* attention carries the last frame to the first */
    float one[2 * SIZE], two[2 * SIZE];
    answer(b, NULL, &q, one);
    answer(b, NULL, &r, two);
    assert_true(difference(one, two, LATENT) > 1e-7);
    bench_free(b);
}

static void test_threads(void **state) {
    (void)state;
    momui_pool *pool = NULL;
    assert_int_equal(momui_pool_create(NULL, 3, &pool, NULL), MOMU_OK);
    bench *b = bench_new(2);
    inputs q = question_of();
    float one[2 * SIZE], three[2 * SIZE];
    answer(b, NULL, &q, one);
    answer(b, pool, &q, three);
    assert_memory_equal(one, three, sizeof one);
    assert_int_equal(momui_parameters_pack(&b->set, &b->error), MOMU_OK);
    answer(b, pool, &q, three);
    assert_true(difference(one, three, 2 * SIZE) < 1e-5);
    bench_free(b);
    momui_pool_destroy(pool);
}

/* With a tape the same numbers come out, and every weight has a gradient. */
static void test_tape(void **state) {
    (void)state;
    bench *b = bench_new(2);
    inputs q = question_of();
    float plain[2 * SIZE];
    answer(b, NULL, &q, plain);
    assert_int_equal(momui_adamw_attach(&b->set, false, &b->error), MOMU_OK);
    momui_parameters_zero_grad(&b->set);
    momui_graph g;
    assert_int_equal(momui_graph_begin(&g, b->arena, NULL, true, &b->error), MOMU_OK);
    momui_tensor *y = ask(&g, b, &q);
    assert_non_null(y);
    assert_true(difference(y->data, plain, 2 * SIZE) < 1e-5);
    momui_tensor *zero = momui_tensor_from(&g, 3, y->shape, NULL);
    assert_int_equal(momui_backward(&g, momui_op_squared_error(&g, y, zero, NULL, 1)), MOMU_OK);
    for (int i = 0; i < b->set.count; i++) {
        const momui_parameter *p = b->set.items[i];
        double most = 0;
        for (int64_t k = 0; k < momui_tensor_count(&p->tensor); k++)
            most = momui_max(most, fabs((double)p->tensor.grad[k]));
        if (!(most > 0))
            fail_msg("%s has no gradient", p->name);
    }
    bench_free(b);
}

static size_t peak_of(int32_t blocks) {
    bench *b = bench_new(blocks);
    inputs q = question_of();
    float out[2 * SIZE];
    answer(b, NULL, &q, out);
    size_t peak = momui_arena_peak(b->arena);
    bench_free(b);
    return peak;
}

/* Eight times as many blocks take no more memory in generation. */
static void test_memory_is_flat(void **state) {
    (void)state;
    size_t one = peak_of(1), eight = peak_of(8);
    if (eight > one + one / 8)
        fail_msg("1 block takes %zu bytes, 8 take %zu", one, eight);
}

static void test_memory_ends(void **state) {
    (void)state;
    bench *b = bench_new(1);
    inputs q = question_of();
    q.masked = true;
    for (int tape = 0; tape < 2; tape++) {
        momu_status status = MOMU_ERROR_MEMORY;
        for (long at = 0; status != MOMU_OK; at++) {
            failing_allocator f = {.fail_at = at};
            const momu_allocator hooks = failing_hooks(&f);
            momui_memory memory;
            momui_memory_init(&memory, &hooks, 0);
            momui_arena *arena = momui_arena_create(&memory);
            momui_graph g;
            status = MOMU_ERROR_MEMORY;
            if (arena)
                status = momui_graph_begin(&g, arena, NULL, tape != 0, NULL);
            if (status == MOMU_OK) {
                momui_tensor *y = ask(&g, b, &q);
                status = g.status;
                assert_true((y != NULL) == (status == MOMU_OK));
            }
            assert_true(status == MOMU_OK || status == MOMU_ERROR_MEMORY);
            momui_arena_destroy(arena);
            assert_true(atomic_load(&memory.used) == 0 && at < 1000);
        }
    }
    bench_free(b);
}

/* ---- as a config, and in a model file ---- */

static momui_config preset(const char *name) {
    momui_config c;
    momu_error error = {0};
    if (momui_config_preset(name, &c, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return c;
}

static momu_status no_weights(void *user, const char *name, int rank, const int64_t *shape,
                              float *out, momu_error *error) {
    (void)user, (void)name, (void)rank, (void)shape, (void)out, (void)error;
    return MOMU_OK;
}

static double parameters_of(const char *name) {
    static const momui_weight_source NOTHING = {no_weights, NULL};
    momui_config c = preset(name);
    momui_parameters set;
    momui_parameters_init(&set, NULL, &NOTHING, 0, NULL);
    momui_transformer *t = momui_transformer_declare(&set, "t", &c.transformer, c.latent);
    assert_non_null(t);
    double count = 0;
    for (int i = 0; i < set.count; i++)
        count += (double)momui_tensor_count(&set.items[i]->tensor);
    momui_transformer_free(t);
    momui_parameters_release(&set);
    return count;
}

/* An ablation compares networks of one size. */
static void test_as_large_as_the_transformer(void **state) {
    (void)state;
    static const char *const SIZES[] = {"base", "small"};
    for (int i = 0; i < 2; i++) {
        char name[32];
        snprintf(name, sizeof name, "%s-unet", SIZES[i]);
        double other = parameters_of(SIZES[i]), unet = parameters_of(name);
        print_message("%s: transformer %.0f, U-Net %.0f parameters\n", SIZES[i], other, unet);
        assert_true(fabs(unet / other - 1) < 0.03);
    }
}

typedef struct refusal {
    const char *from, *to, *says;
} refusal;

static const refusal REFUSALS[] = {
    {"\"hidden\":32", "\"hidden\":0", "hidden"},
    {"\"hidden\":32,", "", "hidden"},
    {"\"multipliers\":[1,2],\"blocks\":1,\"heads\"", "\"blocks\":1,\"heads\"", "multipliers"},
    {"\"multipliers\":[1,2],\"blocks\":1,\"heads\"", "\"multipliers\":[],\"blocks\":1,\"heads\"",
     "multipliers"},
    {"\"multipliers\":[1,2],\"blocks\":1,\"heads\"",
     "\"multipliers\":[1,33],\"blocks\":1,\"heads\"", "multipliers"},
    {"\"multipliers\":[1,2],\"blocks\":1,\"heads\"", "\"multipliers\":[1,2],\"blocks\":9,\"heads\"",
     "blocks"},
    {"\"heads\":2", "\"heads\":3", "a middle of 64 channels does not give 3 heads an even width"},
    {"\"heads\":2", "\"heads\":2,\"fusion\":true", "fusion"},
    {"\"heads\":2", "\"heads\":2,\"ffn_multiple\":4", "ffn_multiple"},
    {"\"heads\":2,\"controls\":true", "\"heads\":2", "controls"},
    {",\"inpainting\":true", "", "inpainting"},
    {"\"architecture\":\"unet\"", "\"architecture\":\"base\"", "multipliers"},
};

static void test_refusals(void **state) {
    (void)state;
    momui_config tiny = preset("tiny-unet"), read;
    momui_writer out;
    momui_writer_init(&out, NULL);
    momui_config_write(&tiny, &out);
    momui_write(&out, "", 1);
    assert_false(out.failed);
    const char *whole = (const char *)out.data;
    assert_non_null(strstr(whole, "\"transformer\":{\"architecture\":\"unet\",\"hidden\":32,"
                                  "\"multipliers\":[1,2],\"blocks\":1,\"heads\":2,"
                                  "\"controls\":true,\"inpainting\":true},"));
    assert_int_equal(momui_config_parse(whole, strlen(whole), &read, NULL), MOMU_OK);
    assert_true(read.transformer.architecture == MOMUI_ARCHITECTURE_UNET &&
                !read.transformer.fusion);
    assert_int_equal(read.transformer.levels, 2);
    for (size_t i = 0; i < sizeof REFUSALS / sizeof *REFUSALS; i++) {
        const refusal *r = &REFUSALS[i];
        char text[4096];
        const char *section = strstr(whole, "\"transformer\""), *at = strstr(section, r->from);
        assert_non_null(at);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - whole), whole, r->to,
                 at + strlen(r->from));
        momu_error error = {0};
        assert_int_equal(momui_config_parse(text, strlen(text), &read, &error), MOMU_ERROR_FORMAT);
        if (!strstr(error.message, r->says))
            fail_msg("\"%s\" does not say \"%s\"", error.message, r->says);
    }
    momui_writer_release(&out);
}

/* Written and read again, a model is the same; a transformer's weights are refused. */
static void test_model_file(void **state) {
    (void)state;
    momui_config c = preset("tiny-unet"), plain = preset("tiny");
    momu_error error = {0};
    momui_bundle *made = NULL, *read = NULL;
    const char *path = scratch_path("model.safetensors");
    assert_int_equal(momui_bundle_create(NULL, &c, 5, &made, &error), MOMU_OK);
    assert_int_equal(momui_bundle_save(made, path, MOMUI_WEIGHTS_F32, false, &error), MOMU_OK);
    momui_bytes bytes;
    assert_int_equal(momui_bytes_from_path(NULL, path, false, 1 << 28, &bytes, &error), MOMU_OK);
    if (momui_bundle_load(NULL, &bytes, true, &read, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    momui_bytes_release(&bytes);
    assert_int_equal(made->parameters.count, read->parameters.count);
    for (int i = 0; i < made->parameters.count; i++) {
        const momui_parameter *a = made->parameters.items[i], *b = read->parameters.items[i];
        assert_string_equal(a->name, b->name);
        assert_memory_equal(a->tensor.data, b->tensor.data,
                            (size_t)momui_tensor_count(&a->tensor) * sizeof(float));
    }
    momui_bundle_free(read);
    made->config = plain; /* a file whose config says transformer */
    assert_int_equal(momui_bundle_save(made, path, MOMUI_WEIGHTS_F32, false, &error), MOMU_OK);
    assert_int_equal(momui_bytes_from_path(NULL, path, false, 1 << 28, &bytes, &error), MOMU_OK);
    assert_int_equal(momui_bundle_load(NULL, &bytes, true, &read, &error), MOMU_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "motion_to_music."));
    momui_bytes_release(&bytes);
    momui_bundle_free(made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_length),
        cmocka_unit_test(test_inputs_matter),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_tape),
        cmocka_unit_test(test_memory_is_flat),
        cmocka_unit_test(test_memory_ends),
        cmocka_unit_test(test_as_large_as_the_transformer),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_model_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
