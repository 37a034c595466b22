/* The zip around NumPy arrays: stored or deflated entries, with zip64 fields, which NumPy always
 * writes. */
#include "io/npz/npz.h"
#include "io/utf8.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

/* Deflate gains at most 1032 to 1; all entries together may unpack to no more than MAX_UNPACKED. */
enum { DEFLATE_GAIN = 1040 };
#define MAX_UNPACKED (UINT64_C(2) << 30)

typedef struct zip_entry {
    char key[64];
    uint32_t method, flags, crc;
    uint64_t packed, size, offset;
    unsigned char *unpacked; /* once asked for, when deflated */
    char *label;             /* "<file>: array \"key\"" for sentences */
} zip_entry;

struct momui_npz {
    momui_memory *memory;
    const momui_bytes *bytes;
    zip_entry *entries;
    size_t count;
    uint64_t unpacked;
};

static uint64_t load(const unsigned char *p, size_t width) {
    uint64_t value = 0;
    for (size_t i = width; i-- > 0;)
        value = value << 8 | p[i];
    return value;
}

static momu_status refuse(const momui_bytes *bytes, momu_error *error, const char *what,
                          uint64_t at) {
    return momui_fail(error, MOMU_ERROR_FORMAT, "%s: damaged zip: %s at byte %llu", bytes->name,
                      what, (unsigned long long)at);
}

typedef struct directory {
    uint64_t offset, size, count, end; /* end: where the end record begins */
} directory;

/* The zip64 end record, when the locator before the plain one points at it. */
static momu_status read_end64(const momui_bytes *bytes, uint64_t end, directory *d,
                              momu_error *error) {
    const unsigned char *data = bytes->data;
    if (end < 20 || load(data + end - 20, 4) != 0x07064b50)
        return MOMU_OK;
    uint64_t at = load(data + end - 12, 8);
    if (end < 56 || at > end - 56 || load(data + at, 4) != 0x06064b50)
        return refuse(bytes, error, "no zip64 end record", at);
    d->count = load(data + at + 32, 8);
    d->size = load(data + at + 40, 8);
    d->offset = load(data + at + 48, 8);
    d->end = at;
    return MOMU_OK;
}

/* The end record is within the last 64 KiB and 22 bytes. */
static momu_status find_directory(const momui_bytes *bytes, directory *d, momu_error *error) {
    const unsigned char *data = bytes->data;
    if (bytes->size >= 22) {
        size_t lowest = bytes->size > 65557 ? bytes->size - 65557 : 0;
        for (size_t at = bytes->size - 22 + 1; at-- > lowest;) {
            if (load(data + at, 4) != 0x06054b50 || load(data + at + 20, 2) > bytes->size - at - 22)
                continue;
            *d = (directory){load(data + at + 16, 4), load(data + at + 12, 4),
                             load(data + at + 10, 2), at};
            MOMUI_TRY(read_end64(bytes, at, d, error));
            if (d->offset > d->end || d->size > d->end - d->offset || d->count > d->size / 46)
                return refuse(bytes, error, "an impossible central directory", at);
            if (d->count > MOMUI_NPZ_MAX_ENTRIES)
                return momui_fail(error, MOMU_ERROR_LIMIT, "%s: %llu arrays, at most %d are read",
                                  bytes->name, (unsigned long long)d->count, MOMUI_NPZ_MAX_ENTRIES);
            return MOMU_OK;
        }
    }
    return momui_fail(error, MOMU_ERROR_FORMAT,
                      "%s: no NPZ file, or cut short: the zip's end record is missing",
                      bytes->name);
}

/* Sizes that are all ones stand in the zip64 field, in this order. */
static bool read_extra(const unsigned char *extra, size_t length, zip_entry *entry) {
    uint64_t *wide[3] = {&entry->size, &entry->packed, &entry->offset};
    size_t at = 0;
    while (length - at >= 4) {
        size_t id = (size_t)load(extra + at, 2), size = (size_t)load(extra + at + 2, 2);
        at += 4;
        if (size > length - at)
            return false;
        for (size_t i = 0, used = 0; id == 1 && i < 3; i++) {
            if (*wide[i] != UINT32_MAX)
                continue;
            if (size - used < 8)
                return false;
            *wide[i] = load(extra + at + used, 8);
            used += 8;
        }
        at += size;
    }
    return true;
}

static momu_status read_entry(const momui_bytes *bytes, uint64_t *at, uint64_t end,
                              zip_entry *entry, momu_error *error) {
    const unsigned char *p = bytes->data + *at;
    if (end - *at < 46 || load(p, 4) != 0x02014b50)
        return refuse(bytes, error, "no directory entry", *at);
    size_t name = (size_t)load(p + 28, 2), extra = (size_t)load(p + 30, 2);
    size_t length = 46 + name + extra + (size_t)load(p + 32, 2);
    if (length > end - *at)
        return refuse(bytes, error, "a directory entry that is cut short", *at);
    entry->flags = (uint32_t)load(p + 8, 2);
    entry->method = (uint32_t)load(p + 10, 2);
    entry->crc = (uint32_t)load(p + 16, 4);
    entry->packed = load(p + 20, 4);
    entry->size = load(p + 24, 4);
    entry->offset = load(p + 42, 4);
    if (!read_extra(p + 46 + name, extra, entry))
        return refuse(bytes, error, "a malformed extra field", *at + 46 + name);
    if (name > 4 && memcmp(p + 46 + name - 4, ".npy", 4) == 0)
        name -= 4;
    if (name > 63 || name == 0)
        return refuse(bytes, error, "an array's name that is empty or longer than 63 bytes", *at);
    momui_utf8_name(entry->key, (const char *)p + 46, name);
    *at += length;
    return MOMU_OK;
}

static momu_status read_entries(momui_npz *file, const directory *d, momu_error *error) {
    uint64_t at = d->offset, end = d->offset + d->size;
    for (uint64_t i = 0; i < d->count; i++) {
        zip_entry *entry = &file->entries[file->count];
        MOMUI_TRY(read_entry(file->bytes, &at, end, entry, error));
        if (momui_npz_has(file, entry->key))
            return momui_fail(error, MOMU_ERROR_FORMAT, "%s: the array \"%s\" appears twice",
                              file->bytes->name, entry->key);
        file->count++;
    }
    return MOMU_OK;
}

momu_status momui_npz_open(momui_memory *memory, const momui_bytes *bytes, momui_npz **file,
                           momu_error *error) {
    directory d = {0};
    *file = NULL;
    MOMUI_TRY(find_directory(bytes, &d, error));
    momui_npz *made = momui_calloc(memory, 1, sizeof *made);
    if (!made)
        return momui_fail_memory(error, "an NPZ file");
    made->memory = memory;
    made->bytes = bytes;
    made->entries = momui_calloc(memory, (size_t)d.count, sizeof *made->entries);
    momu_status status = made->entries ? read_entries(made, &d, error)
                                       : momui_fail_memory(error, "an NPZ file's directory");
    if (status != MOMU_OK) {
        momui_npz_close(made);
        return status;
    }
    *file = made;
    return MOMU_OK;
}

void momui_npz_close(momui_npz *file) {
    if (!file)
        return;
    for (size_t i = 0; i < file->count; i++) {
        momui_free(file->entries[i].unpacked);
        momui_free(file->entries[i].label);
    }
    momui_free(file->entries);
    momui_free(file);
}

size_t momui_npz_count(const momui_npz *file) {
    return file->count;
}

const char *momui_npz_key(const momui_npz *file, size_t index) {
    return index < file->count ? file->entries[index].key : NULL;
}

static zip_entry *find_entry(const momui_npz *file, const char *key) {
    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->entries[i].key, key) == 0)
            return &file->entries[i];
    return NULL;
}

bool momui_npz_has(const momui_npz *file, const char *key) {
    return find_entry(file, key) != NULL;
}

/* ---- one entry's bytes ---- */

/* Finds the packed bytes behind the local header, whose name and extra field may differ in
 * length. */
static momu_status locate(const momui_npz *file, const zip_entry *entry,
                          const unsigned char **packed, momu_error *error) {
    const momui_bytes *bytes = file->bytes;
    if (bytes->size < 30 || entry->offset > bytes->size - 30 ||
        load(bytes->data + entry->offset, 4) != 0x04034b50)
        return refuse(bytes, error, "no local header", entry->offset);
    const unsigned char *p = bytes->data + entry->offset;
    uint64_t start = entry->offset + 30 + load(p + 26, 2) + load(p + 28, 2);
    if (start > bytes->size || entry->packed > bytes->size - start)
        return refuse(bytes, error, "an array beyond the file's end", start);
    *packed = bytes->data + start;
    return MOMU_OK;
}

static bool inflate_all(const unsigned char *packed, uint64_t packed_size, unsigned char *out,
                        uint64_t size) {
    z_stream stream = {0};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return false;
    int result = Z_OK;
    uint64_t read = 0, written = 0;
    while (result == Z_OK) {
        uint64_t in = packed_size - read < 1u << 30 ? packed_size - read : 1u << 30;
        uint64_t room = size - written < 1u << 30 ? size - written : 1u << 30;
        unsigned char spare = 0; /* room 0: only the end mark may still come */
        stream.next_in = (unsigned char *)(uintptr_t)(packed + read);
        stream.avail_in = (uInt)in;
        stream.next_out = room ? out + written : &spare;
        stream.avail_out = (uInt)(room ? room : 1);
        result = inflate(&stream, Z_NO_FLUSH);
        uint64_t gave = (room ? room : 1) - stream.avail_out, took = in - stream.avail_in;
        if (gave > room || (gave == 0 && took == 0))
            break;
        read += took;
        written += gave;
    }
    inflateEnd(&stream);
    return result == Z_STREAM_END && written == size;
}

static momu_status unpack(momui_npz *file, zip_entry *entry, const unsigned char *packed,
                          momu_error *error) {
    if (entry->size / DEFLATE_GAIN > entry->packed || entry->size > MAX_UNPACKED - file->unpacked)
        return momui_fail(error, MOMU_ERROR_LIMIT, "%s: claims to unpack %llu bytes to %llu",
                          entry->label, (unsigned long long)entry->packed,
                          (unsigned long long)entry->size);
    entry->unpacked = momui_alloc(file->memory, (size_t)entry->size, 1);
    if (!entry->unpacked)
        return momui_fail(error, MOMU_ERROR_MEMORY, "%s: out of memory for %llu bytes",
                          entry->label, (unsigned long long)entry->size);
    file->unpacked += entry->size;
    if (inflate_all(packed, entry->packed, entry->unpacked, entry->size))
        return MOMU_OK;
    momui_free(entry->unpacked);
    entry->unpacked = NULL;
    return momui_fail(error, MOMU_ERROR_FORMAT, "%s: its deflated bytes are damaged", entry->label);
}

static bool checksum_fits(const zip_entry *entry, const unsigned char *data) {
    uLong crc = crc32(0, Z_NULL, 0);
    for (uint64_t at = 0; at < entry->size;) {
        uint64_t step = entry->size - at < 1u << 30 ? entry->size - at : 1u << 30;
        crc = crc32(crc, data + at, (uInt)step);
        at += step;
    }
    return crc == entry->crc;
}

static momu_status entry_bytes(momui_npz *file, zip_entry *entry, const unsigned char **data,
                               momu_error *error) {
    if (entry->flags & 1)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED, "%s: encrypted", entry->label);
    if (entry->method != 0 && entry->method != 8)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "%s: zip method %u, expected 0 (stored) or 8 (deflated)", entry->label,
                          (unsigned)entry->method);
    MOMUI_TRY(locate(file, entry, data, error));
    if (entry->method == 8) {
        if (!entry->unpacked)
            MOMUI_TRY(unpack(file, entry, *data, error));
        *data = entry->unpacked;
    } else if (entry->size != entry->packed) {
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: stored, but of two different sizes",
                          entry->label);
    }
    return checksum_fits(entry, *data) ? MOMU_OK
                                       : momui_fail(error, MOMU_ERROR_FORMAT,
                                                    "%s: its checksum does not fit: the file is "
                                                    "damaged",
                                                    entry->label);
}

momu_status momui_npz_array(momui_npz *file, const char *key, momui_npy *array, momu_error *error) {
    zip_entry *entry = find_entry(file, key);
    if (!entry)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: the array \"%.63s\" is missing",
                          file->bytes->name, key);
    if (!entry->label) {
        size_t length = strlen(file->bytes->name) + sizeof entry->key + 16;
        entry->label = momui_alloc(file->memory, length, 1);
        if (!entry->label)
            return momui_fail_memory(error, "a sentence");
        snprintf(entry->label, length, "%s: array \"%s\"", file->bytes->name, entry->key);
    }
    const unsigned char *data = NULL;
    MOMUI_TRY(entry_bytes(file, entry, &data, error));
    return momui_npy_parse(data, (size_t)entry->size, entry->label, array, error);
}
