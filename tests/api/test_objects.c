/* Contexts, sounds and motions: made, looked at, refused. */
#include "fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void test_context_options(void **state) {
    (void)state;
    momu_context_options options;
    momu_context *context = NULL;
    momu_error error = {0};
    momu_context_options_init(&options, sizeof options);
    assert_int_equal(options.struct_size, sizeof options);
    assert_int_equal(options.threads, 0);
    options.threads = -1;
    assert_int_equal(momu_context_create(&options, &context, &error), MOMU_ERROR_ARGUMENT);
    assert_null(context);
    assert_non_null(strstr(error.message, "threads is -1"));
    options.threads = 257;
    assert_int_equal(momu_context_create(&options, &context, NULL), MOMU_ERROR_ARGUMENT);
    options.threads = 1;
    options.struct_size = 3;
    assert_int_equal(momu_context_create(&options, &context, &error), MOMU_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "struct_size"));
    assert_int_equal(momu_context_create(NULL, NULL, &error), MOMU_ERROR_ARGUMENT);
    assert_int_equal(momu_context_create(NULL, &context, NULL), MOMU_OK);
    assert_string_equal(momu_context_get_message(context), "");
    momu_context_destroy(context);
    momu_context_destroy(NULL);
}

static void test_names(void **state) {
    (void)state;
    assert_string_equal(momu_version(), MOMU_VERSION_STRING);
    assert_int_equal(momu_api_version(), MOMU_API_VERSION);
    for (int status = MOMU_OK; status <= MOMU_ERROR_INTERNAL; status++)
        assert_string_not_equal(momu_status_name((momu_status)status), "unknown status");
    assert_string_equal(momu_status_name((momu_status)-1), "unknown status");
    assert_string_equal(momu_status_name((momu_status)(MOMU_ERROR_INTERNAL + 1)), "unknown status");
    assert_non_null(momu_capability("fft"));
    assert_non_null(momu_capability("kernels"));
    assert_null(momu_capability("teleport"));
    assert_null(momu_capability(NULL));
    assert_string_equal(momu_genre_name(1), "house");
    assert_string_equal(momu_genre_name(16), "other");
    assert_null(momu_genre_name(0));
    assert_null(momu_genre_name(17));
}

static void test_audio(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    float samples[6] = {0.1F, -0.1F, 0.2F, -0.2F, 0.3F, -0.3F};
    momu_audio *audio = NULL;
    fixture_ok(context, momu_audio_create(context, samples, 3, 2, 8000, &audio));
    samples[0] = 9; /* the library has its own copy */
    assert_int_equal(momu_audio_get_frames(audio), 3);
    assert_int_equal(momu_audio_get_channels(audio), 2);
    assert_true(momu_audio_get_rate(audio) == 8000);
    assert_true(fabs(momu_audio_get_seconds(audio) - 3.0 / 8000) < 1e-12);
    assert_true(momu_audio_get_samples(audio)[0] == 0.1F);
    momu_context_destroy(context); /* sounds outlive their context */
    assert_true(momu_audio_get_samples(audio)[5] == -0.3F);
    momu_audio_destroy(audio);
    momu_audio_destroy(NULL);
    assert_int_equal(momu_audio_get_frames(NULL), 0);
    assert_null(momu_audio_get_samples(NULL));
}

static void test_audio_refused(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    float samples[4] = {0};
    momu_audio *audio = (momu_audio *)samples;
    assert_int_equal(momu_audio_create(NULL, samples, 1, 1, 8000, &audio), MOMU_ERROR_ARGUMENT);
    assert_null(audio);
    fixture_refused(context, momu_audio_create(context, samples, -1, 1, 8000, &audio),
                    MOMU_ERROR_ARGUMENT, "frames is -1");
    fixture_refused(context, momu_audio_create(context, samples, 1, 0, 8000, &audio),
                    MOMU_ERROR_ARGUMENT, "channels is 0");
    fixture_refused(context, momu_audio_create(context, samples, 1, 1, NAN, &audio),
                    MOMU_ERROR_ARGUMENT, "rate is");
    fixture_refused(context, momu_audio_create(context, samples, 1, 1, 10, &audio),
                    MOMU_ERROR_ARGUMENT, "rate is 10");
    fixture_refused(context, momu_audio_create(context, NULL, 1, 1, 8000, &audio),
                    MOMU_ERROR_ARGUMENT, "samples is NULL");
    fixture_refused(context, momu_audio_create(context, samples, INT64_MAX, 2, 8000, &audio),
                    MOMU_ERROR_LIMIT, "limit");
    samples[2] = INFINITY;
    fixture_refused(context, momu_audio_create(context, samples, 2, 2, 8000, &audio),
                    MOMU_ERROR_NUMERIC, "frame 1");
    fixture_refused(context, momu_audio_read(context, "/nowhere/song.wav", &audio),
                    MOMU_ERROR_NOT_FOUND, "/nowhere/song.wav");
    fixture_refused(context, momu_audio_write(context, NULL, "x.wav", NULL), MOMU_ERROR_ARGUMENT,
                    "no sound");
    assert_null(audio);
    /* The next call that succeeds has no sentence. */
    samples[2] = 0;
    fixture_ok(context, momu_audio_create(context, samples, 2, 2, 8000, &audio));
    assert_string_equal(momu_context_get_message(context), "");
    momu_audio_destroy(audio);
    momu_context_destroy(context);
}

static void test_motion(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    momu_motion *dance = fixture_dance(context, 2, 30);
    assert_int_equal(momu_motion_get_kind(dance), MOMU_MOTION_JOINTS);
    assert_int_equal(momu_motion_get_frames(dance), 60);
    assert_true(momu_motion_get_fps(dance) == 30);
    assert_true(momu_motion_get_seconds(dance) == 2);
    assert_int_equal(momu_motion_get_joints(dance), 22);
    assert_string_equal(momu_motion_get_joint_name(dance, 15), "head");
    assert_int_equal(momu_motion_get_joint_parent(dance, 15), 12);
    assert_null(momu_motion_get_joint_name(dance, 22));
    assert_null(momu_motion_get_joint_name(dance, -1));
    assert_non_null(momu_motion_get_offsets(dance));
    assert_non_null(momu_motion_get_rotations(dance));
    assert_null(momu_motion_get_confidence(dance));
    /* Forward kinematics: the head of an upright body is above its pelvis by the spine's offsets.
     */
    const float *positions = momu_motion_get_positions(dance);
    assert_true(fabsf(positions[15 * 3 + 1] - positions[1] - 0.62F) < 1e-5F);
    momu_context_destroy(context);
    assert_int_equal(momu_motion_get_frames(dance), 60);
    momu_motion_destroy(dance);
    momu_motion_destroy(NULL);
    assert_int_equal(momu_motion_get_frames(NULL), 0);
}

static momu_motion_description keypoints(const float *positions) {
    momu_motion_description d;
    momu_motion_description_init(&d, sizeof d);
    d.kind = MOMU_MOTION_KEYPOINTS;
    d.joints = 17;
    d.frames = 2;
    d.fps = 30;
    d.positions = positions;
    return d;
}

static void test_keypoints(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    float positions[2 * 17 * 2], confidence[2 * 17];
    for (int i = 0; i < 68; i++)
        positions[i] = (float)i;
    for (int i = 0; i < 34; i++)
        confidence[i] = 1;
    momu_motion *motion = NULL;
    momu_motion_description d = keypoints(positions);
    fixture_ok(context, momu_motion_create(context, &d, &motion));
    assert_string_equal(momu_motion_get_joint_name(motion, 16), "right_ankle");
    assert_null(momu_motion_get_rotations(motion));
    momu_motion_destroy(motion);
    /* A missing keypoint may be anything. */
    positions[5] = NAN;
    fixture_refused(context, momu_motion_create(context, &d, &motion), MOMU_ERROR_NUMERIC,
                    "frame 0");
    d.confidence = confidence;
    confidence[2] = 0;
    fixture_ok(context, momu_motion_create(context, &d, &motion));
    assert_true(momu_motion_get_confidence(motion)[2] == 0);
    momu_motion_destroy(motion);
    confidence[3] = 2;
    fixture_refused(context, momu_motion_create(context, &d, &motion), MOMU_ERROR_ARGUMENT,
                    "confidence");
    d.joints = 16;
    fixture_refused(context, momu_motion_create(context, &d, &motion), MOMU_ERROR_ARGUMENT,
                    "names is NULL");
    momu_context_destroy(context);
}

static void test_motion_refused(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    float zeros[64] = {0};
    momu_motion *motion = NULL;
    momu_motion_description d = keypoints(zeros);
    d.kind = 3;
    fixture_refused(context, momu_motion_create(context, &d, &motion), MOMU_ERROR_ARGUMENT, "kind");
    d = keypoints(zeros);
    d.joints = 513;
    fixture_refused(context, momu_motion_create(context, &d, &motion), MOMU_ERROR_ARGUMENT,
                    "joints is 513");
    d = keypoints(zeros);
    d.frames = 0;
    fixture_refused(context, momu_motion_create(context, &d, &motion), MOMU_ERROR_ARGUMENT,
                    "frames is 0");
    d = keypoints(zeros);
    d.fps = 0;
    fixture_refused(context, momu_motion_create(context, &d, &motion), MOMU_ERROR_ARGUMENT, "fps");
    d = keypoints(NULL);
    fixture_refused(context, momu_motion_create(context, &d, &motion), MOMU_ERROR_ARGUMENT,
                    "positions is NULL");
    const char *const names[2] = {"a", "b"};
    const int32_t forward[2] = {-1, 1};
    d = keypoints(NULL);
    d.kind = MOMU_MOTION_JOINTS;
    d.joints = 2;
    d.frames = 1;
    d.names = names;
    d.parents = forward;
    d.offsets = d.rotations = d.root = zeros;
    fixture_refused(context, momu_motion_create(context, &d, &motion), MOMU_ERROR_ARGUMENT,
                    "parent of joint 1");
    const int32_t chain[2] = {-1, 0};
    d.parents = chain;
    fixture_refused(context, momu_motion_create(context, &d, &motion), MOMU_ERROR_ARGUMENT,
                    "quaternion");
    fixture_refused(context, momu_motion_read(context, "/nowhere/x.bvh", NULL, &motion),
                    MOMU_ERROR_NOT_FOUND, "/nowhere/x.bvh");
    assert_null(motion);
    momu_context_destroy(context);
}

static void test_beats(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    momu_audio *song = fixture_song(context, 12, 44100);
    momu_motion *dance = fixture_dance(context, 12, 60);
    momu_beats *beats = NULL;
    fixture_ok(context, momu_audio_beats(context, NULL, song, &beats));
    assert_true(fabs(beats->tempo - 120) < 2);
    assert_true(beats->count > 15);
    assert_string_equal(beats->tracker, "dynamic programming");
    for (size_t i = 1; i < beats->count; i++)
        assert_true(beats->times[i] > beats->times[i - 1]);
    momu_beats_destroy(beats);
    fixture_ok(context, momu_motion_beats(context, NULL, dance, &beats));
    assert_true(beats->count > 10);
    assert_true(beats->confidence > 0.5);
    assert_string_equal(beats->tracker, "directogram");
    momu_beats_destroy(beats);
    momu_beats_destroy(NULL);
    fixture_refused(context, momu_audio_beats(context, NULL, NULL, &beats), MOMU_ERROR_ARGUMENT,
                    "sound");
    momu_audio_destroy(song);
    momu_motion_destroy(dance);
    momu_context_destroy(context);
}

static void test_files(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    momu_audio *song = fixture_song(context, 1, 16000), *read = NULL;
    momu_audio_write_options options;
    momu_audio_write_options_init(&options, sizeof options);
    options.rate = 48000;
    fixture_ok(context, momu_audio_write(context, song, "test_objects.wav", &options));
    fixture_ok(context, momu_audio_read(context, "test_objects.wav", &read));
    assert_true(momu_audio_get_rate(read) == 48000);
    assert_true(llabs(momu_audio_get_frames(read) - 48000) <= 1);
    momu_audio_destroy(read);
    options.rate = 5;
    fixture_refused(context, momu_audio_write(context, song, "x.wav", &options),
                    MOMU_ERROR_ARGUMENT, "rate");
    momu_audio_destroy(song);
    momu_motion *dance = fixture_dance(context, 1, 60), *again = NULL;
    momu_motion_write_options fps;
    momu_motion_write_options_init(&fps, sizeof fps);
    fps.fps = 30;
    fps.target = 99;
    fixture_refused(context, momu_motion_write(context, dance, "x.bvh", &fps), MOMU_ERROR_ARGUMENT,
                    "target is 99");
    fps.target = MOMU_TARGET_MAYA;
    fps.root = -1;
    fixture_refused(context, momu_motion_write(context, dance, "x.bvh", &fps), MOMU_ERROR_ARGUMENT,
                    "root is -1");
    fps.root = MOMU_ROOT_WORLD;
    fixture_refused(context, momu_motion_write(context, dance, "x.npz", &fps),
                    MOMU_ERROR_UNSUPPORTED, "for maya");
    fps.target = MOMU_TARGET_NONE;
    momu_motion *retargeted = NULL;
    fixture_refused(context, momu_motion_retarget(context, dance, NULL, &retargeted),
                    MOMU_ERROR_ARGUMENT, "no character");
    fixture_refused(context, momu_motion_retarget(context, NULL, dance, &retargeted),
                    MOMU_ERROR_ARGUMENT, "no motion");
    fixture_refused(context, momu_motion_retarget(context, dance, dance, NULL), MOMU_ERROR_ARGUMENT,
                    "no place");
    fixture_ok(context, momu_motion_retarget(context, dance, dance, &retargeted));
    assert_int_equal(momu_motion_get_frames(retargeted), momu_motion_get_frames(dance));
    momu_motion_destroy(retargeted);
    fixture_ok(context, momu_motion_write(context, dance, "test_objects.bvh", &fps));
    fixture_ok(context, momu_motion_read(context, "test_objects.bvh", NULL, &again));
    assert_int_equal(momu_motion_get_frames(again), 30);
    assert_true(momu_motion_get_joints(again) >= 22); /* the ends of limbs are joints of a file */
    momu_takes *takes = NULL;
    fixture_ok(context, momu_motion_takes(context, "test_objects.bvh", &takes));
    assert_int_equal(takes->count, 1);
    momu_takes_destroy(takes);
    momu_takes_destroy(NULL);
    momu_motion_destroy(again);
    momu_motion_destroy(dance);
    momu_context_destroy(context);
    unlink("test_objects.wav");
    unlink("test_objects.bvh");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_context_options), cmocka_unit_test(test_names),
        cmocka_unit_test(test_audio),           cmocka_unit_test(test_audio_refused),
        cmocka_unit_test(test_motion),          cmocka_unit_test(test_keypoints),
        cmocka_unit_test(test_motion_refused),  cmocka_unit_test(test_beats),
        cmocka_unit_test(test_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
