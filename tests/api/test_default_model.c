#define _GNU_SOURCE /* realpath */
/* Where the default model is looked for, in folders made for each test. */
#include "api/default_model.h"

#include "tests/support/support.h"

#include <limits.h>
#include <sys/stat.h>

#define NAME "default.safetensors"

static char root[PATH_MAX];

/* root/<path>; good until the fourth call after it. */
static const char *at(const char *path) {
    static char texts[4][2 * PATH_MAX];
    static int next;
    char *text = texts[next++ % 4];
    snprintf(text, sizeof texts[0], "%s/%s", root, path);
    return text;
}

/* Makes an empty file, and the folders that it lies in. */
static void make(const char *path) {
    char text[2 * PATH_MAX];
    snprintf(text, sizeof text, "%s", at(path));
    for (char *slash = strchr(text + strlen(root) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(text, 0777);
        *slash = '/';
    }
    FILE *file = fopen(text, "w");
    assert_non_null(file);
    fclose(file);
}

static int begin(void **state) {
    (void)state;
    const char *folder = scratch_path("root");
    return mkdir(folder, 0777) == 0 && realpath(folder, root) ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    char command[PATH_MAX + 16];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

/* That the library and the program (NULL: unknown) of the root find `expected` of it. */
static void finds(const char *library, const char *program, const char *expected) {
    momu_error error = {0};
    char *path = NULL;
    momui_data_origin origin = {.installed = at("data")};
    if (library)
        origin.library = at(library);
    if (program)
        origin.program = at(program);
    assert_int_equal(momui_find_data_from(NULL, &origin, NAME, &path, &error), MOMU_OK);
    assert_string_equal(path, at(expected));
    momui_free(path);
}

/* That they find nothing; the sentence. */
static const char *misses(const momui_data_origin *origin) {
    static momu_error error;
    char *path = (char *)root;
    assert_int_equal(momui_find_data_from(NULL, origin, NAME, &path, &error), MOMU_ERROR_NOT_FOUND);
    assert_null(path);
    return error.message;
}

static void test_beside(void **state) {
    (void)state;
    make("app/libmomu.so");
    make("app/momu/" NAME);
    make("share/momu/" NAME);
    finds("app/libmomu.so", NULL, "app/momu/" NAME);
    finds(NULL, "app/game", "app/momu/" NAME);
}

/* FOLDER/momu is the program itself, not a folder with a model. */
static void test_program_of_that_name(void **state) {
    (void)state;
    make("bin/momu");
    make("share/momu/" NAME);
    finds("bin/momu", "bin/momu", "share/momu/" NAME);
}

static void test_prefix(void **state) {
    (void)state;
    make("usr/lib/libmomu.so");
    make("usr/lib/x86_64-linux-gnu/libmomu.so");
    make("usr/bin/momu");
    make("usr/share/momu/" NAME);
    finds("usr/lib/libmomu.so", NULL, "usr/share/momu/" NAME);
    finds("usr/lib/x86_64-linux-gnu/libmomu.so", NULL, "usr/share/momu/" NAME);
    finds(NULL, "usr/bin/momu", "usr/share/momu/" NAME);
    assert_int_equal(rename(at("usr"), at("moved")), 0);
    finds("moved/lib/libmomu.so", NULL, "moved/share/momu/" NAME);
    finds(NULL, "moved/bin/momu", "moved/share/momu/" NAME);
}

/* The command is a link elsewhere, as the demo makes one. */
static void test_link(void **state) {
    (void)state;
    make("usr/lib/libmomu.so.0");
    make("usr/share/momu/" NAME);
    make("app/other");
    assert_int_equal(symlink(at("usr/lib/libmomu.so.0"), at("app/libmomu.so")), 0);
    finds("app/libmomu.so", NULL, "usr/share/momu/" NAME);
    make("app/momu/" NAME);
    finds("app/libmomu.so", NULL, "app/momu/" NAME);
}

static void test_checkout(void **state) {
    (void)state;
    make("code/models/" NAME);
    make("code/build/lib/libmomu.so");
    make("code/build/tests/api/test");
    make("code/build/a/b/c/d");
    momui_data_origin origin = {.library = at("code/build/lib/libmomu.so"),
                                .installed = at("data")};
    misses(&origin); /* no meson.build: some other folder of models */
    make("code/meson.build");
    finds("code/build/lib/libmomu.so", NULL, "code/models/" NAME);
    finds(NULL, "code/build/tests/api/test", "code/models/" NAME);
    finds(NULL, "code/build/a/b/c", "code/models/" NAME);
    origin.library = at("code/build/a/b/c/d");
    finds(NULL, "code/build/a/b/c/d", "code/models/" NAME);
    make("code/build/a/b/c/e/f");
    origin.library = at("code/build/a/b/c/e/f");
    misses(&origin); /* five levels up */
    make("code/build/share/momu/" NAME);
    finds("code/build/lib/libmomu.so", NULL, "code/build/share/momu/" NAME);
}

static void test_data_directory(void **state) {
    (void)state;
    make("data/momu/" NAME);
    make("usr/lib/libmomu.so");
    finds(NULL, NULL, "data/momu/" NAME);
    finds("usr/lib/libmomu.so", "usr/bin/momu", "data/momu/" NAME);
    make("usr/share/momu/" NAME);
    finds("usr/lib/libmomu.so", NULL, "usr/share/momu/" NAME);
}

static void test_sentence(void **state) {
    (void)state;
    momui_data_origin origin = {
        .library = "/nowhere/lib/libmomu.so", .program = "/else/bin/momu", .installed = "/data"};
    const char *sentence = misses(&origin);
    assert_non_null(strstr(sentence, NAME));
    assert_non_null(strstr(sentence, "/nowhere/lib"));
    assert_non_null(strstr(sentence, "/else/bin"));
    assert_non_null(strstr(sentence, "/data/momu"));
    assert_null(strstr(sentence, "unknown"));
    origin.library = NULL;
    sentence = misses(&origin);
    assert_non_null(strstr(sentence, "the library's folder is unknown"));
    assert_non_null(strstr(sentence, "/else/bin"));
    /* The name by which a shell found the program says nothing of its folder. */
    origin.program = NULL;
    origin.library = "momu";
    assert_non_null(strstr(misses(&origin), "unknown"));
    origin.library = NULL;
    sentence = misses(&origin);
    assert_non_null(strstr(sentence, "unknown"));
    assert_null(strstr(sentence, "out of memory"));
    assert_non_null(strstr(sentence, "/data/momu"));
}

/* Folders at the root, and names longer than any path. */
static void test_edges(void **state) {
    (void)state;
    momui_data_origin origin = {.library = "/libmomu.so", .program = "/momu", .installed = "/data"};
    misses(&origin);
    char *name = malloc(2 * PATH_MAX);
    assert_non_null(name);
    memset(name, 'a', 2 * PATH_MAX);
    name[0] = '/';
    name[2 * PATH_MAX - 2] = '/';
    name[2 * PATH_MAX - 1] = '\0';
    origin.library = name;
    misses(&origin);
    free(name);
}

static void test_memory(void **state) {
    (void)state;
    momui_memory memory;
    momui_memory_init(&memory, NULL, 16);
    momu_error error = {0};
    char *path = NULL;
    momui_data_origin origin = {.library = at("usr/lib/libmomu.so"), .installed = at("data")};
    assert_int_equal(momui_find_data_from(&memory, &origin, NAME, &path, &error),
                     MOMU_ERROR_MEMORY);
    assert_null(path);
}

/* This very program lies in a checkout's build folder. */
static void test_here(void **state) {
    (void)state;
    char *path = NULL;
    momu_error error = {0};
    if (access(MODELS "/" NAME, R_OK) != 0)
        skip(); /* a checkout without models */
    unsetenv("MOMU_MODEL");
    assert_int_equal(momui_find_data(NULL, "evaluation-mel.safetensors", &path, &error), MOMU_OK);
    assert_string_equal(path, MODELS "/evaluation-mel.safetensors");
    momui_free(path);
    assert_int_equal(momui_find_default_model(NULL, &path, &error), MOMU_OK);
    assert_string_equal(path, MODELS "/" NAME);
    momui_free(path);
}

/* The environment comes first, whether the file is there or not; an empty name is none. */
static void test_environment(void **state) {
    (void)state;
    char *path = NULL;
    momu_error error = {0};
    setenv("MOMU_MODEL", "/mine.safetensors", 1);
    assert_int_equal(momui_find_default_model(NULL, &path, &error), MOMU_OK);
    assert_string_equal(path, "/mine.safetensors");
    momui_free(path);
    if (access(MODELS "/" NAME, R_OK) != 0)
        skip();
    setenv("MOMU_MODEL", "", 1);
    assert_int_equal(momui_find_default_model(NULL, &path, &error), MOMU_OK);
    assert_string_equal(path, MODELS "/" NAME);
    momui_free(path);
    unsetenv("MOMU_MODEL");
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(beside),     TEST(program_of_that_name),
                                       TEST(prefix),     TEST(link),
                                       TEST(checkout),   TEST(data_directory),
                                       TEST(sentence),   TEST(edges),
                                       TEST(memory),     TEST(here),
                                       TEST(environment)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
