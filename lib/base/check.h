/* Checks of what a caller passes. */
#ifndef MOMUI_BASE_CHECK_H
#define MOMUI_BASE_CHECK_H

#include "base/error.h"

#include <stdbool.h>

/* Sets the caller's struct of `size` bytes to zero, and its first field, a size_t, to `size`. NULL
 * or a size too small for that field does nothing. */
void momui_init_struct(void *theirs, size_t size);

/* Hands an info struct over: our first `their_size` bytes, zeros where theirs is longer, and its
 * struct_size as it was. */
void momui_give_struct(void *theirs, size_t their_size, const void *ours, size_t our_size);

/* The caller's options as this library knows them: a copy of min(its size, ours), the rest zero.
 * False when struct_size is no size of such a struct. */
bool momui_copy_struct(void *ours, size_t our_size, const void *theirs, size_t their_size);

/* Fails unless `value` is a finite number within low..high. `name` is the field. */
momu_status momui_check_range(const char *name, double value, double low, double high,
                              momu_error *error);

/* Fails unless all floats are finite; `row` numbers per `unit` ("frame"). */
momu_status momui_check_finite(const char *name, const float *values, size_t count, size_t row,
                               const char *unit, momu_error *error);

#endif
