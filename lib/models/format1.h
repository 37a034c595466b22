/* Model files of format 1: the names that their tensors and config keys had (docs/model-format.md).
 */
#ifndef MOMUI_MODELS_FORMAT1_H
#define MOMUI_MODELS_FORMAT1_H

#include "base/memory.h"

/* Whether a file's momu.format says so. NULL: no. */
bool momui_is_format1(const char *format);

/* A tensor's name in a file of format 1, from today's; `out` has MOMUI_FORMAT1_NAME bytes. Returns
 * `name` itself where it has not changed. */
enum { MOMUI_FORMAT1_NAME = 160 };
const char *momui_format1_tensor(const char *name, char *out);
/* And today's name from the one in such a file. */
const char *momui_format1_tensor_today(const char *name, char *out);

/* A config of format 1 with today's keys. NULL: no memory. Freed with momui_free. */
char *momui_format1_config(momui_memory *memory, const char *json);

#endif
