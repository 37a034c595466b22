/* Files in memory, as the caller gets them. */
#include "api/api.h"

/* The public struct, with the account that its bytes belong to behind it. */
typedef struct buffer_block {
    momu_buffer buffer;
    momui_account *account;
    unsigned char *data;
} buffer_block;

momu_status momui_buffer_publish(momu_context *context, momui_writer *written,
                                 momu_buffer **buffer) {
    if (written->failed)
        return momui_fail_memory(&context->error, "the file in memory");
    buffer_block *block = momui_calloc(context->memory, 1, sizeof *block);
    if (!block)
        return momui_fail_memory(&context->error, "the file in memory");
    block->data = written->data;
    block->buffer = (momu_buffer){written->data, written->size};
    block->account = momui_account_retain(context->account);
    written->data = NULL;
    written->size = written->capacity = 0;
    *buffer = &block->buffer;
    return MOMU_OK;
}

void momu_buffer_destroy(momu_buffer *buffer) {
    if (!buffer)
        return;
    buffer_block *block = (buffer_block *)(void *)buffer;
    momui_account *account = block->account;
    momui_free(block->data);
    momui_free(block);
    momui_account_release(account);
}
