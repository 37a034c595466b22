/* The evaluation networks: the gradient of their loss, learning from labels that carry information
 * and from drawn ones, files, and repeatability. */
#include "tests/support/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "train/evaluate/evaluation_training.h"
#include "train/losses/loss_ops.h"

enum { WINDOWS = 96, LENGTH = 40, CHANNELS = 12, CLASSES = 3 };

static const momui_evaluation_network_config CONFIG = {"motion", CHANNELS, 62.5, CLASSES, true};

typedef struct school {
    float *values;
    const float *windows[WINDOWS];
    int32_t label[WINDOWS];
    float tempo[WINDOWS], energy[WINDOWS];
    momui_labelled_windows data;
} school;

/* Class k swings with a period of 6 + 4 k frames at any phase, in noise; `learnable` false: the
 * labels are drawn. */
static void open_school(school *s, uint64_t seed, bool learnable) {
    momui_random random = {seed, 9, 0};
    s->values = malloc(sizeof(float) * WINDOWS * LENGTH * CHANNELS);
    assert_non_null(s->values);
    momui_fill_normal(s->values, WINDOWS * LENGTH * CHANNELS, seed, 10);
    for (int w = 0; w < WINDOWS; w++) {
        float *window = s->values + (size_t)w * LENGTH * CHANNELS;
        int kind = (int)momui_random_below(&random, CLASSES);
        double phase = 6.28 * (double)momui_random_uniform(&random);
        for (int t = 0; t < LENGTH; t++)
            for (int c = 0; c < CHANNELS; c++)
                window[t * CHANNELS + c] = 0.5f * window[t * CHANNELS + c] +
                                           (float)sin(6.2832 * t / (6 + 4 * kind) + phase + c);
        s->windows[w] = window;
        s->label[w] = learnable ? kind : (int32_t)momui_random_below(&random, CLASSES);
        s->tempo[w] = (float)(70 + 40 * kind);
        s->energy[w] = 0.2f + 0.3f * (float)kind;
    }
    s->data = (momui_labelled_windows){WINDOWS,  LENGTH,   CHANNELS, s->windows,
                                       s->label, s->tempo, s->energy};
}

static double accuracy(const momui_evaluation_network *network,
                       const momui_labelled_windows *data) {
    int32_t outputs = momui_evaluation_network_outputs_of(&network->config).count;
    float *out = malloc(sizeof(float) * (size_t)(WINDOWS * outputs));
    assert_int_equal(momui_evaluation_predict(NULL, NULL, network, data, 0, out, NULL, NULL),
                     MOMU_OK);
    int right = 0;
    for (int w = 0; w < WINDOWS; w++) {
        int best = 0;
        for (int k = 1; k < CLASSES; k++)
            if (out[w * outputs + k] > out[w * outputs + best])
                best = k;
        right += best == data->label[w];
    }
    free(out);
    return (double)right / WINDOWS;
}

static void the_loss_has_its_gradient(void **state) {
    (void)state;
    enum { BATCH = 4 };
    int32_t label[BATCH] = {0, 2, -1, 1};
    float tempo[BATCH] = {65, 130, 0, 250}, energy[BATCH] = {0.2f, 0, 0.9f, 0.5f};
    int32_t count = momui_evaluation_network_outputs_of(&CONFIG).count;
    float outputs[BATCH * 64], slope[BATCH * 64], unused[BATCH * 64];
    momui_fill_normal(outputs, (size_t)(BATCH * count), 3, 1);
    momui_evaluation_network_loss(&CONFIG, outputs, BATCH, label, tempo, energy, slope);
    for (int i = 0; i < BATCH * count; i++) {
        float kept = outputs[i], step = 1e-2f;
        outputs[i] = kept + step;
        double up =
            momui_evaluation_network_loss(&CONFIG, outputs, BATCH, label, tempo, energy, unused);
        outputs[i] = kept - step;
        double down =
            momui_evaluation_network_loss(&CONFIG, outputs, BATCH, label, tempo, energy, unused);
        outputs[i] = kept;
        assert_near((up - down) / (2 * (double)step), (double)slope[i], 2e-5);
    }
}

/* What goes back into the weights is the slope of the loss, by finite differences. */
static void the_network_has_the_loss_s_gradient(void **state) {
    (void)state;
    school s;
    open_school(&s, 4, true);
    momui_evaluation_network *network;
    assert_int_equal(momui_evaluation_network_create(NULL, &CONFIG, 1, &network, NULL), MOMU_OK);
    momui_tensor *weight =
        &momui_parameters_find(&network->parameters, "embedder.second.weight")->tensor;
    int32_t count = momui_evaluation_network_outputs_of(&CONFIG).count;
    double losses[3] = {0};
    float *slope = malloc(sizeof(float) * (size_t)(8 * count));
    weight->needs_grad = true;
    for (int pass = 0; pass < 3; pass++) {
        momui_arena *arena = momui_arena_create(NULL);
        momui_graph g;
        weight->data[7] += pass == 1 ? 5e-3f : pass == 2 ? -1e-2f : 0;
        assert_int_equal(momui_graph_begin(&g, arena, NULL, pass == 0, NULL), MOMU_OK);
        momui_tensor *x = momui_tensor_from(&g, 3, (int64_t[]){8, LENGTH, CHANNELS}, s.windows[0]);
        momui_tensor *y = momui_evaluation_network_forward(&g, network, x, NULL);
        assert_non_null(y);
        losses[pass] =
            momui_evaluation_network_loss(&CONFIG, y->data, 8, s.label, s.tempo, s.energy, slope);
        if (pass == 0) {
            momui_tensor *target = momui_tensor_from(&g, 2, y->shape, y->data);
            for (int i = 0; i < 8 * count; i++)
                target->data[i] -= slope[i];
            assert_int_equal(momui_backward(&g, momui_op_squared_error(&g, y, target, NULL, 2)),
                             MOMU_OK);
            losses[0] = (double)weight->grad[7];
            weight->grad = NULL;
        }
        momui_arena_destroy(arena);
    }
    assert_near((losses[1] - losses[2]) / 1e-2, losses[0], 1e-3 + 0.02 * fabs(losses[0]));
    free(slope);
    momui_evaluation_network_free(network);
    free(s.values);
}

static void informative_labels_are_learned(void **state) {
    (void)state;
    school s, other;
    open_school(&s, 1, true);
    open_school(&other, 2, true);
    momui_evaluation_network *network;
    double losses[60];
    momui_evaluation_training_options options = {
        .steps = 60, .batch = 16, .crop = 32, .seed = 5, .losses = losses};
    assert_int_equal(momui_evaluation_train(NULL, NULL, &CONFIG, &s.data, &options, &network, NULL),
                     MOMU_OK);
    assert_true(losses[59] < 0.3 * losses[0]);
    assert_true(accuracy(network, &other.data) > 0.9);
    momui_evaluation_network_free(network);
    free(s.values);
    free(other.values);
}

static void drawn_labels_stay_at_chance(void **state) {
    (void)state;
    school s, other;
    open_school(&s, 1, false);
    open_school(&other, 2, false);
    momui_evaluation_network *network;
    momui_evaluation_training_options options = {.steps = 40, .batch = 16, .seed = 5};
    assert_int_equal(momui_evaluation_train(NULL, NULL, &CONFIG, &s.data, &options, &network, NULL),
                     MOMU_OK);
    assert_near(accuracy(network, &other.data), 1.0 / CLASSES, 0.17);
    momui_evaluation_network_free(network);
    free(s.values);
    free(other.values);
}

static void files_and_repetition_keep_the_bytes(void **state) {
    (void)state;
    school s;
    open_school(&s, 1, true);
    momui_evaluation_network *a, *b, *c;
    momui_pool *pool;
    assert_int_equal(momui_pool_create(NULL, 3, &pool, NULL), MOMU_OK);
    momui_evaluation_training_options options = {.steps = 5, .batch = 8, .seed = 5, .noise = 0.1};
    assert_int_equal(momui_evaluation_train(NULL, NULL, &CONFIG, &s.data, &options, &a, NULL),
                     MOMU_OK);
    assert_int_equal(momui_evaluation_train(NULL, pool, &CONFIG, &s.data, &options, &b, NULL),
                     MOMU_OK);
    const char *path = scratch_path("network.safetensors");
    momui_bytes bytes;
    momu_error error;
    assert_int_equal(momui_evaluation_network_save(a, path, &error), MOMU_OK);
    assert_int_equal(momui_bytes_from_path(NULL, path, false, 1 << 26, &bytes, &error), MOMU_OK);
    assert_int_equal(momui_evaluation_network_load(NULL, &bytes, &c, &error), MOMU_OK);
    assert_string_equal(c->config.kind, "motion");
    assert_true(c->config.tempo && c->config.classes == CLASSES);
    for (int i = 0; i < a->parameters.count; i++) {
        size_t size = sizeof(float) * (size_t)momui_tensor_count(&a->parameters.items[i]->tensor);
        const float *one = a->parameters.items[i]->tensor.data;
        assert_memory_equal(one, b->parameters.items[i]->tensor.data, size);
        assert_memory_equal(one, c->parameters.items[i]->tensor.data, size);
    }
    momui_bytes cut = bytes;
    cut.size /= 2;
    momui_evaluation_network *none;
    assert_int_equal(momui_evaluation_network_load(NULL, &cut, &none, &error), MOMU_ERROR_FORMAT);
    assert_null(none);
    momui_bytes_release(&bytes);
    momui_evaluation_network_free(a);
    momui_evaluation_network_free(b);
    momui_evaluation_network_free(c);
    momui_pool_destroy(pool);
    free(s.values);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_loss_has_its_gradient),
                                       cmocka_unit_test(the_network_has_the_loss_s_gradient),
                                       cmocka_unit_test(informative_labels_are_learned),
                                       cmocka_unit_test(drawn_labels_stay_at_chance),
                                       cmocka_unit_test(files_and_repetition_keep_the_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
