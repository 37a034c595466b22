/* What tests of all folders share: cmocka, comparisons, an allocator that fails, scratch files. */
#ifndef MOMU_TESTS_SUPPORT_H
#define MOMU_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <momu/common.h>

/* ---- comparisons ---- */

/* Also fails where either is not a number. */
static inline void assert_near(double found, double expected, double tolerance) {
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("found %.9g, expected %.9g within %g", found, expected, tolerance);
}

/* `count` values, each within `tolerance` times the greatest expected one (at least `least`).
 * `name` and `part` say which values these are. */
static inline void assert_all_near(const char *name, const char *part, const float *found,
                                   const float *expected, size_t count, double tolerance,
                                   double least) {
    double scale = least;
    for (size_t i = 0; i < count; i++)
        scale = fabs((double)expected[i]) > scale ? fabs((double)expected[i]) : scale;
    for (size_t i = 0; i < count; i++) {
        double away = fabs((double)found[i] - (double)expected[i]);
        if (!(away <= tolerance * scale))
            fail_msg("%s%s[%zu]: found %.9g, expected %.9g: %.3g of the peak %.6g", name, part, i,
                     (double)found[i], (double)expected[i], away / scale, scale);
    }
}

/* ---- memory that ends ---- */

/* malloc whose request number `fail_at` (from 0; below 0: none) fails, and all later ones too where
 * `from_then_on`. Counts requests, and the blocks that are out. May be used from several threads.
 */
typedef struct failing_allocator {
    atomic_long requests, fail_at, blocks;
    bool from_then_on;
} failing_allocator;

static inline void *failing_resize(void *user, void *pointer, size_t old_size, size_t new_size) {
    failing_allocator *f = user;
    (void)old_size;
    if (new_size == 0) {
        if (pointer)
            atomic_fetch_sub(&f->blocks, 1);
        free(pointer);
        return NULL;
    }
    long request = atomic_fetch_add(&f->requests, 1), fail_at = atomic_load(&f->fail_at);
    if (fail_at >= 0 && (request == fail_at || (f->from_then_on && request > fail_at)))
        return NULL;
    void *block = realloc(pointer, new_size);
    if (block && !pointer)
        atomic_fetch_add(&f->blocks, 1);
    return block;
}

static inline momu_allocator failing_hooks(failing_allocator *f) {
    return (momu_allocator){.resize = failing_resize, .user = f};
}

/* Requests count from 0 again, and number `fail_at` will fail. */
static inline void failing_arm(failing_allocator *f, long fail_at) {
    atomic_store(&f->requests, 0);
    atomic_store(&f->fail_at, fail_at);
}

/* ---- scratch files ---- */

static inline void scratch_remove(void);

/* The process's own folder for files, made at the first call under $TMPDIR or /tmp. It is removed,
 * with what lies in it, when the process ends. */
static inline const char *scratch_folder(void) {
    static char folder[1024];
    const char *root = getenv("TMPDIR");
    if (*folder)
        return folder;
    snprintf(folder, sizeof folder, "%s/momu-test-XXXXXX", root && *root ? root : "/tmp");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(atexit(scratch_remove), 0);
    return folder;
}

static inline void scratch_remove(void) {
    char command[1100];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch_folder());
    if (system(command) != 0)
        fprintf(stderr, "%s: cannot be removed\n", scratch_folder());
}

/* FOLDER/NAME in memory that the next call overwrites. */
static inline const char *scratch_path(const char *name) {
    static char path[2048];
    snprintf(path, sizeof path, "%s/%s", scratch_folder(), name);
    return path;
}

#endif
