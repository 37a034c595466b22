/* The files of a pair: each written to a temporary path and renamed, the annotations last. */
#include "train/corpus/sample_writer.h"

#include "dsp/beat_match.h"
#include "dsp/beat_tracking.h"
#include "dsp/resample.h"
#include "io/motion_file.h"
#include "io/sound/sound.h"
#include "motion/kinematic_beats.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const double MODEL_RATE = 16000.0;
static const double TOLERANCE = 0.07; /* seconds */

static const char SOUND[] = ".flac", ORIGINAL[] = ".original.flac", MOTION[] = ".npz",
                  ANNOTATIONS[] = ".json";

void momui_corpus_plan_sample(const momui_synthesis_context *synthesis, size_t number,
                              momui_corpus_sample *sample) {
    momui_plan_sample(synthesis->options->seed, synthesis->options->recorded_share, number, sample);
    if (sample->recorded &&
        (!synthesis->library || momui_recorded_count(synthesis->library, sample->split) == 0))
        sample->recorded = false;
}

bool momui_sample_path(const momui_corpus_options *options, const momui_corpus_sample *sample,
                       const char *extension, char path[1024]) {
    int length = snprintf(path, 1024, "%s/%s/%s%s", options->folder,
                          momui_split_names[sample->split], sample->stem, extension);
    return length > 0 && length < 1024;
}

bool momui_sample_exists(const momui_corpus_options *options, const momui_corpus_sample *sample) {
    char path[1024];
    struct stat info;
    return momui_sample_path(options, sample, ANNOTATIONS, path) && stat(path, &info) == 0;
}

static momu_status write_sound(const momui_synthesis_context *synthesis,
                               const momui_corpus_sample *sample, const momui_audio *sound,
                               momu_error *error) {
    char path[1024];
    momui_sample_path(synthesis->options, sample, SOUND, path);
    float *mono = momui_audio_mono(sound, synthesis->memory);
    momui_audio small = {.memory = synthesis->memory, .channels = 1, .rate = MODEL_RATE};
    momu_status status =
        mono ? momui_resample(synthesis->memory, mono, sound->frames, 1, sound->rate, MODEL_RATE,
                              &small.samples, &small.frames, error)
             : momui_fail_memory(error, "a pair's sound");
    momui_free(mono);
    if (status == MOMU_OK)
        status = momui_sound_write_16(&small, path, error);
    momui_free(small.samples);
    if (status == MOMU_OK && synthesis->options->original_rate > 0) {
        momui_sample_path(synthesis->options, sample, ORIGINAL, path);
        status = momui_sound_write_16(sound, path, error);
    }
    return status;
}

static momu_status agree(const momui_synthesis_context *synthesis,
                         const momui_corpus_sample *sample, const momui_grid *grid,
                         const momui_motion *body, momui_agreement *out, momu_error *error) {
    double *found = NULL;
    size_t count = 0;
    double *beats = momui_alloc(synthesis->memory, grid->beat_count, sizeof *beats);
    if (!beats)
        return momui_fail_memory(error, "a pair's beats");
    for (size_t i = 0; i < grid->beat_count; i++)
        beats[i] = grid->beats[i].time;
    momu_status status =
        momui_kinematic_beats(synthesis->memory, body, false, &found, &count, error);
    if (status == MOMU_OK) {
        momui_match match = momui_beats_match(found, count, beats, grid->beat_count, TOLERANCE);
        *out = (momui_agreement){.hits = match.hits, .kinematic = count, .f1 = match.f1};
        out->chance = momui_beats_chance(found, count, beats, grid->beat_count, TOLERANCE,
                                         grid->seconds, sample->dance_seed);
    }
    momui_free(found);
    momui_free(beats);
    return status;
}

static momu_status write_files(const momui_synthesis_context *synthesis,
                               const momui_corpus_sample *sample, const momui_track *track,
                               const momui_dance *dance, momu_error *error) {
    char path[1024];
    momui_agreement agreement = {0};
    MOMUI_TRY(agree(synthesis, sample, &track->grid, dance->body, &agreement, error));
    MOMUI_TRY(write_sound(synthesis, sample, track->sound, error));
    momui_sample_path(synthesis->options, sample, MOTION, path);
    MOMUI_TRY(momui_motion_write(dance->body, path, NULL, error));
    momui_sample_path(synthesis->options, sample, ANNOTATIONS, path);
    return momui_annotations_write(synthesis, sample, track, dance, &agreement, path, error);
}

static void remove_files(const momui_synthesis_context *synthesis,
                         const momui_corpus_sample *sample) {
    static const char *const ALL[] = {ANNOTATIONS, MOTION, ORIGINAL, SOUND};
    char path[1024];
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        if (momui_sample_path(synthesis->options, sample, ALL[i], path))
            unlink(path);
}

momu_status momui_sample_write(const momui_synthesis_context *synthesis, momui_band *band,
                               const momui_corpus_sample *sample, momu_error *error) {
    momui_track track;
    momui_dance dance = {0};
    momui_dance_options how = {sample->dance_seed, sample->split, synthesis->options->material};
    if (!synthesis->units)
        how.material = MOMUI_MATERIAL_PROCEDURAL;
    MOMUI_TRY(momui_track_make(synthesis, band, sample, &track, error));
    momu_status status =
        momui_choreograph(synthesis->memory, &track.grid, synthesis->units, &how, &dance, error);
    if (status == MOMU_OK) {
        status = write_files(synthesis, sample, &track, &dance, error);
        if (status != MOMU_OK)
            remove_files(synthesis, sample);
    }
    momui_dance_release(&dance);
    momui_track_release(&track);
    return status;
}
