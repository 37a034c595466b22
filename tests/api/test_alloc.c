/* Allocation failure at every point of loading and of each verb: a status and a sentence, no leak,
 * no crash, and the context goes on. The limit of a context's memory likewise. */
#include "fixture.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many points of a sweep are tried. Under a sanitizer everything is ten times as slow. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { LOAD_POINTS = 40, VERB_POINTS = 30, LISTENING_POINTS = 16 };
#else
enum { LOAD_POINTS = 400, VERB_POINTS = 150, LISTENING_POINTS = 60 };
#endif

/* malloc that fails at the n-th request, and counts what is out. */
typedef struct failing {
    atomic_long requests, fail_at, blocks;
} failing;

static void *resize(void *user, void *pointer, size_t old_size, size_t new_size) {
    failing *f = user;
    (void)old_size;
    if (new_size == 0) {
        if (pointer)
            atomic_fetch_sub(&f->blocks, 1);
        free(pointer);
        return NULL;
    }
    if (atomic_fetch_add(&f->requests, 1) == atomic_load(&f->fail_at))
        return NULL;
    void *block = realloc(pointer, new_size);
    if (block && !pointer)
        atomic_fetch_add(&f->blocks, 1);
    return block;
}

static void arm(failing *f, long fail_at) {
    atomic_store(&f->requests, 0);
    atomic_store(&f->fail_at, fail_at);
}

/* Every point where there are few, else as many as `most` spread over them: a sweep must end. */
static long next_point(long point, long total, long most) {
    long stride = total / most;
    return point + (stride > 1 ? stride : 1);
}

static void test_load(void **state) {
    (void)state;
    failing f = {0};
    momu_allocator allocator = {.resize = resize, .user = &f};
    momu_model_options options;
    momu_model_options_init(&options, sizeof options);
    options.allocator = &allocator;
    const char *path = fixture_model(0);
    momu_model *model = NULL;
    momu_error error = {0};
    arm(&f, -1);
    assert_int_equal(momu_model_load(path, &options, &model, &error), MOMU_OK);
    long total = atomic_load(&f.requests);
    momu_model_release(model);
    assert_int_equal(atomic_load(&f.blocks), 0);
    assert_true(total > 10);
    for (long point = 0; point < total; point = next_point(point, total, LOAD_POINTS)) {
        arm(&f, point);
        error.message[0] = '\0';
        momu_status status = momu_model_load(path, &options, &model, &error);
        if (status != MOMU_ERROR_MEMORY || model || error.message[0] == '\0')
            fail_msg("request %ld of %ld: %s: %s", point, total, momu_status_name(status),
                     error.message);
        assert_int_equal(atomic_load(&f.blocks), 0);
    }
}

static momu_status run(int verb, momu_context *context, momu_model *model, const momu_motion *dance,
                       const momu_audio *song, const momu_generate_options *o) {
    momu_audio *audio = NULL;
    momu_motion *motion = NULL;
    momu_generate_info info = {.struct_size = sizeof info};
    momu_status status = verb == 0 ? momu_motion_to_music(context, model, dance, o, &audio, &info)
                         : verb == 1
                             ? momu_music_to_motion(context, model, song, o, &motion, &info)
                             : momu_joint_generate(context, model, o, &audio, &motion, &info);
    if (status != MOMU_OK) {
        assert_null(audio);
        assert_null(motion);
    }
    momu_audio_destroy(audio);
    momu_motion_destroy(motion);
    return status;
}

static void sweep(uint32_t controls, double seconds, int verbs, long points) {
    failing f = {0};
    momu_allocator allocator = {.resize = resize, .user = &f};
    momu_context *maker = fixture_context(1, NULL);
    momu_model *model = fixture_load(controls);
    momu_motion *dance = fixture_dance(maker, seconds, 60);
    momu_audio *song = fixture_song(maker, seconds, 16000);
    momu_generate_options o = fixture_options(1);
    o.seconds = seconds;
    for (int verb = 0; verb < verbs; verb++) {
        arm(&f, -1);
        momu_context *context = fixture_context(1, &allocator);
        long before = atomic_load(&f.requests);
        fixture_ok(context, run(verb, context, model, dance, song, &o));
        long total = atomic_load(&f.requests) - before;
        momu_context_destroy(context);
        assert_int_equal(atomic_load(&f.blocks), 0);
        for (long point = 0; point < total; point = next_point(point, total, points)) {
            arm(&f, -1);
            context = fixture_context(1, &allocator);
            arm(&f, point);
            momu_status status = run(verb, context, model, dance, song, &o);
            /* What is kept only for speed may be missing: then the call succeeds. */
            if (status != MOMU_ERROR_MEMORY && status != MOMU_OK)
                fail_msg("verb %d, request %ld of %ld: %s: %s", verb, point, total,
                         momu_status_name(status), momu_context_get_message(context));
            if (status != MOMU_OK)
                assert_true(momu_context_get_message(context)[0] != '\0');
            arm(&f, -1);
            if (point % 5 == 0)
                fixture_ok(context, run(verb, context, model, dance, song, &o));
            momu_context_destroy(context);
            assert_int_equal(atomic_load(&f.blocks), 0);
        }
    }
    momu_audio_destroy(song);
    momu_motion_destroy(dance);
    momu_model_release(model);
    momu_context_destroy(maker);
}

static void test_verbs(void **state) {
    (void)state;
    sweep(0, 0.5, 3, VERB_POINTS);
}

/* Long enough for beats and a genre to be looked for. */
static void test_listening(void **state) {
    (void)state;
    sweep(MOMU_CONTROL_GENRE | MOMU_CONTROL_TEMPO | MOMU_CONTROL_BEATS, 5, 3, LISTENING_POINTS);
}

/* Writing for other programs and retargeting: the ways that take most memory apart. */
static momu_status exchange(int way, momu_context *context, const momu_motion *dance) {
    static const struct {
        const char *path;
        int32_t target, root;
    } WAYS[] = {{"test_alloc.glb", MOMU_TARGET_UNREAL, MOMU_ROOT_EXTRACTED},
                {"test_alloc.bvh", MOMU_TARGET_UNITY, MOMU_ROOT_IN_PLACE},
                {"test_alloc.npz", MOMU_TARGET_SMPL, MOMU_ROOT_WORLD},
                {"test_alloc.npz", MOMU_TARGET_KEYPOINTS, MOMU_ROOT_WORLD}};
    if (way == 4) {
        momu_motion *made = NULL;
        momu_status status = momu_motion_retarget(context, dance, dance, &made);
        assert_int_equal(made == NULL, status != MOMU_OK);
        momu_motion_destroy(made);
        return status;
    }
    momu_motion_write_options options;
    momu_motion_write_options_init(&options, sizeof options);
    options.target = WAYS[way].target;
    options.root = WAYS[way].root;
    options.fps = 30;
    momu_status status = momu_motion_write(context, dance, WAYS[way].path, &options);
    assert_int_equal(remove(WAYS[way].path) == 0, status == MOMU_OK);
    return status;
}

static void test_exchange(void **state) {
    (void)state;
    failing f = {0};
    momu_allocator allocator = {.resize = resize, .user = &f};
    momu_context *maker = fixture_context(1, NULL);
    momu_motion *dance = fixture_dance(maker, 0.5, 60);
    for (int way = 0; way < 5; way++)
        for (long point = 0;; point++) {
            arm(&f, -1);
            momu_context *context = fixture_context(1, &allocator);
            arm(&f, point);
            momu_status status = exchange(way, context, dance);
            if (status != MOMU_OK && status != MOMU_ERROR_MEMORY)
                fail_msg("way %d, request %ld: %s: %s", way, point, momu_status_name(status),
                         momu_context_get_message(context));
            if (status != MOMU_OK)
                assert_true(momu_context_get_message(context)[0] != '\0');
            momu_context_destroy(context);
            assert_int_equal(atomic_load(&f.blocks), 0);
            if (status == MOMU_OK) {
                assert_true(point > 5);
                break;
            }
        }
    momu_motion_destroy(dance);
    momu_context_destroy(maker);
}

static void test_context(void **state) {
    (void)state;
    failing f = {0};
    momu_allocator allocator = {.resize = resize, .user = &f};
    momu_context_options options;
    momu_context_options_init(&options, sizeof options);
    options.allocator = &allocator;
    options.threads = 3;
    for (long point = 0;; point++) {
        momu_context *context = NULL;
        momu_error error = {0};
        arm(&f, point);
        momu_status status = momu_context_create(&options, &context, &error);
        if (status == MOMU_OK) {
            assert_true(point >= 3);
            momu_context_destroy(context);
            break;
        }
        assert_int_equal(status, MOMU_ERROR_MEMORY);
        assert_null(context);
        assert_int_equal(atomic_load(&f.blocks), 0);
    }
    assert_int_equal(atomic_load(&f.blocks), 0);
}

static void test_memory_limit(void **state) {
    (void)state;
    momu_context_options options;
    momu_context_options_init(&options, sizeof options);
    options.memory_limit = 300000;
    momu_context *context = NULL;
    assert_int_equal(momu_context_create(&options, &context, NULL), MOMU_OK);
    momu_model *model = fixture_load(0);
    momu_generate_options o = fixture_options(1);
    o.seconds = 30;
    assert_int_equal(run(2, context, model, NULL, NULL, &o), MOMU_ERROR_MEMORY);
    assert_true(momu_context_get_message(context)[0] != '\0');
    momu_model_release(model);
    momu_context_destroy(context);
}

static int remove_model(void **state) {
    (void)state;
    fixture_remove();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_context),  cmocka_unit_test(test_load),
        cmocka_unit_test(test_verbs),    cmocka_unit_test(test_listening),
        cmocka_unit_test(test_exchange), cmocka_unit_test(test_memory_limit),
    };
    return cmocka_run_group_tests(tests, NULL, remove_model);
}
