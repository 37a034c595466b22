/**
 * @file momu/common.h
 * What every call shares: status codes, errors, options, streams, buffers and contexts.
 *
 * Errors. A function that can fail returns a momu_status; the sentence for a person (which file,
 * where in it, what was found and what was expected) is in a momu_error. Functions without a
 * context that load or create fill in the caller's momu_error (momu_context_create(),
 * momu_model_load() and its like);
 * functions with one keep it in the context, where momu_context_get_error() copies it from into the
 * same struct. So one momu_error serves a whole program: pass it to the first kind, and call
 * momu_context_get_error() at the end, which leaves it alone where the context has nothing to
 * report. On failure every result (`*audio`, `*motion`, ...) is NULL. The library never prints,
 * exits or aborts.
 *
 * Threads. A function that takes a momu_context may run on any thread, but only one at a time for
 * each context; momu_context_cancel() is the exception. Every other function is thread-safe.
 * Models, sounds, motions, beats, takes and buffers never change once made: any number of threads
 * and contexts may use one at the same time, and only destroying it must wait until none does.
 *
 * Lifetime. A sound, a motion, beats, takes or a buffer may outlive the context that made it, but
 * not that context's allocator hooks.
 *
 * Options. A struct whose first field is `struct_size` is set to zero, and its size filled in, by
 * the function of its name with `_init(&struct, sizeof struct)`. Zero in any field means its
 * default. Such structs grow at their end alone: a library reads as many bytes as the caller's
 * struct has, takes the rest for zero, and ignores what it does not know (docs/abi.md).
 *
 * Text. Every string is UTF-8. Numbers in files are read and written without regard to the locale.
 */
#ifndef MOMU_COMMON_H
#define MOMU_COMMON_H

#include <stddef.h>
#include <stdint.h>

#include <momu/version.h>

/** Stands before each function of the library. Define MOMU_STATIC where you link the static
 * library: on Windows you must. MOMU_BUILDING is for the library's own build. */
#if defined(MOMU_STATIC)
#define MOMU_API
#elif defined(_WIN32) || defined(__CYGWIN__)
#if defined(MOMU_BUILDING)
#define MOMU_API __declspec(dllexport)
#else
#define MOMU_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define MOMU_API __attribute__((visibility("default")))
#else
#define MOMU_API
#endif

/** Marks a function whose result must not be ignored: the compiler warns. */
#if defined(__cplusplus) && __cplusplus >= 201703L
#define MOMU_NODISCARD [[nodiscard]]
#elif defined(__GNUC__)
#define MOMU_NODISCARD __attribute__((warn_unused_result))
#else
#define MOMU_NODISCARD
#endif

/** Opens an enum of 32 bits: a real one in C++11 and C23, elsewhere int32_t with named constants.
 * Its values never change, and new ones are added. */
#if (defined(__cplusplus) && __cplusplus >= 201103L) ||                                            \
    (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 202311L)
#define MOMU_ENUM(name)                                                                            \
    enum name : int32_t;                                                                           \
    typedef enum name name;                                                                        \
    enum name : int32_t
#else
#define MOMU_ENUM(name)                                                                            \
    typedef int32_t name;                                                                          \
    enum
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** What a call came to. */
MOMU_ENUM(momu_status){
    MOMU_OK = 0,                /**< done */
    MOMU_ERROR_ARGUMENT = 1,    /**< a value that the caller passed is outside its range */
    MOMU_ERROR_MEMORY = 2,      /**< the allocator returned NULL, or a memory limit was reached */
    MOMU_ERROR_IO = 3,          /**< a file or stream could not be opened, read or written */
    MOMU_ERROR_FORMAT = 4,      /**< a file's content breaks its format's rules */
    MOMU_ERROR_UNSUPPORTED = 5, /**< well-formed, but this model, build or version cannot do it */
    MOMU_ERROR_LIMIT = 6,       /**< larger or longer than a documented limit */
    MOMU_ERROR_CANCELLED = 7,   /**< the progress callback or momu_context_cancel() asked to stop */
    MOMU_ERROR_NUMERIC = 8,     /**< a NaN or an infinity where only finite numbers can be */
    MOMU_ERROR_NOT_FOUND = 9,   /**< no such file, or no default model in any of its places */
    MOMU_ERROR_INTERNAL = 10    /**< a defect of the library; please report it */
};

/** A short English name of a status ("out of memory"). Never NULL. */
MOMU_API const char *momu_status_name(momu_status status);

/** A status with its sentence. Owned by the caller, set to zero before its first use, written only
 * when a call fails. Its size never changes. */
typedef struct momu_error {
    momu_status status; /**< of the call that failed */
    int32_t reserved;   /**< 0 */
    char message[504];  /**< UTF-8, always terminated, possibly shortened */
} momu_error;

/** Yes, no, or the default of the field that it stands in. */
MOMU_ENUM(momu_switch){MOMU_SWITCH_DEFAULT = 0, MOMU_SWITCH_ON = 1, MOMU_SWITCH_OFF = 2};

/** Memory hooks. They must be thread-safe when a context has more than one thread, and must outlive
 * every object made with them. cJSON, libsndfile, libsoxr and FFTW keep their own allocators. */
typedef struct momu_allocator {
    /** Blocks are aligned as malloc aligns them. Does all three: `pointer` NULL allocates, `new_size` 0 frees, else it reallocates. Returns
     * NULL on failure; the old block then stays valid. */
    void *(*resize)(void *user, void *pointer, size_t old_size, size_t new_size);
    void *user; /**< passed to `resize` */
} momu_allocator;

/** A source of bytes that the caller implements: an archive, an asset, a connection. */
typedef struct momu_stream {
    /** Puts at most `size` bytes into `buffer`. Returns how many, which may be fewer; 0 at
     * the end, SIZE_MAX on failure. */
    size_t (*read)(void *user, void *buffer, size_t size);
    uint64_t (*size)(void *user); /**< bytes in all, or UINT64_MAX when unknown. NULL: unknown */
    void (*close)(void *user); /**< called once, after success and failure. NULL: nothing to do */
    void *user;                /**< passed to all three */
} momu_stream;

/** Bytes that a momu_..._write_memory() function made: a whole file. */
typedef struct momu_buffer {
    const void *data; /**< (size) bytes, aligned for any type */
    size_t size;      /**< how many */
} momu_buffer;

/** Releases a buffer. NULL is allowed. */
MOMU_API void momu_buffer_destroy(momu_buffer *buffer);

/* What a progress callback returns: odd values, so that a stray 0 or 1 is recognised as a mistake.
 */
#define MOMU_CONTINUE 0x100 /**< go on */
#define MOMU_CANCEL 0x200   /**< stop: the call returns MOMU_ERROR_CANCELLED */

/** Called between steps, on the thread that called the library. `stage` is a static English noun
 * ("encoding", "sampling", "decoding"); `done` of `total` steps of it are behind. Returns
 * MOMU_CONTINUE or MOMU_CANCEL; anything else makes the call fail with MOMU_ERROR_ARGUMENT. It must
 * not use the context, save for momu_context_cancel(). */
typedef int32_t (*momu_progress_callback)(void *user, const char *stage, uint64_t done,
                                          uint64_t total);

/** A context: scratch memory, a thread pool and the last error. Any number of contexts may share a
 * model. */
typedef struct momu_context momu_context;

/** What a context is made with. */
typedef struct momu_context_options {
    size_t struct_size;    /**< set by momu_context_options_init() */
    int32_t threads;       /**< that work, the caller's included; 1..256. 0: 1, none is started */
    int32_t reserved;      /**< 0 */
    uint64_t memory_limit; /**< bytes the context may hold. 0: no limit */
    const momu_allocator *allocator; /**< copied. NULL: malloc */
} momu_context_options;

/** Sets all fields to zero but struct_size. `size` is sizeof(momu_context_options). */
MOMU_API void momu_context_options_init(momu_context_options *options, size_t size);

/** Makes a context; release it with momu_context_destroy(). `options` and `error` may be NULL.
 * Errors: ARGUMENT, MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_context_create(const momu_context_options *options,
                                                        momu_context **context, momu_error *error);

/** Ends the context's threads and frees its memory. NULL is allowed. Must not run while a call uses
 * it. */
MOMU_API void momu_context_destroy(momu_context *context);

/** Copies the status and the sentence of the last call on this context into `error` when that call
 * failed, and leaves `error` alone when it did not, or when either is NULL. Returns the last call's
 * status; MOMU_ERROR_ARGUMENT where `context` is NULL. */
MOMU_API momu_status momu_context_get_error(const momu_context *context, momu_error *error);

/** The sentence alone: of the last call on this context when that call failed, else ""; where
 * `context` is NULL, that no context was given. Never NULL; valid until the next call on this context. */
MOMU_API const char *momu_context_get_message(const momu_context *context);

/** Asks a context to stop: the call that runs, or, if none does, the next one. That call returns
 * MOMU_ERROR_CANCELLED soon and makes nothing. One request stops one call at most: a call that ends
 * before it notices the request still takes it. Every function that reads, makes, writes, tracks or
 * generates with a context can return MOMU_ERROR_CANCELLED; their lists of errors leave it out. May
 * be called from any thread and from signal handlers. NULL is allowed. */
MOMU_API void momu_context_cancel(momu_context *context);

/** The linked library's version as text, "0.1.0". */
MOMU_API const char *momu_version(void);

/** The linked library's version as a number: compare with MOMU_MAKE_VERSION(). */
MOMU_API int32_t momu_version_number(void);

/** The linked library's MOMU_API_VERSION. */
MOMU_API int32_t momu_api_version(void);

/** What this build can do, by name: "fft" ("fftw3", "kissfft"), "kernels" ("avx512", "avx2",
 * "portable": what this processor runs), "threads", "train" ("yes", "no"). NULL for an unknown
 * name. Static strings. */
MOMU_API const char *momu_capability(const char *name);

#ifdef __cplusplus
}
#endif
#endif
