/* JSON from outside: parsed within bounds, then read by getters that name the key they complain
 * about. Refused as a whole: more than 64 levels, a key twice in one object, numbers that are not
 * finite, text that is not UTF-8, control characters, anything behind the value. */
#ifndef MOMUI_IO_JSON_JSON_H
#define MOMUI_IO_JSON_JSON_H

#include "base/stream.h"
#include "io/json/json_scan.h"

typedef enum momui_json_kind {
    MOMUI_JSON_NULL,
    MOMUI_JSON_BOOL,
    MOMUI_JSON_NUMBER,
    MOMUI_JSON_STRING,
    MOMUI_JSON_ARRAY,
    MOMUI_JSON_OBJECT
} momui_json_kind;

/* A value. The one that momui_json_parse() returns owns all the others. */
typedef struct momui_json momui_json;

/* `what` begins every sentence about this text (a path, "the model's config"); it is copied. On
 * failure *root is NULL. Free with momui_json_free(). */
momu_status momui_json_parse(const char *text, size_t length, const char *what, momui_json **root,
                             momu_error *error);
void momui_json_free(momui_json *root); /* NULL is allowed */

momui_json_kind momui_json_type(const momui_json *value);
size_t momui_json_count(const momui_json *value); /* members or elements; 0 for the rest */
const momui_json *momui_json_at(const momui_json *value, size_t index); /* NULL out of range */
const char *momui_json_key(const momui_json *value);                    /* NULL for no member */
const momui_json *momui_json_find(const momui_json *object, const char *key); /* NULL: absent */

/* What a value holds, without a look at its kind: for the getters below. */
double momui_json_number(const momui_json *value);
bool momui_json_truth(const momui_json *value);
const char *momui_json_text(const momui_json *value);

/* Fails with "<what>: <path of value>: <sentence>" and MOMU_ERROR_FORMAT. */
momu_status momui_json_fail(const momui_json *value, momu_error *error, const char *format, ...)
    MOMUI_PRINTF(3, 4);

/* Required members, within inclusive limits. */
momu_status momui_json_object(const momui_json *object, const char *key, const momui_json **out,
                              momu_error *error);
momu_status momui_json_array(const momui_json *object, const char *key, size_t least, size_t most,
                             const momui_json **out, momu_error *error);
momu_status momui_json_int(const momui_json *object, const char *key, int64_t low, int64_t high,
                           int64_t *out, momu_error *error);
momu_status momui_json_i32(const momui_json *object, const char *key, int32_t low, int32_t high,
                           int32_t *out, momu_error *error);
momu_status momui_json_double(const momui_json *object, const char *key, double low, double high,
                              double *out, momu_error *error);
momu_status momui_json_bool(const momui_json *object, const char *key, bool *out,
                            momu_error *error);
/* The text belongs to the document. */
momu_status momui_json_string(const momui_json *object, const char *key, const char **out,
                              momu_error *error);
/* One of `choices`; *out is its index. */
momu_status momui_json_choice(const momui_json *object, const char *key, const char *const *choices,
                              size_t count, int32_t *out, momu_error *error);

/* The same for a value at hand: an element of an array, or an optional member that was found. */
momu_status momui_json_as_int(const momui_json *value, int64_t low, int64_t high, int64_t *out,
                              momu_error *error);
momu_status momui_json_as_double(const momui_json *value, double low, double high, double *out,
                                 momu_error *error);
momu_status momui_json_as_bool(const momui_json *value, bool *out, momu_error *error);
momu_status momui_json_as_string(const momui_json *value, const char **out, momu_error *error);
momu_status momui_json_as_object(const momui_json *value, momu_error *error);

/* Refuses the first member whose key is not among `keys`, by name. */
momu_status momui_json_only(const momui_json *object, const char *const *keys, size_t count,
                            momu_error *error);

/* Appends `text` as a JSON string, quotes included. */
void momui_json_write_string(momui_writer *writer, const char *text);

#endif
