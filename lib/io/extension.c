#include "io/extension.h"

#include <string.h>

static int lower(char c) {
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool momui_has_extension(const char *path, const char *extension) {
    size_t length = strlen(path), tail = strlen(extension);
    if (tail > length)
        return false;
    for (size_t i = 0; i < tail; i++)
        if (lower(path[length - tail + i]) != lower(extension[i]))
            return false;
    return true;
}

const char *momui_file_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}
