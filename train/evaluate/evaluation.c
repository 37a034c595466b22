/* The systems' names, and the end of an evaluation. */
#include "train/evaluate/evaluation.h"

const char *const momui_system_names[MOMUI_SYSTEMS] = {
    "ground truth", "through the autoencoder", "made", "retrieved", "metronome", "other track"};

void momui_evaluation_release(momui_evaluation *v) {
    momui_clips_release(&v->pairs);
    momui_clips_release(&v->candidates);
    momui_clips_release(&v->references);
    for (size_t i = 0; i < v->joint_count; i++) {
        momui_audio_analysis_release(&v->joint[i].audio_analysis);
        momui_motion_analysis_release(&v->joint[i].motion_analysis);
    }
    momui_free(v->joint);
    for (int side = 0; side < 2; side++)
        momui_evaluation_network_free(v->networks[side]);
    momui_vggish_free(v->vggish);
    momu_model_release(v->model);
    *v = (momui_evaluation){0};
}
