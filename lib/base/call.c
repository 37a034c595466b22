#include "base/call.h"

momui_account *momui_account_create(const momu_allocator *hooks, uint64_t limit) {
    /* not from an account: the accounting lives in it */
    momui_account *account = momui_hooks_alloc(hooks, sizeof *account);
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
    momui_hooks_free(&hooks, account, sizeof *account);
}

momu_status momui_call_open(momu_context *context) {
    if (!context)
        return MOMU_ERROR_ARGUMENT;
    context->error.status = MOMU_OK;
    context->error.message[0] = '\0';
    momu_status status = momui_call_check(context);
    return status == MOMU_OK ? MOMU_OK : momui_call_close(context, status);
}

momu_status momui_call_close(momu_context *context, momu_status status) {
    atomic_store(&context->cancel, 0);
    return status;
}

momu_status momui_call_check(momu_context *context) {
    return momui_check_cancelled(context->memory, &context->error);
}
