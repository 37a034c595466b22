/* momu/experimental.h - functions outside the ABI promise: they may change or go in any version. */
#ifndef MOMU_EXPERIMENTAL_H
#define MOMU_EXPERIMENTAL_H

#include <momu/audio.h>
#include <momu/common.h>
#include <momu/model.h>
#include <momu/motion.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a model file of fresh, untrained weights: what training starts from, and what tests run
 * on. `preset` is "paper", "base", "small" or "tiny". The file appears whole or not at all. `error`
 * may be NULL. Errors: ARGUMENT (an unknown preset), IO, MEMORY. Thread-safe. */
MOMU_API momu_status momu_model_create(const char *preset, uint64_t seed, const char *path,
                                       momu_error *error);

/* Where a file of the library's own data is (the evaluation networks, for one): momu/NAME beside
 * the library, or in the data directory that it was built for. Writes a terminated path into
 * `path`, which has room for `size` bytes. `error` may be NULL. Errors: ARGUMENT, NOT_FOUND, LIMIT
 * (too little room), MEMORY. Thread-safe. */
MOMU_API momu_status momu_data_path(const char *name, char *path, size_t size, momu_error *error);

/* What a model's autoencoder and vocoder keep of a sound, and its autoencoder of a dance: the best
 * that the model could generate. Lengths, rates and errors as momu_music_to_motion() and
 * momu_motion_to_music() have them by default. On failure the result is NULL. */
MOMU_API momu_status momu_audio_reconstruct(momu_context *context, const momu_model *model,
                                            const momu_audio *audio, momu_audio **made);
MOMU_API momu_status momu_motion_reconstruct(momu_context *context, const momu_model *model,
                                             const momu_motion *motion, momu_motion **made);

#ifdef __cplusplus
}
#endif
#endif
