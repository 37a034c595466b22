/* Progress and cancelling: at every step, and the context is fit for use again. */
#include "fixture.h"

#include <momu/experimental.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct counter {
    momu_context *context;
    int calls, stop_at; /* stop_at < 0: never */
    int32_t answer;     /* what is answered there; 0: momu_context_cancel() instead */
    char stages[256];
    uint64_t last_done;
    bool ordered;
} counter;

static int32_t count_calls(void *user, const char *stage, uint64_t done, uint64_t total) {
    counter *c = user;
    if (!strstr(c->stages, stage)) {
        strcat(c->stages, stage);
        strcat(c->stages, " ");
        c->last_done = 0;
    }
    c->ordered = c->ordered && done <= total;
    if (c->calls++ != c->stop_at)
        return MOMU_CONTINUE;
    if (c->answer)
        return c->answer;
    momu_context_cancel(c->context);
    return MOMU_CONTINUE;
}

typedef enum verb { TO_MUSIC, TO_MOTION, JOINT } verb;

typedef struct inputs {
    momu_context *context;
    momu_model *model;
    momu_motion *dance;
    momu_audio *song;
} inputs;

static momu_status run(const inputs *in, verb which, const momu_generate_options *o) {
    momu_audio *audio = NULL;
    momu_motion *motion = NULL;
    momu_status status = MOMU_OK;
    if (which == TO_MUSIC)
        status = momu_motion_to_music(in->context, in->model, in->dance, o, &audio, NULL);
    else if (which == TO_MOTION)
        status = momu_music_to_motion(in->context, in->model, in->song, o, &motion, NULL);
    else
        status = momu_joint_generate(in->context, in->model, o, &audio, &motion, NULL);
    if (status != MOMU_OK) {
        assert_null(audio);
        assert_null(motion);
    }
    momu_audio_destroy(audio);
    momu_motion_destroy(motion);
    return status;
}

static inputs open_inputs(void) {
    inputs in = {.context = fixture_context(2, NULL), .model = fixture_load(0)};
    in.dance = fixture_dance(in.context, 1, 60);
    in.song = fixture_song(in.context, 1, 16000);
    return in;
}

static void close_inputs(inputs *in) {
    momu_audio_destroy(in->song);
    momu_motion_destroy(in->dance);
    momu_model_release(in->model);
    momu_context_destroy(in->context);
}

static void test_every_step(void **state) {
    (void)state;
    inputs in = open_inputs();
    for (verb which = TO_MUSIC; which <= JOINT; which++) {
        momu_generate_options o = fixture_options(3);
        counter c = {.context = in.context, .stop_at = -1, .ordered = true};
        o.seconds = 1;
        o.progress = count_calls;
        o.progress_user = &c;
        fixture_ok(in.context, run(&in, which, &o));
        assert_true(c.calls >= 5);
        assert_true(c.ordered);
        assert_non_null(strstr(c.stages, "sampling "));
        assert_non_null(strstr(c.stages, "decoding "));
        assert_true((strstr(c.stages, "encoding ") != NULL) == (which != JOINT));
        for (int step = 0, calls = c.calls; step < calls; step++)
            for (int way = 0; way < 2; way++) {
                c = (counter){
                    .context = in.context, .stop_at = step, .answer = way ? 0 : MOMU_CANCEL};
                momu_status status = run(&in, which, &o);
                /* A request after the last look at the flag is used up by the call all the same. */
                if (!(way && step == calls - 1 && status == MOMU_OK))
                    fixture_refused(in.context, status, MOMU_ERROR_CANCELLED, "cancel");
                momu_audio *next = fixture_song(in.context, 0.1, 16000);
                momu_audio_destroy(next);
            }
        c = (counter){.context = in.context, .stop_at = -1};
        fixture_ok(in.context, run(&in, which, &o));
    }
    close_inputs(&in);
}

static void test_broken_callback(void **state) {
    (void)state;
    inputs in = open_inputs();
    momu_generate_options o = fixture_options(2);
    const int32_t answers[] = {1, -1, MOMU_CONTINUE | MOMU_CANCEL};
    for (int i = 0; i < 3; i++) {
        counter c = {.context = in.context, .stop_at = 2, .answer = answers[i]};
        o.progress = count_calls;
        o.progress_user = &c;
        fixture_refused(in.context, run(&in, TO_MUSIC, &o), MOMU_ERROR_ARGUMENT, "MOMU_CONTINUE");
    }
    close_inputs(&in);
}

/* Asked for while no call runs, it stops the next one, once. */
static void test_before(void **state) {
    (void)state;
    inputs in = open_inputs();
    momu_generate_options o = fixture_options(1);
    momu_context_cancel(in.context);
    fixture_refused(in.context, run(&in, TO_MOTION, &o), MOMU_ERROR_CANCELLED, "cancelled");
    fixture_ok(in.context, run(&in, TO_MOTION, &o));
    momu_context_cancel(NULL);
    close_inputs(&in);
}

/* Every other call that takes a context. `call` counts through them; false behind the last. */
static bool run_other(const inputs *in, int call, momu_status *status) {
    static const float silence[8];
    const char *sound = "cancelled.wav", *bvh = "cancelled.bvh";
    momu_audio *audio = NULL;
    momu_motion *motion = NULL;
    momu_takes *takes = NULL;
    switch (call) {
    case 0:
        *status = momu_audio_create(in->context, silence, 8, 1, 16000, &audio);
        break;
    case 1:
        *status = momu_audio_write(in->context, in->song, sound, NULL);
        break;
    case 2:
        *status = momu_audio_read(in->context, sound, &audio);
        break;
    case 3:
        *status = momu_motion_write(in->context, in->dance, bvh, NULL);
        break;
    case 4:
        *status = momu_motion_read(in->context, bvh, NULL, &motion);
        break;
    case 5:
        *status = momu_motion_takes(in->context, bvh, &takes);
        break;
    case 6:
        *status = momu_motion_retarget(in->context, in->dance, in->dance, &motion);
        break;
    case 7:
        *status = momu_audio_reconstruct(in->context, in->model, in->song, &audio);
        break;
    case 8:
        *status = momu_motion_reconstruct(in->context, in->model, in->dance, &motion);
        break;
    default:
        return false;
    }
    assert_true(*status == MOMU_OK || (!audio && !motion && !takes));
    momu_audio_destroy(audio);
    momu_motion_destroy(motion);
    momu_takes_destroy(takes);
    return true;
}

/* A request stops each of them, and no second call. */
static void test_every_call(void **state) {
    (void)state;
    inputs in = open_inputs();
    momu_status status = MOMU_OK;
    for (int call = 0; run_other(&in, call, &status); call++)
        fixture_ok(in.context, status);
    for (int call = 0;; call++) {
        momu_context_cancel(in.context);
        if (!run_other(&in, call, &status))
            break;
        fixture_refused(in.context, status, MOMU_ERROR_CANCELLED, "cancelled");
        run_other(&in, call, &status);
        fixture_ok(in.context, status);
    }
    remove("cancelled.wav");
    remove("cancelled.bvh");
    close_inputs(&in);
}

/* An allocator that cancels the call which asks it for memory. */
typedef struct cancelling {
    failing_allocator memory;
    momu_context *context;
    bool armed;
} cancelling;

static void *cancel_and_resize(void *user, void *pointer, size_t old_size, size_t new_size) {
    cancelling *c = user;
    if (c->armed && new_size > 0) {
        c->armed = false;
        momu_context_cancel(c->context);
    }
    return failing_resize(&c->memory, pointer, old_size, new_size);
}

/* Calls that read and track look at the request while they run. false behind the last. */
static bool run_long(const inputs *in, int call, momu_status *status) {
    momu_audio *audio = NULL;
    momu_motion *motion = NULL;
    momu_beats *beats = NULL;
    switch (call) {
    case 0:
        *status = momu_audio_read(in->context, "long.flac", &audio);
        break;
    case 1:
        *status = momu_motion_read(in->context, "long.bvh", NULL, &motion);
        break;
    case 2:
        *status = momu_motion_read(in->context, "long.glb", NULL, &motion);
        break;
    case 3:
        *status = momu_motion_retarget(in->context, in->dance, in->dance, &motion);
        break;
    case 4:
        *status = momu_audio_beats(in->context, NULL, in->song, &beats);
        break;
    case 5:
        *status = momu_motion_beats(in->context, NULL, in->dance, &beats);
        break;
    default:
        return false;
    }
    assert_true(*status == MOMU_OK || (!audio && !motion && !beats));
    momu_audio_destroy(audio);
    momu_motion_destroy(motion);
    momu_beats_destroy(beats);
    return true;
}

static void test_while_running(void **state) {
    (void)state;
    cancelling user = {.memory = {.fail_at = -1}};
    const momu_allocator allocator = {.resize = cancel_and_resize, .user = &user};
    inputs in = {.context = fixture_context(1, &allocator)};
    momu_status status = MOMU_OK;
    user.context = in.context;
    in.dance = fixture_dance(in.context, 3, 60);
    in.song = fixture_song(in.context, 6, 16000);
    fixture_ok(in.context, momu_audio_write(in.context, in.song, "long.flac", NULL));
    fixture_ok(in.context, momu_motion_write(in.context, in.dance, "long.bvh", NULL));
    fixture_ok(in.context, momu_motion_write(in.context, in.dance, "long.glb", NULL));
    for (int call = 0;; call++) {
        user.armed = true;
        if (!run_long(&in, call, &status))
            break;
        fixture_refused(in.context, status, MOMU_ERROR_CANCELLED, "cancelled");
        run_long(&in, call, &status);
        fixture_ok(in.context, status);
    }
    user.armed = false;
    remove("long.flac");
    remove("long.bvh");
    remove("long.glb");
    close_inputs(&in);
}

/* A call that fails for another reason uses the request up too. */
static void test_refused_call(void **state) {
    (void)state;
    inputs in = open_inputs();
    momu_audio *audio = NULL;
    momu_context_cancel(in.context);
    assert_int_not_equal(momu_audio_read(in.context, NULL, &audio), MOMU_OK);
    fixture_ok(in.context, momu_audio_create(in.context, NULL, 0, 1, 16000, &audio));
    momu_audio_destroy(audio);
    close_inputs(&in);
}

/* The files lie in a folder of this run's own. */
static int enter_folder(void **state) {
    (void)state;
    return chdir(scratch_folder());
}

static int remove_model(void **state) {
    (void)state;
    fixture_remove();
    return rmdir(scratch_folder()); /* no call left a file */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_step),   cmocka_unit_test(test_broken_callback),
        cmocka_unit_test(test_before),       cmocka_unit_test(test_every_call),
        cmocka_unit_test(test_refused_call), cmocka_unit_test(test_while_running),
    };
    return cmocka_run_group_tests(tests, enter_folder, remove_model);
}
