#include "models/config_json.h"

#include "base/numbers.h"

momu_status momui_config_section(const momui_json *root, const char *key, const char *const *keys,
                                 size_t count, const momui_json **out, momu_error *error) {
    MOMUI_TRY(momui_json_object(root, key, out, error));
    return momui_json_only(*out, keys, count, error);
}

void momui_config_number(momui_writer *out, const char *before, double value) {
    char text[64];
    size_t length = momui_format_fixed(text, value, 12);
    while (text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    momui_write_text(out, before);
    momui_write(out, text, length);
}

void momui_config_flag(momui_writer *out, const char *before, bool value) {
    momui_write_text(out, before);
    momui_write_text(out, value ? "true" : "false");
}
