#include "io/json/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cJSON's items know no parent and no index; these do. They lie in one block, children side by
 * side. */
typedef struct document {
    char *what;
    cJSON *tree;
    momui_json *nodes;
} document;

struct momui_json {
    const document *owner;
    const momui_json *parent, *children;
    const cJSON *item;
    size_t count;
};

static int compare_keys(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static momu_status refuse_duplicates(const momui_json *object, momu_error *error) {
    if (object->count < 2)
        return MOMU_OK;
    const char **keys = momui_alloc(NULL, object->count, sizeof *keys);
    if (!keys)
        return momui_fail_memory(error, "JSON keys");
    for (size_t i = 0; i < object->count; i++)
        keys[i] = object->children[i].item->string;
    qsort(keys, object->count, sizeof *keys, compare_keys);
    momu_status status = MOMU_OK;
    for (size_t i = 1; i < object->count && status == MOMU_OK; i++)
        if (strcmp(keys[i - 1], keys[i]) == 0)
            status = momui_json_fail(object, error, "the key \"%.80s\" appears twice", keys[i]);
    momui_free(keys);
    return status;
}

/* Breadth first, so that no recursion follows the file's nesting. */
static momu_status link_nodes(document *owner, size_t capacity, momu_error *error) {
    size_t used = 1;
    owner->nodes[0] = (momui_json){.owner = owner, .item = owner->tree};
    for (size_t i = 0; i < used; i++) {
        momui_json *node = &owner->nodes[i];
        if (cJSON_IsNumber(node->item) && !isfinite(node->item->valuedouble))
            return momui_json_fail(node, error, "the number is too large");
        node->children = owner->nodes + used;
        for (const cJSON *child = node->item->child; child; child = child->next) {
            if (used == capacity)
                return momui_json_fail(node, error, "more values than the text can hold");
            owner->nodes[used++] = (momui_json){.owner = owner, .parent = node, .item = child};
            node->count++;
        }
        if (cJSON_IsObject(node->item))
            MOMUI_TRY(refuse_duplicates(node, error));
    }
    return MOMU_OK;
}

static void document_free(document *owner) {
    if (!owner)
        return;
    cJSON_Delete(owner->tree);
    momui_free(owner->what);
    momui_free(owner->nodes);
    momui_free(owner);
}

/* Nothing but white space may follow the value. */
static momu_status parse_tree(document *owner, const char *text, size_t length, momu_error *error) {
    const char *end = text;
    owner->tree = cJSON_ParseWithLengthOpts(text, length, &end, false);
    if (!owner->tree)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: not valid JSON near byte %zu of %zu",
                          owner->what, end >= text ? (size_t)(end - text) : 0, length);
    size_t rest = (size_t)(end - text);
    while (rest < length && strchr(" \t\r\n", text[rest]) && text[rest])
        rest++;
    if (rest < length)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: not valid JSON: more text behind the value at byte %zu", owner->what,
                          rest);
    return MOMU_OK;
}

momu_status momui_json_parse(const char *text, size_t length, const char *what, momui_json **root,
                             momu_error *error) {
    size_t values = 0;
    *root = NULL;
    MOMUI_TRY(momui_json_scan(text, length, what, &values, error));
    document *owner = momui_calloc(NULL, 1, sizeof *owner);
    momu_status status = MOMU_OK;
    if (owner) {
        owner->what = momui_strdup(NULL, what);
        owner->nodes = momui_calloc(NULL, values, sizeof *owner->nodes);
    }
    if (!owner || !owner->what || !owner->nodes) {
        status = momui_fail_memory(error, "a JSON document");
        goto failed;
    }
    MOMUI_TRY_GOTO(parse_tree(owner, text, length, error), status, failed);
    MOMUI_TRY_GOTO(link_nodes(owner, values, error), status, failed);
    *root = owner->nodes;
    return MOMU_OK;
failed:
    document_free(owner);
    return status;
}

void momui_json_free(momui_json *root) {
    if (root) {
        document *owner = NULL;
        memcpy(&owner, &root->owner, sizeof owner); /* the root's owner is ours to free */
        document_free(owner);
    }
}

momui_json_kind momui_json_type(const momui_json *value) {
    const cJSON *item = value->item;
    return cJSON_IsBool(item)     ? MOMUI_JSON_BOOL
           : cJSON_IsNumber(item) ? MOMUI_JSON_NUMBER
           : cJSON_IsString(item) ? MOMUI_JSON_STRING
           : cJSON_IsArray(item)  ? MOMUI_JSON_ARRAY
           : cJSON_IsObject(item) ? MOMUI_JSON_OBJECT
                                  : MOMUI_JSON_NULL;
}

double momui_json_number(const momui_json *value) {
    return value->item->valuedouble;
}

bool momui_json_truth(const momui_json *value) {
    return cJSON_IsTrue(value->item) != 0;
}

const char *momui_json_text(const momui_json *value) {
    return value->item->valuestring;
}

size_t momui_json_count(const momui_json *value) {
    return value->count;
}

const momui_json *momui_json_at(const momui_json *value, size_t index) {
    return index < value->count ? value->children + index : NULL;
}

const char *momui_json_key(const momui_json *value) {
    return value->item->string;
}

const momui_json *momui_json_find(const momui_json *object, const char *key) {
    if (!cJSON_IsObject(object->item))
        return NULL;
    for (size_t i = 0; i < object->count; i++)
        if (strcmp(object->children[i].item->string, key) == 0)
            return object->children + i;
    return NULL;
}

/* "skins[0].joints" into the END of `buffer`; returns where it begins. Long paths lose their head.
 */
static const char *path_of(const momui_json *value, char *buffer, size_t size) {
    char *start = buffer + size - 1;
    *start = '\0';
    for (; value->parent; value = value->parent) {
        char step[96];
        if (value->item->string)
            snprintf(step, sizeof step, "%s%.80s", value->parent->parent ? "." : "",
                     value->item->string);
        else
            snprintf(step, sizeof step, "[%zu]", (size_t)(value - value->parent->children));
        size_t length = strlen(step);
        if (length > (size_t)(start - buffer))
            break;
        start -= length;
        memcpy(start, step, length);
    }
    return start;
}

momu_status momui_json_fail(const momui_json *value, momu_error *error, const char *format, ...) {
    char sentence[320], buffer[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    const char *path = path_of(value, buffer, sizeof buffer);
    return momui_fail(error, MOMU_ERROR_FORMAT, "%s: %s%s%s", value->owner->what, path,
                      *path ? ": " : "", sentence);
}

void momui_json_write_string(momui_writer *writer, const char *text) {
    momui_write(writer, "\"", 1);
    for (const char *p = text; *p; p++) {
        char escape[8];
        if (*p == '"' || *p == '\\')
            snprintf(escape, sizeof escape, "\\%c", *p);
        else if ((unsigned char)*p < 0x20)
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)(unsigned char)*p);
        else
            snprintf(escape, sizeof escape, "%c", *p);
        momui_write_text(writer, escape);
    }
    momui_write(writer, "\"", 1);
}
