/* Reading safetensors: an eight-byte length, a JSON header, and the tensors' bytes. Everything that
 * the header claims is checked against the file before any of it is used. */
#include "io/safetensors/safetensors.h"
#include "io/json/json.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_TENSORS = 1 << 16 };

static const struct {
    const char *name;
    size_t size;
} TYPES[] = {
    [MOMUI_BOOL] = {"BOOL", 1}, [MOMUI_U8] = {"U8", 1},   [MOMUI_I8] = {"I8", 1},
    [MOMUI_U16] = {"U16", 2},   [MOMUI_I16] = {"I16", 2}, [MOMUI_F16] = {"F16", 2},
    [MOMUI_BF16] = {"BF16", 2}, [MOMUI_U32] = {"U32", 4}, [MOMUI_I32] = {"I32", 4},
    [MOMUI_F32] = {"F32", 4},   [MOMUI_U64] = {"U64", 8}, [MOMUI_I64] = {"I64", 8},
    [MOMUI_F64] = {"F64", 8},
};

const char *momui_dtype_name(momui_dtype type) {
    return TYPES[type].name;
}

size_t momui_dtype_size(momui_dtype type) {
    return TYPES[type].size;
}

struct momui_safetensors {
    const momui_bytes *bytes;
    momui_json *header;
    const momui_json *metadata;       /* or NULL */
    momui_safetensors_entry *entries; /* (count) by offset */
    size_t count;
    momui_safetensors_entry **by_name; /* (count) */
};

static momu_status read_type(const momui_json *tensor, momui_dtype *type, momu_error *error) {
    const char *names[sizeof TYPES / sizeof *TYPES];
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        names[i] = TYPES[i].name;
    int32_t index = 0;
    MOMUI_TRY(
        momui_json_choice(tensor, "dtype", names, sizeof TYPES / sizeof *TYPES, &index, error));
    *type = (momui_dtype)index;
    return MOMU_OK;
}

static momu_status read_shape(const momui_json *tensor, momui_safetensors_entry *entry,
                              momu_error *error) {
    const momui_json *shape = NULL;
    MOMUI_TRY(momui_json_array(tensor, "shape", 0, MOMUI_SAFETENSORS_MAX_RANK, &shape, error));
    entry->rank = (int32_t)momui_json_count(shape);
    entry->elements = 1;
    for (int32_t i = 0; i < entry->rank; i++) {
        MOMUI_TRY(momui_json_as_int(momui_json_at(shape, (size_t)i), 0, INT64_C(1) << 48,
                                    &entry->shape[i], error));
        if (!momui_multiply(entry->elements, (size_t)entry->shape[i], &entry->elements))
            return momui_json_fail(shape, error, "the product of the sizes overflows");
    }
    if (!momui_multiply(entry->elements, TYPES[entry->type].size, &entry->size))
        return momui_json_fail(shape, error, "the tensor's size in bytes overflows");
    return MOMU_OK;
}

static momu_status read_entry(const momui_json *tensor, const unsigned char *data, size_t size,
                              momui_safetensors_entry *entry, momu_error *error) {
    static const char *const KEYS[] = {"dtype", "shape", "data_offsets"};
    MOMUI_TRY(momui_json_only(tensor, KEYS, 3, error));
    entry->name = momui_json_key(tensor);
    MOMUI_TRY(read_type(tensor, &entry->type, error));
    MOMUI_TRY(read_shape(tensor, entry, error));
    const momui_json *span = NULL;
    int64_t begin = 0, end = 0;
    MOMUI_TRY(momui_json_array(tensor, "data_offsets", 2, 2, &span, error));
    MOMUI_TRY(momui_json_as_int(momui_json_at(span, 0), 0, INT64_MAX, &begin, error));
    MOMUI_TRY(momui_json_as_int(momui_json_at(span, 1), 0, INT64_MAX, &end, error));
    if (begin > end || (uint64_t)end > size)
        return momui_json_fail(
            span, error, "expected a span inside the file's %zu bytes of data, found %lld to %lld",
            size, (long long)begin, (long long)end);
    if ((uint64_t)(end - begin) != entry->size)
        return momui_json_fail(tensor, error, "its shape needs %zu bytes of %s, its span has %lld",
                               entry->size, TYPES[entry->type].name, (long long)(end - begin));
    entry->data = data + begin;
    return MOMU_OK;
}

static int compare_spans(const void *a, const void *b) {
    const momui_safetensors_entry *x = a, *y = b;
    if (x->data != y->data)
        return x->data < y->data ? -1 : 1;
    return x->size < y->size ? -1 : x->size > y->size;
}

static int compare_names(const void *a, const void *b) {
    const momui_safetensors_entry *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

/* The spans follow each other from the first byte to the last. */
static momu_status check_spans(const momui_safetensors *file, const unsigned char *data,
                               const unsigned char *end, momu_error *error) {
    const unsigned char *at = data;
    for (size_t i = 0; i < file->count; i++) {
        const momui_safetensors_entry *entry = &file->entries[i];
        if (entry->data != at)
            return momui_fail(error, MOMU_ERROR_FORMAT,
                              "%s: tensor \"%.100s\": begins at data byte %zu, expected %zu: %s",
                              file->bytes->name, entry->name, (size_t)(entry->data - data),
                              (size_t)(at - data),
                              entry->data < at ? "spans overlap" : "a gap between spans");
        at += entry->size;
    }
    if (at != end)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: %zu bytes of data behind the last tensor, expected none",
                          file->bytes->name, (size_t)(end - at));
    return MOMU_OK;
}

static momu_status check_metadata(const momui_json *metadata, momu_error *error) {
    MOMUI_TRY(momui_json_as_object(metadata, error));
    for (size_t i = 0; i < momui_json_count(metadata); i++) {
        const char *text = NULL;
        MOMUI_TRY(momui_json_as_string(momui_json_at(metadata, i), &text, error));
    }
    return MOMU_OK;
}

static momu_status read_entries(momui_memory *memory, momui_safetensors *file,
                                const unsigned char *data, momu_error *error) {
    MOMUI_TRY(momui_json_as_object(file->header, error));
    size_t members = momui_json_count(file->header);
    if (members > MAX_TENSORS)
        return momui_fail(error, MOMU_ERROR_LIMIT, "%s: %zu tensors, at most %d are read",
                          file->bytes->name, members, MAX_TENSORS);
    file->entries = momui_calloc(memory, members, sizeof *file->entries);
    file->by_name = momui_calloc(memory, members, sizeof *file->by_name);
    if (!file->entries || !file->by_name)
        return momui_fail_memory(error, "the table of tensors");
    const unsigned char *end = file->bytes->data + file->bytes->size;
    for (size_t i = 0; i < members; i++) {
        const momui_json *member = momui_json_at(file->header, i);
        if (strcmp(momui_json_key(member), "__metadata__") == 0) {
            MOMUI_TRY(check_metadata(member, error));
            file->metadata = member;
        } else {
            momui_safetensors_entry *entry = &file->entries[file->count++];
            MOMUI_TRY(read_entry(member, data, (size_t)(end - data), entry, error));
        }
    }
    qsort(file->entries, file->count, sizeof *file->entries, compare_spans);
    MOMUI_TRY(check_spans(file, data, end, error));
    for (size_t i = 0; i < file->count; i++)
        file->by_name[i] = &file->entries[i];
    qsort(file->by_name, file->count, sizeof *file->by_name, compare_names);
    return MOMU_OK;
}

static momu_status read_header(const momui_bytes *bytes, uint64_t *length, momu_error *error) {
    if (bytes->size < 8)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: no safetensors file: %zu bytes, expected at least 8", bytes->name,
                          bytes->size);
    *length = 0;
    for (int i = 7; i >= 0; i--)
        *length = *length << 8 | bytes->data[i];
    if (*length > bytes->size - 8)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: the header claims %llu bytes, the file has %zu behind its length",
                          bytes->name, (unsigned long long)*length, bytes->size - 8);
    if (*length > MOMUI_SAFETENSORS_MAX_HEADER)
        return momui_fail(error, MOMU_ERROR_LIMIT,
                          "%s: the header claims %llu bytes, at most %llu are read", bytes->name,
                          (unsigned long long)*length,
                          (unsigned long long)MOMUI_SAFETENSORS_MAX_HEADER);
    if (*length == 0 || bytes->data[8] != '{')
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: no safetensors file: its header does not begin with '{'",
                          bytes->name);
    return MOMU_OK;
}

momu_status momui_safetensors_open(momui_memory *memory, const momui_bytes *bytes,
                                   momui_safetensors **file, momu_error *error) {
    *file = NULL;
    uint64_t length = 0;
    MOMUI_TRY(read_header(bytes, &length, error));
    momui_safetensors *made = momui_calloc(memory, 1, sizeof *made);
    if (!made)
        return momui_fail_memory(error, "a safetensors file");
    made->bytes = bytes;
    momu_status status = momui_json_parse((const char *)bytes->data + 8, (size_t)length,
                                          bytes->name, &made->header, error);
    if (status == MOMU_OK)
        status = read_entries(memory, made, bytes->data + 8 + length, error);
    if (status != MOMU_OK) {
        momui_safetensors_close(made);
        return status;
    }
    *file = made;
    return MOMU_OK;
}

void momui_safetensors_close(momui_safetensors *file) {
    if (!file)
        return;
    momui_json_free(file->header);
    momui_free(file->entries);
    momui_free(file->by_name);
    momui_free(file);
}

const char *momui_safetensors_name(const momui_safetensors *file) {
    return file->bytes->name;
}

size_t momui_safetensors_count(const momui_safetensors *file) {
    return file->count;
}

const momui_safetensors_entry *momui_safetensors_at(const momui_safetensors *file, size_t index) {
    return index < file->count ? &file->entries[index] : NULL;
}

const momui_safetensors_entry *momui_safetensors_find(const momui_safetensors *file,
                                                      const char *name) {
    size_t low = 0, high = file->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, file->by_name[middle]->name);
        if (order == 0)
            return file->by_name[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *momui_safetensors_metadata(const momui_safetensors *file, const char *key) {
    const char *text = NULL;
    const momui_json *value = file->metadata ? momui_json_find(file->metadata, key) : NULL;
    if (!value || momui_json_as_string(value, &text, NULL) != MOMU_OK)
        return NULL;
    return text;
}

size_t momui_safetensors_metadata_count(const momui_safetensors *file) {
    return file->metadata ? momui_json_count(file->metadata) : 0;
}

const char *momui_safetensors_metadata_key(const momui_safetensors *file, size_t index) {
    const momui_json *value = file->metadata ? momui_json_at(file->metadata, index) : NULL;
    return value ? momui_json_key(value) : NULL;
}
