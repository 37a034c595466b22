/* Threads: the same bytes at 1, 2 and 7 of them, and many contexts on one model. */
#include "fixture.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct result {
    momu_audio *audio;
    momu_motion *motion;
} result;

static result joint(momu_context *context, momu_model *model) {
    momu_generate_options o = fixture_options(2);
    o.seconds = 1.5;
    result r = {0};
    fixture_ok(context, momu_joint_generate(context, model, &o, &r.audio, &r.motion, NULL));
    return r;
}

static bool same(const result *a, const result *b) {
    size_t samples = (size_t)momu_audio_get_frames(a->audio) * sizeof(float);
    size_t values = (size_t)momu_motion_get_frames(a->motion) * 22 * 4 * sizeof(float);
    return momu_audio_get_frames(a->audio) == momu_audio_get_frames(b->audio) &&
           momu_motion_get_frames(a->motion) == momu_motion_get_frames(b->motion) &&
           memcmp(momu_audio_get_samples(a->audio), momu_audio_get_samples(b->audio), samples) ==
               0 &&
           memcmp(momu_motion_get_rotations(a->motion), momu_motion_get_rotations(b->motion),
                  values) == 0;
}

static void release(result *r) {
    momu_audio_destroy(r->audio);
    momu_motion_destroy(r->motion);
}

static void test_same_bytes(void **state) {
    (void)state;
    momu_model *model = fixture_load(0);
    const int32_t threads[] = {1, 2, 7};
    result results[3];
    for (int i = 0; i < 3; i++) {
        momu_context *context = fixture_context(threads[i], NULL);
        results[i] = joint(context, model);
        momu_context_destroy(context); /* results outlive it */
    }
    assert_true(same(&results[0], &results[1]));
    assert_true(same(&results[0], &results[2]));
    for (int i = 0; i < 3; i++)
        release(&results[i]);
    momu_model_release(model);
}

enum { WORKERS = 6 };

typedef struct worker {
    pthread_t thread;
    momu_model *model;
    int32_t threads;
    momu_status status;
    result made;
} worker;

static void *work(void *user) {
    worker *w = user;
    momu_context_options options;
    momu_context *context = NULL;
    momu_context_options_init(&options, sizeof options);
    options.threads = w->threads;
    w->status = momu_context_create(&options, &context, NULL);
    momu_generate_options o = fixture_options(2);
    o.seconds = 1.5;
    for (int round = 0; round < 2 && w->status == MOMU_OK; round++) {
        release(&w->made);
        w->made = (result){0};
        w->status =
            momu_joint_generate(context, w->model, &o, &w->made.audio, &w->made.motion, NULL);
    }
    momu_context_destroy(context);
    momu_model_release(w->model);
    return NULL;
}

static void test_many_contexts(void **state) {
    (void)state;
    momu_model *model = fixture_load(0);
    worker workers[WORKERS];
    memset(workers, 0, sizeof workers);
    for (int i = 0; i < WORKERS; i++) {
        workers[i].model = momu_model_retain(model);
        workers[i].threads = 1 + i % 3;
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    momu_model_release(model); /* the workers own it now */
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(workers[i].thread, NULL);
        assert_int_equal(workers[i].status, MOMU_OK);
        assert_true(same(&workers[0].made, &workers[i].made));
    }
    for (int i = 0; i < WORKERS; i++)
        release(&workers[i].made);
}

static void *cancel_soon(void *user) {
    momu_context_cancel(user);
    return NULL;
}

static void test_cancel_from_elsewhere(void **state) {
    (void)state;
    momu_model *model = fixture_load(0);
    momu_context *context = fixture_context(2, NULL);
    momu_generate_options o = fixture_options(1000);
    o.seconds = 20;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, context), 0);
    momu_audio *audio = NULL;
    momu_motion *motion = NULL;
    momu_status status = momu_joint_generate(context, model, &o, &audio, &motion, NULL);
    pthread_join(thread, NULL);
    fixture_refused(context, status, MOMU_ERROR_CANCELLED, "cancel");
    momu_context_destroy(context);
    momu_model_release(model);
}

static int remove_model(void **state) {
    (void)state;
    fixture_remove();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_many_contexts),
        cmocka_unit_test(test_cancel_from_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, remove_model);
}
