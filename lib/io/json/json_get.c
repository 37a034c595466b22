/* Getters: type, range and presence checked, and the key named. */
#include "base/numbers.h"
#include "io/json/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *kind_name(momui_json_kind kind) {
    static const char *const NAMES[] = {"null",     "a boolean", "a number",
                                        "a string", "a list",    "an object"};
    return NAMES[kind];
}

static momu_status expect(const momui_json *value, momui_json_kind kind, momu_error *error) {
    momui_json_kind found = momui_json_type(value);
    if (found == kind)
        return MOMU_OK;
    return momui_json_fail(value, error, "expected %s, found %s", kind_name(kind),
                           kind_name(found));
}

static momu_status member(const momui_json *object, const char *key, const momui_json **out,
                          momu_error *error) {
    MOMUI_TRY(expect(object, MOMUI_JSON_OBJECT, error));
    *out = momui_json_find(object, key);
    return *out ? MOMU_OK : momui_json_fail(object, error, "the key \"%.80s\" is missing", key);
}

momu_status momui_json_as_object(const momui_json *value, momu_error *error) {
    return expect(value, MOMUI_JSON_OBJECT, error);
}

/* Numbers for sentences, as printf would under the C locale. */
static const char *number_text(char out[64], double value) {
    if (fabs(value) < 1e15 && (fabs(value) >= 1e-4 || value == 0)) {
        size_t length = momui_format_fixed(out, value, value == floor(value) ? 0 : 6);
        while (strchr(out, '.') && (out[length - 1] == '0' || out[length - 1] == '.'))
            out[--length] = '\0';
    } else {
        int exponent = (int)floor(log10(fabs(value)));
        snprintf(out, 64, "about 1e%d", exponent);
    }
    return out;
}

momu_status momui_json_as_double(const momui_json *value, double low, double high, double *out,
                                 momu_error *error) {
    MOMUI_TRY(expect(value, MOMUI_JSON_NUMBER, error));
    double found = momui_json_number(value);
    if (!(found >= low && found <= high)) {
        char a[64], b[64], c[64];
        return momui_json_fail(value, error, "expected %s to %s, found %s", number_text(a, low),
                               number_text(b, high), number_text(c, found));
    }
    *out = found;
    return MOMU_OK;
}

momu_status momui_json_as_int(const momui_json *value, int64_t low, int64_t high, int64_t *out,
                              momu_error *error) {
    MOMUI_TRY(expect(value, MOMUI_JSON_NUMBER, error));
    double found = momui_json_number(value);
    char text[64];
    /* Above 2^53 a double no longer tells neighbours apart. */
    if (found != floor(found) || fabs(found) > 9007199254740992.0)
        return momui_json_fail(value, error, "expected a whole number, found %s",
                               number_text(text, found));
    int64_t whole = (int64_t)found;
    if (whole < low || whole > high)
        return momui_json_fail(value, error, "expected %lld to %lld, found %lld", (long long)low,
                               (long long)high, (long long)whole);
    *out = whole;
    return MOMU_OK;
}

momu_status momui_json_as_bool(const momui_json *value, bool *out, momu_error *error) {
    MOMUI_TRY(expect(value, MOMUI_JSON_BOOL, error));
    *out = momui_json_truth(value);
    return MOMU_OK;
}

momu_status momui_json_as_string(const momui_json *value, const char **out, momu_error *error) {
    MOMUI_TRY(expect(value, MOMUI_JSON_STRING, error));
    *out = momui_json_text(value);
    return MOMU_OK;
}

momu_status momui_json_object(const momui_json *object, const char *key, const momui_json **out,
                              momu_error *error) {
    MOMUI_TRY(member(object, key, out, error));
    return expect(*out, MOMUI_JSON_OBJECT, error);
}

momu_status momui_json_array(const momui_json *object, const char *key, size_t least, size_t most,
                             const momui_json **out, momu_error *error) {
    MOMUI_TRY(member(object, key, out, error));
    MOMUI_TRY(expect(*out, MOMUI_JSON_ARRAY, error));
    size_t count = momui_json_count(*out);
    if (count < least || count > most)
        return momui_json_fail(*out, error, "expected a list of %zu to %zu, found %zu", least, most,
                               count);
    return MOMU_OK;
}

momu_status momui_json_int(const momui_json *object, const char *key, int64_t low, int64_t high,
                           int64_t *out, momu_error *error) {
    const momui_json *value = NULL;
    MOMUI_TRY(member(object, key, &value, error));
    return momui_json_as_int(value, low, high, out, error);
}

momu_status momui_json_i32(const momui_json *object, const char *key, int32_t low, int32_t high,
                           int32_t *out, momu_error *error) {
    int64_t wide = 0;
    MOMUI_TRY(momui_json_int(object, key, low, high, &wide, error));
    *out = (int32_t)wide;
    return MOMU_OK;
}

momu_status momui_json_double(const momui_json *object, const char *key, double low, double high,
                              double *out, momu_error *error) {
    const momui_json *value = NULL;
    MOMUI_TRY(member(object, key, &value, error));
    return momui_json_as_double(value, low, high, out, error);
}

momu_status momui_json_bool(const momui_json *object, const char *key, bool *out,
                            momu_error *error) {
    const momui_json *value = NULL;
    MOMUI_TRY(member(object, key, &value, error));
    return momui_json_as_bool(value, out, error);
}

momu_status momui_json_string(const momui_json *object, const char *key, const char **out,
                              momu_error *error) {
    const momui_json *value = NULL;
    MOMUI_TRY(member(object, key, &value, error));
    return momui_json_as_string(value, out, error);
}

momu_status momui_json_choice(const momui_json *object, const char *key, const char *const *choices,
                              size_t count, int32_t *out, momu_error *error) {
    const momui_json *value = NULL;
    const char *found = NULL;
    MOMUI_TRY(member(object, key, &value, error));
    MOMUI_TRY(momui_json_as_string(value, &found, error));
    for (size_t i = 0; i < count; i++) {
        if (strcmp(found, choices[i]) == 0) {
            *out = (int32_t)i;
            return MOMU_OK;
        }
    }
    char list[160] = "";
    for (size_t i = 0, used = 0; i < count && used + 40 < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s\"%.30s\"", i ? ", " : "",
                                 choices[i]);
    return momui_json_fail(value, error, "expected one of %s, found \"%.60s\"", list, found);
}

momu_status momui_json_only(const momui_json *object, const char *const *keys, size_t count,
                            momu_error *error) {
    MOMUI_TRY(expect(object, MOMUI_JSON_OBJECT, error));
    for (size_t i = 0; i < momui_json_count(object); i++) {
        const momui_json *value = momui_json_at(object, i);
        bool known = false;
        for (size_t k = 0; k < count && !known; k++)
            known = strcmp(momui_json_key(value), keys[k]) == 0;
        if (!known)
            return momui_json_fail(value, error, "this key is unknown");
    }
    return MOMU_OK;
}
