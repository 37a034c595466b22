/* Writing safetensors: the header's JSON padded with spaces so that data begins at a multiple
 * of 64. */
#include "io/json/json.h"
#include "io/safetensors/safetensors.h"

#include <stdio.h>
#include <string.h>

typedef struct record {
    char *name;
    const char *text; /* metadata only; owned */
    momui_dtype type;
    bool from_float; /* data is float and becomes BF16 */
    int32_t rank;
    int64_t shape[MOMUI_SAFETENSORS_MAX_RANK];
    const void *data;
    size_t elements, size;
} record;

typedef struct record_list {
    record *items;
    size_t count, capacity;
} record_list;

struct momui_safetensors_writer {
    momui_memory *memory;
    record_list tensors, metadata;
};

momui_safetensors_writer *momui_safetensors_writer_new(momui_memory *memory) {
    momui_safetensors_writer *writer = momui_calloc(memory, 1, sizeof *writer);
    if (writer)
        writer->memory = memory;
    return writer;
}

static void list_free(record_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        momui_free(list->items[i].name);
        momui_free((void *)(uintptr_t)list->items[i].text);
    }
    momui_free(list->items);
}

void momui_safetensors_writer_free(momui_safetensors_writer *writer) {
    if (!writer)
        return;
    list_free(&writer->tensors);
    list_free(&writer->metadata);
    momui_free(writer);
}

static momu_status append(momui_memory *memory, record_list *list, const char *name, record **out,
                          momu_error *error) {
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].name, name) == 0)
            return momui_fail(error, MOMU_ERROR_ARGUMENT, "\"%.120s\" is written twice", name);
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 64;
        record *grown = momui_realloc(memory, list->items, capacity, sizeof *grown);
        if (!grown)
            return momui_fail_memory(error, "the table of tensors");
        list->items = grown;
        list->capacity = capacity;
    }
    record *item = &list->items[list->count];
    *item = (record){.name = momui_strdup(memory, name)};
    if (!item->name)
        return momui_fail_memory(error, "a tensor's name");
    list->count++;
    *out = item;
    return MOMU_OK;
}

momu_status momui_safetensors_writer_metadata(momui_safetensors_writer *writer, const char *key,
                                              const char *text, momu_error *error) {
    record *item = NULL;
    char *copy = momui_strdup(writer->memory, text);
    if (!copy)
        return momui_fail_memory(error, "a metadata text");
    momu_status status = append(writer->memory, &writer->metadata, key, &item, error);
    if (status != MOMU_OK)
        momui_free(copy);
    else
        item->text = copy;
    return status;
}

momu_status momui_safetensors_writer_raw(momui_safetensors_writer *writer, const char *name,
                                         momui_dtype type, int32_t rank, const int64_t *shape,
                                         const void *data, momu_error *error) {
    if (rank < 0 || rank > MOMUI_SAFETENSORS_MAX_RANK || strcmp(name, "__metadata__") == 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "tensor \"%.120s\": rank %d, expected 0 to %d and a free name", name,
                          (int)rank, MOMUI_SAFETENSORS_MAX_RANK);
    size_t elements = 1, size = 0;
    for (int32_t i = 0; i < rank; i++)
        if (shape[i] < 0 || !momui_multiply(elements, (size_t)shape[i], &elements))
            return momui_fail(error, MOMU_ERROR_ARGUMENT, "tensor \"%.120s\": its shape overflows",
                              name);
    if (!momui_multiply(elements, momui_dtype_size(type), &size))
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "tensor \"%.120s\": its size overflows",
                          name);
    record *item = NULL;
    MOMUI_TRY(append(writer->memory, &writer->tensors, name, &item, error));
    item->type = type;
    item->rank = rank;
    for (int32_t i = 0; i < rank; i++)
        item->shape[i] = shape[i];
    item->data = data;
    item->elements = elements;
    item->size = size;
    return MOMU_OK;
}

momu_status momui_safetensors_writer_tensor(momui_safetensors_writer *writer, const char *name,
                                            int32_t rank, const int64_t *shape, const float *data,
                                            bool bf16, momu_error *error) {
    MOMUI_TRY(momui_safetensors_writer_raw(writer, name, bf16 ? MOMUI_BF16 : MOMUI_F32, rank, shape,
                                           data, error));
    writer->tensors.items[writer->tensors.count - 1].from_float = true;
    return MOMU_OK;
}

static void write_number(momui_writer *out, uint64_t value) {
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    momui_write_text(out, text);
}

static void write_record(momui_writer *out, const record *item, size_t offset) {
    momui_json_write_string(out, item->name);
    momui_write_text(out, ":{\"dtype\":\"");
    momui_write_text(out, momui_dtype_name(item->type));
    momui_write_text(out, "\",\"shape\":[");
    for (int32_t i = 0; i < item->rank; i++) {
        momui_write_text(out, i ? "," : "");
        write_number(out, (uint64_t)item->shape[i]);
    }
    momui_write_text(out, "],\"data_offsets\":[");
    write_number(out, offset);
    momui_write_text(out, ",");
    write_number(out, offset + item->size);
    momui_write_text(out, "]}");
}

/* Calls in the order of the data: by falling element size, so that each tensor is aligned for its
 * type. */
static const record *next_record(const record_list *list, size_t *width, size_t *index) {
    for (; *width >= 1; *width /= 2, *index = 0)
        for (; *index < list->count; (*index)++)
            if (momui_dtype_size(list->items[*index].type) == *width)
                return &list->items[(*index)++];
    return NULL;
}

static bool write_header(const momui_safetensors_writer *writer, momui_writer *out, size_t *total) {
    bool first = writer->metadata.count == 0;
    momui_write(out, "\0\0\0\0\0\0\0\0{", 9);
    for (size_t i = 0; i < writer->metadata.count; i++) {
        momui_write_text(out, i ? "," : "\"__metadata__\":{");
        momui_json_write_string(out, writer->metadata.items[i].name);
        momui_write_text(out, ":");
        momui_json_write_string(out, writer->metadata.items[i].text);
    }
    if (!first)
        momui_write_text(out, "}");
    *total = 0;
    size_t width = 8, index = 0;
    for (const record *item; (item = next_record(&writer->tensors, &width, &index));) {
        momui_write_text(out, first ? "" : ",");
        first = false;
        write_record(out, item, *total);
        if (!momui_add(*total, item->size, total))
            return false;
    }
    momui_write_text(out, "}");
    while (!out->failed && out->size % 64 != 0)
        momui_write(out, " ", 1);
    uint64_t length = out->size - 8;
    for (size_t i = 0; !out->failed && i < 8; i++)
        out->data[i] = (unsigned char)(length >> (8 * i));
    return !out->failed;
}

static void store(unsigned char *to, uint32_t bits, size_t width) {
    for (size_t i = 0; i < width; i++)
        to[i] = (unsigned char)(bits >> (8 * i));
}

static void write_data(const record *item, unsigned char *to) {
    if (!item->from_float) {
        if (item->size > 0)
            memcpy(to, item->data, item->size);
        return;
    }
    const float *values = item->data;
    for (size_t i = 0; i < item->elements; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        if (item->type == MOMUI_BF16)
            store(to + 2 * i, momui_bf16_from_f32(values[i]), 2);
        else
            store(to + 4 * i, bits, 4);
    }
}

momu_status momui_safetensors_writer_bytes(const momui_safetensors_writer *writer,
                                           unsigned char **data, size_t *size, momu_error *error) {
    momui_writer out;
    momui_writer_init(&out, writer->memory);
    size_t total = 0, whole = 0;
    bool fine = write_header(writer, &out, &total) && momui_add(out.size, total, &whole);
    unsigned char *grown = fine ? momui_realloc(writer->memory, out.data, whole, 1) : NULL;
    if (!grown) {
        momui_writer_release(&out);
        return momui_fail_memory(error, "the bytes of a model file");
    }
    unsigned char *at = grown + out.size;
    size_t width = 8, index = 0;
    for (const record *item; (item = next_record(&writer->tensors, &width, &index));) {
        write_data(item, at);
        at += item->size;
    }
    *data = grown;
    *size = whole;
    return MOMU_OK;
}

momu_status momui_safetensors_writer_save(const momui_safetensors_writer *writer, const char *path,
                                          momu_error *error) {
    unsigned char *data = NULL;
    size_t size = 0;
    MOMUI_TRY(momui_safetensors_writer_bytes(writer, &data, &size, error));
    momu_status status = momui_write_file(path, data, size, error);
    momui_free(data);
    return status;
}
