/* The one way to fail: a status and a sentence. */
#ifndef MOMUI_BASE_ERROR_H
#define MOMUI_BASE_ERROR_H

#include <momu/common.h>

#if defined(__GNUC__)
#define MOMUI_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define MOMUI_PRINTF(text, first)
#endif

/* Writes the sentence into `error` (may be NULL) and returns `status`. Long sentences are cut at a
 * character boundary. */
momu_status momui_fail(momu_error *error, momu_status status, const char *format, ...)
    MOMUI_PRINTF(3, 4);

/* Puts "<prefix>: " before the sentence that `error` already holds, and returns its status. */
momu_status momui_fail_prefix(momu_error *error, const char *prefix);

/* For the common case. `what` is a noun phrase: "the mel spectrogram". */
momu_status momui_fail_memory(momu_error *error, const char *what);

/* The static analyser reads one file at a time: without this it takes every failure for one that
 * may return MOMU_OK, and reports what could not happen. */
#if defined(__clang_analyzer__) && !defined(MOMUI_ERROR_IMPLEMENTATION)
#define momui_fail(error, status, ...) (momui_fail((error), (status), __VA_ARGS__), (status))
#define momui_fail_memory(error, what) (momui_fail_memory((error), (what)), MOMU_ERROR_MEMORY)
#endif

/* Returns from the calling function when `expression` failed. */
#define MOMUI_TRY(expression)                                                                      \
    do {                                                                                           \
        momu_status momui_try_status = (expression);                                               \
        if (momui_try_status != MOMU_OK)                                                           \
            return momui_try_status;                                                               \
    } while (0)

/* The same, for functions with one exit: sets `status` and jumps to `label`. */
#define MOMUI_TRY_GOTO(expression, status, label)                                                  \
    do {                                                                                           \
        (status) = (expression);                                                                   \
        if ((status) != MOMU_OK)                                                                   \
            goto label;                                                                            \
    } while (0)

#endif
