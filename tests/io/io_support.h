/* What the tests of lib/io share. */
#ifndef TEST_IO_SUPPORT_H
#define TEST_IO_SUPPORT_H

#include "tests/support/support.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/stream.h"
#include "motion/motion.h"

static inline momui_bytes text_bytes(const char *text, const char *name) {
    momui_bytes bytes;
    momui_bytes_from_memory(text, strlen(text), &bytes);
    bytes.name = name;
    return bytes;
}

/* The sentence must hold every one of the words. */
static inline void assert_sentence(const momu_error *error, int status, const char *words[],
                                   size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!strstr(error->message, words[i]))
            fail_msg("the sentence \"%s\" does not hold \"%s\"", error->message, words[i]);
    if (error->status != status)
        fail_msg("status %d, expected %d: %s", error->status, status, error->message);
}

#define ASSERT_SENTENCE(error, status, ...)                                                        \
    assert_sentence(error, status, (const char *[]){__VA_ARGS__},                                  \
                    sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *))

/* A path below MOMU_TEST_GOLDEN/io or MOMU_TEST_DATA; NULL when it is not there. Static memory. */
static inline const char *test_file(const char *variable, const char *folder, const char *name) {
    static char path[4096];
    const char *root = getenv(variable);
    if (!root)
        return NULL;
    snprintf(path, sizeof path, "%s/%s%s", root, folder, name);
    return access(path, R_OK) == 0 ? path : NULL;
}

static inline const char *golden(const char *name) {
    const char *path = test_file("MOMU_TEST_GOLDEN", "io/", name);
    assert_non_null(path);
    return path;
}

/* A locale that writes 1,5; false where none is installed. */
static inline bool comma_locale(void) {
    static const char *const NAMES[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (setlocale(LC_ALL, NAMES[i]) && localeconv()->decimal_point[0] == ',')
            return true;
    setlocale(LC_ALL, "C");
    return false;
}

#endif
