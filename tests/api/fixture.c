#include "fixture.h"

#include "models/models.h"
#include "motion/motion.h"

static char path[2048];

/* Random numbers wherever a new tensor is constant, but small enough for a sound signal. */
static void stir(momui_parameters *set) {
    for (int i = 0; i < set->count; i++) {
        momui_tensor *tensor = &set->items[i]->tensor;
        size_t count = (size_t)momui_tensor_count(tensor);
        bool constant = true;
        for (size_t k = 1; k < count; k++)
            constant = constant && tensor->data[k] == tensor->data[0];
        if (!constant || strncmp(set->items[i]->name, "stats.", 6) == 0)
            continue;
        float *noise = malloc(count * sizeof *noise);
        assert_non_null(noise);
        momui_fill_normal(noise, count, 99, (uint64_t)i);
        for (size_t k = 0; k < count; k++)
            tensor->data[k] += 0.1F * noise[k];
        free(noise);
    }
}

const char *fixture_model(uint32_t controls) {
    const char *preset = getenv("MOMU_TEST_PRESET");
    momui_config config;
    momui_bundle *bundle = NULL;
    momu_error error = {0};
    snprintf(path, sizeof path, "%s", scratch_path("tiny.safetensors"));
    assert_int_equal(momui_config_preset(preset ? preset : "tiny", &config, &error), MOMU_OK);
    config.trained_controls = controls;
    config.vocoder.iterations = 4; /* nobody listens to the sound */
    assert_int_equal(momui_bundle_create(NULL, &config, 1, &bundle, &error), MOMU_OK);
    stir(&bundle->parameters);
    if (controls &
        MOMU_CONTROL_BEATS) /* the analysis networks run, too: on inputs of 5 s or more */
        bundle->beats_trained->data[0] = bundle->genre_trained->data[0] = 1;
    if (momui_bundle_save(bundle, path, MOMUI_WEIGHTS_F32, false, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    momui_bundle_free(bundle);
    return path;
}

void fixture_remove(void) {
    unlink(path);
}

momu_model *fixture_load(uint32_t controls) {
    momu_model *model = NULL;
    momu_error error = {0};
    if (momu_model_load(fixture_model(controls), NULL, &model, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return model;
}

momu_context *fixture_context(int32_t threads, const momu_allocator *allocator) {
    momu_context_options options;
    momu_context *context = NULL;
    momu_context_options_init(&options, sizeof options);
    options.threads = threads;
    options.allocator = allocator;
    assert_int_equal(momu_context_create(&options, &context, NULL), MOMU_OK);
    return context;
}

static void turn(float *rotation, int axis, double angle) {
    rotation[0] = (float)cos(angle / 2);
    rotation[1 + axis] = (float)sin(angle / 2);
}

momu_motion *fixture_dance(momu_context *context, double seconds, double fps) {
    int64_t frames = (int64_t)(seconds * fps + 0.5);
    size_t values = (size_t)frames * MOMUI_BODY_JOINTS * 4;
    float *rotations = calloc(values, sizeof *rotations);
    float *root = calloc((size_t)frames * 3, sizeof *root);
    assert_non_null(rotations);
    assert_non_null(root);
    for (int64_t t = 0; t < frames; t++) {
        double swing = sin(2 * MOMUI_PI * 2 * (double)t / fps), bend = 0.3 * (1 + swing);
        float *pose = rotations + t * MOMUI_BODY_JOINTS * 4;
        for (int j = 0; j < MOMUI_BODY_JOINTS; j++)
            pose[4 * j] = 1;
        turn(pose + 4 * MOMUI_LEFT_HIP, 0, -bend);
        turn(pose + 4 * MOMUI_RIGHT_HIP, 0, -bend);
        turn(pose + 4 * MOMUI_LEFT_KNEE, 0, 2 * bend);
        turn(pose + 4 * MOMUI_RIGHT_KNEE, 0, 2 * bend);
        turn(pose + 4 * MOMUI_LEFT_SHOULDER, 2, -0.8 + 0.5 * swing);
        turn(pose + 4 * MOMUI_RIGHT_SHOULDER, 2, 0.8 + 0.5 * swing);
        root[3 * t + 1] = (float)(0.98 - 0.82 * (1 - cos(bend)));
    }
    momu_motion_description description;
    momu_motion_description_init(&description, sizeof description);
    description.kind = MOMU_MOTION_JOINTS;
    description.joints = MOMUI_BODY_JOINTS;
    description.frames = frames;
    description.fps = fps;
    description.names = momui_body_names;
    description.parents = momui_body_parents;
    description.offsets = &momui_body_offsets[0][0];
    description.rotations = rotations;
    description.root = root;
    momu_motion *motion = NULL;
    fixture_ok(context, momu_motion_create(context, &description, &motion));
    free(rotations);
    free(root);
    return motion;
}

momu_audio *fixture_song(momu_context *context, double seconds, double rate) {
    int64_t frames = (int64_t)(seconds * rate + 0.5);
    float *samples = malloc((size_t)frames * 2 * sizeof *samples);
    assert_non_null(samples);
    for (int64_t i = 0; i < frames; i++) {
        double time = (double)i / rate, beat = fmod(time, 0.5);
        double tone = 0.2 * sin(2 * MOMUI_PI * 220 * time);
        double click = 0.6 * exp(-beat * 60) * sin(2 * MOMUI_PI * 1500 * beat);
        samples[2 * i] = (float)(tone + click);
        samples[2 * i + 1] = (float)(tone - 0.5 * click);
    }
    momu_audio *audio = NULL;
    fixture_ok(context, momu_audio_create(context, samples, frames, 2, rate, &audio));
    free(samples);
    return audio;
}

momu_generate_options fixture_options(int32_t steps) {
    momu_generate_options options;
    momu_generate_options_init(&options, sizeof options);
    options.seed = 7;
    options.steps = steps;
    return options;
}

void fixture_ok(momu_context *context, momu_status status) {
    if (status != MOMU_OK)
        fail_msg("%s: %s", momu_status_name(status), momu_context_get_message(context));
}

void fixture_refused(momu_context *context, momu_status status, momu_status expected,
                     const char *word) {
    const char *sentence = momu_context_get_message(context);
    if (status != expected)
        fail_msg("status %s, expected %s: %s", momu_status_name(status), momu_status_name(expected),
                 sentence);
    if (!strstr(sentence, word))
        fail_msg("expected \"%s\" in: %s", word, sentence);
}
