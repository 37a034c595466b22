/* The library never prints: everything runs, and fails, with standard output and error pointing at
 * an empty file; and with both of them closed. */
#include "fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

static void exercise(momu_context *context, momu_model *model) {
    momu_generate_options o = fixture_options(1);
    o.seconds = 1;
    momu_audio *audio = NULL;
    momu_motion *motion = NULL;
    momu_generate_info info = {.struct_size = sizeof info};
    fixture_ok(context, momu_joint_generate(context, model, &o, &audio, &motion, &info));
    momu_audio_destroy(audio);
    momu_motion_destroy(motion);
    audio = NULL;
    motion = NULL;
    momu_model *none = NULL;
    assert_int_equal(momu_audio_read(context, "/nowhere.wav", &audio), MOMU_ERROR_NOT_FOUND);
    assert_int_equal(momu_motion_read(context, "/nowhere.bvh", NULL, &motion),
                     MOMU_ERROR_NOT_FOUND);
    assert_int_equal(momu_model_load("/nowhere.safetensors", NULL, &none, NULL),
                     MOMU_ERROR_NOT_FOUND);
    assert_int_equal(momu_model_load_memory("nonsense", 8, NULL, &none, NULL), MOMU_ERROR_FORMAT);
    momu_context_cancel(context);
    assert_int_equal(momu_joint_generate(context, model, &o, &audio, &motion, NULL),
                     MOMU_ERROR_CANCELLED);
}

static void test_silence(void **state) {
    (void)state;
    momu_model *model = fixture_load(0);
    momu_context *context = fixture_context(2, NULL);
    int file = open(scratch_path("printed"), O_RDWR | O_CREAT | O_TRUNC, 0666), out = dup(1),
        err = dup(2);
    assert_true(file > 2 && out > 2 && err > 2);
    dup2(file, 1);
    dup2(file, 2);
    exercise(context, model);
    close(1);
    close(2);
    exercise(context, model);
    /* What the library opened meanwhile must not have stayed in their places. */
    bool free1 = fcntl(1, F_GETFD) == -1, free2 = fcntl(2, F_GETFD) == -1;
    dup2(out, 1);
    dup2(err, 2);
    struct stat info;
    assert_int_equal(fstat(file, &info), 0);
    assert_int_equal(info.st_size, 0);
    assert_true(free1 && free2);
    close(file);
    close(out);
    close(err);
    momu_context_destroy(context);
    momu_model_release(model);
    fixture_remove();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_silence)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
