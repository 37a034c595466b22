/* The inputs of an evaluation: lists of clips, networks, the model, and the joint pairs to
 * generate. */
#include "train/evaluate/evaluation_worker.h"

#include "io/safetensors/safetensors.h"

#include <momu/experimental.h>
#include <stdio.h>
#include <string.h>

enum { PAIRS = 50, CANDIDATES = 200, REFERENCES = 100, MOST = 100000 };
static const double LENGTHS[MOMUI_JOINT_LENGTHS] = {10, 15, 20, 25, 30};

/* ---- inputs ---- */

static bool folder_has(momui_memory *memory, const char *folder) {
    momui_list list;
    momu_error ignored = {0};
    bool has = momui_clips_list(memory, folder, NULL, 1, 0, &list, &ignored) == MOMU_OK;
    momui_clips_release(&list);
    return has;
}

static momu_status list_all(momui_evaluation *v, momu_error *error) {
    const momui_evaluate_options *o = &v->options;
    char scored[1100], against[1100], training[1100];
    snprintf(scored, sizeof scored, "%.1000s/%s", o->folder, o->validation ? "validation" : "test");
    snprintf(against, sizeof against, "%.1000s/%s", o->folder,
             o->validation ? "test" : "validation");
    snprintf(training, sizeof training, "%.1000s/train", o->folder);
    bool corpus = folder_has(v->memory, scored);
    size_t most = o->pairs > 0 ? (size_t)o->pairs : o->generated ? MOST : PAIRS;
    MOMUI_TRY(momui_clips_list(v->memory, corpus ? scored : o->folder, o->generated, most, o->seed,
                               &v->pairs, error));
    const char *reference = o->against ? o->against : corpus ? against : NULL;
    if (reference && (o->against || folder_has(v->memory, reference)))
        MOMUI_TRY(momui_clips_list(v->memory, reference, NULL, REFERENCES, o->seed, &v->references,
                                   error));
    if (corpus && o->candidates >= 0 && folder_has(v->memory, training))
        MOMUI_TRY(momui_clips_list(v->memory, training, NULL,
                                   o->candidates ? (size_t)o->candidates : CANDIDATES, o->seed,
                                   &v->candidates, error));
    return MOMU_OK;
}

void momui_evaluation_note(const momui_evaluation *v, const char *sentence) {
    if (v->options.note)
        v->options.note(v->options.user, sentence);
}

static momu_status load_evaluation_network(momui_evaluation *v, int side, momu_error *error) {
    static const char *const NAMES[] = {"evaluation-mel.safetensors",
                                        "evaluation-motion.safetensors"};
    char path[1200];
    momui_bytes bytes;
    if (v->options.networks) {
        snprintf(path, sizeof path, "%.1000s/%s", v->options.networks, NAMES[side]);
    } else if (momu_data_path(NAMES[side], path, sizeof path, error) != MOMU_OK) {
        char text[1400];
        snprintf(text, sizeof text, "%s; distances, genres and retrieval are left out (--networks)",
                 error->message);
        momui_evaluation_note(v, text);
        return MOMU_OK;
    }
    MOMUI_TRY(momui_bytes_from_path(v->memory, path, true, 1 << 28, &bytes, error));
    momu_status status =
        momui_evaluation_network_load(v->memory, &bytes, &v->networks[side], error);
    momui_bytes_release(&bytes);
    return status;
}

static momu_status load_vggish(momui_evaluation *v, momu_error *error) {
    momui_bytes bytes;
    if (!v->options.vggish)
        return MOMU_OK;
    MOMUI_TRY(momui_bytes_from_path(v->memory, v->options.vggish, true, UINT64_C(1) << 30, &bytes,
                                    error));
    momu_status status = momui_vggish_load(v->memory, &bytes, &v->vggish, error);
    momui_bytes_release(&bytes);
    return status;
}

static momu_status plan_joint(momui_evaluation *v, momu_error *error) {
    const momui_evaluate_options *o = &v->options;
    size_t each = o->joint > 0 ? (size_t)o->joint : 0;
    if (each == 0 || o->generated)
        return MOMU_OK;
    size_t settings = o->sweep ? 1 + MOMUI_JOINT_STARTS + MOMUI_JOINT_LENGTHS : 1;
    v->joint = momui_calloc(v->memory, each * settings, sizeof *v->joint);
    if (!v->joint)
        return momui_fail_memory(error, "the joint pairs");
    for (size_t setting = 0; setting < settings; setting++)
        for (size_t i = 0; i < each; i++) {
            momui_joint_pair *j = &v->joint[v->joint_count++];
            j->seed = o->seed + i;
            j->seconds = o->seconds;
            if (setting > MOMUI_JOINT_STARTS)
                j->seconds = LENGTHS[setting - 1 - MOMUI_JOINT_STARTS];
            else if (setting > 0)
                j->joint_start = 0.1 * (double)setting;
        }
    return MOMU_OK;
}

momu_status momui_evaluation_prepare(momui_evaluation *v, momu_error *error) {
    MOMUI_TRY(list_all(v, error));
    for (int side = 0; side < 2; side++)
        MOMUI_TRY(load_evaluation_network(v, side, error));
    MOMUI_TRY(load_vggish(v, error));
    if (v->options.generated) {
        memcpy(v->model_name, "files", sizeof "files");
        return MOMU_OK;
    }
    MOMUI_TRY(momu_model_load(v->options.model, NULL, &v->model, error));
    momu_model_info info = {.struct_size = sizeof info};
    MOMUI_TRY(momu_model_get_info(v->model, &info));
    snprintf(v->model_name, sizeof v->model_name, "%s", info.preset);
    return plan_joint(v, error);
}
