#include "base/stream.h"
#include "base/numbers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static momu_status read_all(momui_memory *memory, int file, size_t size, momui_bytes *bytes,
                            momu_error *error) {
    unsigned char *data = momui_alloc(memory, size, 1);
    if (!data)
        return momui_fail(error, MOMU_ERROR_MEMORY, "%s: out of memory for %zu bytes", bytes->name,
                          size);
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(file, data + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            momui_free(data);
            return momui_fail(error, MOMU_ERROR_IO, "%s: %s at byte %zu of %zu", bytes->name,
                              got < 0 ? strerror(errno) : "the file ended early", done, size);
        }
        done += (size_t)got;
    }
    bytes->data = bytes->owned = data;
    bytes->size = size;
    return MOMU_OK;
}

static momu_status open_checked(const char *path, uint64_t limit, int *file, size_t *size,
                                momu_error *error) {
    *file = open(path, O_RDONLY | O_CLOEXEC);
    if (*file < 0)
        return momui_fail(error, errno == ENOENT ? MOMU_ERROR_NOT_FOUND : MOMU_ERROR_IO, "%s: %s",
                          path, strerror(errno));
    struct stat info;
    momu_status status = MOMU_OK;
    if (fstat(*file, &info) != 0)
        status = momui_fail(error, MOMU_ERROR_IO, "%s: %s", path, strerror(errno));
    else if (!S_ISREG(info.st_mode))
        status = momui_fail(error, MOMU_ERROR_IO, "%s: not a regular file", path);
    else if (info.st_size == 0)
        status = momui_fail(error, MOMU_ERROR_FORMAT, "%s: the file is empty", path);
    else if ((uint64_t)info.st_size > limit)
        status = momui_fail(error, MOMU_ERROR_LIMIT, "%s: %lld bytes, at most %llu are read", path,
                            (long long)info.st_size, (unsigned long long)limit);
    if (status != MOMU_OK) {
        close(*file);
        return status;
    }
    *size = (size_t)info.st_size;
    return MOMU_OK;
}

momu_status momui_bytes_from_path(momui_memory *memory, const char *path, bool map, uint64_t limit,
                                  momui_bytes *bytes, momu_error *error) {
    *bytes = (momui_bytes){.name = path};
    int file = -1;
    size_t size = 0;
    MOMUI_TRY(open_checked(path, limit, &file, &size, error));
    momu_status status = MOMU_OK;
    void *mapped = map ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
    if (mapped != MAP_FAILED) {
        bytes->data = bytes->mapped = mapped;
        bytes->size = size;
    } else {
        status = read_all(memory, file, size, bytes, error);
    }
    close(file);
    return status;
}

momu_status momui_bytes_from_stream(momui_memory *memory, const momu_stream *stream, uint64_t limit,
                                    momui_bytes *bytes, momu_error *error) {
    *bytes = (momui_bytes){.name = "<stream>"};
    size_t capacity = 1 << 16, size = 0;
    unsigned char *data = momui_alloc(memory, capacity, 1);
    momu_status status = MOMU_OK;
    while (data && status == MOMU_OK) {
        size_t got = stream->read(stream->user, data + size, capacity - size);
        status = momui_check_cancelled(memory, error);
        if (got == 0 || status != MOMU_OK)
            break;
        if (got > capacity - size) {
            status = momui_fail(error, MOMU_ERROR_IO, "<stream>: read failed at byte %zu", size);
        } else if ((size += got) > limit) {
            status = momui_fail(error, MOMU_ERROR_LIMIT, "<stream>: more than %llu bytes",
                                (unsigned long long)limit);
        } else if (size == capacity) {
            unsigned char *grown = momui_realloc(memory, data, capacity *= 2, 1);
            if (!grown)
                status = momui_fail_memory(error, "the stream's bytes");
            else
                data = grown;
        }
    }
    if (!data)
        return momui_fail_memory(error, "the stream's bytes");
    if (status == MOMU_OK && size == 0)
        status = momui_fail(error, MOMU_ERROR_FORMAT, "<stream>: empty");
    if (status != MOMU_OK) {
        momui_free(data);
        return status;
    }
    bytes->data = bytes->owned = data;
    bytes->size = size;
    return MOMU_OK;
}

void momui_bytes_from_memory(const void *data, size_t size, momui_bytes *bytes) {
    *bytes = (momui_bytes){.data = data, .size = size, .name = "<memory>"};
}

void momui_bytes_release(momui_bytes *bytes) {
    momui_free(bytes->owned);
    if (bytes->mapped)
        munmap(bytes->mapped, bytes->size);
    *bytes = (momui_bytes){.name = bytes->name};
}

/* ---- output ---- */

void momui_writer_init(momui_writer *writer, momui_memory *memory) {
    *writer = (momui_writer){.memory = memory};
}

void momui_write(momui_writer *writer, const void *data, size_t size) {
    size_t need = 0;
    if (writer->failed || size == 0)
        return;
    if (!momui_add(writer->size, size, &need)) {
        writer->failed = true;
        return;
    }
    if (need > writer->capacity) {
        size_t capacity = writer->capacity ? writer->capacity * 2 : 4096;
        if (capacity < need)
            capacity = need;
        unsigned char *grown = momui_realloc(writer->memory, writer->data, capacity, 1);
        if (!grown) {
            writer->failed = true;
            return;
        }
        writer->data = grown;
        writer->capacity = capacity;
    }
    memcpy(writer->data + writer->size, data, size);
    writer->size = need;
}

void momui_write_text(momui_writer *writer, const char *text) {
    momui_write(writer, text, strlen(text));
}

void momui_write_fixed(momui_writer *writer, double value, int decimals) {
    char digits[64];
    momui_write(writer, digits, momui_format_fixed(digits, value, decimals));
}

void momui_writer_release(momui_writer *writer) {
    momui_free(writer->data);
    *writer = (momui_writer){.memory = writer->memory};
}

char *momui_temporary_path(momui_memory *memory, const char *path) {
    size_t length = strlen(path) + 40;
    char *name = momui_alloc(memory, length, 1);
    if (name)
        snprintf(name, length, "%s.part-%ld", path, (long)getpid());
    return name;
}

momu_status momui_commit_temporary(const char *temporary, const char *path, momu_error *error) {
    int file = open(temporary, O_RDONLY | O_CLOEXEC);
    bool synced = file >= 0 && (fsync(file) == 0 || errno == EINVAL);
    int reason = errno;
    if (file >= 0)
        close(file);
    if (synced && rename(temporary, path) == 0)
        return MOMU_OK;
    if (synced)
        reason = errno;
    unlink(temporary);
    return momui_fail(error, MOMU_ERROR_IO, "%s: could not be written: %s", path, strerror(reason));
}

void momui_discard_temporary(const char *temporary) {
    unlink(temporary);
}

static bool write_all(int file, const unsigned char *data, size_t size) {
    while (size > 0) {
        ssize_t put = write(file, data, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        data += put;
        size -= (size_t)put;
    }
    return true;
}

momu_status momui_write_file(const char *path, const void *data, size_t size, momu_error *error) {
    char *temporary = momui_temporary_path(NULL, path);
    if (!temporary)
        return momui_fail_memory(error, "a file name");
    momu_status status = MOMU_OK;
    int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool written = file >= 0 && write_all(file, data, size);
    int reason = errno;
    if (file >= 0 && close(file) != 0 && written) {
        written = false;
        reason = errno;
    }
    if (written) {
        status = momui_commit_temporary(temporary, path, error);
    } else {
        if (file >= 0)
            unlink(temporary);
        status = momui_fail(error, MOMU_ERROR_IO, "%s: could not be written: %s", path,
                            strerror(reason));
    }
    momui_free(temporary);
    return status;
}
