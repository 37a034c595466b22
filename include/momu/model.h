/* momu/model.h - models: one file holds both autoencoders, both transformers, the vocoder and their
 * statistics.
 *
 * A model never changes once loaded. Any number of contexts, on any threads, may use one at the
 * same time.
 */
#ifndef MOMU_MODEL_H
#define MOMU_MODEL_H

#include <momu/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A model. */
typedef struct momu_model momu_model;

/* How a model is loaded. */
typedef struct momu_model_options {
    size_t struct_size;              /* set by momu_model_options_init() */
    const momu_allocator *allocator; /* NULL means malloc. Must outlive the model */
    uint64_t memory_limit;           /* bytes the model may hold; 0 means no limit */
} momu_model_options;

/* Fills in the defaults. `size` is sizeof(momu_model_options) as the caller's compiler knows it.
 * Thread-safe. */
MOMU_API void momu_model_options_init(momu_model_options *options, size_t size);

/* Loads a *.safetensors model file (format: docs/model-format.md). Everything in it is checked
 * before use. `path` NULL means the default model: the file that the environment variable
 * MOMU_MODEL names, else momu/default.safetensors beside the library (or beside the program that it
 * is linked into), else the one in the data directory that the library was built for. `options` and
 * `error` may be NULL. Errors: NOT_FOUND, IO, FORMAT (names the tensor or the key), UNSUPPORTED (a
 * newer format), LIMIT, NUMERIC, MEMORY. On failure *model is NULL. Release with
 * momu_model_release(). Thread-safe. */
MOMU_API momu_status momu_model_load(const char *path, const momu_model_options *options,
                                     momu_model **model, momu_error *error);

/* The same from a file's bytes in memory. The bytes may be freed afterwards. Thread-safe. */
MOMU_API momu_status momu_model_load_memory(const void *data, size_t size,
                                            const momu_model_options *options, momu_model **model,
                                            momu_error *error);

/* The same from a stream, which is read to its end and then closed, on failure too. Thread-safe. */
MOMU_API momu_status momu_model_load_stream(const momu_stream *stream,
                                            const momu_model_options *options, momu_model **model,
                                            momu_error *error);

/* One more owner. Returns `model`. Thread-safe. NULL is allowed. */
MOMU_API momu_model *momu_model_retain(momu_model *model);

/* One owner fewer; the last one frees it. Thread-safe. NULL is allowed. */
MOMU_API void momu_model_release(momu_model *model);

/* What a model can be asked for beside its input (momu_generate_options). Bits of controls_trained.
 */
#define MOMU_CONTROL_GENRE (1u << 0)
#define MOMU_CONTROL_TEMPO (1u << 1)
#define MOMU_CONTROL_ENERGY (1u << 2)
#define MOMU_CONTROL_BEATS (1u << 3)
#define MOMU_CONTROL_INPAINTING (1u << 4) /* known spans of sound or motion */

/* Facts about a model. Strings belong to the model. */
typedef struct momu_model_info {
    size_t struct_size;        /* in: sizeof(momu_model_info) as the caller's compiler knows it */
    const char *preset;        /* "paper", "base", "small", "tiny" */
    const char *license;       /* of the weights */
    const char *training_data; /* where the weights come from, and under which licences */
    const char *trained_by;    /* the version and the commit of the trainer */
    const char *layout;        /* "body3d", "positions2d", "directions2d" */
    const char *vocoder;       /* "griffin-lim", "vocos"; "none" where music is samples */
    double sample_rate;        /* of the sound it makes, Hz */
    double frame_rate;         /* of the motion features it sees, Hz */
    double latent_rate;        /* latent frames a second */
    double window_seconds;     /* longer generations run in overlapping windows of this length */
    double max_seconds;        /* the longest generation */
    double guidance_music;     /* its defaults: see momu_generate_options */
    double guidance_motion;
    double joint_start;
    int32_t latent_channels;
    int32_t sampling_steps;
    uint64_t parameters;         /* how many numbers it has */
    uint64_t memory_bytes;       /* what it holds in memory now */
    uint32_t controls_trained;   /* MOMU_CONTROL_ bits */
    int32_t joints;              /* of the motion it makes */
    double guidance_start_music; /* its defaults: see momu_generate_options */
    double guidance_start_motion;
    int32_t classifies_genre; /* 1: it finds a dance's genre (momu_generate_options.genre) */
    int32_t reads_keypoints;  /* 1: it makes music for 2-D keypoints */
    int32_t tracks_beats;     /* 1: it finds those of dances and songs (find_beats, likewise) */
    int32_t reserved;         /* 0 */
} momu_model_info;

/* Fills in the first info->struct_size bytes. Errors: ARGUMENT. Thread-safe. */
MOMU_API momu_status momu_model_get_info(const momu_model *model, momu_model_info *info);

#ifdef __cplusplus
}
#endif
#endif
