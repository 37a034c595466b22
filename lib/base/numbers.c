#include "base/numbers.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static bool match_word(const char *text, const char *end, const char *word) {
    for (; *word; text++, word++)
        if (text >= end || (*text | 0x20) != *word)
            return false;
    return true;
}

static bool is_digit(const char *p, const char *end) {
    return p < end && *p >= '0' && *p <= '9';
}

/* An exponent counts only when digits follow it. */
static const char *parse_exponent(const char *p, const char *end, int *exponent) {
    if (p >= end || (*p | 0x20) != 'e')
        return p;
    const char *q = p + 1;
    bool negative = q < end && *q == '-';
    if (q < end && (*q == '-' || *q == '+'))
        q++;
    if (!is_digit(q, end))
        return p;
    int value = 0;
    for (; is_digit(q, end); q++)
        if (value < 10000)
            value = value * 10 + (*q - '0');
    *exponent += negative ? -value : value;
    return q;
}

bool momui_parse_double(const char *text, const char *end, double *value, const char **next) {
    const char *p = text;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (match_word(p, end, "nan") || match_word(p, end, "inf")) {
        double special = (*p | 0x20) == 'n' ? (double)NAN : (double)INFINITY;
        *value = negative ? -special : special;
        p += match_word(p, end, "infinity") ? 8 : 3;
        *next = p;
        return true;
    }
    uint64_t mantissa = 0;
    int exponent = 0;
    bool any = false;
    for (; is_digit(p, end); p++, any = true) {
        if (mantissa < UINT64_MAX / 100)
            mantissa = mantissa * 10 + (uint64_t)(*p - '0');
        else
            exponent++;
    }
    if (p < end && *p == '.') {
        for (p++; is_digit(p, end); p++, any = true) {
            if (mantissa < UINT64_MAX / 100) {
                mantissa = mantissa * 10 + (uint64_t)(*p - '0');
                exponent--;
            }
        }
    }
    if (!any)
        return false;
    p = parse_exponent(p, end, &exponent);
    /* Exact for up to 19 digits and small exponents, within a few units in the last place for the
     * rest. */
    double magnitude = (double)mantissa;
    if (exponent < 0)
        magnitude =
            exponent < -330 ? 0.0 : (double)((long double)mantissa / powl(10.0L, -exponent));
    else if (exponent > 0)
        magnitude = (double)((long double)mantissa * powl(10.0L, exponent));
    *value = negative ? -magnitude : magnitude;
    *next = p;
    return true;
}

size_t momui_format_fixed(char out[64], double value, int decimals) {
    static const double POWERS[] = {1,   1e1, 1e2, 1e3,  1e4,  1e5, 1e6,
                                    1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
    if (isnan(value)) {
        memcpy(out, "nan", 4);
        return 3;
    }
    decimals = decimals < 0 ? 0 : decimals > 12 ? 12 : decimals;
    double magnitude = fmin(fabs(value), 1e17);
    double whole = floor(magnitude);
    uint64_t integer = (uint64_t)whole;
    uint64_t fraction = (uint64_t)floor((magnitude - whole) * POWERS[decimals] + 0.5);
    if (fraction >= (uint64_t)POWERS[decimals]) {
        fraction -= (uint64_t)POWERS[decimals];
        integer++;
    }
    char digits[64] = {0};
    size_t count = 0;
    for (int i = 0; i < decimals; i++, fraction /= 10)
        digits[count++] = (char)('0' + fraction % 10);
    if (decimals > 0)
        digits[count++] = '.';
    bool zero = integer == 0;
    for (size_t i = 0; zero && i < count; i++)
        zero = digits[i] == '0' || digits[i] == '.';
    do {
        digits[count++] = (char)('0' + integer % 10);
        integer /= 10;
    } while (integer > 0);
    if (value < 0 && !zero)
        digits[count++] = '-';
    for (size_t i = 0; i < count; i++)
        out[i] = digits[count - 1 - i];
    out[count] = '\0';
    return count;
}
