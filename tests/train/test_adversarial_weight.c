/* Discriminators and their inputs: gradients by finite differences, learning, and the adversarial
 * gradient of a reconstruction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/extremes.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include "train/datasets/held_chord.h"
#include "train/losses/loss_ops.h"
#include "train/losses/spectra.h"
#include "train/stages/adversarial_weight.h"

static momui_graph begin(momui_arena *arena, bool tape, momu_error *error) {
    momui_graph g;
    assert_int_equal(momui_graph_begin(&g, arena, NULL, tape, error), MOMU_OK);
    return g;
}

static momui_tensor *normals(momui_graph *g, int rank, const int64_t *shape, uint64_t stream,
                             float scale) {
    momui_tensor *x = momui_tensor_new(g, rank, shape);
    assert_non_null(x);
    momui_fill_normal(x->data, (size_t)momui_tensor_count(x), 5, stream);
    for (int64_t i = 0; i < momui_tensor_count(x); i++)
        x->data[i] *= scale;
    return x;
}

typedef momui_tensor *(*operation)(momui_graph *g, momui_tensor *x, const void *with);

static double weighted(momui_arena *arena, operation make, const momui_tensor *x, const void *with,
                       const float *weights) {
    momu_error error = {0};
    momui_arena_mark mark = momui_arena_position(arena);
    momui_graph g = begin(arena, false, &error);
    momui_tensor *y = make(&g, momui_tensor_from(&g, x->rank, x->shape, x->data), with);
    if (!y)
        fail_msg("%s", error.message);
    double sum = 0;
    for (int64_t i = 0; i < momui_tensor_count(y); i++)
        sum += (double)y->data[i] * (double)weights[i];
    momui_arena_reset(arena, mark);
    return sum;
}

/* Along some random directions the tape's derivative is that of differences. */
static void check_gradient(const char *name, operation make, int rank, const int64_t *shape,
                           float scale, float step, const void *with) {
    momu_error error = {0};
    momui_arena *arena = momui_arena_create(NULL);
    momui_graph g = begin(arena, true, &error);
    momui_tensor *x = normals(&g, rank, shape, 1, scale);
    x->needs_grad = true;
    momui_tensor *y = make(&g, x, with);
    if (!y)
        fail_msg("%s: %s", name, error.message);
    momui_tensor *weights = normals(&g, y->rank, y->shape, 2, 1);
    momui_tensor *loss = momui_op_dot(&g, y, weights->data);
    assert_int_equal(momui_backward(&g, loss), MOMU_OK);
    int64_t count = momui_tensor_count(x);
    for (uint64_t trial = 0; trial < 6; trial++) {
        momui_tensor *way = normals(&g, rank, shape, 10 + trial, 1);
        if (trial > 2) /* one element alone */
            for (int64_t i = 0; i < count; i++)
                way->data[i] = i == (int64_t)(trial * 37) % count ? 1.0f : 0.0f;
        double expected = 0, sides[2];
        for (int64_t i = 0; i < count; i++)
            expected += (double)x->grad[i] * (double)way->data[i];
        momui_tensor *moved = momui_tensor_from(&g, rank, shape, x->data);
        for (int side = 0; side < 2; side++) {
            for (int64_t i = 0; i < count; i++)
                moved->data[i] = x->data[i] + (side ? -step : step) * way->data[i];
            sides[side] = weighted(arena, make, moved, with, weights->data);
        }
        double numeric = (sides[0] - sides[1]) / (2 * (double)step);
        if (!(fabs(numeric - expected) <= 0.02 * fabs(expected) + 0.02))
            fail_msg("%s, direction %d: %g by differences, %g by the tape", name, (int)trial,
                     numeric, expected);
    }
    momui_arena_destroy(arena);
}

static momui_tensor *magnitudes(momui_graph *g, momui_tensor *x, const void *with) {
    return momui_op_magnitudes(g, x, *(const int *)with);
}

static momui_tensor *log_mel(momui_graph *g, momui_tensor *x, const void *with) {
    const momui_mel_bank *bank = with;
    return momui_op_log_mel(
        g, x, 1024, 256,
        momui_tensor_from(g, 2, (int64_t[]){bank->bands, bank->bins}, bank->filters));
}

static momui_tensor *from_head(momui_graph *g, momui_tensor *x, const void *with) {
    (void)with;
    return momui_op_wave_from_head(g, x, 64, 16);
}

static void gradients_of_spectra(void **state) {
    (void)state;
    for (int scale = 0; scale < MOMUI_ERROR_SCALES; scale++)
        check_gradient("magnitudes", magnitudes, 2, (int64_t[]){2, 2100}, 1.0f, 1e-4f, &scale);
    momui_mel_bank bank;
    assert_int_equal(momui_mel_bank_open(NULL, &momui_mel_default, &bank, NULL), MOMU_OK);
    check_gradient("log mel", log_mel, 2, (int64_t[]){2, 1536}, 0.2f, 1e-4f, &bank);
    momui_mel_bank_close(&bank);
    check_gradient("sound from a head", from_head, 3, (int64_t[]){2, 5, 66}, 0.7f, 1e-3f, NULL);
}

/* Power of half a second. */
static double power_of(const float *x) {
    double sum = 0;
    for (int i = 0; i < 8000; i++)
        sum += (double)x[i] * (double)x[i];
    return sum / 8000;
}

/* The peak is where it should be, and a sound that begins continues. */
static void chords_are_held(void **state) {
    (void)state;
    static float chord[32000];
    for (uint64_t seed = 0; seed < 20; seed++) {
        momui_random random = {seed, 7, 0};
        momui_held_chord(&random, 32000, 16000, chord);
        assert_true(random.index < 256);
        float peak = 0;
        for (int i = 0; i < 32000; i++)
            peak = momui_maxf(peak, fabsf(chord[i]));
        assert_true(peak >= 0.049f && peak <= 0.501f);
        assert_true(fabs(power_of(chord) / power_of(chord + 24000) - 1) < 0.3);
    }
}

/* The operations in a graph and the functions that generation calls agree. */
static void spectra_are_those_of_generation(void **state) {
    (void)state;
    momu_error error = {0};
    momui_arena *arena = momui_arena_create(NULL);
    momui_graph g = begin(arena, false, &error);
    momui_tensor *wave = normals(&g, 2, (int64_t[]){1, 4096}, 3, 0.1f);
    momui_mel_bank bank;
    assert_int_equal(momui_mel_bank_open(NULL, &momui_mel_default, &bank, NULL), MOMU_OK);
    momui_tensor *mel = log_mel(&g, wave, &bank);
    float *other = NULL;
    int64_t frames = 0;
    assert_int_equal(momui_mel(NULL, &momui_mel_default, wave->data, 4096, &other, &frames, &error),
                     MOMU_OK);
    assert_int_equal(frames, mel->shape[1]);
    for (int64_t i = 0; i < frames * 80; i++)
        assert_true(fabsf(mel->data[i] - other[i]) < 1e-4f);
    momui_free(other);
    momui_mel_bank_close(&bank);
    momui_tensor *head = normals(&g, 3, (int64_t[]){1, 9, 1026}, 4, 0.5f);
    momui_tensor *made = momui_op_wave_from_head(&g, head, 1024, 256);
    int64_t samples = 0;
    assert_int_equal(
        momui_vocos_synthesis(NULL, head->data, 9, 1024, 256, &other, &samples, &error), MOMU_OK);
    assert_int_equal(samples, made->shape[1]);
    for (int64_t i = 0; i < samples; i++)
        assert_true(fabsf(made->data[i] - other[i]) < 1e-4f);
    momui_free(other);
    momui_arena_destroy(arena);
}

/* Noise against noise with a ramp over the bands: it learns which is which, and its gradient leads
 * from one to the other. */
static void a_discriminator_learns(void **state) {
    (void)state;
    momu_error error = {0};
    momui_arena *arena = momui_arena_create(NULL);
    momui_discriminator_training discriminator = {0};
    assert_int_equal(
        momui_discriminator_training_open(&discriminator, NULL, MOMUI_PATCHES, 4, 11, &error),
        MOMU_OK);
    double first = 0, last = 0;
    for (int step = 0; step < 60; step++) {
        momui_graph g = begin(arena, true, &error);
        momui_arena_mark mark = momui_arena_position(arena);
        for (int micro_batch = 0; micro_batch < MOMUI_DISCRIMINATOR_REPLICAS; micro_batch++) {
            uint64_t stream = (uint64_t)(100 + step * 4 + micro_batch * 2);
            momui_tensor *real = normals(&g, 3, (int64_t[]){3, 32, 80}, stream, 1);
            momui_tensor *made = normals(&g, 3, (int64_t[]){3, 32, 80}, stream + 1, 1);
            for (int64_t i = 0; i < momui_tensor_count(real); i++)
                real->data[i] += 0.02f * (float)(i % 80);
            last = momui_discriminator_training_learn(&discriminator, micro_batch, &g, real, made,
                                                      0.5);
            if (g.status != MOMU_OK)
                fail_msg("%s", error.message);
        }
        if (step == 0)
            first = last;
        assert_int_equal(momui_discriminator_training_step(&discriminator, 2e-3, NULL, &error),
                         MOMU_OK);
        momui_arena_reset(arena, mark);
    }
    assert_true(first > 0.8);
    assert_true(last < 0.3);
    momui_discriminator_training_close(&discriminator);
    momui_arena_destroy(arena);
}

/* The pull is gan x adaptive times the discriminator's own gradient, and adaptive is such that both
 * losses move the last weight alike. */
static void the_adversarial_gradient_is_a_share_of_the_reconstruction_s(void **state) {
    (void)state;
    momu_error error = {0};
    momui_arena *arena = momui_arena_create(NULL);
    momui_trainer *trainer = momui_calloc(NULL, 1, sizeof *trainer);
    assert_non_null(trainer);
    trainer->settings.gan = 0.5;
    assert_int_equal(momui_discriminator_training_open(&trainer->discriminator, NULL, MOMUI_PATCHES,
                                                       4, 3, &error),
                     MOMU_OK);
    momui_graph g = begin(arena, true, &error);
    momui_tensor *hidden = normals(&g, 3, (int64_t[]){2, 32, 6}, 1, 1);
    momui_tensor *weight = normals(&g, 3, (int64_t[]){80, 5, 6}, 2, 0.2f);
    momui_tensor *x = normals(&g, 3, (int64_t[]){2, 32, 80}, 3, 1);
    weight->needs_grad = true;
    momui_tensor *y = momui_op_conv1d(&g, hidden, weight, NULL, 1, 2, 2);
    double generator = 0, adaptive = 0;
    momui_tensor *pull =
        momui_discriminator_gradient(trainer, &g, y, x, hidden, weight, &generator, &adaptive);
    if (!pull)
        fail_msg("%s", error.message);
    assert_null(weight->grad); /* no gradients remain before the backward pass */
    assert_true(adaptive > 0 && isfinite(generator));
    assert_int_equal(momui_backward(&g, pull), MOMU_OK);
    double pulled = 0, learned = 0;
    for (int64_t i = 0; i < momui_tensor_count(weight); i++)
        pulled += (double)weight->grad[i] * (double)weight->grad[i];
    momui_graph other = begin(arena, true, &error);
    momui_tensor *again = momui_tensor_from(&other, 3, weight->shape, weight->data);
    again->needs_grad = true;
    momui_tensor *loss =
        momui_op_l1(&other, momui_op_conv1d(&other, hidden, again, NULL, 1, 2, 2), x, NULL);
    assert_int_equal(momui_backward(&other, loss), MOMU_OK);
    for (int64_t i = 0; i < momui_tensor_count(again); i++)
        learned += (double)again->grad[i] * (double)again->grad[i];
    assert_true(fabs(sqrt(pulled) / sqrt(learned) - 0.5) < 0.05); /* 1e-4 stands in the way */
    momui_discriminator_training_close(&trainer->discriminator);
    momui_free(trainer);
    momui_arena_destroy(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_of_spectra),
        cmocka_unit_test(chords_are_held),
        cmocka_unit_test(spectra_are_those_of_generation),
        cmocka_unit_test(a_discriminator_learns),
        cmocka_unit_test(the_adversarial_gradient_is_a_share_of_the_reconstruction_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
