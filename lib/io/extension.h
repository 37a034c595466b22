/* The ending of a file's name. */
#ifndef MOMUI_IO_EXTENSION_H
#define MOMUI_IO_EXTENSION_H

#include <stdbool.h>

/* "a/b.Ogg" ends in ".ogg": letters of either case. */
bool momui_has_extension(const char *path, const char *extension);

/* The name behind the last '/'. */
const char *momui_file_name(const char *path);

#endif
