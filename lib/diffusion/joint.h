/* Cross-guidance (You et al. 2024, algorithm 2): a pair of latents from noise; from T_c on each is
 * the other's condition. */
#ifndef MOMUI_DIFFUSION_JOINT_H
#define MOMUI_DIFFUSION_JOINT_H

#include "diffusion/sampling.h"

/* T_c = joint_start x T. The two samplings have the same schedule, sampler and steps; progress and
 * cancel are the music's. music_x, motion_x (frames, channels): in noise, out scaled latents. */
momu_status momui_sample_joint(momui_memory *memory, const momui_sampling *music,
                               const momui_sampling *motion, double joint_start,
                               const momui_denoiser *to_music, const momui_denoiser *to_motion,
                               float *music_x, float *motion_x, momu_error *error);

#endif
