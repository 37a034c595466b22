/* What cJSON is lenient about is refused here, before it sees the text: bytes that are no UTF-8,
 * control characters, "\u0000" (which would cut a string short), numbers off JSON's grammar, and
 * nesting or sizes that no honest file has. */
#include "io/json/json_scan.h"
#include "io/utf8.h"

#include <stdbool.h>
#include <string.h>

/* cJSON copies a number into 64 bytes before reading it. */
enum { MAX_NUMBER = 60, MAX_VALUES = 1 << 22 };

typedef struct scan {
    const char *text, *what;
    size_t length, at, values;
    int depth;
    momu_error *error;
} scan;

static momu_status refuse(const scan *s, const char *found) {
    size_t line = 1;
    for (size_t i = 0; i < s->at && i < s->length; i++)
        line += s->text[i] == '\n';
    return momui_fail(s->error, MOMU_ERROR_FORMAT, "%s: not valid JSON: %s at byte %zu (line %zu)",
                      s->what, found, s->at, line);
}

static bool is_digit(const scan *s) {
    return s->at < s->length && s->text[s->at] >= '0' && s->text[s->at] <= '9';
}

static bool skip_digits(scan *s) {
    bool any = is_digit(s);
    while (is_digit(s))
        s->at++;
    return any;
}

static momu_status scan_number(scan *s) {
    size_t start = s->at;
    if (s->text[s->at] == '-')
        s->at++;
    bool zero = s->at < s->length && s->text[s->at] == '0';
    size_t whole = s->at;
    if (!skip_digits(s) || (zero && s->at - whole > 1))
        return refuse(s, "a malformed number");
    if (s->at < s->length && s->text[s->at] == '.') {
        s->at++;
        if (!skip_digits(s))
            return refuse(s, "a malformed number");
    }
    if (s->at < s->length && (s->text[s->at] == 'e' || s->text[s->at] == 'E')) {
        s->at++;
        if (s->at < s->length && (s->text[s->at] == '+' || s->text[s->at] == '-'))
            s->at++;
        if (!skip_digits(s))
            return refuse(s, "a malformed number");
    }
    return s->at - start > MAX_NUMBER ? refuse(s, "a number of more than 60 characters") : MOMU_OK;
}

static momu_status scan_string(scan *s) {
    for (s->at++; s->at < s->length && s->text[s->at] != '"'; s->at++) {
        if ((unsigned char)s->text[s->at] < 0x20)
            return refuse(s, "a control character inside a string");
        if (s->text[s->at] != '\\')
            continue;
        s->at++;
        if (s->length - s->at >= 5 && memcmp(s->text + s->at, "u0000", 5) == 0)
            return refuse(s, "a zero character inside a string");
    }
    if (s->at >= s->length)
        return refuse(s, "a string without its end");
    s->at++;
    return MOMU_OK;
}

static momu_status scan_other(scan *s) {
    char c = s->text[s->at++];
    if (c == '{' || c == '[') {
        if (++s->depth > MOMUI_JSON_MAX_DEPTH)
            return momui_fail(s->error, MOMU_ERROR_LIMIT,
                              "%s: JSON nested deeper than %d levels at byte %zu", s->what,
                              MOMUI_JSON_MAX_DEPTH, s->at - 1);
        s->values++;
    } else if (c == '}' || c == ']') {
        s->depth--;
    } else if (c == ',') {
        s->values++;
    } else if ((unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r') {
        s->at--;
        return refuse(s, "a control character");
    }
    return MOMU_OK;
}

momu_status momui_json_scan(const char *text, size_t length, const char *what, size_t *values,
                            momu_error *error) {
    scan s = {.text = text, .what = what, .length = length, .values = 1, .error = error};
    size_t bad = momui_utf8_check(text, length);
    if (bad < length) {
        s.at = bad;
        return refuse(&s, "a byte that is no UTF-8");
    }
    while (s.at < length) {
        char c = text[s.at];
        if (c == '"')
            MOMUI_TRY(scan_string(&s));
        else if (c == '-' || (c >= '0' && c <= '9'))
            MOMUI_TRY(scan_number(&s));
        else
            MOMUI_TRY(scan_other(&s));
    }
    if (s.values > MAX_VALUES)
        return momui_fail(error, MOMU_ERROR_LIMIT, "%s: JSON of more than %d values", what,
                          MAX_VALUES);
    *values = s.values;
    return MOMU_OK;
}
