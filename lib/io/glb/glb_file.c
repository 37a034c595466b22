#include "io/glb/glb_file.h"
#include "io/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static uint32_t load32(const unsigned char *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The chunk at *at: its bytes, and *at behind it. */
static momu_status read_chunk(const momui_bytes *bytes, size_t end, size_t *at, uint32_t type,
                              const char *what, const unsigned char **data, size_t *size,
                              momu_error *error) {
    if (end - *at < 8)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: cut short: no %s chunk at byte %zu",
                          bytes->name, what, *at);
    uint32_t length = load32(bytes->data + *at);
    if (load32(bytes->data + *at + 4) != type)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: expected a %s chunk at byte %zu",
                          bytes->name, what, *at);
    if (length > end - *at - 8)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: the %s chunk at byte %zu claims %lu bytes, %zu are there",
                          bytes->name, what, *at, (unsigned long)length, end - *at - 8);
    *data = bytes->data + *at + 8;
    *size = length;
    *at += 8 + (size_t)length;
    return MOMU_OK;
}

static momu_status find_list(const momui_glb *glb, const char *key, size_t most,
                             const momui_json **list, momu_error *error) {
    *list = NULL;
    if (!momui_json_find(glb->json, key))
        return MOMU_OK;
    return momui_json_array(glb->json, key, 0, most, list, error);
}

static momu_status open_json(momui_glb *glb, const char *text, size_t length, momu_error *error) {
    MOMUI_TRY(momui_json_parse(text, length, glb->bytes->name, &glb->json, error));
    const momui_json *asset = NULL;
    const char *version = NULL;
    MOMUI_TRY(momui_json_object(glb->json, "asset", &asset, error));
    MOMUI_TRY(momui_json_string(asset, "version", &version, error));
    if (strncmp(version, "2.", 2) != 0)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED, "%s: glTF version \"%.20s\", expected 2.x",
                          glb->bytes->name, version);
    MOMUI_TRY(find_list(glb, "nodes", MOMUI_GLB_MAX_NODES, &glb->nodes, error));
    MOMUI_TRY(find_list(glb, "animations", MOMUI_GLB_MAX_TAKES, &glb->animations, error));
    MOMUI_TRY(find_list(glb, "accessors", SIZE_MAX, &glb->accessors, error));
    return find_list(glb, "bufferViews", SIZE_MAX, &glb->views, error);
}

momu_status momui_glb_open(momui_memory *memory, const momui_bytes *bytes, momui_glb *glb,
                           momu_error *error) {
    *glb = (momui_glb){.memory = memory, .bytes = bytes};
    if (bytes->size < 12 || memcmp(bytes->data, "glTF", 4) != 0)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: no GLB file: it does not begin with glTF",
                          bytes->name);
    uint32_t version = load32(bytes->data + 4), length = load32(bytes->data + 8);
    if (version != 2)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED, "%s: GLB version %lu, expected 2",
                          bytes->name, (unsigned long)version);
    if (length > bytes->size || length < 12)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: cut short: its header claims %lu bytes, the file has %zu",
                          bytes->name, (unsigned long)length, bytes->size);
    const unsigned char *text = NULL;
    size_t at = 12, text_size = 0;
    MOMUI_TRY(read_chunk(bytes, length, &at, 0x4E4F534A, "JSON", &text, &text_size, error));
    if (at < length)
        MOMUI_TRY(read_chunk(bytes, length, &at, 0x004E4942, "BIN", &glb->data, &glb->size, error));
    momu_status status = open_json(glb, (const char *)text, text_size, error);
    if (status != MOMU_OK)
        momui_glb_close(glb);
    return status;
}

void momui_glb_close(momui_glb *glb) {
    momui_json_free(glb->json);
    glb->json = NULL;
}

momu_status momui_glb_index(const momui_json *object, const char *key, const momui_json *list,
                            size_t *index, momu_error *error) {
    int64_t value = 0;
    int64_t last = list ? (int64_t)momui_json_count(list) - 1 : -1;
    MOMUI_TRY(momui_json_int(object, key, 0, INT64_MAX, &value, error));
    if (value > last)
        return momui_json_fail(object, error, "\"%s\" is %lld, the last element is %lld", key,
                               (long long)value, (long long)last);
    *index = (size_t)value;
    return MOMU_OK;
}

void momui_glb_take_name(const momui_glb *glb, size_t index, char name[64]) {
    const momui_json *value = momui_json_find(momui_json_at(glb->animations, index), "name");
    const char *text = NULL;
    if (value && momui_json_as_string(value, &text, NULL) == MOMU_OK && text[0])
        momui_utf8_name(name, text, strlen(text));
    else
        snprintf(name, 64, "animation %zu", index);
}

/* ---- accessors ---- */

typedef struct span {
    const unsigned char *data;
    size_t count, stride, element;
    int64_t type; /* of a component */
} span;

static size_t component_size(int64_t type) {
    return type == 5126 ? 4 : type == 5122 || type == 5123 ? 2 : 1;
}

/* An optional whole number under `key`; `absent` when it is not there. */
static momu_status optional(const momui_json *object, const char *key, int64_t low, int64_t high,
                            int64_t absent, int64_t *out, momu_error *error) {
    *out = absent;
    return momui_json_find(object, key) ? momui_json_int(object, key, low, high, out, error)
                                        : MOMU_OK;
}

static momu_status check_type(const momui_json *accessor, int width, int64_t *type,
                              momu_error *error) {
    static const char *const TYPES[] = {"", "SCALAR", "VEC2", "VEC3", "VEC4"};
    const char *found = NULL;
    if (momui_json_find(accessor, "sparse"))
        return momui_json_fail(accessor, error, "sparse accessors are not read");
    MOMUI_TRY(momui_json_string(accessor, "type", &found, error));
    if (strcmp(found, TYPES[width]) != 0)
        return momui_json_fail(accessor, error, "expected type %s, found \"%.20s\"", TYPES[width],
                               found);
    MOMUI_TRY(momui_json_int(accessor, "componentType", 5120, 5126, type, error));
    if (*type != 5126 && (*type > 5123 || width != 4))
        return momui_json_fail(accessor, error, "component type %lld, expected 5126 (float)%s",
                               (long long)*type, width == 4 ? " or 5120 to 5123" : "");
    return MOMU_OK;
}

/* The part of the BIN chunk that a buffer view covers. */
static momu_status view_bytes(const momui_glb *glb, const momui_json *view,
                              const unsigned char **data, size_t *size, momu_error *error) {
    int64_t buffer = 0, offset = 0, length = 0;
    MOMUI_TRY(momui_json_int(view, "buffer", 0, INT64_MAX, &buffer, error));
    if (buffer != 0)
        return momui_json_fail(view, error, "buffer %lld: only the file's own is read",
                               (long long)buffer);
    MOMUI_TRY(optional(view, "byteOffset", 0, INT64_MAX, 0, &offset, error));
    MOMUI_TRY(momui_json_int(view, "byteLength", 0, INT64_MAX, &length, error));
    if ((uint64_t)offset > glb->size || (uint64_t)length > glb->size - (uint64_t)offset)
        return momui_json_fail(view, error, "bytes %lld to %lld of a buffer of %zu",
                               (long long)offset, (long long)(offset + length), glb->size);
    *data = glb->data ? glb->data + offset : NULL;
    *size = (size_t)length;
    return MOMU_OK;
}

static momu_status locate(const momui_glb *glb, const momui_json *accessor, int width, span *s,
                          momu_error *error) {
    size_t view_index = 0, view_size = 0;
    int64_t offset = 0, stride = 0, count = 0;
    MOMUI_TRY(check_type(accessor, width, &s->type, error));
    MOMUI_TRY(momui_glb_index(accessor, "bufferView", glb->views, &view_index, error));
    const momui_json *view = momui_json_at(glb->views, view_index);
    const unsigned char *data = NULL;
    MOMUI_TRY(view_bytes(glb, view, &data, &view_size, error));
    s->element = component_size(s->type) * (size_t)width;
    MOMUI_TRY(optional(view, "byteStride", 4, 252, (int64_t)s->element, &stride, error));
    MOMUI_TRY(optional(accessor, "byteOffset", 0, INT64_MAX, 0, &offset, error));
    MOMUI_TRY(momui_json_int(accessor, "count", 1, INT64_MAX, &count, error));
    if ((size_t)stride < s->element)
        return momui_json_fail(view, error, "a stride of %lld for elements of %zu bytes",
                               (long long)stride, s->element);
    if ((uint64_t)offset > view_size || view_size - (size_t)offset < s->element ||
        (uint64_t)(count - 1) > (view_size - (size_t)offset - s->element) / (size_t)stride)
        return momui_json_fail(accessor, error,
                               "%lld elements from byte %lld do not fit into a view of %zu bytes",
                               (long long)count, (long long)offset, view_size);
    s->data = data + offset;
    s->stride = (size_t)stride;
    s->count = (size_t)count;
    return MOMU_OK;
}

/* Integers as glTF normalises them. */
static float component(const unsigned char *p, int64_t type) {
    uint32_t bits = component_size(type) == 4 ? load32(p) : 0;
    float value;
    memcpy(&value, &bits, sizeof value);
    unsigned wide = component_size(type) == 2 ? (unsigned)p[0] | (unsigned)p[1] << 8 : 0;
    switch (type) {
    case 5120:
        return fmaxf((float)(int8_t)p[0] / 127.0f, -1.0f);
    case 5121:
        return (float)p[0] / 255.0f;
    case 5122:
        return fmaxf((float)(int16_t)wide / 32767.0f, -1.0f);
    case 5123:
        return (float)wide / 65535.0f;
    default:
        return value;
    }
}

momu_status momui_glb_accessor(const momui_glb *glb, const momui_json *owner, const char *key,
                               int width, float **out, size_t *count, momu_error *error) {
    size_t index = 0, total = 0;
    span s = {0};
    *out = NULL;
    MOMUI_TRY(momui_glb_index(owner, key, glb->accessors, &index, error));
    const momui_json *accessor = momui_json_at(glb->accessors, index);
    MOMUI_TRY(locate(glb, accessor, width, &s, error));
    float *values = momui_multiply(s.count, (size_t)width, &total)
                        ? momui_alloc(glb->memory, total, sizeof *values)
                        : NULL;
    if (!values)
        return momui_fail_memory(error, "an animation's keys");
    for (size_t i = 0; i < total; i++) {
        const unsigned char *element = s.data + i / (size_t)width * s.stride;
        values[i] = component(element + i % (size_t)width * component_size(s.type), s.type);
        if (!isfinite(values[i])) {
            momui_free(values);
            return momui_json_fail(accessor, error, "element %zu is not finite", i / (size_t)width);
        }
    }
    *out = values;
    *count = s.count;
    return MOMU_OK;
}
