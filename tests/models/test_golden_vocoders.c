/* Imported vocoders: checkpoints with random weights that momu.convert has read give PyTorch's
 * samples, as a whole and in tiles. */
#include "test_golden_support.h"

#include "models/vocoders/wave_vocoder.h"

typedef struct vocoder_case {
    const char *file;
    momui_wave_vocoder_config config;
} vocoder_case;

#define COMMON                                                                                     \
    .stages = 3, .up_rates = {8, 8, 4}, .up_kernels = {16, 16, 8}, .block_count = 2, .natural = true
static const vocoder_case CASES[] = {
    {"hifi.safetensors",
     {.channels = 16,
      COMMON,
      .block_kernels = {3, 7},
      .dilation_count = 3,
      .dilations = {{1, 3, 5}, {1, 3, 5}},
      .tanh = true}},
    {"hifi-short.safetensors",
     {.channels = 8,
      COMMON,
      .block_kernels = {3, 5},
      .dilation_count = 2,
      .dilations = {{1, 2}, {2, 6}},
      .short_blocks = true,
      .tanh = true}},
    {"bigvgan.safetensors",
     {.channels = 16,
      COMMON,
      .block_kernels = {3, 7},
      .dilation_count = 3,
      .dilations = {{1, 3, 5}, {1, 3, 5}},
      .bigvgan = true,
      .snake_beta = true}},
};

static momu_status read_weight(void *user, const char *name, int rank, const int64_t *shape,
                               float *out, momu_error *error) {
    return momui_safetensors_read_f32(user, name, rank, shape, out, error);
}

typedef struct opened {
    golden test;
    momui_weight_source source;
    momui_parameters set;
    momui_wave_vocoder *network;
} opened;

static void open_case(opened *o, const vocoder_case *c, bool packed) {
    golden_open(&o->test, c->file, NULL, false);
    o->source = (momui_weight_source){read_weight, o->test.file};
    momui_parameters_init(&o->set, NULL, &o->source, 0, &o->test.error);
    o->network = momui_wave_vocoder_declare(&o->set, "vocoder", &c->config, 6);
    golden_fine(&o->test, o->set.status);
    assert_int_equal(o->set.count + 2, (int)momui_safetensors_count(o->test.file)); /* x and y */
    if (packed)
        golden_fine(&o->test, momui_parameters_pack(&o->set, &o->test.error));
}

static void close_case(opened *o) {
    momui_wave_vocoder_free(o->network);
    momui_parameters_release(&o->set);
    golden_close(&o->test);
}

static void sound_is_that_of_pytorch(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        for (int packed = 0; packed < 2; packed++) {
            opened o;
            open_case(&o, &CASES[i], packed);
            momui_tensor *y =
                momui_wave_vocoder_forward(&o.test.g, o.network, golden_tensor(&o.test, "x", ""));
            assert_tensor_near(&o.test, "y", "", y, 1e-4);
            close_case(&o);
        }
}

/* A tile with the receptive field on both sides gives the same samples. */
static void receptive_field_is_enough(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        opened o;
        open_case(&o, &CASES[i], true);
        int64_t receptive_field = momui_wave_vocoder_receptive_field(&CASES[i].config),
                frames = 3 * receptive_field + 8;
        momui_tensor *x = momui_tensor_new(&o.test.g, 3, (int64_t[]){1, frames, 6});
        assert_non_null(x);
        momui_fill_normal(x->data, (size_t)(frames * 6), 3, 1);
        momui_tensor *whole = momui_wave_vocoder_forward(&o.test.g, o.network, x);
        assert_non_null(whole);
        int64_t from = receptive_field, count = 4; /* frames of the tile without its sides */
        momui_tensor *tile =
            momui_op_slice(&o.test.g, x, 1, from - receptive_field, count + 2 * receptive_field);
        momui_tensor *y = momui_wave_vocoder_forward(&o.test.g, o.network, tile);
        assert_non_null(y);
        for (int64_t s = 0; s < count * 256; s++)
            assert_true(fabsf(y->data[receptive_field * 256 + s] - whole->data[from * 256 + s]) <
                        2e-5f);
        close_case(&o);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_is_that_of_pytorch),
        cmocka_unit_test(receptive_field_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
