/* What is said about a result: levels, beats, and how well the dance falls on them. */
#include "generate/job.h"

#include "dsp/beat_tracking.h"
#include "dsp/levels.h"
#include "motion/kinematic_beats.h"

#include <string.h>

/* Seconds that a dance's beat may be away from the music's. */
static const double TOLERANCE = 0.070;

static void keep_agreement(momui_job *job, const momui_beats *music, const double *dance,
                           size_t count) {
    job->info.beat_agreement =
        momui_beats_match(dance, count, music->times, music->count, TOLERANCE).f1;
    job->info.beat_agreement_chance = momui_beats_chance(
        dance, count, music->times, music->count, TOLERANCE, job->seconds, job->options.seed);
}

static momu_status measure_beats(momui_job *job, const float *mono) {
    momui_beats music = {0};
    double *dance = NULL;
    size_t count = 0;
    MOMUI_TRY(momui_beats_track(job->memory, mono, job->music->frames, job->music->rate, &music,
                                job->error));
    momu_status status =
        momui_kinematic_beats(job->memory, job->dance, false, &dance, &count, job->error);
    if (status == MOMU_OK) {
        count = momui_job_within(job, dance, count);
        music.count = momui_job_within(job, music.times, music.count);
        job->info.tempo = music.tempo;
        job->info.tempo_confidence = music.confidence;
        momui_event_tempo(dance, count, &job->info.motion_tempo,
                          &job->info.motion_tempo_confidence);
        keep_agreement(job, &music, dance, count);
    }
    momui_free(dance);
    momui_beats_release(&music);
    return status;
}

momu_status momui_job_measure(momui_job *job) {
    float *mono = momui_audio_mono(job->music, job->memory);
    if (!mono)
        return momui_fail_memory(job->error, "the sound's mean channel");
    momui_level_report levels = {0};
    momu_status status = momui_levels(job->memory, mono, job->music->frames, &levels, job->error);
    job->info.peak = levels.peak;
    job->info.rms = levels.rms;
    job->info.flatness = levels.flatness;
    if (status == MOMU_OK)
        status = measure_beats(job, mono);
    momui_free(mono);
    return status;
}

static void keep_used(momui_job *job) {
    const momu_generate_options *o = &job->options;
    momu_generate_info *info = &job->info;
    info->seed = o->seed;
    info->steps = o->steps;
    info->sampler = o->sampler;
    info->guidance_music = o->guidance_music;
    info->guidance_motion = o->guidance_motion;
    info->guidance_rescale = o->guidance_rescale;
    info->guidance_start_music = o->guidance_start_music;
    info->guidance_start_motion = o->guidance_start_motion;
    info->joint_start = o->joint_start;
    info->seconds = job->seconds;
    info->latent_frames = job->latents;
    info->genre = o->genre;
}

momu_status momui_job_finish(momui_job *job, momu_generate_info *info) {
    if (!info)
        return MOMU_OK;
    MOMUI_TRY(momui_job_measure(job));
    keep_used(job);
    size_t size = info->struct_size;
    job->info.struct_size = size;
    memset(info, 0, size);
    memcpy(info, &job->info, size < sizeof job->info ? size : sizeof job->info);
    return MOMU_OK;
}

momu_status momui_job_close(momui_job *job, momu_status status) {
    if (job->progress_broken)
        return momui_fail(job->error, MOMU_ERROR_ARGUMENT,
                          "the progress callback returned neither MOMU_CONTINUE nor MOMU_CANCEL");
    if (status == MOMU_ERROR_CANCELLED)
        atomic_store(&job->context->cancel, 0);
    return status;
}
