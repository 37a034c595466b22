#define MOMUI_ERROR_IMPLEMENTATION
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Cuts the text where a UTF-8 character begins, so that a shortened sentence is still text. */
static void trim_utf8(char *text, size_t length) {
    while (length > 0 && ((unsigned char)text[length - 1] & 0xC0u) == 0x80u)
        length--;
    if (length > 0 && ((unsigned char)text[length - 1] & 0x80u) != 0)
        length--;
    text[length] = '\0';
}

momu_status momui_fail(momu_error *error, momu_status status, const char *format, ...) {
    if (!error)
        return status;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    if (length < 0)
        error->message[0] = '\0';
    else if ((size_t)length >= sizeof error->message)
        trim_utf8(error->message, sizeof error->message - 1);
    error->status = (int32_t)status;
    error->reserved = 0;
    return status;
}

momu_status momui_fail_prefix(momu_error *error, const char *prefix) {
    if (!error)
        return MOMU_ERROR_INTERNAL;
    char old[sizeof error->message];
    memcpy(old, error->message, sizeof old);
    return momui_fail(error, (momu_status)error->status, "%s: %s", prefix, old);
}

momu_status momui_fail_memory(momu_error *error, const char *what) {
    return momui_fail(error, MOMU_ERROR_MEMORY, "out of memory for %s", what);
}
