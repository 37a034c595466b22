/* The model file: what goes in comes out, and each kind of damage has its sentence. */
#include "models/models.h"

#include "base/extremes.h"
#include "base/random.h"
#include "io/safetensors/safetensors.h"
#include "tests/support/support.h"
#include "train/stages/adamw.h"

static void fine(momu_status status, const momu_error *error) {
    if (status != MOMU_OK)
        fail_msg("%s", error->message);
}

static momui_bundle *new_bundle(const char *name, uint64_t seed) {
    momui_config config;
    momu_error error = {0};
    momui_bundle *bundle = NULL;
    fine(momui_config_preset(name, &config, &error), &error);
    fine(momui_bundle_create(NULL, &config, seed, &bundle, &error), &error);
    return bundle;
}

/* How many numbers the weights of `prefix` hold ("" is all), and the bytes of a bf16 file: matrices
 * at two bytes, the rest at four. */
static int64_t numbers(const momui_parameters *set, const char *prefix, int64_t *bytes) {
    int64_t sum = 0;
    for (int i = 0; i < set->count; i++) {
        const momui_parameter *p = set->items[i];
        int64_t count = momui_tensor_count(&p->tensor);
        if (strncmp(p->name, prefix, strlen(prefix)) != 0)
            continue;
        sum += count;
        *bytes += count * (p->tensor.rank > 1 ? 2 : 4);
    }
    return sum;
}

/* Nothing is drawn, so that not even the greatest model takes memory. */
static momu_status leave(void *user, const char *name, int rank, const int64_t *shape, float *out,
                         momu_error *error) {
    (void)user;
    (void)name;
    (void)rank;
    (void)shape;
    (void)out;
    (void)error;
    return MOMU_OK;
}

static void count_preset(const char *name, double *millions, double *mebibytes) {
    static const momui_weight_source NOTHING = {leave, NULL};
    momui_config c;
    momui_parameters set;
    momu_error error = {0};
    int64_t bytes = 0;
    fine(momui_config_preset(name, &c, &error), &error);
    momui_parameters_init(&set, NULL, &NOTHING, 0, &error);
    momui_autoencoder *music = momui_autoencoder_declare(&set, "music_vae", &c.music);
    momui_autoencoder *motion = momui_autoencoder_declare(&set, "motion_vae", &c.motion);
    momui_transformer *across =
        momui_transformer_declare(&set, "motion_to_music", &c.transformer, c.latent);
    momui_transformer *back =
        momui_transformer_declare(&set, "music_to_motion", &c.transformer, c.latent);
    momui_vocoder *vocoder = NULL;
    if (c.vocoder.kind == MOMUI_VOCODER_VOCOS)
        vocoder = momui_vocoder_declare(&set, "vocoder", &c.vocoder, c.mel_bands, c.n_fft);
    fine(set.status, &error);
    *millions = (double)numbers(&set, "", &bytes) / 1e6;
    *mebibytes = (double)bytes / (1 << 20);
    print_message("%-6s %6.2f M, in bf16 %.1f MiB:", name, *millions, *mebibytes);
    static const char *const PARTS[] = {"music_vae.", "motion_vae.", "motion_to_music.",
                                        "vocoder."};
    for (size_t k = 0; k < sizeof PARTS / sizeof *PARTS; k++)
        print_message(" %s %.2f M", PARTS[k], (double)numbers(&set, PARTS[k], &bytes) / 1e6);
    print_message("\n");
    momui_autoencoder_free(music);
    momui_autoencoder_free(motion);
    momui_transformer_free(across);
    momui_transformer_free(back);
    momui_vocoder_free(vocoder);
    momui_parameters_release(&set);
}

static void test_sizes(void **state) {
    (void)state;
    double millions, mebibytes;
    count_preset("paper", &millions, &mebibytes);
    assert_true(millions > 700 && millions < 800);
    count_preset("base", &millions, &mebibytes);
    assert_true(millions > 32 && millions < 33.5 && mebibytes < 64);
    count_preset("small", &millions, &mebibytes);
    assert_true(millions > 10 && millions < 11);
    count_preset("tiny", &millions, &mebibytes);
    assert_true(millions > 0.5 && millions < 0.6);
}

static const momui_tensor *weight(momui_bundle *bundle, const char *name) {
    momui_parameter *p = momui_parameters_find(&bundle->parameters, name);
    if (!p)
        fail_msg("there is no %s", name);
    return &p->tensor;
}

static double deviation(const momui_tensor *x) {
    double sum = 0;
    for (int64_t i = 0; i < momui_tensor_count(x); i++)
        sum += (double)x->data[i] * (double)x->data[i];
    return sqrt(sum / (double)momui_tensor_count(x));
}

static void assert_constant(momui_bundle *bundle, const char *name, float value) {
    const momui_tensor *x = weight(bundle, name);
    for (int64_t i = 0; i < momui_tensor_count(x); i++)
        if (x->data[i] != value)
            fail_msg("%s: %g, expected %g", name, (double)x->data[i], (double)value);
}

static void assert_deviation(momui_bundle *bundle, const char *name, double expected) {
    double found = deviation(weight(bundle, name));
    if (!(fabs(found / expected - 1) < 0.1))
        fail_msg("%s: deviation %g, expected %g", name, found, expected);
}

/* Fresh weights are drawn as docs/networks.md says. */
static void test_fresh_weights(void **state) {
    (void)state;
    momui_bundle *b = new_bundle("base", 3), *paper = NULL;
    momui_config config;
    momu_error error = {0};
    fine(momui_config_preset("paper", &config, &error), &error);
    config.music.channels = config.motion.channels = 32; /* the preset's own would take 3 GB */
    fine(momui_bundle_create(NULL, &config, 3, &paper, &error), &error);
    assert_constant(b, "stats.mel.mean", 0);
    assert_constant(b, "stats.music_latent.std", 1);
    assert_constant(b, "motion_to_music.controls.weight", 0);
    assert_constant(b, "motion_to_music.output.weight", 0);
    assert_constant(b, "motion_to_music.blocks.3.ffn_in.bias", 0);
    assert_constant(b, "motion_to_music.blocks.3.norm1.weight", 1);
    assert_constant(b, "vocoder.blocks.2.scale", 0.125F);
    assert_constant(b, "infonce.log_scale", logf(1 / 0.07F));
    assert_deviation(b, "music_to_motion.null", 0.02);
    assert_deviation(b, "music_to_motion.modality", 0.02);
    assert_deviation(b, "music_to_motion.blocks.0.query.weight", 0.02);
    assert_deviation(b, "music_to_motion.blocks.7.ffn_in.weight", 0.02);
    assert_deviation(b, "music_to_motion.blocks.7.out.weight", 0.02 / 4);
    assert_deviation(b, "music_to_motion.blocks.7.ffn_out.weight", 0.02 / 4);
    /* U(-1/sqrt(fan_in), 1/sqrt(fan_in)) deviates by 1/sqrt(3 fan_in) */
    assert_deviation(b, "music_to_motion.time.in.weight", 1 / sqrt(3 * 256.0));
    assert_deviation(b, "music_vae.encoder.conv_in.weight", 1 / sqrt(3 * 5 * 80.0));
    assert_deviation(b, "music_vae.encoder.conv_in.bias", 1 / sqrt(3 * 5 * 80.0));
    assert_deviation(b, "vocoder.blocks.0.depthwise.weight", 1 / sqrt(3 * 7.0));
    assert_constant(paper, "motion_to_music.blocks.0.proj_out.weight", 0);
    assert_deviation(paper, "motion_to_music.positions", 0.02);
    assert_deviation(paper, "motion_to_music.blocks.1.ffn_out.weight", 1 / sqrt(3 * 9 * 2304.0));
    momui_bundle_free(b);
    momui_bundle_free(paper);
}

static void same_weights(const momui_bundle *a, const momui_bundle *b, bool rounded) {
    assert_int_equal(a->parameters.count, b->parameters.count);
    for (int i = 0; i < a->parameters.count; i++) {
        const momui_parameter *p = a->parameters.items[i], *q = b->parameters.items[i];
        assert_string_equal(p->name, q->name);
        bool coarse = rounded && p->tensor.rank > 1;
        for (int64_t k = 0; k < momui_tensor_count(&p->tensor); k++) {
            float expected = p->tensor.data[k];
            if (coarse)
                expected = momui_f32_from_bf16(momui_bf16_from_f32(expected));
            if (memcmp(&expected, &q->tensor.data[k], sizeof expected) != 0)
                fail_msg("%s[%lld]: %.9g, expected %.9g", p->name, (long long)k,
                         (double)q->tensor.data[k], (double)expected);
        }
    }
}

static momui_bundle *load(momui_memory *memory, const char *path, momu_status *status,
                          momu_error *error) {
    momui_bytes bytes;
    momui_bundle *bundle = NULL;
    fine(momui_bytes_from_path(NULL, path, false, 1 << 28, &bytes, error), error);
    *status = momui_bundle_load(memory, &bytes, true, &bundle, error);
    momui_bytes_release(&bytes);
    return bundle;
}

static void set_text(char **text, const char *value) {
    momui_free(*text);
    *text = momui_strdup(NULL, value);
    assert_non_null(*text);
}

static void test_round_trip(void **state) {
    (void)state;
    static const char *const PATHS[] = {"models_bundle_1.safetensors",
                                        "models_bundle_2.safetensors"};
    momui_bundle *b = new_bundle("tiny", 9);
    momu_error error = {0};
    momu_status status;
    set_text(&b->license, "CC BY 4.0");
    set_text(&b->training_data, "a \"take\" and a song\n\xc3\xa9");
    set_text(&b->trained_by, "a test");
    for (int k = 0; k < 3; k++)
        b->mel_std->data[k] = 0.5F + (float)k;
    for (int bf16 = 0; bf16 < 2; bf16++) {
        fine(momui_bundle_save(b, PATHS[0], bf16 ? MOMUI_WEIGHTS_BF16 : MOMUI_WEIGHTS_F32, false,
                               &error),
             &error);
        momui_bundle *back = load(NULL, PATHS[0], &status, &error);
        fine(status, &error);
        same_weights(b, back, bf16 != 0);
        assert_string_equal(back->license, "CC BY 4.0");
        assert_string_equal(back->training_data, b->training_data);
        assert_string_equal(back->trained_by, "a test");
        assert_string_equal(back->config.preset, "tiny");
        /* What was read is written the same. */
        fine(momui_bundle_save(back, PATHS[1], bf16 ? MOMUI_WEIGHTS_BF16 : MOMUI_WEIGHTS_F32, false,
                               &error),
             &error);
        momui_bytes one, two;
        fine(momui_bytes_from_path(NULL, PATHS[0], false, 1 << 28, &one, &error), &error);
        fine(momui_bytes_from_path(NULL, PATHS[1], false, 1 << 28, &two, &error), &error);
        assert_int_equal(one.size, two.size);
        assert_memory_equal(one.data, two.data, one.size);
        momui_bytes_release(&one);
        momui_bytes_release(&two);
        momui_bundle_free(back);
    }
    unlink(PATHS[0]);
    unlink(PATHS[1]);
    assert_int_equal(
        momui_bundle_save(b, "no/such/folder/m.safetensors", MOMUI_WEIGHTS_F32, false, &error),
        MOMU_ERROR_IO);
    momui_bundle_free(b);
}

/* Every number is within half a step of its row's scale, and a file of bytes is a third of one of
 * floats. */
static void test_bytes(void **state) {
    (void)state;
    static const char PATH[] = "models_bundle_int8.safetensors", PLAIN[] = "models_bundle_f32";
    momui_bundle *b = new_bundle("tiny", 9);
    momu_error error = {0};
    momu_status status;
    fine(momui_bundle_save(b, PATH, MOMUI_WEIGHTS_INT8, false, &error), &error);
    fine(momui_bundle_save(b, PLAIN, MOMUI_WEIGHTS_F32, false, &error), &error);
    momui_bundle *back = load(NULL, PATH, &status, &error);
    fine(status, &error);
    int compared = 0;
    for (int i = 0; i < b->parameters.count; i++) {
        const momui_tensor *x = &b->parameters.items[i]->tensor;
        const momui_tensor *y = &back->parameters.items[i]->tensor;
        int64_t rows = x->rank > 1 ? x->shape[0] : 1, width = momui_tensor_count(x) / rows;
        for (int64_t r = 0; r < rows; r++) {
            float most = 0;
            for (int64_t k = r * width; k < (r + 1) * width; k++)
                most = momui_maxf(most, fabsf(x->data[k]));
            float room = x->rank > 1 ? most / 254 * 1.001f : 0;
            for (int64_t k = r * width; k < (r + 1) * width; k++)
                if (!(fabsf(x->data[k] - y->data[k]) <= room))
                    fail_msg("%s: %g became %g", b->parameters.items[i]->name, (double)x->data[k],
                             (double)y->data[k]);
        }
        compared += x->rank > 1;
    }
    assert_true(compared > 50);
    momui_bytes one, two;
    fine(momui_bytes_from_path(NULL, PATH, false, 1 << 28, &one, &error), &error);
    fine(momui_bytes_from_path(NULL, PLAIN, false, 1 << 28, &two, &error), &error);
    assert_true(3 * one.size < two.size + one.size);
    momui_bytes_release(&one);
    momui_bytes_release(&two);
    momui_bundle_free(back);
    momui_bundle_free(b);
    unlink(PATH);
    unlink(PLAIN);
}

/* The EMA is written where it is asked for, and only for what has one. */
static void test_average(void **state) {
    (void)state;
    static const char PATH[] = "models_bundle_average.safetensors";
    momui_bundle *b = new_bundle("tiny", 9);
    momu_error error = {0};
    momu_status status;
    momui_parameters_freeze(&b->parameters, "", true);
    momui_parameters_freeze(&b->parameters, "music_to_motion", false);
    fine(momui_adamw_attach(&b->parameters, true, &error), &error);
    momui_parameter *p = momui_parameters_find(&b->parameters, "music_to_motion.null");
    assert_non_null(p->average);
    for (int k = 0; k < 64; k++)
        p->average[k] = (float)k;
    for (int average = 0; average < 2; average++) {
        fine(momui_bundle_save(b, PATH, MOMUI_WEIGHTS_F32, average != 0, &error), &error);
        momui_bundle *back = load(NULL, PATH, &status, &error);
        fine(status, &error);
        assert_memory_equal(weight(back, "music_to_motion.null")->data,
                            average ? p->average : p->tensor.data, 64 * sizeof(float));
        assert_memory_equal(weight(back, "motion_to_music.null")->data,
                            weight(b, "motion_to_music.null")->data, 64 * sizeof(float));
        momui_bundle_free(back);
    }
    unlink(PATH);
    momui_bundle_free(b);
}

static void test_seeds(void **state) {
    (void)state;
    momui_bundle *a = new_bundle("tiny", 9), *same = new_bundle("tiny", 9),
                 *other = new_bundle("tiny", 10);
    same_weights(a, same, false);
    const momui_tensor *x = weight(a, "music_vae.quant.weight");
    assert_memory_not_equal(x->data, weight(other, "music_vae.quant.weight")->data,
                            (size_t)momui_tensor_count(x) * sizeof(float));
    assert_memory_not_equal(weight(a, "motion_to_music.null")->data,
                            weight(a, "music_to_motion.null")->data, 64 * sizeof(float));
    momui_bundle_free(a);
    momui_bundle_free(same);
    momui_bundle_free(other);
}

/* ---- damage ---- */

/* What is wrong with a file that otherwise is the bundle's. NULL or 0: nothing. */
typedef struct damage {
    const char *format, *reader, *config; /* other metadata; "-": none */
    const char *left_out, *added, *reshaped, *retyped;
    const char *bytes;   /* a tensor as I8; its scales are all `value` */
    bool scaled;         /* the scales are there */
    const char *changed; /* its first value becomes `value` */
    float value;
    momu_status status;
    const char *says;
} damage;

static momu_status put_text(momui_safetensors_writer *file, const char *key, const char *other,
                            const char *text) {
    const char *value = other ? other : text;
    return strcmp(value, "-") == 0 ? MOMU_OK
                                   : momui_safetensors_writer_metadata(file, key, value, NULL);
}

static bool is(const char *a, const char *b) {
    return a && strcmp(a, b) == 0;
}

static momu_status put_tensor(momui_safetensors_writer *file, const momui_parameter *p,
                              const damage *d) {
    int64_t shape[4];
    memcpy(shape, p->tensor.shape, sizeof shape);
    if (is(d->left_out, p->name))
        return MOMU_OK;
    if (is(d->retyped, p->name))
        return momui_safetensors_writer_raw(file, p->name, MOMUI_I32, p->tensor.rank, shape,
                                            p->tensor.data, NULL);
    if (is(d->bytes, p->name))
        return momui_safetensors_writer_raw(file, p->name, MOMUI_I8, p->tensor.rank, shape,
                                            p->tensor.data, NULL);
    if (is(d->reshaped, p->name))
        shape[0]--;
    return momui_safetensors_writer_tensor(file, p->name, p->tensor.rank, shape, p->tensor.data,
                                           false, NULL);
}

static void write_damaged(momui_bundle *b, const damage *d, unsigned char **data, size_t *size) {
    momui_safetensors_writer *file = momui_safetensors_writer_new(NULL);
    momui_writer config;
    momui_writer_init(&config, NULL);
    momui_config_write(&b->config, &config);
    momui_write(&config, "", 1);
    momu_status status = put_text(file, "momu.format", d->format, "2");
    if (status == MOMU_OK)
        status = put_text(file, "momu.min_reader", d->reader, "3");
    if (status == MOMU_OK)
        status = put_text(file, "momu.config", d->config, (char *)config.data);
    momui_writer_release(&config);
    float *changed = d->changed ? weight(b, d->changed)->data : NULL, before = 0;
    if (changed) {
        before = *changed;
        *changed = d->value;
    }
    for (int i = 0; status == MOMU_OK && i < b->parameters.count; i++)
        status = put_tensor(file, b->parameters.items[i], d);
    float *scales = NULL;
    if (status == MOMU_OK && d->bytes && d->scaled) {
        char name[128];
        snprintf(name, sizeof name, "%s.int8_scale", d->bytes);
        int64_t rows = weight(b, d->bytes)->shape[0];
        scales = calloc((size_t)rows, sizeof *scales);
        assert_non_null(scales);
        scales[rows - 1] = d->value;
        status = momui_safetensors_writer_tensor(file, name, 1, &rows, scales, false, NULL);
    }
    if (status == MOMU_OK && d->added)
        status = momui_safetensors_writer_tensor(file, d->added, 1, (int64_t[]){3},
                                                 b->mel_mean->data, false, NULL);
    if (status == MOMU_OK)
        status = momui_safetensors_writer_bytes(file, data, size, NULL);
    momui_safetensors_writer_free(file);
    free(scales);
    if (changed)
        *changed = before;
    assert_int_equal(status, MOMU_OK);
}

static const damage DAMAGES[] = {
    {.format = "-",
     .status = MOMU_ERROR_FORMAT,
     .says = "momu.format or momu.min_reader is missing"},
    {.reader = "-",
     .status = MOMU_ERROR_FORMAT,
     .says = "momu.format or momu.min_reader is missing"},
    {.reader = "one", .status = MOMU_ERROR_FORMAT, .says = "momu.min_reader is \"one\""},
    {.format = "4",
     .reader = "4",
     .status = MOMU_ERROR_UNSUPPORTED,
     .says = "needs a reader of format 4; this library reads up to 3"},
    {.format = "1", /* whose names differ */
     .reader = "1",
     .status = MOMU_ERROR_FORMAT,
     .says = "the tensor \"contrast.log_scale\" is missing"},
    {.reader = "99999999999999999999",
     .status = MOMU_ERROR_UNSUPPORTED,
     .says = "this library reads up to 3"},
    {.config = "-", .status = MOMU_ERROR_FORMAT, .says = "momu.config is missing"},
    {.config = "{}", .status = MOMU_ERROR_FORMAT, .says = "the model's config: the key"},
    {.left_out = "music_vae.quant.bias",
     .status = MOMU_ERROR_FORMAT,
     .says = "the tensor \"music_vae.quant.bias\" is missing"},
    {.left_out = "infonce.log_scale", .status = MOMU_ERROR_FORMAT, .says = "infonce.log_scale"},
    {.added = "music_vae.extra",
     .status = MOMU_ERROR_FORMAT,
     .says = "tensor \"music_vae.extra\" does not belong to a model of this config"},
    {.reshaped = "motion_to_music.null",
     .status = MOMU_ERROR_FORMAT,
     .says = "tensor \"motion_to_music.null\": its shape is"},
    {.retyped = "motion_to_music.null",
     .status = MOMU_ERROR_FORMAT,
     .says = "tensor \"motion_to_music.null\": its type is I32"},
    {.bytes = "music_vae.quant.weight",
     .status = MOMU_ERROR_FORMAT,
     .says = "the tensor \"music_vae.quant.weight.int8_scale\" is missing"},
    {.bytes = "music_vae.quant.weight",
     .scaled = true,
     .value = -1,
     .status = MOMU_ERROR_NUMERIC,
     .says = "music_vae.quant.weight.int8_scale\": element"},
    {.bytes = "music_vae.quant.weight",
     .scaled = true,
     .value = NAN,
     .status = MOMU_ERROR_NUMERIC,
     .says = "expected 0 or more"},
    {.added = "music_vae.quant.weight.int8_scale", /* of a tensor of floats */
     .status = MOMU_ERROR_FORMAT,
     .says = "does not belong to a model"},
    {.changed = "motion_to_music.null",
     .value = NAN,
     .status = MOMU_ERROR_NUMERIC,
     .says = "tensor \"motion_to_music.null\": element 0 is NaN"},
    {.changed = "motion_vae.post_quant.bias",
     .value = INFINITY,
     .status = MOMU_ERROR_NUMERIC,
     .says = "tensor \"motion_vae.post_quant.bias\": element 0 is infinite"},
    {.changed = "stats.mel.std",
     .value = 0,
     .status = MOMU_ERROR_FORMAT,
     .says = "stats.mel.std, value 0 is 0; expected more than 0"},
    {.changed = "stats.motion_latent.std",
     .value = -1,
     .status = MOMU_ERROR_FORMAT,
     .says = "stats.motion_latent.std, value 0 is -1"},
};

static void test_damaged(void **state) {
    (void)state;
    momui_bundle *b = new_bundle("tiny", 9);
    momui_memory memory;
    momui_memory_init(&memory, NULL, 0);
    for (size_t i = 0; i <= sizeof DAMAGES / sizeof *DAMAGES; i++) {
        const damage none = {.status = MOMU_OK, .says = ""};
        const damage *d = i < sizeof DAMAGES / sizeof *DAMAGES ? &DAMAGES[i] : &none;
        unsigned char *data = NULL;
        size_t size = 0;
        write_damaged(b, d, &data, &size);
        momui_bytes bytes;
        momui_bytes_from_memory(data, size, &bytes);
        bytes.name = "m.safetensors";
        momui_bundle *back = NULL;
        momu_error error = {0};
        momu_status status = momui_bundle_load(&memory, &bytes, true, &back, &error);
        if (status != d->status || !strstr(error.message, d->says) ||
            (status != MOMU_OK && strncmp(error.message, "m.safetensors: ", 15) != 0))
            fail_msg("damage %zu: status %d, \"%s\"; expected %d, \"%s\"", i, status, error.message,
                     d->status, d->says);
        assert_true((back != NULL) == (status == MOMU_OK));
        momui_bundle_free(back);
        assert_true(atomic_load(&memory.used) == 0);
        momui_free(data);
    }
    momui_bundle_free(b);
}

/* Cut short anywhere, or no safetensors at all. */
static void test_cut(void **state) {
    (void)state;
    momui_bundle *b = new_bundle("tiny", 9);
    const damage none = {0};
    unsigned char *data = NULL;
    size_t size = 0;
    write_damaged(b, &none, &data, &size);
    for (size_t length = 0; length < size; length += 1 + length / 7) {
        momui_bytes bytes;
        momui_bundle *back = NULL;
        momu_error error = {0};
        momui_bytes_from_memory(data, length, &bytes);
        assert_int_equal(momui_bundle_load(NULL, &bytes, true, &back, &error), MOMU_ERROR_FORMAT);
        assert_null(back);
        assert_true(error.message[0] != '\0');
    }
    static const char TEXT[] = "This is a letter, and no model at all; it goes on for a while.";
    momui_bytes bytes;
    momui_bundle *back = NULL;
    momu_error error = {0};
    momui_bytes_from_memory(TEXT, sizeof TEXT, &bytes);
    assert_int_equal(momui_bundle_load(NULL, &bytes, true, &back, &error), MOMU_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "no model file: it is not safetensors"));
    momui_free(data);
    momui_bundle_free(b);
}

/* ---- memory that ends ---- */

/* At whichever request memory ends, there is a status and nothing is left. */
static void test_memory_ends(void **state) {
    (void)state;
    momui_bundle *b = new_bundle("tiny", 9);
    const damage none = {0};
    unsigned char *data = NULL;
    size_t size = 0;
    write_damaged(b, &none, &data, &size);
    failing_allocator f = {0};
    const momu_allocator hooks = failing_hooks(&f);
    momu_status status = MOMU_ERROR_MEMORY;
    for (long at = 0; status != MOMU_OK; at += 1 + at / 25) {
        momui_memory memory;
        momui_bytes bytes;
        momui_bundle *back = NULL;
        momu_error error = {0};
        failing_arm(&f, at);
        momui_memory_init(&memory, &hooks, 0);
        momui_bytes_from_memory(data, size, &bytes);
        status = momui_bundle_load(&memory, &bytes, true, &back, &error);
        if (status == MOMU_OK)
            assert_true(at >= f.requests);
        else
            assert_int_equal(status, MOMU_ERROR_MEMORY);
        momui_bundle_free(back);
        assert_true(atomic_load(&memory.used) == 0);
    }
    assert_true(f.requests > 100);
    momui_free(data);
    momui_bundle_free(b);
}

/* A config may ask for more than there is: a status comes before the memory does. */
static void test_giant(void **state) {
    (void)state;
    momui_memory memory;
    momui_memory_init(&memory, NULL, (uint64_t)64 << 20);
    momui_config config;
    momu_error error = {0};
    momui_bundle *bundle = NULL;
    fine(momui_config_preset("base", &config, &error), &error);
    config.transformer.hidden = 8192;
    config.transformer.blocks = MOMUI_MAX_BLOCKS;
    assert_int_equal(momui_bundle_create(&memory, &config, 1, &bundle, &error), MOMU_ERROR_MEMORY);
    assert_null(bundle);
    assert_true(atomic_load(&memory.used) == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),       cmocka_unit_test(test_fresh_weights),
        cmocka_unit_test(test_round_trip),  cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_average),     cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_damaged),     cmocka_unit_test(test_cut),
        cmocka_unit_test(test_memory_ends), cmocka_unit_test(test_giant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
