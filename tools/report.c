/* Sentences on standard error, and JSON on standard output. */
#include "command.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int momu_usage_error(const char *command, const char *format, ...) {
    va_list list;
    fprintf(stderr, "momu %s: ", command);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    return MOMU_EXIT_BAD_INPUT;
}

static int exit_status(momu_status status, bool writing) {
    switch (status) {
    case MOMU_OK:
        return MOMU_EXIT_OK;
    case MOMU_ERROR_MEMORY:
    case MOMU_ERROR_CANCELLED:
    case MOMU_ERROR_INTERNAL:
        return MOMU_EXIT_FAILURE;
    case MOMU_ERROR_IO:
        return writing ? MOMU_EXIT_FAILURE : MOMU_EXIT_BAD_INPUT;
    case MOMU_ERROR_ARGUMENT:
    case MOMU_ERROR_FORMAT:
    case MOMU_ERROR_UNSUPPORTED:
    case MOMU_ERROR_LIMIT:
    case MOMU_ERROR_NUMERIC:
    case MOMU_ERROR_NOT_FOUND:
        break;
    }
    return MOMU_EXIT_BAD_INPUT;
}

int momu_report(const char *command, momu_status status, const char *sentence, bool writing) {
    fprintf(stderr, "momu %s: %s\n", command,
            sentence && *sentence ? sentence : momu_status_name(status));
    return exit_status(status, writing);
}

/* Whether `extension` is one of the words of `extensions`. */
static bool listed(const char *extensions, const char *extension) {
    size_t length = strlen(extension);
    for (const char *at = extensions; *at;) {
        size_t word = strcspn(at, " ");
        if (word == length && strncmp(at, extension, length) == 0)
            return true;
        at += word + strspn(at + word, " ");
    }
    return false;
}

int momu_check_output(const char *command, const char *path, const char *extensions) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    if (*name == '\0')
        return momu_usage_error(command, "%s: expected a file name", path);
    if (*extensions && (!dot || !listed(extensions, dot)))
        return momu_usage_error(command, "%s: the extension of an output is one of %s", path,
                                extensions);
    char folder[4096] = ".";
    size_t length = slash ? (size_t)(slash - path) + 1 : 0;
    if (length >= sizeof folder)
        return momu_usage_error(command, "%s: the path is too long", path);
    if (length > 0) {
        memcpy(folder, path, length);
        folder[length] = '\0';
    }
    struct stat info;
    if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode))
        return momu_usage_error(command, "%s: there is no folder %s", path, folder);
    if (access(folder, W_OK) != 0)
        return momu_usage_error(command, "%s: the folder %s cannot be written to", path, folder);
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return momu_usage_error(command, "%s: is a folder, expected a file name", path);
    return MOMU_EXIT_OK;
}

/* ---- JSON ---- */

static void put_text(FILE *out, const char *text) {
    fputc('"', out);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20)
            fprintf(out, "\\u%04x", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

static void put_number(FILE *out, double value) {
    if (isfinite(value))
        fprintf(out, "%.9g", value);
    else
        fputs("null", out);
}

static void put_key(momu_json *json, const char *key) {
    if (json->comma)
        fputs(", ", json->out);
    json->comma = true;
    put_text(json->out, key);
    fputs(": ", json->out);
}

void momu_json_open(momu_json *json, FILE *out) {
    *json = (momu_json){.out = out};
    fputc('{', out);
}

void momu_json_text(momu_json *json, const char *key, const char *value) {
    put_key(json, key);
    put_text(json->out, value);
}

void momu_json_number(momu_json *json, const char *key, double value) {
    put_key(json, key);
    put_number(json->out, value);
}

void momu_json_integer(momu_json *json, const char *key, uint64_t value) {
    put_key(json, key);
    fprintf(json->out, "%llu", (unsigned long long)value);
}

void momu_json_numbers(momu_json *json, const char *key, const double *values, size_t count) {
    put_key(json, key);
    fputc('[', json->out);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fputs(", ", json->out);
        put_number(json->out, values[i]);
    }
    fputc(']', json->out);
}

void momu_json_close(momu_json *json) {
    fputs("}\n", json->out);
}
