/* One NumPy array: a magic, a version, a Python dictionary in text, and the elements. */
#include "io/npz/npz.h"
#include "io/safetensors/safetensors.h"
#include "io/utf8.h"

#include <math.h>
#include <string.h>

/* ---- the dictionary ---- */

typedef struct literal {
    const char *at, *end;
    const char *name;
    momu_error *error;
} literal;

static momu_status refuse(const literal *l, const char *what) {
    return momui_fail(l->error, MOMU_ERROR_FORMAT, "%s: its NPY header is malformed: %s", l->name,
                      what);
}

static bool take(literal *l, char wanted) {
    while (l->at < l->end && (*l->at == ' ' || *l->at == '\n' || *l->at == '\t'))
        l->at++;
    if (l->at >= l->end || *l->at != wanted)
        return false;
    l->at++;
    return true;
}

/* 'text' or "text", without escapes. */
static bool take_text(literal *l, char *out, size_t size) {
    char quote = '\'';
    if (!take(l, quote)) {
        quote = '"';
        if (!take(l, quote))
            return false;
    }
    size_t used = 0;
    while (l->at < l->end && *l->at != quote && used + 1 < size)
        out[used++] = *l->at++;
    out[used] = '\0';
    return take(l, quote);
}

static bool take_word(literal *l, const char *word) {
    size_t length = strlen(word);
    if (!take(l, word[0]))
        return false;
    l->at--;
    if ((size_t)(l->end - l->at) < length || memcmp(l->at, word, length) != 0)
        return false;
    l->at += length;
    return true;
}

static momu_status read_shape(literal *l, momui_npy *array) {
    if (!take(l, '('))
        return refuse(l, "\"shape\" is no tuple");
    while (!take(l, ')')) {
        if (array->rank == MOMUI_NPY_MAX_RANK)
            return refuse(l, "more than 8 dimensions");
        int64_t value = 0;
        const char *start = l->at;
        while (l->at < l->end && *l->at >= '0' && *l->at <= '9' && value < INT64_C(1) << 48)
            value = value * 10 + (*l->at++ - '0');
        if (l->at == start || value >= INT64_C(1) << 48)
            return refuse(l, "a dimension is no whole number within limits");
        array->shape[array->rank++] = value;
        if (!take(l, ',') && (l->at >= l->end || *l->at != ')'))
            return refuse(l, "\"shape\" is no tuple of numbers");
        while (l->at < l->end && *l->at == ' ')
            l->at++;
    }
    return MOMU_OK;
}

static momu_status read_type(literal *l, momui_npy *array) {
    char descr[32];
    if (!take_text(l, descr, sizeof descr))
        return momui_fail(l->error, MOMU_ERROR_UNSUPPORTED,
                          "%s: a structured array, expected plain numbers or texts", l->name);
    const char *p = descr;
    if (strchr("<>|=", *p) && *p)
        array->big_endian = *p++ == '>';
    char kind = *p ? *p++ : '\0';
    size_t width = 0;
    for (; *p >= '0' && *p <= '9' && width < 100000; p++)
        width = width * 10 + (size_t)(*p - '0');
    bool number =
        (kind == 'f' && (width == 2 || width == 4 || width == 8)) ||
        ((kind == 'i' || kind == 'u') && (width == 1 || width == 2 || width == 4 || width == 8)) ||
        (kind == 'b' && width == 1);
    bool text = (kind == 'S' || kind == 'U') && width > 0 && width <= 65536;
    if (*p || (!number && !text))
        return momui_fail(l->error, MOMU_ERROR_UNSUPPORTED,
                          "%s: dtype \"%.20s\"%s, expected float, int, bool or fixed-width text",
                          l->name, descr,
                          kind == 'O' ? " (Python objects, stored with pickle, are not read)" : "");
    array->kind = (momui_npy_kind)kind;
    array->width = kind == 'U' ? width * 4 : width;
    return MOMU_OK;
}

static momu_status read_dictionary(literal *l, momui_npy *array) {
    char key[32];
    unsigned seen = 0;
    if (!take(l, '{'))
        return refuse(l, "no dictionary");
    while (!take(l, '}')) {
        if (!take_text(l, key, sizeof key) || !take(l, ':'))
            return refuse(l, "no \"key\": value");
        unsigned bit = strcmp(key, "descr") == 0           ? 1u
                       : strcmp(key, "fortran_order") == 0 ? 2u
                       : strcmp(key, "shape") == 0         ? 4u
                                                           : 0u;
        if (bit == 0 || seen & bit)
            return refuse(l, "an unknown or repeated key");
        seen |= bit;
        if (bit == 1) {
            MOMUI_TRY(read_type(l, array));
        } else if (bit == 4) {
            MOMUI_TRY(read_shape(l, array));
        } else {
            array->fortran = take_word(l, "True");
            if (!array->fortran && !take_word(l, "False"))
                return refuse(l, "\"fortran_order\" is neither True nor False");
        }
        take(l, ',');
    }
    return seen == 7 ? MOMU_OK : refuse(l, "descr, fortran_order or shape is missing");
}

static momu_status check_size(const momui_npy *array, size_t left, momu_error *error) {
    size_t bytes = 1;
    for (int32_t i = 0; i < array->rank; i++)
        if (!momui_multiply(bytes, (size_t)array->shape[i], &bytes))
            return momui_fail(error, MOMU_ERROR_LIMIT, "%s: its shape overflows", array->name);
    if (!momui_multiply(bytes, array->width, &bytes) || bytes != left)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: its shape and dtype need %zu bytes, %zu are there", array->name,
                          bytes, left);
    return MOMU_OK;
}

momu_status momui_npy_parse(const unsigned char *data, size_t size, const char *name,
                            momui_npy *array, momu_error *error) {
    *array = (momui_npy){.name = name};
    if (size < 12 || memcmp(data, "\x93NUMPY", 6) != 0)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: no NPY array: it does not begin with \\x93NUMPY", name);
    if (data[6] < 1 || data[6] > 3)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED, "%s: NPY version %d, expected 1 to 3",
                          name, data[6]);
    size_t start = data[6] == 1 ? 10 : 12;
    size_t length = (size_t)data[8] | (size_t)data[9] << 8;
    if (data[6] > 1)
        length |= (size_t)data[10] << 16 | (size_t)data[11] << 24;
    if (length > size - start)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: its NPY header claims %zu bytes, %zu are there", name, length,
                          size - start);
    literal l = {(const char *)data + start, (const char *)data + start + length, name, error};
    MOMUI_TRY(read_dictionary(&l, array));
    array->data = data + start + length;
    MOMUI_TRY(check_size(array, size - start - length, error));
    array->elements = (size - start - length) / array->width;
    return MOMU_OK;
}

/* ---- elements ---- */

/* The bytes of element `index` of C order. */
static const unsigned char *element(const momui_npy *array, size_t index) {
    if (!array->fortran)
        return array->data + index * array->width;
    size_t place = 0, step = 1, parts[MOMUI_NPY_MAX_RANK] = {0};
    for (int32_t i = array->rank; i-- > 0;) {
        parts[i] = index % (size_t)array->shape[i];
        index /= (size_t)array->shape[i];
    }
    for (int32_t i = 0; i < array->rank; i++) {
        place += parts[i] * step;
        step *= (size_t)array->shape[i];
    }
    return array->data + place * array->width;
}

static uint64_t load(const unsigned char *p, size_t width, bool big_endian) {
    uint64_t value = 0;
    for (size_t i = 0; i < width; i++)
        value |= (uint64_t)p[i] << 8 * (big_endian ? width - 1 - i : i);
    return value;
}

double momui_npy_number(const momui_npy *array, size_t index) {
    const unsigned char *p = element(array, index);
    uint64_t bits = load(p, array->width, array->big_endian);
    if (array->kind == MOMUI_NPY_FLOAT && array->width == 8) {
        double value;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    if (array->kind == MOMUI_NPY_FLOAT && array->width == 4) {
        uint32_t narrow = (uint32_t)bits;
        float value;
        memcpy(&value, &narrow, sizeof value);
        return value;
    }
    if (array->kind == MOMUI_NPY_FLOAT)
        return momui_f32_from_f16((uint16_t)bits);
    if (array->kind == MOMUI_NPY_INT) {
        uint64_t sign = UINT64_C(1) << (8 * array->width - 1);
        return bits & sign ? -(double)((~bits & (sign - 1)) + 1) : (double)bits;
    }
    return (double)bits;
}

momu_status momui_npy_floats(const momui_npy *array, bool allow_nan, float *out,
                             momu_error *error) {
    if (array->kind == MOMUI_NPY_BYTES || array->kind == MOMUI_NPY_UNICODE)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: an array of texts, expected numbers",
                          array->name);
    for (size_t i = 0; i < array->elements; i++) {
        double value = momui_npy_number(array, i);
        if (!(fabs(value) <= 1e9) && !(allow_nan && isnan(value)))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "%s: element %zu is %s, expected a finite number%s", array->name, i,
                              isnan(value)   ? "NaN"
                              : isinf(value) ? "infinite"
                                             : "huge",
                              isfinite(value) ? " within 1e9" : "");
        out[i] = (float)value;
    }
    return MOMU_OK;
}

void momui_npy_text(const momui_npy *array, size_t index, char out[64]) {
    const unsigned char *p = element(array, index);
    char text[256];
    size_t used = 0;
    if (array->kind == MOMUI_NPY_BYTES) {
        while (used < array->width && used < sizeof text && p[used])
            text[used] = (char)p[used], used++;
    } else {
        for (size_t i = 0; i + 4 <= array->width && used + 4 <= sizeof text; i += 4) {
            uint32_t code = (uint32_t)load(p + i, 4, array->big_endian);
            if (code == 0)
                break;
            size_t step = momui_utf8_encode(code, text + used);
            if (step == 0)
                text[used] = '?', step = 1;
            used += step;
        }
    }
    momui_utf8_name(out, text, used);
}
