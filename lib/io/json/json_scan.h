/* Between the files of the JSON reader: the strictness that cJSON lacks (json_scan.c), and plain
 * access. */
#ifndef MOMUI_IO_JSON_JSON_SCAN_H
#define MOMUI_IO_JSON_JSON_SCAN_H

#include "io/json/json.h"

/* MOMU_OK when the text is safe for cJSON; *values is at least the number of values in it. */
momu_status momui_json_scan(const char *text, size_t length, const char *what, size_t *values,
                            momu_error *error);

/* What a value of that kind holds, unchecked: for the getters. */
double momui_json_number(const momui_json *value);
bool momui_json_truth(const momui_json *value);
const char *momui_json_text(const momui_json *value);

#endif
