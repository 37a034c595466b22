/* The motion autoencoder's error against the reference's value and gradient, and its behaviour. */
#include "motion/layout.h"
#include "tests/models/test_golden_support.h"
#include "train/losses/motion_error.h"

static void the_reference_says_the_same(void **state) {
    (void)state;
    golden test;
    golden_open(&test, "motion_error.safetensors", NULL, true);
    double terms[MOMUI_MOTION_TERMS] = {0};
    momui_tensor *y = golden_tensor(&test, "out", ""), *x = golden_tensor(&test, "x", "");
    const momui_tensor *loss = golden_tensor(&test, "loss", "");
    const momui_tensor *gradient = golden_tensor(&test, "gradient", "");
    assert_true(y && x && loss && gradient);
    y->needs_grad = true;
    momui_tensor *made = momui_motion_error(&test.g, y, x, terms);
    assert_non_null(made);
    assert_true(fabsf(made->data[0] - loss->data[0]) < 1e-4f * loss->data[0]);
    golden_fine(&test, momui_backward(&test.g, made));
    for (int64_t i = 0; i < momui_tensor_count(y); i++)
        if (!(fabsf(y->grad[i] - gradient->data[i]) < 1e-6f + 1e-4f * fabsf(gradient->data[i])))
            fail_msg("gradient %lld is %g, the reference has %g", (long long)i, (double)y->grad[i],
                     (double)gradient->data[i]);
    assert_true(fabs(terms[0] + 40 * terms[1] + terms[2] - (double)made->data[0]) < 1e-4);
    golden_close(&test);
}

/* The error of `y`, which is nothing everywhere, when x has 1 in one channel of every frame. */
static double error_of_missing(int channel) {
    momu_error error = {0};
    momui_graph g;
    momui_arena *arena = momui_arena_create(NULL);
    double terms[MOMUI_MOTION_TERMS];
    assert_non_null(arena);
    assert_int_equal(momui_graph_begin(&g, arena, NULL, false, &error), MOMU_OK);
    int64_t shape[] = {1, 4, MOMUI_BODY3D_FEATURES};
    momui_tensor *x = momui_tensor_new(&g, 3, shape), *y = momui_tensor_new(&g, 3, shape);
    assert_true(x && y);
    for (int64_t i = 0; i < momui_tensor_count(x); i++) {
        y->data[i] = 0;
        x->data[i] = i % MOMUI_BODY3D_FEATURES == channel ? 1.0f : 0.0f;
    }
    momui_tensor *sum = momui_motion_error(&g, y, x, terms);
    assert_non_null(sum);
    double value = (double)sum->data[0];
    momui_arena_destroy(arena);
    return value;
}

static void travel_that_is_lost_costs_more_than_any_joint(void **state) {
    (void)state;
    for (int channel = 0; channel < MOMUI_BODY3D_FEATURES; channel++)
        if (channel < 1 || channel > 3)
            for (int travel = 1; travel <= 3; travel++)
                assert_true(error_of_missing(travel) > 5 * error_of_missing(channel));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_says_the_same),
        cmocka_unit_test(travel_that_is_lost_costs_more_than_any_joint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
