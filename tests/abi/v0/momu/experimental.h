/**
 * @file momu/experimental.h
 * Functions outside the ABI promise: they may change or go in any version.
 */
#ifndef MOMU_EXPERIMENTAL_H
#define MOMU_EXPERIMENTAL_H

#include <momu/audio.h>
#include <momu/common.h>
#include <momu/model.h>
#include <momu/motion.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Writes a model file of random, untrained weights: what training starts from, and what tests run
 * on. `preset` is "paper", "base", "small" or "tiny". The file appears whole or not at all. `error`
 * may be NULL. Errors: ARGUMENT (an unknown preset), IO, MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_model_create(const char *preset, uint64_t seed,
                                                      const char *path, momu_error *error);

/** Where a file of the library's own data is (the evaluation networks, for one): it looks for
 * momu/NAME where momu_model_load() looks for the default model. Writes a terminated path into
 * `path`, which has room for `size` bytes. `error` may be NULL. Errors: ARGUMENT, NOT_FOUND, LIMIT
 * (too little room), MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_data_path(const char *name, char *path, size_t size,
                                                   momu_error *error);

/** Encodes a sound and decodes it again, by the model's autoencoder and vocoder: the best that the
 * model could generate. Lengths, rates and errors as momu_motion_to_music() has them by default.
 * Release with momu_audio_destroy(). */
MOMU_NODISCARD MOMU_API momu_status momu_audio_reconstruct(momu_context *context,
                                                           const momu_model *model,
                                                           const momu_audio *audio,
                                                           momu_audio **reconstructed);

/** The same for a motion, as momu_music_to_motion() has them by default. Release with
 * momu_motion_destroy(). */
MOMU_NODISCARD MOMU_API momu_status momu_motion_reconstruct(momu_context *context,
                                                            const momu_model *model,
                                                            const momu_motion *motion,
                                                            momu_motion **reconstructed);

#ifdef __cplusplus
}
#endif
#endif
