/* Stored entries whose elements begin at a multiple of 64 bytes within each array, as NumPy lays
 * them out. No clock goes into the file: the same motion gives the same bytes. */
#include "io/npz/npz.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

enum { DOS_DATE = 0x21 /* 1980-01-01, the earliest */ };

struct momui_npz_writer {
    momui_memory *memory;
    momui_writer body, directory;
    size_t count;
    bool too_large;
};

momui_npz_writer *momui_npz_writer_new(momui_memory *memory) {
    momui_npz_writer *writer = momui_calloc(memory, 1, sizeof *writer);
    if (writer) {
        writer->memory = memory;
        momui_writer_init(&writer->body, memory);
        momui_writer_init(&writer->directory, memory);
    }
    return writer;
}

void momui_npz_writer_free(momui_npz_writer *writer) {
    if (!writer)
        return;
    momui_writer_release(&writer->body);
    momui_writer_release(&writer->directory);
    momui_free(writer);
}

static void put(momui_writer *out, uint64_t value, size_t width) {
    unsigned char bytes[8];
    for (size_t i = 0; i < width; i++)
        bytes[i] = (unsigned char)(value >> (8 * i));
    momui_write(out, bytes, width);
}

/* Magic, version 1.0, length, dictionary, blanks up to a multiple of 64, newline. */
static size_t npy_header(char out[256], const char *descr, int32_t rank, const int64_t *shape) {
    char *text = out + 10;
    size_t used =
        (size_t)snprintf(text, 200, "{'descr': '%s', 'fortran_order': False, 'shape': (", descr);
    for (int32_t i = 0; i < rank; i++)
        used += (size_t)snprintf(text + used, 200 - used, "%lld,%s", (long long)shape[i],
                                 i + 1 < rank ? " " : "");
    used += (size_t)snprintf(text + used, 200 - used, "), }");
    while ((10 + used + 1) % 64 != 0)
        text[used++] = ' ';
    text[used++] = '\n';
    memcpy(out, "\x93NUMPY\1", 8);
    out[8] = (char)(used & 255);
    out[9] = (char)(used >> 8);
    return 10 + used;
}

/* What the local and the central record have in common, from the version on. */
static void put_common(momui_writer *out, uLong crc, size_t size, size_t name) {
    put(out, 20, 2); /* version needed */
    put(out, 0, 2);  /* flags */
    put(out, 0, 2);  /* stored */
    put(out, 0, 2);  /* time */
    put(out, DOS_DATE, 2);
    put(out, crc, 4);
    put(out, size, 4);
    put(out, size, 4);
    put(out, name, 2);
    put(out, 0, 2); /* extra */
}

static uLong checksum(uLong crc, const unsigned char *data, size_t size) {
    for (size_t at = 0; at < size;) {
        size_t step = size - at < 1u << 30 ? size - at : 1u << 30;
        crc = crc32(crc, data + at, (uInt)step);
        at += step;
    }
    return crc;
}

void momui_npz_writer_add(momui_npz_writer *writer, const char *key, const char *descr,
                          int32_t rank, const int64_t *shape, const void *data, size_t size) {
    char header[256], name[72];
    size_t head = npy_header(header, descr, rank, shape), whole = 0;
    size_t length = (size_t)snprintf(name, sizeof name, "%.63s.npy", key);
    size_t offset = writer->body.size;
    if (!momui_add(head, size, &whole) || whole > UINT32_MAX ||
        offset > UINT32_MAX - 1024 - whole) {
        writer->too_large = true;
        return;
    }
    uLong crc = checksum(crc32(0, Z_NULL, 0), (const unsigned char *)header, head);
    crc = checksum(crc, data, size);
    put(&writer->body, 0x04034b50, 4);
    put_common(&writer->body, crc, whole, length);
    momui_write(&writer->body, name, length);
    momui_write(&writer->body, header, head);
    momui_write(&writer->body, data, size);
    put(&writer->directory, 0x02014b50, 4);
    put(&writer->directory, 20, 2); /* made by */
    put_common(&writer->directory, crc, whole, length);
    put(&writer->directory, 0, 2); /* comment */
    put(&writer->directory, 0, 2); /* disk */
    put(&writer->directory, 0, 2); /* internal attributes */
    put(&writer->directory, 0, 4); /* external attributes */
    put(&writer->directory, offset, 4);
    momui_write(&writer->directory, name, length);
    writer->count++;
}

momu_status momui_npz_writer_finish(momui_npz_writer *writer, momui_writer *out,
                                    momu_error *error) {
    if (writer->too_large)
        return momui_fail(error, MOMU_ERROR_LIMIT, "an NPZ file of more than 4 GiB");
    momui_write(out, writer->body.data, writer->body.size);
    momui_write(out, writer->directory.data, writer->directory.size);
    put(out, 0x06054b50, 4);
    put(out, 0, 4); /* disks */
    put(out, writer->count, 2);
    put(out, writer->count, 2);
    put(out, writer->directory.size, 4);
    put(out, writer->body.size, 4);
    put(out, 0, 2); /* comment */
    return writer->body.failed || writer->directory.failed || out->failed
               ? momui_fail_memory(error, "the bytes of an NPZ file")
               : MOMU_OK;
}
