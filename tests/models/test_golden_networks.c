/* Every network against the PyTorch reference: what it computes in generation and in training, its
 * loss, and the gradients of all its parameters. */
#include "test_golden_support.h"

#include "models/format1.h"
#include "train/losses/loss_ops.h"
#include "train/stages/adamw.h"

static const double TOLERANCE = 1e-4;
enum { KEPT = 16 }; /* places of a parameter whose gradients are in the file */

/* ---- gradients ---- */

static int by_name(const void *a, const void *b) {
    return strcmp((*(momui_parameter *const *)a)->name, (*(momui_parameter *const *)b)->name);
}

/* Checks one parameter's gradient; returns how many numbers of `expected` it used. */
static size_t check_gradient(const momui_parameter *parameter, const float *expected,
                             double floor_) {
    int64_t count = momui_tensor_count(&parameter->tensor), kept = count < KEPT ? count : KEPT;
    float found[KEPT];
    assert_non_null(parameter->tensor.grad);
    for (int64_t j = 0; j < kept; j++)
        found[j] = parameter->tensor.grad[j * count / kept];
    assert_all_near(parameter->name, ".grad", found, expected, (size_t)kept, TOLERANCE, floor_);
    return (size_t)kept;
}

/* All parameters under either prefix, in the order of their names. Where a gradient is nothing but
 * rounding (a bias before a norm), the others' greatest one sets the scale. */
static void check_gradients(golden *test, const char *name, momui_parameters *set,
                            const char *prefix, const char *other) {
    momui_tensor *expected = golden_tensor(test, name, ".gradients");
    momui_parameter *chosen[512];
    size_t count = 0, used = 0;
    assert_non_null(expected);
    for (int i = 0; i < set->count; i++)
        if (strncmp(set->items[i]->name, prefix, strlen(prefix)) == 0 ||
            (other && strncmp(set->items[i]->name, other, strlen(other)) == 0)) {
            assert_true(count < 512);
            chosen[count++] = set->items[i];
        }
    qsort(chosen, count, sizeof(momui_parameter *), by_name);
    double floor_ = 1e-3 * golden_peak(expected->data, (size_t)expected->shape[0]);
    for (size_t i = 0; i < count; i++) {
        int64_t size = momui_tensor_count(&chosen[i]->tensor);
        assert_true(used + (size_t)(size < KEPT ? size : KEPT) <= (size_t)expected->shape[0]);
        used += check_gradient(chosen[i], expected->data + used, floor_);
    }
    assert_int_equal(used, expected->shape[0]);
}

static void go_back(golden *test, momui_parameters *set, momui_tensor *loss) {
    golden_fine(test, momui_adamw_attach(set, false, &test->error));
    momui_parameters_zero_grad(set);
    golden_fine(test, momui_backward(&test->g, loss));
}

/* ---- autoencoders ---- */

typedef struct pass { /* the tensors that losses are made from */
    momui_tensor *x, *y, *mean, *logvar;
} pass;

static pass run_autoencoder(golden *test, const char *name, const momui_autoencoder *network) {
    pass p = {.x = golden_tensor(test, name, ".x")};
    const momui_tensor *noise = golden_tensor(test, name, ".noise");
    momui_autoencoder_encode(&test->g, network, p.x, &p.mean, &p.logvar);
    assert_tensor_near(test, name, ".mean", p.mean, TOLERANCE);
    assert_tensor_near(test, name, ".logvar", p.logvar, TOLERANCE);
    momui_tensor *z = momui_op_reparameterise(&test->g, p.mean, p.logvar, noise->data);
    p.y = momui_autoencoder_decode(&test->g, network, z);
    assert_tensor_near(test, name, ".y", p.y, TOLERANCE);
    return p;
}

static momui_tensor *difference(momui_graph *g, momui_tensor *x) {
    return momui_op_subtract(g, momui_op_slice(g, x, 1, 1, x->shape[1] - 1),
                             momui_op_slice(g, x, 1, 0, x->shape[1] - 1));
}

static momui_tensor *music_loss(golden *test, const pass *p) {
    momui_graph *g = &test->g;
    float weights[] = {1.0f, golden_tensor(test, "kl_weight", "")->data[0]};
    return momui_op_weighted_sum(
        g, (momui_tensor *[]){momui_op_l1(g, p->y, p->x, NULL), momui_op_kl(g, p->mean, p->logvar)},
        weights, 2);
}

static momui_tensor *infonce(golden *test, momui_tensor *mean, momui_tensor *log_scale) {
    momui_graph *g = &test->g;
    const int32_t *item = golden_integers(test, "infonce", ".item");
    const int32_t *start = golden_integers(test, "infonce", ".start");
    momui_tensor *music = golden_tensor(test, "infonce", ".music");
    momui_tensor *a = momui_op_normalize(g, momui_op_window_max(g, mean, item, start, 5, 2));
    momui_tensor *b = momui_op_normalize(g, momui_op_window_max(g, music, item, start, 5, 2));
    momui_tensor *loss = momui_op_infonce(g, momui_op_similarity(g, a, b, log_scale));
    assert_tensor_near(test, "infonce", ".loss", loss, TOLERANCE);
    return loss;
}

static momui_tensor *motion_loss(golden *test, const pass *p, momui_tensor *log_scale) {
    momui_graph *g = &test->g;
    momui_tensor *parts[] = {
        momui_op_l1(g, p->y, p->x, NULL),
        momui_op_l1(g, difference(g, p->y), difference(g, p->x), NULL),
        momui_op_kl(g, p->mean, p->logvar),
        infonce(test, p->mean, log_scale),
    };
    float weights[] = {1.0f, 0.5f, golden_tensor(test, "kl_weight", "")->data[0], 1.0f};
    return momui_op_weighted_sum(g, parts, weights, 4);
}

static void test_autoencoders_generate(void **state) {
    (void)state;
    golden test;
    golden_open(&test, "autoencoder.safetensors", NULL, false);
    momui_bundle *bundle = golden_bundle("model.safetensors", true);
    run_autoencoder(&test, "music_vae", bundle->music);
    run_autoencoder(&test, "motion_vae", bundle->motion);
    momui_bundle_free(bundle);
    golden_close(&test);
}

static void test_music_autoencoder_trains(void **state) {
    golden test;
    golden_open(&test, "autoencoder.safetensors", *state, true);
    momui_bundle *bundle = golden_bundle("model.safetensors", false);
    golden_fine(&test, momui_adamw_attach(&bundle->parameters, false, &test.error));
    pass p = run_autoencoder(&test, "music_vae", bundle->music);
    momui_tensor *loss = music_loss(&test, &p);
    assert_tensor_near(&test, "music_vae", ".loss", loss, TOLERANCE);
    go_back(&test, &bundle->parameters, loss);
    check_gradients(&test, "music_vae", &bundle->parameters, "music_vae.", NULL);
    momui_bundle_free(bundle);
    golden_close(&test);
}

static void test_motion_autoencoder_trains(void **state) {
    golden test;
    golden_open(&test, "autoencoder.safetensors", *state, true);
    momui_bundle *bundle = golden_bundle("model.safetensors", false);
    momui_parameter *scale = momui_parameters_find(&bundle->parameters, "infonce.log_scale");
    assert_non_null(scale);
    golden_fine(&test, momui_adamw_attach(&bundle->parameters, false, &test.error));
    pass p = run_autoencoder(&test, "motion_vae", bundle->motion);
    momui_tensor *loss = motion_loss(&test, &p, &scale->tensor);
    assert_tensor_near(&test, "motion", ".loss", loss, TOLERANCE);
    go_back(&test, &bundle->parameters, loss);
    check_gradients(&test, "motion", &bundle->parameters, "motion_vae.", "infonce.");
    momui_bundle_free(bundle);
    golden_close(&test);
}

/* ---- transformers ---- */

typedef struct inputs {
    momui_tensor *x, *condition, *controls;
    const int32_t *t, *noise_level;
    const uint8_t *keep, *inpainting, *mask, *condition_mask;
} inputs;

static inputs transformer_inputs(golden *test, const char *name) {
    inputs in = {
        .x = golden_tensor(test, name, ".x"),
        .condition = golden_tensor(test, name, ".condition"),
        .controls = golden_tensor(test, name, ".controls"),
        .t = golden_integers(test, name, ".t"),
        .noise_level = golden_integers(test, name, ".level"),
        .keep = golden_bytes(test, name, ".keep"),
        .inpainting = golden_bytes(test, name, ".given"),
        .mask = golden_bytes(test, name, ".mask"),
        .condition_mask = golden_bytes(test, name, ".condition_mask"),
    };
    assert_non_null(in.x);
    return in;
}

/* What is said of masked frames does not matter: the file has zeros there. */
static momui_tensor *valid_frames(golden *test, const momui_tensor *out, const uint8_t *mask) {
    momui_tensor *copy = momui_tensor_from(&test->g, out->rank, out->shape, out->data);
    int64_t channels = out->shape[2];
    assert_non_null(copy);
    for (int64_t i = 0; mask && i < momui_tensor_count(copy); i++)
        if (!mask[i / channels])
            copy->data[i] = 0;
    return copy;
}

/* replacement: the condition; NULL: the file's */
static momui_tensor *run_transformer_on(golden *test, const char *name,
                                        const momui_transformer *network,
                                        momui_tensor *replacement) {
    inputs in = transformer_inputs(test, name);
    if (replacement)
        in.condition = replacement;
    momui_condition condition;
    momui_transformer_condition(&test->g, network, in.condition, in.keep, in.noise_level,
                                in.condition_mask, &condition);
    momui_tensor *out = momui_transformer_forward(&test->g, network, in.x, in.t, in.inpainting,
                                                  in.controls, &condition, in.mask);
    if (!out)
        fail_msg("%s: %s", name, test->error.message);
    assert_tensor_near(test, name, ".out", valid_frames(test, out, in.mask), TOLERANCE);
    return out;
}

static momui_tensor *run_transformer(golden *test, const char *name,
                                     const momui_transformer *network) {
    return run_transformer_on(test, name, network, NULL);
}

/* The set has its gradients already. */
static void train_transformer_on(golden *test, const char *name, const momui_transformer *network,
                                 momui_parameters *set, const char *prefix,
                                 momui_tensor *replacement) {
    momui_tensor *out = run_transformer_on(test, name, network, replacement);
    momui_tensor *target = golden_tensor(test, name, ".target");
    const momui_tensor *weights = golden_tensor(test, name, ".row_weight");
    int64_t counted = 0;
    for (int64_t i = 0; i < momui_tensor_count(weights); i++)
        counted += weights->data[i] > 0;
    momui_tensor *loss = momui_op_squared_error(&test->g, out, target, weights->data,
                                                (double)(counted * out->shape[2]));
    assert_tensor_near(test, name, ".loss", loss, TOLERANCE);
    go_back(test, set, loss);
    check_gradients(test, name, set, prefix, NULL);
}

static void train_transformer(golden *test, const char *name, const momui_transformer *network,
                              momui_parameters *set, const char *prefix) {
    golden_fine(test, momui_adamw_attach(set, false, &test->error));
    train_transformer_on(test, name, network, set, prefix, NULL);
}

static void test_base_transformers_generate(void **state) {
    (void)state;
    golden test;
    golden_open(&test, "transformer.safetensors", NULL, false);
    momui_bundle *bundle = golden_bundle("model.safetensors", true);
    run_transformer(&test, "motion_to_music", bundle->to_music);
    run_transformer(&test, "music_to_motion", bundle->to_motion);
    momui_bundle_free(bundle);
    golden_close(&test);
}

static void train_base(momui_pool *pool, const char *name, const char *prefix, bool to_music) {
    golden test;
    golden_open(&test, "transformer.safetensors", pool, true);
    momui_bundle *bundle = golden_bundle("model.safetensors", false);
    train_transformer(&test, name, to_music ? bundle->to_music : bundle->to_motion,
                      &bundle->parameters, prefix);
    momui_bundle_free(bundle);
    golden_close(&test);
}

static void test_base_transformer_trains(void **state) {
    train_base(*state, "motion_to_music", "motion_to_music.", true);
}

static void test_base_transformer_trains_with_masks(void **state) {
    train_base(*state, "music_to_motion", "music_to_motion.", false);
}

/* ---- architectures that the model file does not have ---- */

typedef struct branches {
    golden weights;
    momui_weight_source source;
    momui_parameters set;
    momui_autoencoder *attended;
    momui_transformer *paper;
} branches;

static momu_status read_weight(void *user, const char *name, int rank, const int64_t *shape,
                               float *out, momu_error *error) {
    return momui_safetensors_read_f32(user, name, rank, shape, out, error);
}

static void branches_open(branches *v) {
    static const momui_autoencoder_config ATTENDED = {
        .in_channels = 28,
        .latent = 6,
        .channels = 4,
        .levels = 3,
        .multipliers = {1, 3, 3},
        .blocks = 1,
        .kernel = 5,
        .decoder_kernel = 3,
        .down = {true, false, false},
        .attention = true,
        .groups = 6,
    };
    static const momui_transformer_config PAPER = {
        .architecture = MOMUI_ARCHITECTURE_PAPER,
        .hidden = 32,
        .blocks = 2,
        .heads = 2,
        .ffn_multiple = 1,
        .ffn_kernel = 3,
        .max_tokens = 24,
    };
    golden_open(&v->weights, "architectures.safetensors", NULL, false);
    v->source = (momui_weight_source){read_weight, v->weights.file};
    momui_parameters_init(&v->set, NULL, &v->source, 0, &v->weights.error);
    v->attended = momui_autoencoder_declare(&v->set, "attended_vae", &ATTENDED);
    v->paper = momui_transformer_declare(&v->set, "paper", &PAPER, 6);
    golden_fine(&v->weights, v->set.status);
    assert_int_equal((size_t)v->set.count, momui_safetensors_count(v->weights.file));
}

static void branches_close(branches *v) {
    momui_autoencoder_free(v->attended);
    momui_transformer_free(v->paper);
    momui_parameters_release(&v->set);
    golden_close(&v->weights);
}

static void test_variants_generate(void **state) {
    (void)state;
    golden test;
    branches v;
    branches_open(&v);
    golden_fine(&v.weights, momui_parameters_pack(&v.set, &v.weights.error));
    golden_open(&test, "autoencoder.safetensors", NULL, false);
    run_autoencoder(&test, "attended_vae", v.attended);
    golden_close(&test);
    golden_open(&test, "transformer.safetensors", NULL, false);
    run_transformer(&test, "paper", v.paper);
    run_transformer(&test, "paper_masked", v.paper);
    golden_close(&test);
    branches_close(&v);
}

static void test_attended_autoencoder_trains(void **state) {
    golden test;
    branches v;
    branches_open(&v);
    golden_open(&test, "autoencoder.safetensors", *state, true);
    golden_fine(&test, momui_adamw_attach(&v.set, false, &test.error));
    pass p = run_autoencoder(&test, "attended_vae", v.attended);
    momui_tensor *loss = music_loss(&test, &p);
    assert_tensor_near(&test, "attended_vae", ".loss", loss, TOLERANCE);
    go_back(&test, &v.set, loss);
    check_gradients(&test, "attended_vae", &v.set, "attended_vae.", NULL);
    golden_close(&test);
    branches_close(&v);
}

static void train_paper(momui_pool *pool, const char *name) {
    golden test;
    branches v;
    branches_open(&v);
    golden_open(&test, "transformer.safetensors", pool, true);
    train_transformer(&test, name, v.paper, &v.set, "paper.");
    golden_close(&test);
    branches_close(&v);
}

static void test_paper_transformer_trains(void **state) {
    train_paper(*state, "paper");
}

static void test_paper_transformer_trains_with_masks(void **state) {
    train_paper(*state, "paper_masked");
}

/* ---- the U-Net: a file of its own, with its weights ---- */

typedef struct golden_unet {
    golden test;
    momui_weight_source source;
    momui_parameters set;
    momui_transformer *network;
} golden_unet;

static void unet_open(golden_unet *u, momui_pool *pool, bool train) {
    static const momui_transformer_config UNET = {
        .architecture = MOMUI_ARCHITECTURE_UNET,
        .hidden = 4,
        .levels = 3,
        .multipliers = {1, 3, 2},
        .blocks = 2,
        .heads = 2,
        .controls = true,
        .inpainting = true,
    };
    golden_open(&u->test, "unet.safetensors", pool, train);
    u->source = (momui_weight_source){read_weight, u->test.file};
    momui_parameters_init(&u->set, NULL, &u->source, 0, &u->test.error);
    u->network = momui_transformer_declare(&u->set, "unet", &UNET, 6);
    golden_fine(&u->test, u->set.status);
    int weights = 0;
    for (size_t i = 0; i < momui_safetensors_count(u->test.file); i++)
        weights += strncmp(momui_safetensors_at(u->test.file, i)->name, "unet.", 5) == 0;
    assert_int_equal(u->set.count, weights);
    if (!train)
        golden_fine(&u->test, momui_parameters_pack(&u->set, &u->test.error));
}

static void unet_close(golden_unet *u) {
    momui_transformer_free(u->network);
    momui_parameters_release(&u->set);
    golden_close(&u->test);
}

static const char *const UNET_CASES[] = {"case.full", "case.odd", "case.masked"};

static void test_unet_generates(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++) {
        golden_unet u;
        unet_open(&u, NULL, false);
        run_transformer(&u.test, UNET_CASES[i], u.network);
        unet_close(&u);
    }
}

static void test_unet_trains(void **state) {
    for (int i = 0; i < 3; i++) {
        golden_unet u;
        unet_open(&u, *state, true);
        train_transformer(&u.test, UNET_CASES[i], u.network, &u.set, "unet.");
        unet_close(&u);
    }
}

/* Declared weights, to be trained or to be used. */
static void make_ready(golden *test, momui_parameters *set, bool train) {
    golden_fine(test, set->status);
    if (train)
        golden_fine(test, momui_adamw_attach(set, false, &test->error));
    else
        golden_fine(test, momui_parameters_pack(set, &test->error));
}

/* ---- the genre classifier ---- */

static void run_classifier(momui_pool *pool, bool train) {
    golden test;
    momui_parameters set;
    golden_open(&test, "classifier.safetensors", pool, train);
    momui_weight_source source = {read_weight, test.file};
    momui_parameters_init(&set, NULL, &source, 0, &test.error);
    static const double TEMPOS[] = {97.5, 0};
    momui_classifier *network = momui_classifier_declare(&set, "genre", 8, 12, 16);
    momui_tempo_genre *tempo = momui_tempo_genre_declare(&set, "tempo");
    make_ready(&test, &set, train);
    momui_tensor *logits =
        momui_classifier_forward(&test.g, network, golden_tensor(&test, "case", ".x"), NULL);
    momui_tensor *audio_found = momui_tempo_genre_forward(&test.g, tempo, TEMPOS, 2);
    assert_tensor_near(&test, "case", ".logits", logits, TOLERANCE);
    assert_tensor_near(&test, "case", ".heard", audio_found, TOLERANCE);
    if (train) {
        const int32_t *labels = golden_integers(&test, "case", ".labels");
        momui_tensor *loss = momui_op_add(&test.g, momui_op_cross_entropy(&test.g, logits, labels),
                                          momui_op_cross_entropy(&test.g, audio_found, labels));
        assert_tensor_near(&test, "case", ".loss", loss, TOLERANCE);
        go_back(&test, &set, loss);
        check_gradients(&test, "case", &set, "", NULL);
    }
    momui_classifier_free(network);
    momui_tempo_genre_free(tempo);
    momui_parameters_release(&set);
    golden_close(&test);
}

static void test_classifier(void **state) {
    (void)state;
    run_classifier(NULL, false);
}

static void test_classifier_trains(void **state) {
    run_classifier(*state, true);
}

/* ---- the beat tracker ---- */

static void run_beat_tracker(momui_pool *pool, bool train) {
    static const momui_beat_tracker_config SMALL = {.channels = 8, .blocks = 2};
    golden test;
    momui_parameters set;
    golden_open(&test, "beat_tracker.safetensors", pool, train);
    momui_weight_source source = {read_weight, test.file};
    momui_parameters_init(&set, NULL, &source, 0, &test.error);
    momui_beat_tracker *network = momui_beat_tracker_declare(&set, "tracker", &SMALL, 6, 4);
    make_ready(&test, &set, train);
    momui_tensor *logits =
        momui_beat_tracker_forward(&test.g, network, golden_tensor(&test, "case", ".z"));
    assert_tensor_near(&test, "case", ".logits", logits, TOLERANCE);
    if (train) {
        const momui_tensor *chances = golden_tensor(&test, "case", ".chances");
        momui_tensor *loss = momui_op_binary_cross_entropy(&test.g, logits, chances->data);
        assert_tensor_near(&test, "case", ".loss", loss, TOLERANCE);
        go_back(&test, &set, loss);
        check_gradients(&test, "case", &set, "tracker.", NULL);
    }
    momui_beat_tracker_free(network);
    momui_parameters_release(&set);
    golden_close(&test);
}

static void test_beat_tracker_finds(void **state) {
    (void)state;
    run_beat_tracker(NULL, false);
}

static void test_beat_tracker_trains(void **state) {
    run_beat_tracker(*state, true);
}

/* ---- a learned encoder of the condition, and the transformer that it is for ---- */

typedef struct golden_encoder {
    golden test;
    momui_weight_source source;
    momui_parameters set;
    momui_transformer *network;
    momui_condition_encoder *encoder;
} golden_encoder;

static void encoder_open(golden_encoder *e, momui_pool *pool, bool train) {
    static const momui_transformer_config CONDITIONED = {
        .hidden = 8, .blocks = 2, .heads = 2, .ffn_multiple = 1, .ffn_kernel = 1, .fusion = true};
    golden_open(&e->test, "encoder.safetensors", pool, train);
    e->source = (momui_weight_source){read_weight, e->test.file};
    momui_parameters_init(&e->set, NULL, &e->source, 0, &e->test.error);
    e->network = momui_transformer_declare(&e->set, "conditioned", &CONDITIONED, 6);
    e->encoder = momui_condition_encoder_declare(&e->set, "conditioned.encoder", 7, 5, 4, 6);
    golden_fine(&e->test, e->set.status);
    int weights = 0;
    for (size_t i = 0; i < momui_safetensors_count(e->test.file); i++)
        weights += strncmp(momui_safetensors_at(e->test.file, i)->name, "conditioned.", 12) == 0;
    assert_int_equal(e->set.count, weights);
    if (!train)
        golden_fine(&e->test, momui_parameters_pack(&e->set, &e->test.error));
}

static void encoder_close(golden_encoder *e) {
    momui_condition_encoder_free(e->encoder);
    momui_transformer_free(e->network);
    momui_parameters_release(&e->set);
    golden_close(&e->test);
}

static momui_tensor *run_encoder(golden_encoder *e) {
    momui_tensor *c = momui_condition_encoder_forward(&e->test.g, e->encoder,
                                                      golden_tensor(&e->test, "case", ".raw"));
    assert_tensor_near(&e->test, "case", ".condition", c, TOLERANCE);
    return c;
}

static void test_encoder_generates(void **state) {
    (void)state;
    golden_encoder e;
    encoder_open(&e, NULL, false);
    run_encoder(&e);
    run_transformer(&e.test, "case", e.network);
    encoder_close(&e);
}

/* Its gradients come through the transformer, past masks and dropped conditions. */
static void test_encoder_trains(void **state) {
    golden_encoder e;
    encoder_open(&e, *state, true);
    golden_fine(&e.test, momui_adamw_attach(&e.set, false, &e.test.error));
    train_transformer_on(&e.test, "case", e.network, &e.set, "conditioned.", run_encoder(&e));
    encoder_close(&e);
}

static void test_encoder_refuses(void **state) {
    (void)state;
    golden_encoder e;
    encoder_open(&e, NULL, false);
    momui_tensor *odd = momui_tensor_from(&e.test.g, 3, (int64_t[]){1, 6, 7}, NULL);
    assert_null(momui_condition_encoder_forward(&e.test.g, e.encoder, odd));
    assert_int_equal(e.test.g.status, MOMU_ERROR_INTERNAL);
    assert_non_null(strstr(e.test.error.message, "steps of 4"));
    encoder_close(&e);
}

/* ---- vocoder ---- */

static momui_tensor *run_vocoder(golden *test, const momui_vocoder *network) {
    assert_non_null(network);
    momui_tensor *head = momui_vocoder_forward(&test->g, network, golden_tensor(test, "mel", ""));
    assert_tensor_near(test, "head", "", head, TOLERANCE);
    return head;
}

static void test_vocoder_generates(void **state) {
    (void)state;
    golden test;
    golden_open(&test, "vocoder.safetensors", NULL, false);
    momui_bundle *bundle = golden_bundle("model.safetensors", true);
    run_vocoder(&test, bundle->vocoder);
    momui_bundle_free(bundle);
    golden_close(&test);
}

static void test_vocoder_trains(void **state) {
    golden test;
    golden_open(&test, "vocoder.safetensors", *state, true);
    momui_bundle *bundle = golden_bundle("model.safetensors", false);
    golden_fine(&test, momui_adamw_attach(&bundle->parameters, false, &test.error));
    momui_tensor *head = run_vocoder(&test, bundle->vocoder);
    momui_tensor *zeros = momui_tensor_from(&test.g, head->rank, head->shape, NULL);
    momui_tensor *loss =
        momui_op_squared_error(&test.g, head, zeros, NULL, (double)momui_tensor_count(head));
    assert_tensor_near(&test, "vocoder", ".loss", loss, TOLERANCE);
    go_back(&test, &bundle->parameters, loss);
    check_gradients(&test, "vocoder", &bundle->parameters, "vocoder.", NULL);
    momui_bundle_free(bundle);
    golden_close(&test);
}

/* ---- the model file ---- */

static void test_model_file_says_what_it_is(void **state) {
    (void)state;
    momui_bundle *bundle = golden_bundle("model.safetensors", false);
    assert_string_equal(bundle->config.preset, "golden");
    assert_string_equal(bundle->license, "CC0-1.0");
    assert_string_equal(bundle->training_data, "none: random numbers");
    assert_string_equal(bundle->trained_by, "nobody");
    assert_int_equal(bundle->config.layout, MOMUI_LAYOUT_POSITIONS2D);
    assert_int_equal(bundle->config.trained_controls, 1u | 1u << 4);
    assert_true(bundle->config.vocoder.kind == MOMUI_VOCODER_VOCOS);
    momui_bundle_free(bundle);
}

static int start_pool(void **state) {
    return momui_pool_create(NULL, 2, (momui_pool **)state, NULL) == MOMU_OK ? 0 : -1;
}

static int stop_pool(void **state) {
    momui_pool_destroy(*state);
    return 0;
}

/* ---- model files of format 1 ---- */

/* The same model as format 1 had it: other names of tensors and config keys, the same numbers. */
static void test_format1_is_read(void **state) {
    (void)state;
    momui_bundle *today = golden_bundle("model.safetensors", false);
    momui_bundle *before = golden_bundle("model-format1.safetensors", false);
    assert_int_equal(today->parameters.count, before->parameters.count);
    for (int i = 0; i < today->parameters.count; i++) {
        const momui_parameter *a = today->parameters.items[i], *b = before->parameters.items[i];
        assert_string_equal(a->name, b->name);
        assert_memory_equal(a->tensor.data, b->tensor.data,
                            (size_t)momui_tensor_count(&a->tensor) * sizeof(float));
    }
    assert_int_equal(today->config.trained_controls, before->config.trained_controls);
    assert_int_equal(today->config.transformer.inpainting, before->config.transformer.inpainting);
    momui_bundle_free(today);
    momui_bundle_free(before);
}

/* All names of the table, both ways. */
static void test_format1_names(void **state) {
    (void)state;
    static const char *const NAMES[][2] = {
        {"beat_tracker.motion.first.bias", "beats.motion.first.bias"},
        {"genre_classifier.tempo.weight", "genre.tempo.weight"},
        {"keypoint_encoder.quant.bias", "keypoints.quant.bias"},
        {"stats.beat_tracker.trained", "stats.beats.trained"},
        {"stats.genre_classifier.trained", "stats.genre.trained"},
        {"stats.keypoint_encoder.trained", "stats.keypoints.trained"},
        {"infonce.log_scale", "contrast.log_scale"},
        {"embedder.second.weight", "judge.second.weight"},
        {"stats.mel.mean", "stats.mel.mean"}};
    char out[MOMUI_FORMAT1_NAME];
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        assert_string_equal(momui_format1_tensor(NAMES[i][0], out), NAMES[i][1]);
        assert_string_equal(momui_format1_tensor_today(NAMES[i][1], out), NAMES[i][0]);
    }
    momui_memory memory;
    momui_memory_init(&memory, NULL, 0);
    char *config = momui_format1_config(
        &memory, "{\"beat_finder\":{},\"variant\":\"base\",\"c\":[\"known_latents\"]}");
    assert_string_equal(config,
                        "{\"beat_tracker\":{},\"architecture\":\"base\",\"c\":[\"inpainting\"]}");
    momui_free(config);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classifier),
        cmocka_unit_test(test_classifier_trains),
        cmocka_unit_test(test_beat_tracker_finds),
        cmocka_unit_test(test_beat_tracker_trains),
        cmocka_unit_test(test_model_file_says_what_it_is),
        cmocka_unit_test(test_autoencoders_generate),
        cmocka_unit_test(test_music_autoencoder_trains),
        cmocka_unit_test(test_motion_autoencoder_trains),
        cmocka_unit_test(test_base_transformers_generate),
        cmocka_unit_test(test_base_transformer_trains),
        cmocka_unit_test(test_base_transformer_trains_with_masks),
        cmocka_unit_test(test_variants_generate),
        cmocka_unit_test(test_attended_autoencoder_trains),
        cmocka_unit_test(test_paper_transformer_trains),
        cmocka_unit_test(test_paper_transformer_trains_with_masks),
        cmocka_unit_test(test_unet_generates),
        cmocka_unit_test(test_unet_trains),
        cmocka_unit_test(test_encoder_generates),
        cmocka_unit_test(test_encoder_trains),
        cmocka_unit_test(test_encoder_refuses),
        cmocka_unit_test(test_vocoder_generates),
        cmocka_unit_test(test_vocoder_trains),
        cmocka_unit_test(test_format1_is_read),
        cmocka_unit_test(test_format1_names),
    };
    return cmocka_run_group_tests(tests, start_pool, stop_pool);
}
