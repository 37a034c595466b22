/* Contexts. */
#include "api/api.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_THREADS = 256 };

void momu_context_options_init(momu_context_options *options, size_t size) {
    momui_init_struct(options, size);
}

static momu_status check_options(const momu_context_options *given, momu_context_options *options,
                                 momu_error *error) {
    if (!given) {
        momu_context_options_init(options, sizeof *options);
        return MOMU_OK;
    }
    if (!momui_copy_struct(options, sizeof *options, given, given->struct_size))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "context options: struct_size is %zu; call momu_context_options_init()",
                          given->struct_size);
    if (options->threads < 0 || options->threads > MAX_THREADS)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "context options: threads is %d, expected 1..%d, or 0 for one",
                          (int)options->threads, (int)MAX_THREADS);
    if (options->allocator && !options->allocator->resize)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "context options: the allocator has no resize function");
    return MOMU_OK;
}

static momu_status fill_context(momu_context *context, const momu_context_options *options,
                                momu_error *error) {
    context->account = momui_account_create(options->allocator, options->memory_limit);
    if (!context->account)
        return momui_fail_memory(error, "a context");
    context->memory = &context->account->memory;
    context->memory->cancel = &context->cancel;
    context->arena = momui_arena_create(context->memory);
    if (!context->arena)
        return momui_fail_memory(error, "a context");
    if (options->threads > 1)
        return momui_pool_create(context->memory, options->threads, &context->pool, error);
    return MOMU_OK;
}

momu_status momu_context_create(const momu_context_options *options, momu_context **context,
                                momu_error *error) {
    if (!context)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "momu_context_create: no place for the context");
    *context = NULL;
    momu_context_options own;
    MOMUI_TRY(check_options(options, &own, error));
    momu_context *made = momui_hooks_alloc(own.allocator, sizeof *made);
    if (!made)
        return momui_fail_memory(error, "a context");
    memset(made, 0, sizeof *made);
    atomic_init(&made->cancel, 0);
    momu_status status = fill_context(made, &own, error);
    if (status == MOMU_OK) {
        *context = made;
    } else if (made->account) {
        momu_context_destroy(made);
    } else {
        momui_hooks_free(own.allocator, made, sizeof *made);
    }
    return status;
}

void momu_context_destroy(momu_context *context) {
    if (!context)
        return;
    momu_allocator hooks = context->account->memory.hooks;
    context->account->memory.cancel = NULL; /* results may outlive the context */
    momui_pool_destroy(context->pool);
    momui_arena_destroy(context->arena);
    momui_account_release(context->account);
    momui_hooks_free(&hooks, context, sizeof *context);
}

momu_status momu_context_get_error(const momu_context *context, momu_error *error) {
    if (!context)
        return MOMU_ERROR_ARGUMENT;
    if (error && context->error.status != MOMU_OK)
        *error = context->error;
    return context->error.status;
}

const char *momu_context_get_message(const momu_context *context) {
    return context ? context->error.message : "no context was given";
}

void momu_context_cancel(momu_context *context) {
    if (context)
        atomic_store(&context->cancel, 1);
}
