/* What the library reports of a result: levels, beats, and how well the dance falls on them. */
#include "generate/job.h"

#include "dsp/beat_match.h"
#include "dsp/beat_tracking.h"
#include "dsp/levels.h"

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

/* The music's beats: those that were tracked in the input, where the generation is conditioned on
 * them and no tempo narrowed the search, else tracked now (momui_job_music_beats). Of a generated
 * song these are the beats of its sound: the report says what came out, not what was asked for. */
static momu_status measure_beats(momui_job *job) {
    momui_beats own = {0};
    const double *dance = NULL;
    size_t count = 0;
    momu_status status = MOMU_OK;
    bool tracked = job->beats_free && !job->makes_music;
    if (!tracked)
        MOMUI_TRY(momui_job_music_beats(job, job->music, &own));
    momui_beats music = tracked ? job->beats : own;
    MOMUI_TRY_GOTO(momui_job_kinematic_beats(job, job->dance, &dance, &count), status, done);
    count = momui_job_within(job, dance, count);
    music.count = momui_job_within(job, music.times, music.count);
    job->info.tempo = music.tempo;
    job->info.tempo_confidence = music.confidence;
    momui_event_tempo(dance, count, &job->info.motion_tempo, &job->info.motion_tempo_confidence);
    keep_agreement(job, &music, dance, count);
done:
    momui_beats_release(&own);
    return status;
}

static momu_status measure_levels(momui_job *job) {
    momui_level_report levels = {0};
    float *mono = momui_audio_mono(job->music, job->memory);
    if (!mono)
        return momui_fail_memory(job->error, "the sound's mean channel");
    momu_status status = momui_levels(job->memory, mono, job->music->frames, &levels, job->error);
    momui_free(mono);
    job->info.peak = levels.peak;
    job->info.rms = levels.rms;
    job->info.flatness = levels.flatness;
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
    job->quiet = true; /* the caller's progress ended with the decoder */
    MOMUI_TRY(measure_levels(job));
    MOMUI_TRY(measure_beats(job));
    keep_used(job);
    size_t size = info->struct_size;
    job->info.struct_size = size;
    memset(info, 0, size);
    memcpy(info, &job->info, size < sizeof job->info ? size : sizeof job->info);
    return MOMU_OK;
}
