/* UTF-8: names from files become names in a skeleton and words in error sentences. */
#ifndef MOMUI_IO_UTF8_H
#define MOMUI_IO_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Index of the first byte that does not belong to well-formed UTF-8; `length` when all is well. */
size_t momui_utf8_check(const char *text, size_t length);

/* Copies text into a name of 64 bytes: cut at a character's edge, malformed bytes and control
 * characters become '?'. */
void momui_utf8_name(char out[64], const char *text, size_t length);

/* Bytes written to `out` for one code point; 0 when it is none. */
size_t momui_utf8_encode(uint32_t code, char out[4]);

/* Code points of a terminated text, at most `most` of them; malformed bytes become U+FFFD. Returns
 * how many. */
size_t momui_utf8_decode(const char *text, uint32_t *codes, size_t most);

#endif
