/* PNG (ISO/IEC 15948): a signature, and chunks of length, name, data and CRC. Rows carry filter 1
 * (differences to the pixel on the left), which suits drawings. */
#include "tools/draw/png.h"

#include "base/numbers.h"

#include <string.h>
#include <zlib.h>

static void big_endian(momui_writer *out, uint32_t value) {
    const uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                              (uint8_t)value};
    momui_write(out, bytes, 4);
}

static void chunk(momui_writer *out, const char *name, const void *data, size_t size) {
    uLong crc = crc32(crc32(0, NULL, 0), (const Bytef *)name, 4);
    if (size > 0)
        crc = crc32(crc, data, (uInt)size);
    big_endian(out, (uint32_t)size);
    momui_write(out, name, 4);
    momui_write(out, data, size);
    big_endian(out, (uint32_t)crc);
}

static void filter_rows(const uint8_t *rgb, size_t row, int32_t height, uint8_t *out) {
    for (int32_t y = 0; y < height; y++, rgb += row) {
        *out++ = 1;
        for (size_t x = 0; x < row; x++)
            *out++ = (uint8_t)(rgb[x] - (x < 3 ? 0 : rgb[x - 3]));
    }
}

static void write_all(momui_writer *out, const uint8_t *packed, size_t size, int32_t width,
                      int32_t height) {
    static const uint8_t SIGNATURE[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    uint8_t header[13] = {0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0};
    for (int i = 0; i < 4; i++) {
        header[i] = (uint8_t)((uint32_t)width >> (24 - 8 * i));
        header[4 + i] = (uint8_t)((uint32_t)height >> (24 - 8 * i));
    }
    momui_write(out, SIGNATURE, sizeof SIGNATURE);
    chunk(out, "IHDR", header, sizeof header);
    chunk(out, "IDAT", packed, size);
    chunk(out, "IEND", "", 0);
}

momu_status momui_png_make(momui_memory *memory, const uint8_t *rgb, int32_t width, int32_t height,
                           momui_writer *out, momu_error *error) {
    size_t row = 0, plain = 0;
    if (width < 1 || height < 1 || !momui_multiply((size_t)width, 3, &row) ||
        !momui_multiply(row + 1, (size_t)height, &plain) || plain > (size_t)1 << 30)
        return momui_fail(error, MOMU_ERROR_LIMIT, "a picture of %d x %d cannot be written", width,
                          height);
    uLongf size = compressBound((uLong)plain);
    uint8_t *rows = momui_alloc(memory, plain, 1), *packed = momui_alloc(memory, size, 1);
    momu_status status = rows && packed ? MOMU_OK : momui_fail_memory(error, "a picture");
    if (status == MOMU_OK) {
        filter_rows(rgb, row, height, rows);
        if (compress2(packed, &size, rows, (uLong)plain, 6) != Z_OK)
            status = momui_fail(error, MOMU_ERROR_INTERNAL, "zlib could not pack the picture");
    }
    if (status == MOMU_OK)
        write_all(out, packed, size, width, height);
    if (out->failed)
        status = momui_fail_memory(error, "a picture");
    momui_free(rows);
    momui_free(packed);
    return status;
}

momu_status momui_png_write(momui_memory *memory, const char *path, const uint8_t *rgb,
                            int32_t width, int32_t height, momu_error *error) {
    momui_writer out;
    momui_writer_init(&out, memory);
    momu_status status = momui_png_make(memory, rgb, width, height, &out, error);
    if (status == MOMU_OK)
        status = momui_write_file(path, out.data, out.size, error);
    momui_writer_release(&out);
    return status;
}
