#include "base/numbers.h"
#include "io/bvh/bvh.h"
#include "io/bvh/bvh_parse.h"
#include "io/utf8.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- words ---- */

void momui_bvh_begin(momui_bvh_text *text, const momui_bytes *bytes, momu_error *error) {
    *text = (momui_bvh_text){.at = (const char *)bytes->data, .name = bytes->name, .error = error};
    text->end = text->at + bytes->size;
    text->line = 1;
    if (bytes->size >= 3 && memcmp(text->at, "\xEF\xBB\xBF", 3) == 0)
        text->at += 3; /* a byte order mark */
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

bool momui_bvh_next(momui_bvh_text *text) {
    for (; text->at < text->end && is_space(*text->at); text->at++)
        text->line += *text->at == '\n';
    text->word = text->at;
    while (text->at < text->end && !is_space(*text->at)) {
        bool brace = *text->at == '{' || *text->at == '}';
        if (brace && text->at > text->word)
            break;
        text->at++;
        if (brace)
            break;
    }
    text->length = (size_t)(text->at - text->word);
    return text->length > 0;
}

bool momui_bvh_is(const momui_bvh_text *text, const char *word) {
    if (strlen(word) != text->length)
        return false;
    for (size_t i = 0; i < text->length; i++) {
        char a = text->word[i], b = word[i];
        if (a != b && !((a | 0x20) == (b | 0x20) && (a | 0x20) >= 'a' && (a | 0x20) <= 'z'))
            return false;
    }
    return true;
}

momu_status momui_bvh_fail(const momui_bvh_text *text, momu_status status, const char *format,
                           ...) {
    char sentence[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return momui_fail(text->error, status, "%s:%zu: %s", text->name, text->line, sentence);
}

/* The word for a sentence. */
static const char *shown(const momui_bvh_text *text, char out[64]) {
    if (text->length == 0)
        return "the end of the file";
    momui_utf8_name(out, text->word, text->length < 40 ? text->length : 40);
    return out;
}

momu_status momui_bvh_number(momui_bvh_text *text, const char *what, double *value) {
    char word[64];
    const char *next = NULL;
    momui_bvh_next(text);
    if (text->length == 0 ||
        !momui_parse_double(text->word, text->word + text->length, value, &next) ||
        next != text->word + text->length)
        return momui_bvh_fail(text, MOMU_ERROR_FORMAT, "%s: expected a number, found \"%s\"", what,
                              shown(text, word));
    if (!isfinite(*value))
        return momui_bvh_fail(text, MOMU_ERROR_NUMERIC, "%s: \"%s\" is not finite", what,
                              shown(text, word));
    if (fabs(*value) > 1e7)
        return momui_bvh_fail(text, MOMU_ERROR_LIMIT, "%s: \"%s\" is beyond 10000000", what,
                              shown(text, word));
    return MOMU_OK;
}

/* ---- HIERARCHY ---- */

static momu_status expect_brace(momui_bvh_text *text, const char *behind) {
    char word[64];
    if (momui_bvh_next(text) && momui_bvh_is(text, "{"))
        return MOMU_OK;
    return momui_bvh_fail(text, MOMU_ERROR_FORMAT, "expected { behind %s, found \"%s\"", behind,
                          shown(text, word));
}

/* A name is the rest of its line: some programs put blanks into it. */
static void read_name(momui_bvh_text *text, char out[64]) {
    while (text->at < text->end && (*text->at == ' ' || *text->at == '\t'))
        text->at++;
    const char *start = text->at, *last = text->at;
    for (; text->at < text->end && *text->at != '\n' && *text->at != '\r' && *text->at != '{';
         text->at++)
        if (!is_space(*text->at))
            last = text->at + 1;
    text->at = last;
    momui_utf8_name(out, start, (size_t)(last - start));
}

static momu_status add_joint(momui_bvh_text *text, momui_bvh_tree *tree, int32_t *current,
                             bool end) {
    if (tree->joints == MOMUI_MAX_JOINTS)
        return momui_bvh_fail(text, MOMU_ERROR_LIMIT, "more than %d joints", MOMUI_MAX_JOINTS);
    momui_bvh_joint *joint = &tree->joint[tree->joints];
    *joint = (momui_bvh_joint){.parent = *current, .end = end};
    if (end) {
        momui_bvh_end_name(tree->joint[*current].name, joint->name);
        momui_bvh_next(text);
        if (!momui_bvh_is(text, "Site"))
            return momui_bvh_fail(text, MOMU_ERROR_FORMAT, "expected \"End Site\"");
    } else {
        read_name(text, joint->name);
        if (joint->name[0] == '\0')
            return momui_bvh_fail(text, MOMU_ERROR_FORMAT, "a joint without a name");
    }
    MOMUI_TRY(expect_brace(text, end ? "End Site" : "the joint's name"));
    *current = tree->joints++;
    return MOMU_OK;
}

static momu_status read_channels(momui_bvh_text *text, momui_bvh_tree *tree,
                                 momui_bvh_joint *joint) {
    static const char *const NAMES[] = {"Xposition", "Yposition", "Zposition",
                                        "Xrotation", "Yrotation", "Zrotation"};
    double count = 0;
    char word[64];
    if (joint->end || joint->channels > 0)
        return momui_bvh_fail(text, MOMU_ERROR_FORMAT, "joint \"%s\": CHANNELS where none belong",
                              joint->name);
    MOMUI_TRY(momui_bvh_number(text, "the number of channels", &count));
    if (count != floor(count) || count < 0 || count > 6)
        return momui_bvh_fail(text, MOMU_ERROR_FORMAT,
                              "joint \"%s\": \"%s\" channels, expected 0 to 6", joint->name,
                              shown(text, word));
    unsigned seen = 0;
    for (int32_t i = 0; i < (int32_t)count; i++) {
        uint8_t kind = 0;
        momui_bvh_next(text);
        while (kind < 6 && !momui_bvh_is(text, NAMES[kind]))
            kind++;
        if (kind == 6)
            return momui_bvh_fail(
                text, MOMU_ERROR_FORMAT,
                "joint \"%s\": expected a channel such as Xrotation, found \"%s\"", joint->name,
                shown(text, word));
        if (seen >> kind & 1)
            return momui_bvh_fail(text, MOMU_ERROR_FORMAT, "joint \"%s\": %s appears twice",
                                  joint->name, NAMES[kind]);
        seen |= 1u << kind;
        joint->channel[i] = kind;
    }
    joint->channels = (int32_t)count;
    tree->channels += joint->channels;
    return MOMU_OK;
}

static momu_status read_inside(momui_bvh_text *text, momui_bvh_tree *tree, int32_t *current) {
    momui_bvh_joint *joint = &tree->joint[*current];
    char word[64];
    if (momui_bvh_is(text, "OFFSET")) {
        if (joint->has_offset)
            return momui_bvh_fail(text, MOMU_ERROR_FORMAT, "joint \"%s\": OFFSET appears twice",
                                  joint->name);
        joint->has_offset = true;
        for (int i = 0; i < 3; i++)
            MOMUI_TRY(momui_bvh_number(text, "OFFSET", &joint->offset[i]));
        return MOMU_OK;
    }
    if (momui_bvh_is(text, "CHANNELS"))
        return read_channels(text, tree, joint);
    if (momui_bvh_is(text, "}")) {
        if (!joint->has_offset)
            return momui_bvh_fail(text, MOMU_ERROR_FORMAT, "joint \"%s\" has no OFFSET",
                                  joint->name);
        *current = joint->parent;
        return MOMU_OK;
    }
    if (!joint->end && momui_bvh_is(text, "JOINT"))
        return add_joint(text, tree, current, false);
    if (!joint->end && momui_bvh_is(text, "End"))
        return add_joint(text, tree, current, true);
    return momui_bvh_fail(text, MOMU_ERROR_FORMAT,
                          "expected OFFSET, CHANNELS, JOINT, End Site or }, found \"%s\"",
                          shown(text, word));
}

momu_status momui_bvh_hierarchy(momui_bvh_text *text, momui_bvh_tree *tree) {
    char word[64];
    int32_t current = -1;
    if (!momui_bvh_next(text) || !momui_bvh_is(text, "HIERARCHY"))
        return momui_bvh_fail(text, MOMU_ERROR_FORMAT,
                              "no BVH file: expected HIERARCHY, found \"%s\"", shown(text, word));
    while (momui_bvh_next(text)) {
        if (current >= 0)
            MOMUI_TRY(read_inside(text, tree, &current));
        else if (momui_bvh_is(text, "MOTION") && tree->joints > 0)
            return MOMU_OK;
        else if (!momui_bvh_is(text, "ROOT"))
            return momui_bvh_fail(text, MOMU_ERROR_FORMAT, "expected %s, found \"%s\"",
                                  tree->joints ? "MOTION" : "ROOT", shown(text, word));
        else if (tree->joints > 0)
            return momui_bvh_fail(text, MOMU_ERROR_UNSUPPORTED,
                                  "a second ROOT: files of one skeleton are read");
        else
            MOMUI_TRY(add_joint(text, tree, &current, false));
    }
    return momui_bvh_fail(text, MOMU_ERROR_FORMAT, "cut short: the file ends before MOTION");
}
