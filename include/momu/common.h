/* momu/common.h - status codes, errors, allocators, streams and contexts: what every call shares.
 *
 * Errors: every function that can fail returns a momu_status. The sentence for a person (which
 * file, where in it, what was found and what was expected) comes from momu_context_error(), or from
 * the optional caller-owned momu_error of functions that take no context. The library never prints,
 * exits or aborts.
 *
 * Text: every string is UTF-8. Numbers in files are read and written without regard to the locale.
 */
#ifndef MOMU_COMMON_H
#define MOMU_COMMON_H

#include <stddef.h>
#include <stdint.h>

#include <momu/version.h>

/* What the library gives to others. */
#if defined(_WIN32)
#define MOMU_API __declspec(dllexport)
#elif defined(__GNUC__)
#define MOMU_API __attribute__((visibility("default")))
#else
#define MOMU_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What a call came to. Values never change; new ones are added at the end. */
typedef enum momu_status {
    MOMU_OK = 0,
    MOMU_ERROR_ARGUMENT = 1,    /* a value that the caller passed is outside its documented range */
    MOMU_ERROR_MEMORY = 2,      /* the allocator returned NULL, or the memory limit was reached */
    MOMU_ERROR_IO = 3,          /* a file could not be opened, read or written */
    MOMU_ERROR_FORMAT = 4,      /* a file's content breaks its format's rules */
    MOMU_ERROR_UNSUPPORTED = 5, /* well-formed, but this model, build or version cannot do it */
    MOMU_ERROR_LIMIT = 6,       /* larger or longer than a documented limit */
    MOMU_ERROR_CANCELLED = 7,   /* the progress callback or momu_context_cancel() asked to stop */
    MOMU_ERROR_NUMERIC = 8,     /* a NaN or an infinity where only finite numbers can be */
    MOMU_ERROR_NOT_FOUND = 9, /* no such file, or no default model in any of the places looked at */
    MOMU_ERROR_INTERNAL = 10  /* a defect of the library; please report it */
} momu_status;

/* A status with its sentence. Fixed size, owned by the caller; filled only when a call fails. */
typedef struct momu_error {
    int32_t status; /* momu_status */
    int32_t reserved;
    char message[504]; /* UTF-8, always terminated, possibly shortened */
} momu_error;

/* Memory hooks. One function does all: `pointer` NULL allocates, `new_size` 0 frees, else it
 * reallocates. Returns NULL on failure (the old block then stays valid). Must be thread-safe when a
 * context has more than one thread. The hooks must outlive every object made with them. cJSON,
 * libsndfile, libsoxr and FFTW keep their own allocators. */
typedef struct momu_allocator {
    void *(*resize)(void *user, void *pointer, size_t old_size, size_t new_size);
    void *user;
} momu_allocator;

/* A source of bytes. `read` returns how many bytes it gave (0 at the end, SIZE_MAX on failure);
 * `size` returns the total or UINT64_MAX when unknown. `close` may be NULL. */
typedef struct momu_stream {
    size_t (*read)(void *user, void *buffer, size_t size);
    uint64_t (*size)(void *user);
    void (*close)(void *user);
    void *user;
} momu_stream;

/* What a progress callback returns. Odd values, so that a stray 0 or 1 is recognised as a mistake.
 */
#define MOMU_CONTINUE 0x100
#define MOMU_CANCEL 0x200

/* Called on the thread that called the library, between steps. `stage` is a static English noun
 * phrase
 * ("sampling", "decoding"). Return MOMU_CONTINUE or MOMU_CANCEL; anything else is
 * MOMU_ERROR_ARGUMENT. */
typedef int32_t (*momu_progress_callback)(void *user, const char *stage, uint64_t done,
                                          uint64_t total);

/* A context: scratch memory, a thread pool and the last error. One thread at a time may use it; any
 * number of contexts may share a model. */
typedef struct momu_context momu_context;

/* What a context is made with. */
typedef struct momu_context_options {
    size_t struct_size; /* set by momu_context_options_init() */
    int32_t threads;    /* that work, the caller's included. 0 means 1: none is started. 1..256 */
    int32_t reserved;   /* 0 */
    uint64_t memory_limit;           /* bytes the context may hold; 0 means no limit */
    const momu_allocator *allocator; /* NULL means malloc */
} momu_context_options;

/* Fills in the defaults. `size` is sizeof(momu_context_options) as the caller's compiler knows it.
 */
MOMU_API void momu_context_options_init(momu_context_options *options, size_t size);

/* Makes a context. `options` may be NULL. On failure *context is NULL and `error` (may be NULL)
 * says why. Release it with momu_context_destroy(). */
MOMU_API momu_status momu_context_create(const momu_context_options *options,
                                         momu_context **context, momu_error *error);

/* Ends the context's threads and frees its memory. NULL is allowed. Must not run while a call uses
 * it. */
MOMU_API void momu_context_destroy(momu_context *context);

/* The sentence of the last failed call on this context, or "" when none failed. Valid until the
 * next call. */
MOMU_API const char *momu_context_error(const momu_context *context);

/* Asks the running call to stop; it returns MOMU_ERROR_CANCELLED soon after. Thread-safe and
 * async-signal-safe. A request made while no call runs stops the next one. */
MOMU_API void momu_context_cancel(momu_context *context);

/* A short English name of a status ("out of memory"). Never NULL. Thread-safe. */
MOMU_API const char *momu_status_name(momu_status status);

/* The linked library's version, as in version.h. Thread-safe. */
MOMU_API const char *momu_version(void);
MOMU_API int32_t momu_api_version(void);

/* What this build can do: "fft" ("fftw3", "kissfft"), "kernels" ("avx512", "avx2", "baseline": what
 * this processor will run), "threads", "train". NULL for an unknown name. Static strings.
 * Thread-safe. */
MOMU_API const char *momu_capability(const char *name);

#ifdef __cplusplus
}
#endif
#endif
