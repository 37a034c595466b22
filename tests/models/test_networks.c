/* Networks as such: batches, masks, caches, tiles, threads, memory. That their numbers are right is
 * for the golden tests. */
#include "models/models.h"

#include "base/extremes.h"
#include "base/random.h"
#include "tests/support/support.h"
#include "train/losses/loss_ops.h"
#include "train/stages/adamw.h"

enum { LATENT = 5, FRAMES = 12 };

/* A transformer without zero weights (initial ones end in zeros). */
typedef struct bench {
    momui_memory memory;
    momui_parameters set;
    momui_arena *arena;
    momu_error error;
    momui_transformer *transformer;
    momui_autoencoder *autoencoder;
    momui_vocoder *vocoder;
} bench;

static bench *bench_new(void) {
    bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    momui_memory_init(&b->memory, NULL, 0);
    momui_parameters_init(&b->set, NULL, NULL, 4, &b->error);
    b->arena = momui_arena_create(&b->memory);
    assert_non_null(b->arena);
    return b;
}

static void shake(bench *b) {
    if (b->set.status != MOMU_OK)
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
}

static bench *bench_transformer(bool paper, int32_t blocks) {
    bench *b = bench_new();
    momui_transformer_config base = {.hidden = 32,
                                     .blocks = blocks,
                                     .heads = 2,
                                     .ffn_multiple = 2,
                                     .ffn_kernel = 1,
                                     .controls = true,
                                     .inpainting = true,
                                     .fusion = true};
    momui_transformer_config other = {.architecture = MOMUI_ARCHITECTURE_PAPER,
                                      .hidden = 32,
                                      .blocks = blocks,
                                      .heads = 2,
                                      .ffn_multiple = 2,
                                      .ffn_kernel = 9,
                                      .max_tokens = 64};
    b->transformer = momui_transformer_declare(&b->set, "t", paper ? &other : &base, LATENT);
    shake(b);
    return b;
}

static bench *bench_autoencoder(bool whole, int32_t channels) {
    bench *b = bench_new();
    momui_autoencoder_config config = {.in_channels = channels,
                                       .latent = LATENT,
                                       .channels = 8,
                                       .levels = 3,
                                       .multipliers = {1, 2, 2},
                                       .blocks = 1,
                                       .kernel = 5,
                                       .decoder_kernel = 3,
                                       .down = {true, false, true},
                                       .attention = whole,
                                       .groups = whole ? 4 : 0};
    b->autoencoder = momui_autoencoder_declare(&b->set, "a", &config);
    shake(b);
    return b;
}

static void bench_free(bench *b) {
    momui_transformer_free(b->transformer);
    momui_autoencoder_free(b->autoencoder);
    momui_vocoder_free(b->vocoder);
    momui_parameters_release(&b->set);
    momui_arena_destroy(b->arena);
    assert_true(atomic_load(&b->memory.used) == 0);
    free(b);
}

static momui_graph begin(bench *b, momui_pool *pool, bool tape) {
    momui_graph g;
    momu_status status = momui_graph_begin(&g, b->arena, pool, tape, &b->error);
    if (status != MOMU_OK)
        fail_msg("%s", b->error.message);
    return g;
}

static momui_tensor *noise(momui_graph *g, int64_t items, int64_t frames, int64_t channels,
                           uint64_t stream) {
    momui_tensor *x = momui_tensor_new(g, 3, (int64_t[]){items, frames, channels});
    if (x)
        momui_fill_normal(x->data, (size_t)momui_tensor_count(x), 6, stream);
    return x;
}

static void assert_fine(const momui_graph *g, const momui_tensor *x) {
    if (g->status != MOMU_OK)
        fail_msg("%s", g->error->message);
    assert_non_null(x);
    for (int64_t k = 0; k < momui_tensor_count(x); k++)
        assert_true(isfinite(x->data[k]));
}

static double difference(const float *a, const float *b, int64_t count) {
    double most = 0;
    for (int64_t k = 0; k < count; k++)
        most = momui_max(most, fabs((double)a[k] - (double)b[k]));
    return most;
}

/* ---- the transformers ---- */

/* The inputs of one evaluation of up to two items. */
typedef struct inputs {
    int64_t items, frames;
    float x[2 * FRAMES * LATENT], condition[2 * FRAMES * LATENT];
    float controls[2 * FRAMES * MOMUI_CONTROL_FEATURES];
    uint8_t keep[2], inpainting[2 * FRAMES], mask[2 * FRAMES], condition_mask[2 * FRAMES];
    bool masked;
    int32_t noise_level[2], timestep[2];
} inputs;

static inputs question_of(void) {
    inputs q = {.items = 2, .frames = FRAMES, .keep = {1, 0}, .noise_level = {120, 0}};
    q.timestep[0] = 700;
    q.timestep[1] = 40;
    momui_fill_normal(q.x, sizeof q.x / sizeof(float), 6, 1);
    momui_fill_normal(q.condition, sizeof q.condition / sizeof(float), 6, 2);
    momui_fill_normal(q.controls, sizeof q.controls / sizeof(float), 6, 3);
    for (int k = 0; k < 2 * FRAMES; k++) {
        q.inpainting[k] = k % 5 == 0;
        q.mask[k] = q.condition_mask[k] = 1;
    }
    return q;
}

static momui_tensor *embed(momui_graph *g, const bench *b, const inputs *q, momui_condition *c) {
    momui_tensor *condition =
        momui_tensor_from(g, 3, (int64_t[]){q->items, q->frames, LATENT}, q->condition);
    momui_transformer_condition(g, b->transformer, condition, q->keep, q->noise_level,
                                q->masked ? q->condition_mask : NULL, c);
    return condition;
}

static momui_tensor *predict(momui_graph *g, const bench *b, const inputs *q,
                             const momui_condition *c) {
    momui_tensor *x = momui_tensor_from(g, 3, (int64_t[]){q->items, q->frames, LATENT}, q->x);
    momui_tensor *controls = momui_tensor_from(
        g, 3, (int64_t[]){q->items, q->frames, MOMUI_CONTROL_FEATURES}, q->controls);
    return momui_transformer_forward(g, b->transformer, x, q->timestep, q->inpainting, controls, c,
                                     q->masked ? q->mask : NULL);
}

/* out (items, frames, LATENT) */
static void answer(bench *b, momui_pool *pool, const inputs *q, float *out) {
    momui_arena_mark mark = momui_arena_position(b->arena);
    momui_graph g = begin(b, pool, false);
    momui_condition c;
    embed(&g, b, q, &c);
    momui_tensor *y = predict(&g, b, q, &c);
    assert_fine(&g, y);
    assert_int_equal(momui_tensor_count(y), q->items * q->frames * LATENT);
    memcpy(out, y->data, (size_t)momui_tensor_count(y) * sizeof *out);
    momui_arena_reset(b->arena, mark);
}

static void test_batch(void **state) {
    (void)state;
    for (int paper = 0; paper < 2; paper++) {
        bench *b = bench_transformer(paper != 0, 3);
        inputs q = question_of(), one = q;
        float both[2 * FRAMES * LATENT], single[FRAMES * LATENT];
        answer(b, NULL, &q, both);
        for (int i = 0; i < 2; i++) {
            one.items = 1;
            memcpy(one.x, q.x + i * FRAMES * LATENT, sizeof single);
            memcpy(one.condition, q.condition + i * FRAMES * LATENT, sizeof single);
            memcpy(one.controls, q.controls + i * FRAMES * MOMUI_CONTROL_FEATURES,
                   FRAMES * MOMUI_CONTROL_FEATURES * sizeof(float));
            memcpy(one.inpainting, q.inpainting + i * FRAMES, FRAMES);
            one.keep[0] = q.keep[i];
            one.noise_level[0] = q.noise_level[i];
            one.timestep[0] = q.timestep[i];
            answer(b, NULL, &one, single);
            assert_true(difference(both + i * FRAMES * LATENT, single, FRAMES * LATENT) < 1e-5);
        }
        assert_true(difference(both, both + FRAMES * LATENT, FRAMES * LATENT) > 1e-2);
        bench_free(b);
    }
}

/* The condition is embedded once and kept below the mark that each step goes back to. */
static void test_cached_condition(void **state) {
    (void)state;
    for (int paper = 0; paper < 2; paper++) {
        bench *b = bench_transformer(paper != 0, 3);
        inputs q = question_of();
        momui_graph kept = begin(b, NULL, false);
        momui_condition c;
        embed(&kept, b, &q, &c);
        momui_arena_mark mark = momui_arena_position(b->arena);
        unsigned chunks = 0;
        for (int step = 0; step < 4; step++) {
            float anew[2 * FRAMES * LATENT];
            q.timestep[0] = q.timestep[1] = 900 - 200 * step;
            answer(b, NULL, &q, anew);
            momui_graph g = begin(b, NULL, false);
            momui_tensor *y = predict(&g, b, &q, &c);
            assert_fine(&g, y);
            assert_memory_equal(y->data, anew, sizeof anew);
            momui_arena_reset(b->arena, mark);
            if (step > 0)
                assert_int_equal(momui_arena_chunk_count(b->arena), chunks);
            chunks = momui_arena_chunk_count(b->arena);
        }
        bench_free(b);
    }
}

/* Masked frames do not change the valid ones. */
static void test_padding(void **state) {
    (void)state;
    enum { VALID = 7, CONDITION_VALID = 9 };
    for (int paper = 0; paper < 2; paper++) {
        bench *b = bench_transformer(paper != 0, 3);
        inputs q = question_of(), other;
        float one[2 * FRAMES * LATENT], two[2 * FRAMES * LATENT];
        q.masked = true;
        q.keep[1] = 1;
        for (int k = 0; k < 2 * FRAMES; k++) {
            q.mask[k] = k % FRAMES < VALID;
            q.condition_mask[k] = k % FRAMES < CONDITION_VALID;
        }
        other = q;
        for (int k = 0; k < 2 * FRAMES; k++)
            for (int c = 0; c < LATENT; c++) {
                if (!q.mask[k])
                    other.x[k * LATENT + c] = 3 - (float)c;
                if (!q.condition_mask[k])
                    other.condition[k * LATENT + c] = (float)c * 2;
            }
        answer(b, NULL, &q, one);
        answer(b, NULL, &other, two);
        for (int i = 0; i < 2; i++)
            assert_true(difference(one + i * FRAMES * LATENT, two + i * FRAMES * LATENT,
                                   VALID * LATENT) < 1e-5);
        /* A mask that lets everything through is no mask. */
        memset(q.mask, 1, sizeof q.mask);
        memset(q.condition_mask, 1, sizeof q.condition_mask);
        answer(b, NULL, &q, one);
        q.masked = false;
        answer(b, NULL, &q, two);
        assert_true(difference(one, two, 2 * FRAMES * LATENT) < 1e-5);
        bench_free(b);
    }
}

/* base: the valid frames of a padded item are those of the item alone. */
static void test_padded_is_short(void **state) {
    (void)state;
    enum { VALID = 7 };
    bench *b = bench_transformer(false, 3);
    inputs q = question_of();
    float padded[2 * FRAMES * LATENT], alone[VALID * LATENT];
    q.masked = true;
    q.items = 1;
    for (int k = 0; k < FRAMES; k++)
        q.mask[k] = q.condition_mask[k] = k < VALID;
    answer(b, NULL, &q, padded);
    q.masked = false;
    q.frames = VALID;
    answer(b, NULL, &q, alone);
    assert_true(difference(padded, alone, VALID * LATENT) < 1e-5);
    bench_free(b);
}

/* How far the answer to item 0 and to item 1 goes from before. */
static void moved(bench *b, const inputs *before, const inputs *after, double by[2]) {
    float one[2 * FRAMES * LATENT], two[2 * FRAMES * LATENT];
    answer(b, NULL, before, one);
    answer(b, NULL, after, two);
    for (int i = 0; i < 2; i++)
        by[i] = difference(one + i * FRAMES * LATENT, two + i * FRAMES * LATENT, FRAMES * LATENT);
}

/* Each input reaches the output, and only where it should. */
static void test_inputs_matter(void **state) {
    (void)state;
    for (int paper = 0; paper < 2; paper++) {
        bench *b = bench_transformer(paper != 0, 3);
        const inputs q = question_of();
        inputs r = q;
        double by[2], least = 1e-4;
        for (int k = 0; k < 2 * FRAMES * LATENT; k++)
            r.condition[k] = -q.condition[k];
        moved(b, &q, &r, by);
        assert_true(by[0] > least && by[1] == 0); /* item 1 has the null */
        r = q;
        r.timestep[1]++;
        moved(b, &q, &r, by);
        assert_true(by[0] == 0 && by[1] > 0);
        r = q;
        r.noise_level[0] = 0;
        moved(b, &q, &r, by);
        assert_true(paper ? by[0] == 0 : by[0] > least);
        r = q;
        memset(r.inpainting, 0, sizeof r.inpainting);
        moved(b, &q, &r, by);
        assert_true(paper ? by[0] == 0 : by[0] > least);
        r = q;
        memset(r.controls, 0, sizeof r.controls);
        moved(b, &q, &r, by);
        assert_true(paper ? by[0] == 0 : by[0] > least && by[1] > least);
        bench_free(b);
    }
}

/* base: NULL controls are zeros, and a NULL inpainting mask is zeros. */
static void test_nothing_said(void **state) {
    (void)state;
    bench *b = bench_transformer(false, 2);
    inputs q = question_of();
    float zeros[2 * FRAMES * LATENT];
    memset(q.controls, 0, sizeof q.controls);
    memset(q.inpainting, 0, sizeof q.inpainting);
    answer(b, NULL, &q, zeros);
    momui_graph g = begin(b, NULL, false);
    momui_condition c;
    embed(&g, b, &q, &c);
    momui_tensor *x = momui_tensor_from(&g, 3, (int64_t[]){2, FRAMES, LATENT}, q.x);
    momui_tensor *y =
        momui_transformer_forward(&g, b->transformer, x, q.timestep, NULL, NULL, &c, NULL);
    assert_fine(&g, y);
    assert_memory_equal(y->data, zeros, sizeof zeros);
    bench_free(b);
}

static void test_threads(void **state) {
    (void)state;
    momui_pool *pool = NULL;
    assert_int_equal(momui_pool_create(NULL, 3, &pool, NULL), MOMU_OK);
    for (int paper = 0; paper < 2; paper++) {
        bench *b = bench_transformer(paper != 0, 2);
        inputs q = question_of();
        float one[2 * FRAMES * LATENT], three[2 * FRAMES * LATENT];
        answer(b, NULL, &q, one);
        answer(b, pool, &q, three);
        assert_memory_equal(one, three, sizeof one);
        bench_free(b);
    }
    momui_pool_destroy(pool);
}

/* With a tape the same numbers come out, and every weight that was used has a gradient. */
static void test_tape(void **state) {
    (void)state;
    for (int paper = 0; paper < 2; paper++) {
        bench *b = bench_transformer(paper != 0, 2);
        inputs q = question_of();
        float plain[2 * FRAMES * LATENT];
        answer(b, NULL, &q, plain);
        assert_int_equal(momui_adamw_attach(&b->set, false, &b->error), MOMU_OK);
        momui_parameters_zero_grad(&b->set);
        momui_graph g = begin(b, NULL, true);
        momui_condition c;
        embed(&g, b, &q, &c);
        momui_tensor *y = predict(&g, b, &q, &c);
        assert_fine(&g, y);
        assert_true(difference(y->data, plain, 2 * FRAMES * LATENT) < 1e-5);
        momui_tensor *zero = momui_tensor_from(&g, 3, y->shape, NULL);
        momui_tensor *loss = momui_op_squared_error(&g, y, zero, NULL, 1);
        assert_int_equal(momui_backward(&g, loss), MOMU_OK);
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
}

static size_t peak_of(bool paper, int32_t blocks) {
    bench *b = bench_transformer(paper, blocks);
    inputs q = question_of();
    momui_graph g = begin(b, NULL, false);
    momui_condition c;
    embed(&g, b, &q, &c);
    /* What the condition left is not counted: a new arena for the forward pass. */
    momui_arena *first = b->arena;
    b->arena = momui_arena_create(&b->memory);
    assert_non_null(b->arena);
    g = begin(b, NULL, false);
    momui_tensor *y = predict(&g, b, &q, &c);
    assert_fine(&g, y);
    size_t peak = momui_arena_peak(b->arena);
    momui_arena_destroy(first);
    bench_free(b);
    return peak;
}

/* Eight times as many blocks take no more memory in generation. */
static void test_memory_is_flat(void **state) {
    (void)state;
    for (int paper = 0; paper < 2; paper++) {
        size_t two = peak_of(paper != 0, 2), sixteen = peak_of(paper != 0, 16);
        if (sixteen > two + two / 8)
            fail_msg("2 blocks take %zu bytes, 16 take %zu", two, sixteen);
    }
}

static void refused(bench *b, momui_graph *g, const momui_tensor *y, momu_status status,
                    const char *says) {
    assert_null(y);
    assert_int_equal(g->status, status);
    if (!strstr(b->error.message, says))
        fail_msg("\"%s\" does not say \"%s\"", b->error.message, says);
}

static void test_misfits(void **state) {
    (void)state;
    for (int paper = 0; paper < 2; paper++) {
        bench *b = bench_transformer(paper != 0, 2);
        inputs q = question_of();
        momui_condition c;
        momui_graph g = begin(b, NULL, false);
        embed(&g, b, &q, &c);
        q.frames = FRAMES - 1;
        refused(b, &g, predict(&g, b, &q, &c), MOMU_ERROR_INTERNAL, "transformer");
        g = begin(b, NULL, false);
        momui_tensor *wide = noise(&g, 1, 4, LATENT + 1, 1);
        momui_transformer_condition(&g, b->transformer, wide, q.keep, q.noise_level, NULL, &c);
        refused(b, &g, c.tokens, MOMU_ERROR_INTERNAL, "transformer");
        assert_null(c.keys[0]);
        /* Once failed, everything after it is quiet. */
        assert_null(predict(&g, b, &q, &c));
        bench_free(b);
    }
    bench *b = bench_transformer(true, 2);
    momui_graph g = begin(b, NULL, false);
    momui_tensor *x = noise(&g, 1, 32, LATENT, 1);
    const uint8_t keep = 1;
    const int32_t zero = 0;
    momui_condition c;
    momui_transformer_condition(&g, b->transformer, x, &keep, &zero, NULL, &c);
    refused(b, &g, momui_transformer_forward(&g, b->transformer, x, &zero, NULL, NULL, &c, NULL),
            MOMU_ERROR_LIMIT, "65 tokens; this model has positions for 64");
    bench_free(b);
}

/* ---- autoencoders and the vocoder ---- */

static void test_autoencoder_shapes(void **state) {
    (void)state;
    for (int whole = 0; whole < 2; whole++) {
        bench *b = bench_autoencoder(whole != 0, 7);
        for (int64_t latents = 1; latents < 10; latents += 4) {
            momui_graph g = begin(b, NULL, false);
            momui_tensor *mean, *logvar;
            momui_autoencoder_encode(&g, b->autoencoder, noise(&g, 2, 4 * latents, 7, 1), &mean,
                                     &logvar);
            assert_fine(&g, mean);
            assert_fine(&g, logvar);
            assert_int_equal(mean->shape[1], latents);
            assert_int_equal(mean->shape[2], LATENT);
            assert_int_equal(momui_tensor_count(logvar), 2 * latents * LATENT);
            momui_tensor *y = momui_autoencoder_decode(&g, b->autoencoder, mean);
            assert_fine(&g, y);
            assert_int_equal(y->shape[1], 4 * latents);
            assert_int_equal(y->shape[2], 7);
        }
        momui_graph g = begin(b, NULL, false);
        momui_tensor *mean, *logvar;
        momui_autoencoder_encode(&g, b->autoencoder, noise(&g, 1, 6, 7, 1), &mean, &logvar);
        refused(b, &g, mean, MOMU_ERROR_INTERNAL, "frames in steps of 4");
        g = begin(b, NULL, false);
        momui_tensor *narrow = noise(&g, 1, 6, LATENT - 1, 1);
        refused(b, &g, momui_autoencoder_decode(&g, b->autoencoder, narrow), MOMU_ERROR_INTERNAL,
                "expected 5 channels");
        bench_free(b);
    }
}

/* Without attention and group norms a tile decodes as the whole does, away from its edges. */
static void test_tiles(void **state) {
    (void)state;
    enum { ALL = 96, FROM = 24, TILE = 48, HALO = 16, IN = 7 };
    for (int whole = 0; whole < 2; whole++) {
        bench *b = bench_autoencoder(whole != 0, IN);
        momui_graph g = begin(b, NULL, false);
        momui_tensor *z = noise(&g, 1, ALL, LATENT, 1);
        momui_tensor *part = momui_op_slice(&g, z, 1, FROM, TILE);
        momui_tensor *all = momui_autoencoder_decode(&g, b->autoencoder, z);
        momui_tensor *tile = momui_autoencoder_decode(&g, b->autoencoder, part);
        assert_fine(&g, all);
        assert_fine(&g, tile);
        double away = difference(all->data + (FROM + HALO) * 4 * IN, tile->data + HALO * 4 * IN,
                                 (int64_t)(TILE - 2 * HALO) * 4 * IN);
        assert_true(whole ? away > 1e-4 : away < 1e-5);
        bench_free(b);
    }
}

static void test_vocoder(void **state) {
    (void)state;
    bench *b = bench_new();
    const momui_vocoder_config config = {
        .kind = MOMUI_VOCODER_VOCOS, .dim = 16, .ffn = 24, .layers = 3};
    b->vocoder = momui_vocoder_declare(&b->set, "v", &config, 9, 32);
    shake(b);
    momui_graph g = begin(b, NULL, false);
    momui_tensor *mel = noise(&g, 2, 11, 9, 1);
    momui_tensor *y = momui_vocoder_forward(&g, b->vocoder, mel);
    assert_fine(&g, y);
    assert_int_equal(y->shape[0], 2);
    assert_int_equal(y->shape[1], 11);
    assert_int_equal(y->shape[2], 34);
    bench_free(b);
}

/* ---- memory that ends ---- */

static momui_tensor *run_all(momui_graph *g, bench *t, bench *a) {
    inputs q = question_of();
    q.masked = true;
    momui_condition c;
    momui_tensor *mean, *logvar;
    embed(g, t, &q, &c);
    if (!predict(g, t, &q, &c))
        return NULL;
    momui_autoencoder_encode(g, a->autoencoder, noise(g, 2, 512, 7, 1), &mean, &logvar);
    return momui_autoencoder_decode(g, a->autoencoder, mean);
}

/* At whichever request memory ends, there is a status, in generation and in training. */
static void test_memory_ends(void **state) {
    (void)state;
    bench *networks[] = {bench_transformer(false, 2), bench_transformer(true, 2),
                         bench_autoencoder(false, 7), bench_autoencoder(true, 7)};
    for (int round = 0; round < 4; round++) {
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
                status = momui_graph_begin(&g, arena, NULL, round >= 2, NULL);
            if (status == MOMU_OK) {
                momui_tensor *y = run_all(&g, networks[round % 2], networks[2 + round % 2]);
                status = g.status;
                assert_true((y != NULL) == (status == MOMU_OK));
            }
            assert_true(status == MOMU_OK || status == MOMU_ERROR_MEMORY);
            momui_arena_destroy(arena);
            assert_true(atomic_load(&memory.used) == 0);
            assert_true(at < 1000);
        }
    }
    for (int i = 0; i < 4; i++)
        bench_free(networks[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch),
        cmocka_unit_test(test_cached_condition),
        cmocka_unit_test(test_padding),
        cmocka_unit_test(test_padded_is_short),
        cmocka_unit_test(test_inputs_matter),
        cmocka_unit_test(test_nothing_said),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_tape),
        cmocka_unit_test(test_memory_is_flat),
        cmocka_unit_test(test_misfits),
        cmocka_unit_test(test_autoencoder_shapes),
        cmocka_unit_test(test_tiles),
        cmocka_unit_test(test_vocoder),
        cmocka_unit_test(test_memory_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
