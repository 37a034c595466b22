/* Bytes in and out: whole inputs from a path, memory or a caller's stream; whole outputs that
 * appear at once or not at all. */
#ifndef MOMUI_BASE_STREAM_H
#define MOMUI_BASE_STREAM_H

#include "base/memory.h"

/* A whole input in memory, with the name that error sentences use for it. */
typedef struct momui_bytes {
    const unsigned char *data;
    size_t size;
    const char *name; /* a path, or "<memory>", "<stream>" */
    void *owned;      /* a block to free, or NULL */
    void *mapped;     /* a mapping to end, or NULL */
} momui_bytes;

/* Maps (map true) or reads the file. Refuses a folder, a missing file, an empty one, and more than
 * `limit` bytes, each with a sentence. `name` must outlive the bytes. */
momu_status momui_bytes_from_path(momui_memory *memory, const char *path, bool map, uint64_t limit,
                                  momui_bytes *bytes, momu_error *error);
momu_status momui_bytes_from_stream(momui_memory *memory, const momu_stream *stream, uint64_t limit,
                                    momui_bytes *bytes, momu_error *error);
void momui_bytes_from_memory(const void *data, size_t size, momui_bytes *bytes);
void momui_bytes_release(momui_bytes *bytes);

/* A growing output. A failure is kept: callers write on and check `failed` at the end. */
typedef struct momui_writer {
    momui_memory *memory;
    unsigned char *data;
    size_t size, capacity;
    bool failed;
} momui_writer;

void momui_writer_init(momui_writer *writer, momui_memory *memory);
void momui_write(momui_writer *writer, const void *data, size_t size);
void momui_write_text(momui_writer *writer, const char *text);
void momui_write_fixed(momui_writer *writer, double value, int decimals);
void momui_writer_release(momui_writer *writer);

/* Writes a temporary file in the same folder and renames it: the file is whole or absent, also on a
 * full disk.
 */
momu_status momui_write_file(const char *path, const void *data, size_t size, momu_error *error);

/* For libraries that write by path themselves: makes the name of a temporary file in the folder
 * of `path` (momui_free it), and later renames it to `path`, synced to disk, or removes it. */
char *momui_temporary_path(momui_memory *memory, const char *path);
momu_status momui_commit_temporary(const char *temporary, const char *path, momu_error *error);
void momui_discard_temporary(const char *temporary);

#endif
