/* Allocation failure at every point of loading and of each call: a status and a sentence, no leak,
 * no crash, and the context goes on. The limit of a context's memory likewise. */
#include "fixture.h"

#include <momu/experimental.h>

/* How many points of a sweep are tried. Sanitizers make everything ten times as slow. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { LOAD_POINTS = 40, VERB_POINTS = 30, ANALYSIS_POINTS = 16 };
#else
enum { LOAD_POINTS = 400, VERB_POINTS = 150, ANALYSIS_POINTS = 60 };
#endif

/* Every point where there are few, else as many as `most` spread over them: a sweep must end. */
static long next_point(long point, long total, long most) {
    long stride = total / most;
    return point + (stride > 1 ? stride : 1);
}

static void test_load(void **state) {
    (void)state;
    failing_allocator f = {0};
    momu_allocator allocator = failing_hooks(&f);
    momu_model_options options;
    momu_model_options_init(&options, sizeof options);
    options.allocator = &allocator;
    const char *path = fixture_model(0);
    momu_model *model = NULL;
    momu_error error = {0};
    failing_arm(&f, -1);
    assert_int_equal(momu_model_load(path, &options, &model, &error), MOMU_OK);
    long total = atomic_load(&f.requests);
    momu_model_release(model);
    assert_int_equal(atomic_load(&f.blocks), 0);
    assert_true(total > 10);
    for (long point = 0; point < total; point = next_point(point, total, LOAD_POINTS)) {
        failing_arm(&f, point);
        error.message[0] = '\0';
        momu_status status = momu_model_load(path, &options, &model, &error);
        if (status != MOMU_ERROR_MEMORY || model || error.message[0] == '\0')
            fail_msg("request %ld of %ld: %s: %s", point, total, momu_status_name(status),
                     error.message);
        assert_int_equal(atomic_load(&f.blocks), 0);
    }
}

/* What a model does, in the order of `run`. */
enum { MODEL_CALLS = 7 };
static const char *const CALL_NAMES[MODEL_CALLS] = {
    "momu_motion_to_music",   "momu_music_to_motion",    "momu_joint_generate",
    "momu_audio_reconstruct", "momu_motion_reconstruct", "momu_audio_beats",
    "momu_motion_beats"};

static momu_status run(int call, momu_context *context, momu_model *model, const momu_motion *dance,
                       const momu_audio *song, const momu_generate_options *o) {
    momu_audio *audio = NULL;
    momu_motion *motion = NULL;
    momu_beats *beats = NULL;
    momu_generate_info info = {.struct_size = sizeof info};
    momu_status status = MOMU_OK;
    switch (call) {
    case 0:
        status = momu_motion_to_music(context, model, dance, o, &audio, &info);
        break;
    case 1:
        status = momu_music_to_motion(context, model, song, o, &motion, &info);
        break;
    case 2:
        status = momu_joint_generate(context, model, o, &audio, &motion, &info);
        break;
    case 3:
        status = momu_audio_reconstruct(context, model, song, &audio);
        break;
    case 4:
        status = momu_motion_reconstruct(context, model, dance, &motion);
        break;
    case 5:
        status = momu_audio_beats(context, model, song, &beats);
        break;
    default:
        status = momu_motion_beats(context, model, dance, &beats);
    }
    assert_true((audio || motion || beats) == (status == MOMU_OK));
    momu_audio_destroy(audio);
    momu_motion_destroy(motion);
    momu_beats_destroy(beats);
    return status;
}

static void sweep(uint32_t controls, double seconds, int calls, long points) {
    failing_allocator f = {0};
    momu_allocator allocator = failing_hooks(&f);
    momu_context *maker = fixture_context(1, NULL);
    momu_model *model = fixture_load(controls);
    momu_motion *dance = fixture_dance(maker, seconds, 60);
    momu_audio *song = fixture_song(maker, seconds, 16000);
    momu_generate_options o = fixture_options(1);
    o.seconds = seconds;
    for (int call = 0; call < calls; call++) {
        failing_arm(&f, -1);
        momu_context *context = fixture_context(1, &allocator);
        long before = atomic_load(&f.requests);
        fixture_ok(context, run(call, context, model, dance, song, &o));
        long total = atomic_load(&f.requests) - before;
        momu_context_destroy(context);
        assert_int_equal(atomic_load(&f.blocks), 0);
        for (long point = 0; point < total; point = next_point(point, total, points)) {
            failing_arm(&f, -1);
            context = fixture_context(1, &allocator);
            failing_arm(&f, point);
            momu_status status = run(call, context, model, dance, song, &o);
            /* What is kept only for speed may be missing: then the call succeeds. */
            if (status != MOMU_ERROR_MEMORY && status != MOMU_OK)
                fail_msg("%s, request %ld of %ld: %s: %s", CALL_NAMES[call], point, total,
                         momu_status_name(status), momu_context_get_message(context));
            if (status != MOMU_OK)
                assert_true(momu_context_get_message(context)[0] != '\0');
            failing_arm(&f, -1);
            if (point % 5 == 0)
                fixture_ok(context, run(call, context, model, dance, song, &o));
            momu_context_destroy(context);
            assert_int_equal(atomic_load(&f.blocks), 0);
        }
    }
    momu_audio_destroy(song);
    momu_motion_destroy(dance);
    momu_model_release(model);
    momu_context_destroy(maker);
}

static void test_model_calls(void **state) {
    (void)state;
    sweep(0, 0.5, MODEL_CALLS, VERB_POINTS);
}

/* Long enough for the beat tracker and the genre classifier to run. */
static void test_analysis(void **state) {
    (void)state;
    sweep(MOMU_CONTROL_GENRE | MOMU_CONTROL_TEMPO | MOMU_CONTROL_BEATS, 5, MODEL_CALLS,
          ANALYSIS_POINTS);
}

/* Calls that take most memory apart: writing for other programs, retargeting, and files in memory
 * and from streams. */
typedef struct exchange {
    momu_context *context; /* the one whose memory ends */
    const momu_motion *dance;
    const momu_audio *song;
    const momu_buffer *motion_files[3], *sound_files[2];
} exchange;

static const char *const MOTION_FORMATS[3] = {"bvh", "glb", "npz"};
static const char *const SOUND_FORMATS[2] = {"wav", "flac"};

/* A stream over a file in memory. */
typedef struct source {
    const momu_buffer *file;
    size_t position;
    int closed;
} source;

static size_t read_source(void *user, void *buffer, size_t size) {
    source *s = user;
    size_t left = s->file->size - s->position, got = size < left ? size : left;
    memcpy(buffer, (const unsigned char *)s->file->data + s->position, got);
    s->position += got;
    return got;
}

static void close_source(void *user) {
    ((source *)user)->closed++;
}

static momu_status write_motion(const exchange *e, int i) {
    static const struct {
        const char *path;
        int32_t target, root;
    } FILES[] = {{"test_alloc.glb", MOMU_TARGET_UNREAL, MOMU_ROOT_EXTRACTED},
                 {"test_alloc.bvh", MOMU_TARGET_UNITY, MOMU_ROOT_IN_PLACE},
                 {"test_alloc.npz", MOMU_TARGET_SMPL, MOMU_ROOT_WORLD},
                 {"test_alloc.npz", MOMU_TARGET_KEYPOINTS, MOMU_ROOT_WORLD}};
    momu_motion_write_options options;
    momu_motion_write_options_init(&options, sizeof options);
    options.target = FILES[i].target;
    options.root = FILES[i].root;
    options.fps = 30;
    momu_status status = momu_motion_write(e->context, e->dance, FILES[i].path, &options);
    assert_int_equal(remove(FILES[i].path) == 0, status == MOMU_OK);
    return status;
}

static momu_status retarget(const exchange *e, int i) {
    (void)i;
    momu_motion *made = NULL;
    momu_status status = momu_motion_retarget(e->context, e->dance, e->dance, &made);
    assert_int_equal(made == NULL, status != MOMU_OK);
    momu_motion_destroy(made);
    return status;
}

static momu_status write_motion_memory(const exchange *e, int i) {
    momu_buffer *made = NULL;
    momu_status status =
        momu_motion_write_memory(e->context, e->dance, MOTION_FORMATS[i], NULL, &made);
    assert_int_equal(made == NULL, status != MOMU_OK);
    if (made) {
        assert_int_equal(made->size, e->motion_files[i]->size);
        assert_memory_equal(made->data, e->motion_files[i]->data, made->size);
    }
    momu_buffer_destroy(made);
    return status;
}

static momu_status write_sound_memory(const exchange *e, int i) {
    momu_buffer *made = NULL;
    momu_status status =
        momu_audio_write_memory(e->context, e->song, SOUND_FORMATS[i], NULL, &made);
    assert_int_equal(made == NULL, status != MOMU_OK);
    if (made) {
        assert_int_equal(made->size, e->sound_files[i]->size);
        assert_memory_equal(made->data, e->sound_files[i]->data, made->size);
    }
    momu_buffer_destroy(made);
    return status;
}

static momu_status read_motion_memory(const exchange *e, int i) {
    const momu_buffer *file = e->motion_files[i];
    momu_motion *made = NULL;
    momu_status status = momu_motion_read_memory(e->context, file->data, file->size, NULL, &made);
    assert_int_equal(made == NULL, status != MOMU_OK);
    momu_motion_destroy(made);
    return status;
}

static momu_status read_sound_memory(const exchange *e, int i) {
    const momu_buffer *file = e->sound_files[i];
    momu_audio *made = NULL;
    momu_status status = momu_audio_read_memory(e->context, file->data, file->size, &made);
    assert_int_equal(made == NULL, status != MOMU_OK);
    momu_audio_destroy(made);
    return status;
}

static momu_status read_motion_stream(const exchange *e, int i) {
    source s = {.file = e->motion_files[i]};
    const momu_stream stream = {.read = read_source, .close = close_source, .user = &s};
    momu_motion *made = NULL;
    momu_status status = momu_motion_read_stream(e->context, &stream, NULL, &made);
    assert_int_equal(made == NULL, status != MOMU_OK);
    assert_int_equal(s.closed, 1); /* on failure, too */
    momu_motion_destroy(made);
    return status;
}

static momu_status read_sound_stream(const exchange *e, int i) {
    source s = {.file = e->sound_files[i]};
    const momu_stream stream = {.read = read_source, .close = close_source, .user = &s};
    momu_audio *made = NULL;
    momu_status status = momu_audio_read_stream(e->context, &stream, &made);
    assert_int_equal(made == NULL, status != MOMU_OK);
    assert_int_equal(s.closed, 1);
    momu_audio_destroy(made);
    return status;
}

static momu_status list_takes(const exchange *e, int i) {
    const momu_buffer *file = e->motion_files[i];
    momu_takes *takes = NULL;
    momu_status status = momu_motion_takes_memory(e->context, file->data, file->size, &takes);
    assert_int_equal(takes == NULL, status != MOMU_OK);
    momu_takes_destroy(takes);
    return status;
}

static const struct {
    const char *name;
    momu_status (*call)(const exchange *e, int i);
    int cases;
} EXCHANGES[] = {{"momu_motion_write", write_motion, 4},
                 {"momu_motion_retarget", retarget, 1},
                 {"momu_motion_write_memory", write_motion_memory, 3},
                 {"momu_audio_write_memory", write_sound_memory, 2},
                 {"momu_motion_read_memory", read_motion_memory, 3},
                 {"momu_audio_read_memory", read_sound_memory, 2},
                 {"momu_motion_read_stream", read_motion_stream, 3},
                 {"momu_audio_read_stream", read_sound_stream, 2},
                 {"momu_motion_takes_memory", list_takes, 3}};

/* Each request for memory fails once, until there are no more. */
static void sweep_exchange(exchange *e, size_t which, int i) {
    failing_allocator f = {0};
    momu_allocator allocator = failing_hooks(&f);
    momu_status status = MOMU_ERROR_MEMORY;
    for (long point = 0; status != MOMU_OK; point++) {
        failing_arm(&f, -1);
        e->context = fixture_context(1, &allocator);
        failing_arm(&f, point);
        status = EXCHANGES[which].call(e, i);
        if (status != MOMU_OK && status != MOMU_ERROR_MEMORY)
            fail_msg("%s, case %d, request %ld: %s: %s", EXCHANGES[which].name, i, point,
                     momu_status_name(status), momu_context_get_message(e->context));
        if (status != MOMU_OK)
            assert_true(momu_context_get_message(e->context)[0] != '\0');
        else
            assert_true(point > 1);
        momu_context_destroy(e->context);
        assert_int_equal(atomic_load(&f.blocks), 0);
    }
}

static void test_exchange(void **state) {
    (void)state;
    momu_context *maker = fixture_context(1, NULL);
    momu_motion *dance = fixture_dance(maker, 0.5, 60);
    momu_audio *song = fixture_song(maker, 0.2, 8000);
    momu_buffer *motions[3], *sounds[2];
    exchange e = {.dance = dance, .song = song};
    for (int i = 0; i < 3; i++) {
        fixture_ok(maker,
                   momu_motion_write_memory(maker, dance, MOTION_FORMATS[i], NULL, &motions[i]));
        e.motion_files[i] = motions[i];
    }
    for (int i = 0; i < 2; i++) {
        fixture_ok(maker, momu_audio_write_memory(maker, song, SOUND_FORMATS[i], NULL, &sounds[i]));
        e.sound_files[i] = sounds[i];
    }
    for (size_t which = 0; which < sizeof EXCHANGES / sizeof *EXCHANGES; which++)
        for (int i = 0; i < EXCHANGES[which].cases; i++)
            sweep_exchange(&e, which, i);
    for (int i = 0; i < 3; i++)
        momu_buffer_destroy(motions[i]);
    for (int i = 0; i < 2; i++)
        momu_buffer_destroy(sounds[i]);
    momu_audio_destroy(song);
    momu_motion_destroy(dance);
    momu_context_destroy(maker);
}

static void test_context(void **state) {
    (void)state;
    failing_allocator f = {0};
    momu_allocator allocator = failing_hooks(&f);
    momu_context_options options;
    momu_context_options_init(&options, sizeof options);
    options.allocator = &allocator;
    options.threads = 3;
    for (long point = 0;; point++) {
        momu_context *context = NULL;
        momu_error error = {0};
        failing_arm(&f, point);
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
        cmocka_unit_test(test_context),     cmocka_unit_test(test_load),
        cmocka_unit_test(test_model_calls), cmocka_unit_test(test_analysis),
        cmocka_unit_test(test_exchange),    cmocka_unit_test(test_memory_limit),
    };
    return cmocka_run_group_tests(tests, NULL, remove_model);
}
