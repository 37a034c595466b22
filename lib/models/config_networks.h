/* The sections of a config that describe networks, vocoders excepted: music_vae, motion_vae,
 * keypoint_encoder, transformer, condition_encoder, genre_classifier, beat_tracker. */
#ifndef MOMUI_MODELS_CONFIG_NETWORKS_H
#define MOMUI_MODELS_CONFIG_NETWORKS_H

#include "io/json/json.h"
#include "models/config.h"

/* After clock, motion and latent. */
momu_status momui_config_read_networks(const momui_json *root, momui_config *c, momu_error *error);
/* With the comma before the first. */
void momui_config_write_networks(momui_writer *out, const momui_config *c);

#endif
