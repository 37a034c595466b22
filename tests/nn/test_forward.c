/* What each operation means, written out plainly in double, beside what it gives. */
#include "nn_test.h"
#include "train/losses/loss_ops.h"

typedef struct stage {
    momui_arena *arena;
    momui_pool *pool;
    momu_error error;
    momui_graph g;
} stage;

static stage *stage_begin(void) {
    stage *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->arena = momui_arena_create(NULL);
    assert_int_equal(momui_pool_create(NULL, 2, &s->pool, NULL), MOMU_OK);
    s->g = begin_graph(s->arena, s->pool, false, &s->error);
    return s;
}

static void stage_end(stage *s) {
    momui_arena_destroy(s->arena);
    momui_pool_destroy(s->pool);
    free(s);
}

static double at2(const momui_tensor *x, int64_t i, int64_t j) {
    return (double)x->data[i * x->shape[1] + j];
}
static double at3(const momui_tensor *x, int64_t i, int64_t j, int64_t k) {
    return (double)x->data[(i * x->shape[1] + j) * x->shape[2] + k];
}

/* To the precision of sums in float. */
static void assert_value(double found, double expected) {
    assert_near(found, expected, 1e-5 * (1.0 + fabs(expected)));
}

static void assert_shape(const momui_tensor *x, int rank, const int64_t *shape) {
    assert_int_equal(x->rank, rank);
    for (int i = 0; i < rank; i++)
        assert_int_equal(x->shape[i], shape[i]);
}

static void test_conv1d(void **state) {
    (void)state;
    const int settings[4][3] = {{1, 2, 2}, {2, 0, 1}, {3, 1, 0}, {1, 0, 0}}; /* stride, pads */
    for (int n = 0; n < 4; n++) {
        stage *s = stage_begin();
        int stride = settings[n][0], left = settings[n][1], right = settings[n][2];
        int64_t frames = 40, kernel = 5, in = 6, out = 37;
        momui_tensor *x = normal_tensor(&s->g, 3, SHAPE(2, frames, in), 1);
        momui_tensor *w = normal_tensor(&s->g, 3, SHAPE(out, kernel, in), 2);
        momui_tensor *b = normal_tensor(&s->g, 1, SHAPE(out), 3);
        momui_tensor *y = momui_op_conv1d(&s->g, x, w, b, stride, left, right);
        assert_fine(&s->g, y);
        assert_shape(y, 3, SHAPE(2, (frames + left + right - kernel) / stride + 1, out));
        for (int64_t i = 0; i < 2; i++)
            for (int64_t t = 0; t < y->shape[1]; t++)
                for (int64_t o = 0; o < out; o++) {
                    double sum = (double)b->data[o];
                    for (int64_t tap = 0; tap < kernel; tap++)
                        for (int64_t c = 0; c < in; c++) {
                            int64_t from = t * stride + tap - left;
                            if (from >= 0 && from < frames)
                                sum += at3(w, o, tap, c) * at3(x, i, from, c);
                        }
                    assert_value(at3(y, i, t, o), sum);
                }
        stage_end(s);
    }
}

static void test_depthwise(void **state) {
    (void)state;
    stage *s = stage_begin();
    momui_tensor *x = normal_tensor(&s->g, 3, SHAPE(2, 9, 19), 1);
    momui_tensor *w = normal_tensor(&s->g, 2, SHAPE(19, 7), 2),
                 *b = normal_tensor(&s->g, 1, SHAPE(19), 3);
    momui_tensor *y = momui_op_depthwise_conv1d(&s->g, x, w, b);
    assert_fine(&s->g, y);
    for (int64_t i = 0; i < 2; i++)
        for (int64_t t = 0; t < 9; t++)
            for (int64_t c = 0; c < 19; c++) {
                double sum = (double)b->data[c];
                for (int64_t tap = 0; tap < 7; tap++)
                    if (t + tap - 3 >= 0 && t + tap - 3 < 9)
                        sum += at2(w, c, tap) * at3(x, i, t + tap - 3, c);
                assert_value(at3(y, i, t, c), sum);
            }
    stage_end(s);
}

/* One output of attention for channel c of head h. */
static double plain_attention(const momui_tensor *q, const momui_tensor *k, const momui_tensor *v,
                              int64_t width, float scale, const uint8_t *mask, int64_t i, int64_t t,
                              int64_t c) {
    int64_t start = c / width * width;
    double sum = 0.0, total = 0.0;
    for (int64_t p = 0; p < k->shape[1]; p++) {
        double score = 0.0;
        for (int64_t d = start; d < start + width; d++)
            score += at3(q, i, t, d) * at3(k, i, p, d);
        double weight = mask && !mask[i * k->shape[1] + p] ? 0.0 : exp((double)scale * score);
        sum += weight * at3(v, i, p, c);
        total += weight;
    }
    return total > 0.0 ? sum / total : 0.0;
}

static void test_attention(void **state) {
    (void)state;
    for (int masked = 0; masked < 2; masked++) {
        stage *s = stage_begin();
        enum { KEYS = 77 };
        uint8_t mask[2 * KEYS];
        for (int i = 0; i < 2 * KEYS; i++)
            mask[i] = i % 3 != 1 && i < KEYS + 50;
        momui_tensor *q = normal_tensor(&s->g, 3, SHAPE(2, 130, 15), 1);
        momui_tensor *k = normal_tensor(&s->g, 3, SHAPE(2, KEYS, 15), 2);
        momui_tensor *v = normal_tensor(&s->g, 3, SHAPE(2, KEYS, 15), 3);
        momui_tensor *y = momui_op_attention(&s->g, q, k, v, 3, 0.6f, masked ? mask : NULL);
        assert_fine(&s->g, y);
        for (int64_t i = 0; i < 2; i++)
            for (int64_t t = 0; t < 130; t++)
                for (int64_t c = 0; c < 15; c++)
                    assert_value(at3(y, i, t, c),
                                 plain_attention(q, k, v, 5, 0.6f, masked ? mask : NULL, i, t, c));
        stage_end(s);
    }
}

static void test_rotary(void **state) {
    (void)state;
    stage *s = stage_begin();
    const int32_t positions[4] = {0, 1, 250, 7};
    momui_tensor *x = normal_tensor(&s->g, 3, SHAPE(2, 4, 12), 1); /* two heads of 6 */
    momui_tensor *y = momui_op_rotary(&s->g, x, 2, positions);
    assert_fine(&s->g, y);
    for (int64_t b = 0; b < 2; b++)
        for (int64_t t = 0; t < 4; t++)
            for (int64_t head = 0; head < 2; head++)
                for (int64_t i = 0; i < 3; i++) {
                    double angle = positions[t] * pow(10000.0, -2.0 * (double)i / 6.0);
                    double u = at3(x, b, t, head * 6 + i), v = at3(x, b, t, head * 6 + i + 3);
                    assert_value(at3(y, b, t, head * 6 + i), u * cos(angle) - v * sin(angle));
                    assert_value(at3(y, b, t, head * 6 + i + 3), u * sin(angle) + v * cos(angle));
                }
    stage_end(s);
}

static void test_norms(void **state) {
    (void)state;
    stage *s = stage_begin();
    const uint8_t mask[14] = {1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1};
    momui_tensor *x = normal_tensor(&s->g, 3, SHAPE(2, 7, 6), 1);
    momui_tensor *w = normal_tensor(&s->g, 1, SHAPE(6), 2),
                 *b = normal_tensor(&s->g, 1, SHAPE(6), 3);
    momui_tensor *group = momui_op_group_norm(&s->g, x, 2, 0.01f, w, b, mask);
    momui_tensor *layer = momui_op_layer_norm(&s->g, x, 0.01f, w, b);
    assert_fine(&s->g, layer);
    for (int64_t i = 0; i < 2; i++)
        for (int64_t t = 0; t < 7; t++)
            for (int64_t c = 0; c < 6; c++) {
                double sum = 0, squares = 0, n = 0, row = 0, row_squares = 0;
                for (int64_t p = 0; p < 7; p++)
                    for (int64_t d = c / 3 * 3; d < c / 3 * 3 + 3; d++)
                        if (mask[i * 7 + p]) {
                            sum += at3(x, i, p, d);
                            squares += at3(x, i, p, d) * at3(x, i, p, d);
                            n += 1;
                        }
                double mean = sum / n, deviation = sqrt(squares / n - mean * mean + 0.01);
                assert_value(at3(group, i, t, c),
                             (at3(x, i, t, c) - mean) / deviation * (double)w->data[c] +
                                 (double)b->data[c]);
                for (int64_t d = 0; d < 6; d++) {
                    row += at3(x, i, t, d);
                    row_squares += at3(x, i, t, d) * at3(x, i, t, d);
                }
                mean = row / 6;
                deviation = sqrt(row_squares / 6 - mean * mean + 0.01);
                assert_value(at3(layer, i, t, c),
                             (at3(x, i, t, c) - mean) / deviation * (double)w->data[c] +
                                 (double)b->data[c]);
            }
    stage_end(s);
}

static void test_moves(void **state) {
    (void)state;
    stage *s = stage_begin();
    const uint8_t keep[2] = {0, 1};
    momui_tensor *x = normal_tensor(&s->g, 3, SHAPE(2, 4, 6), 1),
                 *row = normal_tensor(&s->g, 1, SHAPE(6), 2);
    momui_tensor *rows = normal_tensor(&s->g, 3, SHAPE(2, 1, 6), 3);
    momui_tensor *up = momui_op_upsample2(&s->g, x), *chosen = momui_op_where(&s->g, x, keep, row);
    momui_tensor *joined = momui_op_concat(&s->g, (momui_tensor *[]){x, up}, 2, 1);
    momui_tensor *cut = momui_op_slice(&s->g, joined, 1, 3, 2);
    momui_tensor *geglu = momui_op_geglu(&s->g, x), *added = momui_op_add_row(&s->g, x, rows);
    momui_tensor *scaled = momui_op_multiply_row(&s->g, x, row);
    momui_tensor *clamped = momui_op_clamp(&s->g, x, -0.5f, 0.25f);
    momui_tensor *most =
        momui_op_window_max(&s->g, x, (const int32_t[]){1, 0}, (const int32_t[]){1, 2}, 2, 2);
    momui_tensor *unit = momui_op_normalize(&s->g, most);
    assert_fine(&s->g, unit);
    assert_shape(joined, 3, SHAPE(2, 12, 6));
    assert_shape(cut, 3, SHAPE(2, 2, 6));
    assert_shape(geglu, 3, SHAPE(2, 4, 3));
    for (int64_t i = 0; i < 2; i++)
        for (int64_t c = 0; c < 6; c++) {
            for (int64_t t = 0; t < 4; t++) {
                double value = at3(x, i, t, c);
                assert_true(at3(up, i, 2 * t, c) == value && at3(up, i, 2 * t + 1, c) == value);
                assert_true(at3(chosen, i, t, c) == (keep[i] ? value : (double)row->data[c]));
                assert_value(at3(added, i, t, c), value + at3(rows, i, 0, c));
                assert_value(at3(scaled, i, t, c), value * (double)row->data[c]);
                assert_true(at3(clamped, i, t, c) == fmin(fmax(value, -0.5), 0.25));
                if (c < 3) {
                    double b = at3(x, i, t, c + 3);
                    assert_value(at3(geglu, i, t, c), value * b * 0.5 * erfc(-b / sqrt(2.0)));
                }
            }
            assert_true(at3(cut, i, 0, c) == at3(x, i, 3, c));
            assert_true(at3(cut, i, 1, c) == at3(x, i, 0, c));
        }
    double length[2] = {0, 0};
    for (int64_t c = 0; c < 6; c++) {
        assert_true(at2(most, 0, c) == fmax(at3(x, 1, 1, c), at3(x, 1, 2, c)));
        assert_true(at2(most, 1, c) == fmax(at3(x, 0, 2, c), at3(x, 0, 3, c)));
        for (int i = 0; i < 2; i++)
            length[i] += at2(unit, i, c) * at2(unit, i, c);
    }
    assert_value(length[0], 1.0);
    assert_value(length[1], 1.0);
    stage_end(s);
}

static void test_losses(void **state) {
    (void)state;
    stage *s = stage_begin();
    const float weight[3] = {1.0f, 0.0f, 2.0f}, row_weight[2] = {3.0f, 0.5f},
                noise[6] = {1, -1, 0, 2, .5f, 0};
    momui_tensor *a = normal_tensor(&s->g, 2, SHAPE(2, 3), 1),
                 *b = normal_tensor(&s->g, 2, SHAPE(2, 3), 2);
    momui_tensor *log_scale = momui_tensor_from(&s->g, 1, SHAPE(1), (const float[]){5.0f});
    momui_tensor *l1 = momui_op_l1(&s->g, a, b, weight), *kl = momui_op_kl(&s->g, a, b);
    momui_tensor *squared = momui_op_squared_error(&s->g, a, b, row_weight, 5.0);
    momui_tensor *logits = momui_op_similarity(&s->g, a, b, log_scale);
    momui_tensor *loss = momui_op_infonce(&s->g, logits);
    momui_tensor *sample = momui_op_reparameterise(&s->g, a, b, noise);
    momui_tensor *sum =
        momui_op_weighted_sum(&s->g, (momui_tensor *[]){l1, kl}, (const float[]){2, -3}, 2);
    assert_fine(&s->g, sum);
    double e_l1 = 0, e_kl = 0, e_squared = 0;
    for (int64_t i = 0; i < 2; i++)
        for (int64_t c = 0; c < 3; c++) {
            double m = at2(a, i, c), v = at2(b, i, c);
            e_l1 += fabs(m - v) * (double)weight[c] / 6;
            e_kl += (m * m + exp(v) - 1 - v) / 2 / 6;
            e_squared += (double)row_weight[i] * (m - v) * (m - v) / 5;
            assert_value(at2(sample, i, c), m + exp(v / 2) * (double)noise[i * 3 + c]);
        }
    assert_value((double)l1->data[0], e_l1);
    assert_value((double)kl->data[0], e_kl);
    assert_value((double)squared->data[0], e_squared);
    assert_value((double)sum->data[0], 2 * e_l1 - 3 * e_kl);
    double z[2][2], cross = 0;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            z[i][j] = 0;
            for (int64_t c = 0; c < 3; c++)
                z[i][j] += 100.0 * at2(a, i, c) * at2(b, j, c); /* e^5 is over the limit of 100 */
            assert_value(at2(logits, i, j) / 100, z[i][j] / 100);
        }
    for (int i = 0; i < 2; i++) {
        cross += log(1 + exp(z[i][1 - i] - z[i][i])) / 2; /* along the row */
        cross += log(1 + exp(z[1 - i][i] - z[i][i])) / 2; /* along the column */
    }
    assert_value((double)loss->data[0], cross / 2);
    stage_end(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conv1d),    cmocka_unit_test(test_depthwise),
        cmocka_unit_test(test_attention), cmocka_unit_test(test_rotary),
        cmocka_unit_test(test_norms),     cmocka_unit_test(test_moves),
        cmocka_unit_test(test_losses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
