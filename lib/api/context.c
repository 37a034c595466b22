/* Contexts, and the account that everything made with one shares. */
#include "api/api.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_THREADS = 256 };

/* Accounts and contexts come straight from the hooks: they are what the accounting lives in. */
static void *raw_alloc(const momu_allocator *hooks, size_t size) {
    return hooks && hooks->resize ? hooks->resize(hooks->user, NULL, 0, size) : malloc(size);
}

static void raw_free(const momu_allocator *hooks, void *block, size_t size) {
    if (hooks && hooks->resize)
        hooks->resize(hooks->user, block, size, 0);
    else
        free(block);
}

momui_account *momui_account_create(const momu_allocator *hooks, uint64_t limit) {
    momui_account *account = raw_alloc(hooks, sizeof *account);
    if (!account)
        return NULL;
    momui_memory_init(&account->memory, hooks, limit);
    atomic_init(&account->owners, 1);
    return account;
}

momui_account *momui_account_retain(momui_account *account) {
    atomic_fetch_add_explicit(&account->owners, 1, memory_order_relaxed);
    return account;
}

void momui_account_release(momui_account *account) {
    if (atomic_fetch_sub_explicit(&account->owners, 1, memory_order_acq_rel) != 1)
        return;
    momu_allocator hooks = account->memory.hooks;
    raw_free(&hooks, account, sizeof *account);
}

bool momui_copy_struct(void *ours, size_t our_size, const void *theirs, size_t their_size) {
    memset(ours, 0, our_size);
    if (their_size < sizeof(size_t))
        return false;
    memcpy(ours, theirs, their_size < our_size ? their_size : our_size);
    return true;
}

void momu_context_options_init(momu_context_options *options, size_t size) {
    if (!options || size < sizeof(size_t))
        return;
    memset(options, 0, size);
    options->struct_size = size;
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
    momu_context *fresh = raw_alloc(own.allocator, sizeof *fresh);
    if (!fresh)
        return momui_fail_memory(error, "a context");
    memset(fresh, 0, sizeof *fresh);
    atomic_init(&fresh->cancel, 0);
    momu_status status = fill_context(fresh, &own, error);
    if (status == MOMU_OK) {
        *context = fresh;
    } else if (fresh->account) {
        momu_context_destroy(fresh);
    } else {
        raw_free(own.allocator, fresh, sizeof *fresh);
    }
    return status;
}

void momu_context_destroy(momu_context *context) {
    if (!context)
        return;
    momu_allocator hooks = context->account->memory.hooks;
    momui_pool_destroy(context->pool);
    momui_arena_destroy(context->arena);
    momui_account_release(context->account);
    raw_free(&hooks, context, sizeof *context);
}

const char *momu_context_error(const momu_context *context) {
    return context ? context->error.message : "no context was given";
}

void momu_context_cancel(momu_context *context) {
    if (context)
        atomic_store(&context->cancel, 1);
}

bool momui_call_begin(momu_context *context) {
    if (!context)
        return false;
    context->error.status = MOMU_OK;
    context->error.message[0] = '\0';
    return true;
}

momu_status momui_call_check(momu_context *context) {
    if (atomic_load(&context->cancel))
        return momui_fail(&context->error, MOMU_ERROR_CANCELLED, "cancelled");
    return MOMU_OK;
}
