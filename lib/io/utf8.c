#include "io/utf8.h"

#include <string.h>

/* Length of the well-formed character at `p`, or 0. Overlong forms, surrogates and anything over
 * U+10FFFF are refused by the limits on the second byte. */
static size_t character(const unsigned char *p, size_t left) {
    if (p[0] < 0x80)
        return 1;
    size_t length = p[0] >= 0xC2 && p[0] <= 0xDF   ? 2
                    : p[0] >= 0xE0 && p[0] <= 0xEF ? 3
                    : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4
                                                   : 0;
    if (length == 0 || length > left)
        return 0;
    unsigned low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
    unsigned high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((p[i] & 0xC0u) != 0x80u)
            return 0;
    return length;
}

size_t momui_utf8_check(const char *text, size_t length) {
    const unsigned char *p = (const unsigned char *)text;
    size_t at = 0;
    while (at < length) {
        size_t step = character(p + at, length - at);
        if (step == 0)
            return at;
        at += step;
    }
    return length;
}

void momui_utf8_name(char out[64], const char *text, size_t length) {
    const unsigned char *p = (const unsigned char *)text;
    size_t at = 0, used = 0;
    while (at < length) {
        size_t step = character(p + at, length - at);
        if (used + (step ? step : 1) > 63)
            break;
        if (step == 0 || (step == 1 && (p[at] < 0x20 || p[at] == 0x7F)))
            out[used++] = '?';
        else
            memcpy(out + used, text + at, step), used += step;
        at += step ? step : 1;
    }
    out[used] = '\0';
}

size_t momui_utf8_encode(uint32_t code, char out[4]) {
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 0;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned LEADS[5] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = length - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80u | (code & 0x3Fu));
    out[0] = (char)(LEADS[length] | code);
    return length;
}

size_t momui_utf8_decode(const char *text, uint32_t *codes, size_t most) {
    const unsigned char *p = (const unsigned char *)text;
    size_t left = strlen(text), count = 0;
    while (left > 0 && count < most) {
        size_t step = character(p, left);
        uint32_t code = step == 0 ? 0xFFFD : step == 1 ? p[0] : p[0] & (0xFFu >> (step + 1));
        for (size_t i = 1; i < step; i++)
            code = code << 6 | (p[i] & 0x3Fu);
        codes[count++] = code;
        p += step ? step : 1;
        left -= step ? step : 1;
    }
    return count;
}
