/* Progress and cancelling: at every step, and the context is fit for use again. */
#include "fixture.h"

#include <string.h>

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
                /* A request after the last look at the flag stops the next call instead. */
                if (way && step == calls - 1 && status == MOMU_OK)
                    status = run(&in, which, &o);
                fixture_refused(in.context, status, MOMU_ERROR_CANCELLED, "cancel");
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

static int remove_model(void **state) {
    (void)state;
    fixture_remove();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_step),
        cmocka_unit_test(test_broken_callback),
        cmocka_unit_test(test_before),
    };
    return cmocka_run_group_tests(tests, NULL, remove_model);
}
