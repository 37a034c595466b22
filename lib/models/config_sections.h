/* What the files that read and write configs share. */
#ifndef MOMUI_MODELS_CONFIG_SECTIONS_H
#define MOMUI_MODELS_CONFIG_SECTIONS_H

#include "models/models.h"

#include "io/json/json.h"

/* An object member with exactly these keys. */
momu_status momui_config_section(const momui_json *root, const char *key, const char *const *keys,
                                 size_t count, const momui_json **out, momu_error *error);
#define SECTION(root, key, out, error, ...)                                                        \
    momui_config_section((root), (key), (const char *const[]){__VA_ARGS__},                        \
                         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), (out),       \
                         (error))

/* Text, then a number with as few places as say it, or true or false. */
void momui_config_number(momui_writer *out, const char *before, double value);
void momui_config_flag(momui_writer *out, const char *before, bool value);

/* c->hop is known. */
momu_status momui_config_read_vocoder(const momui_json *root, momui_config *c, momu_error *error);
void momui_config_write_vocoder(momui_writer *out, const momui_vocoder_config *v);

#endif
