/* One hostile input through one reader: what libFuzzer calls, and what the replay test calls. */
#ifndef TEST_FUZZ_REPLAY_H
#define TEST_FUZZ_REPLAY_H

#include <math.h>
#include <string.h>

#include "io/bvh/bvh.h"
#include "io/json/json.h"
#include "io/motion_file.h"
#include "io/safetensors/safetensors.h"
#include "io/sound/sound.h"

/* All that a reader may take for an input of a few kilobytes. */
#define REPLAY_MEMORY (UINT64_C(64) << 20)

static inline bool replay_finite(const float *values, size_t count) {
    for (size_t i = 0; values && i < count; i++)
        if (!isfinite(values[i]))
            return false;
    return true;
}

/* A motion that was accepted is whole: finite, with parents before children, and it can be written.
 */
static inline bool replay_motion(momui_motion *motion) {
    size_t joints = (size_t)motion->skeleton.joints, cells = joints * (size_t)motion->frames;
    bool fine = replay_finite(motion->positions,
                              cells * (motion->kind == MOMUI_MOTION_KEYPOINTS ? 2 : 3)) &&
                replay_finite(motion->rotations, 4 * cells) &&
                replay_finite(motion->root, 3 * (size_t)motion->frames) &&
                replay_finite(motion->skeleton.offsets, 3 * joints);
    for (size_t j = 0; fine && motion->kind == MOMUI_MOTION_JOINTS && j < joints; j++)
        fine = j == 0
                   ? motion->skeleton.parents[0] == -1
                   : motion->skeleton.parents[j] >= 0 && motion->skeleton.parents[j] < (int32_t)j;
    if (fine && motion->kind == MOMUI_MOTION_JOINTS && cells < 2000) {
        momui_writer out;
        momui_writer_init(&out, motion->memory);
        fine = momui_bvh_write(motion, NULL, &out, NULL) == MOMU_OK;
        momui_writer_release(&out);
    }
    momui_motion_free(motion);
    return fine;
}

static inline momu_status replay_tensors(momui_memory *memory, const momui_bytes *bytes,
                                         momu_error *error) {
    momui_safetensors *file = NULL;
    MOMUI_TRY(momui_safetensors_open(memory, bytes, &file, error));
    for (size_t i = 0; i < momui_safetensors_count(file); i++) {
        const momui_safetensors_entry *entry = momui_safetensors_at(file, i);
        float *values = momui_alloc(memory, entry->elements, sizeof *values);
        if (values)
            momui_safetensors_read_f32(file, entry->name, entry->rank, entry->shape, values, NULL);
        momui_free(values);
    }
    momui_safetensors_close(file);
    return MOMU_OK;
}

/* One input under this account. False when a refusal lacks its sentence or memory is lost. */
static inline bool replay_under(momui_memory *memory, const char *kind, const unsigned char *data,
                                size_t size, momu_status *status_out);

/* `kind`: "json", "safetensors", "sound", or any other for motion. True when the reader took the
 * input or refused it with a sentence, and gave back all its memory. */
static inline bool replay(const char *kind, const unsigned char *data, size_t size) {
    momui_memory memory;
    momu_status status;
    momui_memory_init(&memory, NULL, REPLAY_MEMORY);
    return replay_under(&memory, kind, data, size, &status);
}

static inline bool replay_under(momui_memory *memory, const char *kind, const unsigned char *data,
                                size_t size, momu_status *status_out) {
    momui_bytes bytes;
    momu_error error = {0};
    momu_status status = MOMU_OK;
    bool fine = true;
    momui_bytes_from_memory(data, size, &bytes);
    bytes.name = "input";
    if (strcmp(kind, "json") == 0) {
        momui_json *json = NULL;
        status = momui_json_parse((const char *)data, size, "input", &json, &error);
        fine = (json != NULL) == (status == MOMU_OK);
        momui_json_free(json);
    } else if (strcmp(kind, "safetensors") == 0) {
        status = replay_tensors(memory, &bytes, &error);
    } else if (strcmp(kind, "sound") == 0) {
        momui_audio *audio = NULL;
        status = momui_sound_read_bytes(memory, &bytes, &audio, &error);
        if (status == MOMU_OK)
            fine = replay_finite(audio->samples, (size_t)(audio->frames * audio->channels));
        momui_audio_free(audio);
    } else {
        momui_motion *motion = NULL;
        status = momui_motion_read_bytes(memory, &bytes, NULL, &motion, &error);
        if (status == MOMU_OK)
            fine = replay_motion(motion);
    }
    if (status != MOMU_OK)
        fine = fine && error.status == (int32_t)status && strlen(error.message) > 8;
    *status_out = status;
    return fine && atomic_load(&memory->used) == 0;
}

#endif
