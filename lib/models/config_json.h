/* What the sections of a config share: their keys, and numbers and flags as JSON. */
#ifndef MOMUI_MODELS_CONFIG_JSON_H
#define MOMUI_MODELS_CONFIG_JSON_H

#include "io/json/json.h"

/* An object member with exactly these keys. */
momu_status momui_config_section(const momui_json *root, const char *key, const char *const *keys,
                                 size_t count, const momui_json **out, momu_error *error);
#define MOMUI_CONFIG_SECTION(root, key, out, error, ...)                                           \
    momui_config_section((root), (key), (const char *const[]){__VA_ARGS__},                        \
                         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), (out),       \
                         (error))
/* Refuses a section with other keys than these. */
#define MOMUI_CONFIG_KEYS(section, error, ...)                                                     \
    momui_json_only((section), (const char *const[]){__VA_ARGS__},                                 \
                    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), (error))

/* Appends the text, then the value: a number with no more than the decimals it needs (12 at most),
 * or true or false. */
void momui_config_number(momui_writer *out, const char *before, double value);
void momui_config_flag(momui_writer *out, const char *before, bool value);

#endif
