/* A small model, a dance and a song, made on the spot. */
#ifndef MOMU_TESTS_API_FIXTURE_H
#define MOMU_TESTS_API_FIXTURE_H

#include <momu/momu.h>

#include "tests/support/support.h"

/* Path of a `tiny` model (or $MOMU_TEST_PRESET) in the test's scratch folder. A new model's
 * weights are zeros where training begins (the output layer above all): here all are random, so
 * that every part of the network matters. `controls` is what it claims to be trained for.
 * fixture_remove() deletes it.
 */
const char *fixture_model(uint32_t controls);
void fixture_remove(void);

/* The same, loaded. */
momu_model *fixture_load(uint32_t controls);

momu_context *fixture_context(int32_t threads, const momu_allocator *allocator);

/* A body that bends its knees and swings its arms 120 times a minute. */
momu_motion *fixture_dance(momu_context *context, double seconds, double fps);
/* A tone with a click 120 times a minute; two channels. */
momu_audio *fixture_song(momu_context *context, double seconds, double rate);

/* Generation options: seed 7, `steps` steps. */
momu_generate_options fixture_options(int32_t steps);

/* Fails the test with the context's sentence unless `status` is MOMU_OK. */
void fixture_ok(momu_context *context, momu_status status);
/* Fails the test unless the call failed with this status and a sentence that holds `word`. */
void fixture_refused(momu_context *context, momu_status status, momu_status expected,
                     const char *word);

#endif
