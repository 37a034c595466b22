/* A first pass over JSON text, for what cJSON does not refuse. */
#ifndef MOMUI_IO_JSON_JSON_SCAN_H
#define MOMUI_IO_JSON_JSON_SCAN_H

#include "base/error.h"

#include <stddef.h>

enum { MOMUI_JSON_MAX_DEPTH = 64 };

/* MOMU_OK when the text is safe for cJSON; *values is at least the number of values in it. */
momu_status momui_json_scan(const char *text, size_t length, const char *what, size_t *values,
                            momu_error *error);

#endif
