/* Numbers in text, the same under every locale. */
#ifndef MOMUI_BASE_NUMBERS_H
#define MOMUI_BASE_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>

/* Reads a decimal number ("-1.5e-3") at `text`, looking at no byte from `end` on. Sets *next behind
 * it. False when there is none. Overflow gives an infinity; "nan" and "inf" are read as such, so
 * that a caller can name what it found. */
bool momui_parse_double(const char *text, const char *end, double *value, const char **next);

/* Writes `value` with `decimals` (0..12) places, without an exponent and with a point; "-0.000" is
 * written without its sign. Returns the length. `out` holds 64 bytes. |value| < 1e17; others are
 * clamped. */
size_t momui_format_fixed(char out[64], double value, int decimals);

#endif
