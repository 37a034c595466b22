/* momu/experimental.h - functions outside the ABI promise: they may change or go in any version. */
#ifndef MOMU_EXPERIMENTAL_H
#define MOMU_EXPERIMENTAL_H

#include <momu/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a model file of fresh, untrained weights: what training starts from, and what tests run
 * on. `preset` is "paper", "base", "small" or "tiny". The file appears whole or not at all. `error`
 * may be NULL. Errors: ARGUMENT (an unknown preset), IO, MEMORY. Thread-safe. */
MOMU_API momu_status momu_model_create(const char *preset, uint64_t seed, const char *path,
                                       momu_error *error);

#ifdef __cplusplus
}
#endif
#endif
