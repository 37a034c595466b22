/**
 * @file momu/model.h
 * Models: one file holds both autoencoders, both transformers, the vocoder, what analyses the input
 * (beat trackers, a genre classifier, an encoder of keypoints), and their statistics.
 *
 * Threads and errors: see common.h. A model has owners instead of a context: the last one to
 * release it frees it.
 */
#ifndef MOMU_MODEL_H
#define MOMU_MODEL_H

#include <momu/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A model. */
typedef struct momu_model momu_model;

/** How a model is loaded. */
typedef struct momu_model_options {
    size_t struct_size;              /**< set by momu_model_options_init() */
    const momu_allocator *allocator; /**< copied. NULL: malloc */
    uint64_t memory_limit;           /**< bytes the model may hold. 0: no limit */
} momu_model_options;

/** Sets all fields to zero but struct_size. `size` is sizeof(momu_model_options). */
MOMU_API void momu_model_options_init(momu_model_options *options, size_t size);

/** Loads a *.safetensors model file (docs/model-format.md). Everything in it is checked before use.
 *
 * `path` NULL means the default model: the file that the environment variable MOMU_MODEL names, or
 * else the first default.safetensors in: momu/ beside the library or the program; ../share/momu and
 * ../../share/momu from their folders; models/ of the checkout that a build folder lies in;
 * the data directory that the library was built for.
 *
 * Release with momu_model_release(). `options` and `error` may be NULL. Errors: NOT_FOUND, IO,
 * FORMAT (names the tensor or the key), UNSUPPORTED (a newer format), LIMIT, NUMERIC, MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_model_load(const char *path,
                                                    const momu_model_options *options,
                                                    momu_model **model, momu_error *error);

/** The same from a file's bytes in memory, which may be freed afterwards. */
MOMU_NODISCARD MOMU_API momu_status momu_model_load_memory(const void *data, size_t size,
                                                           const momu_model_options *options,
                                                           momu_model **model, momu_error *error);

/** The same from a stream, which is read to its end and then closed, on failure too. */
MOMU_NODISCARD MOMU_API momu_status momu_model_load_stream(const momu_stream *stream,
                                                           const momu_model_options *options,
                                                           momu_model **model, momu_error *error);

/** Adds an owner. Returns `model`. NULL is allowed. */
MOMU_API momu_model *momu_model_retain(momu_model *model);

/** Removes an owner; the last one frees the model. NULL is allowed. */
MOMU_API void momu_model_release(momu_model *model);

/* What a model was trained to be conditioned on beside its input, as bits of
 * momu_model_info.controls_trained; the fields are those of momu_generate_options. */
#define MOMU_CONTROL_GENRE (1u << 0)      /**< genre */
#define MOMU_CONTROL_TEMPO (1u << 1)      /**< tempo */
#define MOMU_CONTROL_ENERGY (1u << 2)     /**< energy */
#define MOMU_CONTROL_BEATS (1u << 3)      /**< beats, beats_per_bar and downbeat */
#define MOMU_CONTROL_INPAINTING (1u << 4) /**< inpainting of sound or motion */

/** What a model is and can do. Strings belong to the model. */
typedef struct momu_model_info {
    size_t struct_size; /**< set by momu_model_info_init() */

    /* Where it comes from. */
    const char *preset;  /**< "paper", "base", "small", "tiny", or one of the last three with an
                                * ablation behind: "-unet", "-directions2d", "-wave", "-mfcc", "-floor" */
    const char *license; /**< of the weights */
    const char *training_data; /**< what it was trained on, under which licences */
    const char *trained_by;    /**< the version and the commit of the trainer */
    uint64_t parameters;       /**< how many numbers it has */
    uint64_t memory_bytes;     /**< what it holds in memory now */

    /* What it works on. */
    const char *layout;      /**< of motion: "body3d", "positions2d", "directions2d" */
    const char *vocoder;     /**< "griffin-lim", "vocos", "hifi-gan", "bigvgan"; "none" where its
                              * music autoencoder decodes to samples */
    double sample_rate;      /**< of the sound it makes, Hz */
    double frame_rate;       /**< of its mel and motion frames, Hz */
    double latent_rate;      /**< latent frames a second */
    double window_seconds;   /**< longer generations run in overlapping windows of this length */
    double max_seconds;      /**< the longest generation */
    int32_t latent_channels; /**< numbers in a latent frame */
    int32_t joints;          /**< of the motion it makes */

    /* What it can do. */
    uint32_t controls_trained; /**< MOMU_CONTROL_ bits */
    int32_t tracks_beats;      /**< 1: it tracks the beats of its input (track_beats) */
    int32_t classifies_genre;  /**< 1: it classifies a dance's genre (genre) */
    int32_t reads_keypoints;   /**< 1: it makes music for 2-D keypoints */

    /* Its defaults for momu_generate_options. */
    double guidance_music;        /**< when music is made */
    double guidance_motion;       /**< when motion is made */
    double guidance_start_music;  /**< when music is made */
    double guidance_start_motion; /**< when motion is made */
    double joint_start;           /**< joint generation alone */
    int32_t sampling_steps;       /**< steps */
    int32_t sampler;              /**< momu_sampler */
} momu_model_info;

/** Sets all fields to zero but struct_size. `size` is sizeof(momu_model_info). */
MOMU_API void momu_model_info_init(momu_model_info *info, size_t size);

/** Fills in the first info->struct_size bytes. Errors: ARGUMENT. */
MOMU_NODISCARD MOMU_API momu_status momu_model_get_info(const momu_model *model,
                                                        momu_model_info *info);

#ifdef __cplusplus
}
#endif
#endif
