/* A new model's statistics are mean 0 and deviation 1: other values mark a trained autoencoder. */
#include "train/stages/trainer.h"

bool momui_statistics_trained(const momui_tensor *mean, const momui_tensor *deviation) {
    for (int64_t i = 0; i < momui_tensor_count(mean); i++)
        if (mean->data[i] != 0.0f || deviation->data[i] != 1.0f)
            return true;
    return false;
}

void momui_statistics_reset(momui_tensor *mean, momui_tensor *deviation) {
    for (int64_t i = 0; i < momui_tensor_count(mean); i++) {
        mean->data[i] = 0.0f;
        deviation->data[i] = 1.0f;
    }
}
