/* Configs: every preset there and back, and every refusal with its sentence. */
#include "models/models.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const PRESETS[] = {"paper",
                                      "base",
                                      "small",
                                      "tiny",
                                      "base-unet",
                                      "small-unet",
                                      "tiny-unet",
                                      "base-directions2d",
                                      "small-directions2d",
                                      "tiny-directions2d",
                                      "base-wave",
                                      "small-wave",
                                      "tiny-wave",
                                      "base-mfcc",
                                      "small-mfcc",
                                      "tiny-mfcc",
                                      "base-floor",
                                      "small-floor",
                                      "tiny-floor"};

static momui_config preset(const char *name) {
    momui_config config;
    momu_error error = {0};
    if (momui_config_preset(name, &config, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return config;
}

/* Terminated; free() it. */
static char *written(const momui_config *config) {
    momui_writer out;
    momui_writer_init(&out, NULL);
    momui_config_write(config, &out);
    momui_write(&out, "", 1);
    assert_false(out.failed);
    char *text = malloc(out.size);
    assert_non_null(text);
    memcpy(text, out.data, out.size);
    momui_writer_release(&out);
    return text;
}

static momui_config parsed(const char *text) {
    momui_config config;
    momu_error error = {0};
    if (momui_config_parse(text, strlen(text), &config, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return config;
}

/* The page's own example is the preset tiny. */
static const char EXAMPLE[] =
    "{\"preset\":\"tiny\","
    "\"clock\":{\"sample_rate\":16000,\"hop\":256,\"n_fft\":1024,\"mel_bands\":80,\"mel_low\":0,"
    "\"mel_high\":8000,\"down\":4},"
    "\"motion\":{\"layout\":\"body3d\",\"joints\":22,\"features\":206},"
    "\"latent\":8,"
    "\"music_vae\":{\"channels\":16,\"multipliers\":[1,2],\"blocks\":1,\"kernel\":5,"
    "\"decoder_kernel\":3,\"down\":[true,true],\"attention\":false,\"groups\":0},"
    "\"motion_vae\":{\"channels\":16,\"multipliers\":[1,2],\"blocks\":1,\"kernel\":5,"
    "\"decoder_kernel\":3,\"down\":[true,true],\"attention\":false,\"groups\":0},"
    "\"keypoint_encoder\":{\"channels\":8,\"multipliers\":[1,2],\"blocks\":1,\"kernel\":5,"
    "\"decoder_kernel\":3,\"down\":[true,true],\"attention\":false,\"groups\":0},"
    "\"transformer\":{\"architecture\":\"base\",\"hidden\":64,\"blocks\":2,\"heads\":2,"
    "\"ffn_multiple\":4,\"ffn_kernel\":1,\"max_tokens\":0,\"controls\":true,"
    "\"inpainting\":true,\"fusion\":true},"
    "\"genre_classifier\":{\"channels\":32,\"tempo\":true},"
    "\"beat_tracker\":{\"channels\":32,\"blocks\":2},"
    "\"diffusion\":{\"steps\":1000,\"beta_start\":0.00085,\"beta_end\":0.012,"
    "\"zero_terminal_snr\":true,\"prediction\":\"v\",\"sampler\":\"dpm-solver++\","
    "\"sampling_steps\":20,\"guidance_music\":3,\"guidance_motion\":2,\"joint_start\":0.5},"
    "\"vocoder\":{\"type\":\"griffin-lim\",\"iterations\":60},"
    "\"window_seconds\":25,\"max_seconds\":600,\"trained_controls\":[]}";

static void test_example(void **state) {
    (void)state;
    momui_config tiny = preset("tiny"), read = parsed(EXAMPLE);
    char *a = written(&tiny), *b = written(&read);
    assert_string_equal(a, EXAMPLE);
    assert_string_equal(b, EXAMPLE);
    free(a);
    free(b);
    assert_true(read.diffusion.beta_start == 0.00085 && read.diffusion.beta_end == 0.012);
    assert_int_equal(read.music.in_channels, 80);
    assert_int_equal(read.motion.in_channels, 206);
    assert_int_equal(read.motion.latent, 8);
}

/* Field by field: the bytes between fields are anyone's. */
static void same_autoencoder(const momui_autoencoder_config *a, const momui_autoencoder_config *b) {
#define SAME(field) assert_true(a->field == b->field)
#define SAME_ARRAY(field) assert_memory_equal(a->field, b->field, sizeof a->field)
    SAME(in_channels), SAME(latent), SAME(channels), SAME(levels), SAME(blocks), SAME(kernel);
    SAME(decoder_kernel), SAME(attention), SAME(groups);
    SAME_ARRAY(multipliers);
    SAME_ARRAY(down);
}

static void same_transformer(const momui_transformer_config *a, const momui_transformer_config *b) {
    SAME(architecture), SAME(hidden), SAME(blocks), SAME(heads), SAME(ffn_multiple);
    SAME(ffn_kernel), SAME(max_tokens), SAME(controls), SAME(inpainting), SAME(fusion);
    SAME(levels);
    SAME_ARRAY(multipliers);
}

static void same_vocoder(const momui_vocoder_config *a, const momui_vocoder_config *b) {
    SAME(kind), SAME(iterations), SAME(dim), SAME(ffn), SAME(layers);
    SAME(wave.channels), SAME(wave.stages), SAME(wave.block_count), SAME(wave.dilation_count);
    SAME_ARRAY(wave.up_rates);
    SAME_ARRAY(wave.up_kernels);
    SAME_ARRAY(wave.block_kernels);
    SAME_ARRAY(wave.dilations);
    SAME(wave.bigvgan), SAME(wave.short_blocks), SAME(wave.snake_beta), SAME(wave.natural);
    SAME(wave.tanh);
}
#undef SAME
#undef SAME_ARRAY

static void test_presets(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof PRESETS / sizeof *PRESETS; i++) {
        momui_config config = preset(PRESETS[i]);
        config.trained_controls = 0x15;
        config.diffusion.guidance_music = 2.125;
        config.diffusion.beta_start = 0.000123456789;
        char *text = written(&config);
        momui_config back = parsed(text);
        char *again = written(&back);
        assert_string_equal(text, again);
        assert_string_equal(back.preset, PRESETS[i]);
        assert_int_equal(back.trained_controls, 0x15);
        assert_true(back.diffusion.beta_start == 0.000123456789);
        same_autoencoder(&back.music, &config.music);
        same_autoencoder(&back.motion, &config.motion);
        assert_int_equal(back.keypoints.channels, config.keypoints.channels);
        if (config.keypoints.channels > 0)
            same_autoencoder(&back.keypoints, &config.keypoints);
        same_transformer(&back.transformer, &config.transformer);
        same_vocoder(&back.vocoder, &config.vocoder);
        assert_int_equal(back.layout, config.layout);
        assert_int_equal(back.wave, config.wave);
        assert_int_equal(back.condition.mfcc, config.condition.mfcc);
        assert_int_equal(back.condition.motion, config.condition.motion);
        assert_int_equal(back.condition.channels, config.condition.channels);
        assert_int_equal(back.genre_channels, config.genre_channels);
        free(text);
        free(again);
    }
    momui_config config;
    momu_error error = {0};
    static const char *const UNKNOWN[] = {"huge",           "",           "-unet",
                                          "paper-unet",     "tiny-unets", "tiny-",
                                          "tiny-unet-unet", "Tiny-unet",  "directions2d"};
    for (size_t i = 0; i < sizeof UNKNOWN / sizeof *UNKNOWN; i++) {
        char sentence[256];
        assert_int_equal(momui_config_preset(UNKNOWN[i], &config, &error), MOMU_ERROR_ARGUMENT);
        snprintf(sentence, sizeof sentence,
                 "there is no preset \"%s\"; expected paper, base, small or tiny, the last three "
                 "also with -unet, -directions2d, -wave, -mfcc or -floor",
                 UNKNOWN[i]);
        assert_string_equal(error.message, sentence);
    }
}

/* What the ablations' presets change, and nothing else of their size. */
static void test_conditions_and_waves(void **state) {
    (void)state;
    momui_config small = preset("small"), wave = preset("small-wave"), mfcc = preset("small-mfcc");
    momui_config floor_ = preset("small-floor");
    assert_true(wave.wave && wave.vocoder.kind == MOMUI_VOCODER_NONE &&
                wave.music.in_channels == 256);
    assert_true(!small.wave && !small.condition.mfcc && !small.condition.motion);
    assert_true(mfcc.condition.mfcc && !mfcc.condition.motion && mfcc.condition.channels == 128);
    assert_true(floor_.condition.motion && !floor_.condition.mfcc);
    assert_int_equal(mfcc.music.in_channels, 80);
    wave.music.in_channels = small.music.in_channels;
    same_autoencoder(&wave.music, &small.music);
    same_transformer(&mfcc.transformer, &small.transformer);
}

/* Under a comma locale the text has points. */
static void test_locale(void **state) {
    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
        skip();
    momui_config config = parsed(EXAMPLE);
    char *text = written(&config);
    setlocale(LC_ALL, "C");
    assert_string_equal(text, EXAMPLE);
    free(text);
}

/* The example with one part replaced, and what the sentence says of it. */
typedef struct refusal {
    const char *from, *to, *says;
} refusal;

static const refusal REFUSALS[] = {
    {"\"down\":4}", "\"down\":4,\"input\":\"wav\"}", "clock.input"},
    {"\"down\":4}", "\"down\":4,\"input\":\"wave\"}", "type is griffin-lim; clock.input wave has"},
    {"{\"type\":\"griffin-lim\",\"iterations\":60}", "{\"type\":\"none\"}", "mel needs one"},
    {"\"latent\":8",
     "\"condition_encoder\":{\"music\":\"latent\",\"motion\":\"latent\",\"channels\":8},\"latent\":"
     "8",
     "both latent"},
    {"\"latent\":8",
     "\"condition_encoder\":{\"music\":\"mfcc\",\"motion\":\"mfcc\",\"channels\":8},\"latent\":8",
     "motion"},
    {"\"latent\":8",
     "\"condition_encoder\":{\"music\":\"mfcc\",\"motion\":\"latent\"},\"latent\":8", "channels"},
    {"\"latent\":8",
     "\"condition_encoder\":{\"music\":\"mfcc\",\"motion\":\"latent\",\"channels\":0},\"latent\":8",
     "channels"},
    {"\"channels\":32,\"tempo\"", "\"channels\":30,\"tempo\"",
     "channels is 30; expected a multiple of 4"},
    {"\"channels\":32,\"blocks\"", "\"channels\":36,\"blocks\"",
     "channels is 36; expected a multiple of 8"},
    {"\"tempo\":true", "\"tempo\":1", "tempo"},
    {"\"blocks\":2}", "\"blocks\":0}", "blocks"},
    {"\"sample_rate\":16000", "\"sample_rate\":22050", "beat_tracker"},
    {"\"latent\":8",
     "\"condition_encoder\":{\"music\":\"mfcc\",\"motion\":\"latent\",\"channels\":8},\"latent\":8",
     "beat_tracker"},
    {"\"controls\":true", "\"controls\":false", "genre_classifier"},
    {"\"latent\":8",
     "\"condition_encoder\":{\"music\":\"latent\",\"motion\":\"learned\",\"channels\":8},"
     "\"latent\":8",
     "genre_classifier"},
    {"\"latent\":8,", "", "latent"},
    {"\"latent\":8", "\"latent\":0", "latent"},
    {"\"latent\":8", "\"latent\":8.5", "latent"},
    {"\"latent\":8", "\"latent\":\"8\"", "latent"},
    {"\"latent\":8", "\"latent\":1e9", "latent"},
    {"\"latent\":8", "\"latent\":8,\"latent\":8", "latent"},
    {"\"latent\":8", "\"latent\":8,\"colour\":1", "colour"},
    {"\"preset\":\"tiny\"", "\"preset\":\"a name that is longer than what holds it\"",
     "longer than 31 bytes"},
    {"\"sample_rate\":16000", "\"sample_rate\":0", "sample_rate"},
    {"\"hop\":256", "\"hop\":-1", "hop"},
    {"\"hop\":256", "\"hop\":255", "n_fft is 1024; expected at least the hop, 255"},
    {"\"n_fft\":1024", "\"n_fft\":128", "n_fft is 128"},
    {"\"mel_high\":8000", "\"mel_high\":8001", "half the sample rate"},
    {"\"mel_low\":0", "\"mel_low\":8000", "above their begin"},
    {"\"down\":4}", "\"down\":8}", "clock.down says 1/8"},
    {"\"down\":4}", "\"down\":4,\"up\":4}", "up"},
    {"\"layout\":\"body3d\"", "\"layout\":\"body4d\"", "layout"},
    {"\"features\":206", "\"features\":28", "found 22 joints and 28 features; body3d has 22"},
    {"\"multipliers\":[1,2]", "\"multipliers\":[]", "multipliers"},
    {"\"multipliers\":[1,2]", "\"multipliers\":[1,2,3]", "down"},
    {"\"multipliers\":[1,2]", "\"multipliers\":[1,0]", "multipliers"},
    {"\"multipliers\":[1,2]", "\"multipliers\":[1,2,3,4,5,6,7]", "multipliers"},
    {"\"kernel\":5", "\"kernel\":4", "kernels are 4 and 3; expected odd ones"},
    {"\"groups\":0", "\"groups\":3", "16 channels do not divide into 3 groups"},
    {"\"attention\":false", "\"attention\":0", "attention"},
    {"\"channels\":16", "\"channels\":99999", "channels"},
    {"\"architecture\":\"base\"", "\"architecture\":\"wide\"", "architecture"},
    {"\"architecture\":\"base\"", "\"architecture\":\"paper\"", "architecture paper has a table"},
    {"\"heads\":2", "\"heads\":3", "hidden 64 does not give 3 heads an even width"},
    {"\"heads\":2", "\"heads\":64", "hidden 64 does not give 64 heads an even width"},
    {"\"blocks\":2,\"heads\"", "\"blocks\":49,\"heads\"", "blocks"},
    {"\"ffn_kernel\":1", "\"ffn_kernel\":9", "ffn_kernel is 9; expected 1"},
    {"\"steps\":1000", "\"steps\":1", "steps"},
    {"\"beta_end\":0.012", "\"beta_end\":0.0001", "beta_end"},
    {"\"beta_start\":0.00085", "\"beta_start\":0", "beta_start"},
    {"\"sampling_steps\":20", "\"sampling_steps\":1001", "sampling_steps"},
    {"\"sampler\":\"dpm-solver++\"", "\"sampler\":\"euler\"", "sampler"},
    {"\"prediction\":\"v\"", "\"prediction\":\"epsilon\"", "zero_terminal_snr needs prediction v"},
    {"\"joint_start\":0.5", "\"joint_start\":1.5", "joint_start"},
    {"\"joint_start\":0.5", "\"guidance_start_music\":0,\"joint_start\":0.5", "guidance_start"},
    {"\"guidance_music\":3", "\"guidance_music\":1e400", "the model's config"},
    {"\"type\":\"griffin-lim\",\"iterations\":60", "\"type\":\"vocos\",\"iterations\":60",
     "iterations"},
    {"\"type\":\"griffin-lim\",\"iterations\":60", "\"type\":\"griffin-lim\"", "iterations"},
    {"\"max_seconds\":600", "\"max_seconds\":24", "max_seconds"},
    {"\"trained_controls\":[]", "\"trained_controls\":[\"mood\"]", "mood"},
    {"\"trained_controls\":[]", "\"trained_controls\":[\"tempo\",\"tempo\"]", "trained_controls"},
    {"\"trained_controls\":[]}", "\"trained_controls\":[]} x", "the model's config"},
    {"\"trained_controls\":[]}", "\"trained_controls\":[]", "the model's config"},
};

static void test_refusals(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof REFUSALS / sizeof *REFUSALS; i++) {
        const refusal *r = &REFUSALS[i];
        char text[4096];
        const char *at = strstr(EXAMPLE, r->from);
        assert_non_null(at);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - EXAMPLE), EXAMPLE, r->to,
                 at + strlen(r->from));
        momui_config config;
        momu_error error = {0};
        momu_status status = momui_config_parse(text, strlen(text), &config, &error);
        if (status != MOMU_ERROR_FORMAT)
            fail_msg("%s: status %d: %s", r->to, status, error.message);
        if (!strstr(error.message, r->says))
            fail_msg("%s: the sentence \"%s\" does not say \"%s\"", r->to, error.message, r->says);
    }
}

/* Where the value at `at` ends: at a comma or a closing bracket of what it is in. */
static const char *value_end(const char *at) {
    int depth = 0;
    for (;; at++) {
        if (depth == 0 && (*at == ',' || *at == '}'))
            return at;
        depth += *at == '{' || *at == '[' ? 1 : *at == '}' || *at == ']' ? -1 : 0;
    }
}

static void assert_names(const char *text, const char *name) {
    momui_config config;
    momu_error error = {0};
    assert_int_equal(momui_config_parse(text, strlen(text), &config, &error), MOMU_ERROR_FORMAT);
    if (!strstr(error.message, name))
        fail_msg("%s: %s", name, error.message);
}

/* Each key of each section, left out and renamed, is complained of by name. */
static void test_every_key(void **state) {
    (void)state;
    int keys = 0;
    for (const char *at = strchr(EXAMPLE, '"'); at; at = strchr(at + 1, '"')) {
        const char *end = strchr(at + 1, '"');
        if (end[1] == ':') {
            char text[4096], name[64];
            int before = (int)(at - EXAMPLE);
            const char *after = value_end(end + 2);
            snprintf(name, sizeof name, "%.*s", (int)(end - at - 1), at + 1);
            if (*after == ',')
                after++;
            else if (EXAMPLE[before - 1] == ',')
                before--; /* the comma before the last member */
            snprintf(text, sizeof text, "%.*s%s", before, EXAMPLE, after);
            if (strcmp(name, "fusion") != 0 && strcmp(name, "keypoint_encoder") != 0 &&
                strcmp(name, "genre_classifier") != 0 && strcmp(name, "beat_tracker") != 0 &&
                strcmp(name, "tempo") != 0)
                assert_names(text, name);
            snprintf(text, sizeof text, "%.*s\"x%s", (int)(at - EXAMPLE), EXAMPLE, at + 1);
            assert_names(text, name);
            keys++;
        }
        at = end;
    }
    assert_int_equal(keys, 75);
}

/* Whatever is cut off, there is a sentence. */
static void test_cut(void **state) {
    (void)state;
    for (size_t length = 0; length + 1 < sizeof EXAMPLE; length++) {
        momui_config config;
        momu_error error = {0};
        assert_int_equal(momui_config_parse(EXAMPLE, length, &config, &error), MOMU_ERROR_FORMAT);
        assert_true(error.message[0] != '\0');
    }
}

/* Each row stands at the place of its kind, and its name reads back as that kind. */
static void test_vocoder_table(void **state) {
    (void)state;
    static const struct {
        momui_vocoder_kind kind;
        const char *name;
        momui_vocoder_output output;
    } ROWS[] = {{MOMUI_VOCODER_GRIFFIN_LIM, "griffin-lim", MOMUI_VOCODER_MAKES_PHASES},
                {MOMUI_VOCODER_VOCOS, "vocos", MOMUI_VOCODER_MAKES_SPECTRUM},
                {MOMUI_VOCODER_NONE, "none", MOMUI_VOCODER_MAKES_NOTHING},
                {MOMUI_VOCODER_HIFI_GAN, "hifi-gan", MOMUI_VOCODER_MAKES_SAMPLES},
                {MOMUI_VOCODER_BIGVGAN, "bigvgan", MOMUI_VOCODER_MAKES_SAMPLES}};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const momui_vocoder_type *row = momui_vocoder_type_of(ROWS[i].kind);
        assert_int_equal(row->kind, ROWS[i].kind);
        assert_string_equal(row->name, ROWS[i].name);
        assert_int_equal(row->output, ROWS[i].output);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_example),   cmocka_unit_test(test_conditions_and_waves),
        cmocka_unit_test(test_presets),   cmocka_unit_test(test_vocoder_table),
        cmocka_unit_test(test_locale),    cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_every_key), cmocka_unit_test(test_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
