/* The three jobs from an input to a result: encode, condition, sample, decode. */
#include "generate/job.h"

#include "motion/kinematic_beats.h"

#include <math.h>

static momu_status fit_beats_to_motion(momui_job *job, const momui_motion *motion, double **beats) {
    double *heard = NULL;
    size_t count = 0;
    if (!momui_job_fits_beats(job))
        return MOMU_OK;
    MOMUI_TRY(momui_kinematic_beats(job->memory, motion, false, &heard, &count, job->error));
    momu_status status = momui_job_fit_beats(job, heard, count, beats);
    momui_free(heard);
    return status;
}

momu_status momui_generate_music(momui_job *job, const momui_motion *motion, momui_audio **made) {
    float *condition = NULL, *latent = NULL;
    double *beats = NULL;
    MOMUI_TRY(momui_job_length(job, "the motion", momui_motion_seconds(motion)));
    MOMUI_TRY(momui_condition_on_motion(job, motion, &condition));
    momu_status status = momui_job_track_dance_beats(job, motion, &beats);
    if (status == MOMU_OK)
        status = fit_beats_to_motion(job, motion, &beats);
    momui_job_note_tempo(job);
    if (status == MOMU_OK) /* by the tempo, too */
        status = momui_job_classify_genre(job, condition);
    if (status == MOMU_OK)
        status = momui_job_sample(job, MOMUI_SIDE_MUSIC, condition, &latent);
    if (status == MOMU_OK)
        status = momui_decode_sound(job, latent, made);
    momui_free(beats);
    momui_free(condition);
    momui_free(latent);
    return status;
}

static momu_status fit_beats_to_audio(momui_job *job, const momui_audio *audio, double **beats) {
    momui_beats heard = {0};
    if (!momui_job_fits_beats(job))
        return MOMU_OK;
    float *mono = momui_audio_mono(audio, job->memory);
    if (!mono)
        return momui_fail_memory(job->error, "the sound's mean channel");
    double used = ceil(job->seconds * audio->rate); /* the result may be shorter than the input */
    int64_t frames = used < (double)audio->frames ? (int64_t)used : audio->frames;
    momu_status status =
        momui_beats_track(job->memory, mono, frames, audio->rate, &heard, job->error);
    momui_free(mono);
    if (status == MOMU_OK)
        status = momui_job_fit_beats(job, heard.times, heard.count, beats);
    momui_beats_release(&heard);
    return status;
}

momu_status momui_generate_motion(momui_job *job, const momui_audio *audio, momui_motion **made) {
    float *condition = NULL, *latent = NULL;
    double *beats = NULL;
    MOMUI_TRY(momui_job_length(job, "the sound", momui_audio_seconds(audio)));
    MOMUI_TRY(momui_condition_on_sound(job, audio, &condition));
    momu_status status = momui_job_track_music_beats(job, condition, &beats);
    if (status == MOMU_OK)
        status = fit_beats_to_audio(job, audio, &beats);
    momui_job_note_tempo(job);
    if (status == MOMU_OK)
        status = momui_job_sample(job, MOMUI_SIDE_MOTION, condition, &latent);
    if (status == MOMU_OK)
        status = momui_decode_motion(job, latent, made);
    momui_free(beats);
    momui_free(condition);
    momui_free(latent);
    return status;
}

momu_status momui_generate_joint(momui_job *job, momui_audio **audio, momui_motion **motion) {
    float *music = NULL, *dance = NULL;
    double *beats = NULL;
    if (job->bundle->to_music_encoder || job->bundle->to_motion_encoder)
        return momui_fail(job->error, MOMU_ERROR_UNSUPPORTED,
                          "this model cannot make both at once: a transformer's condition passes a "
                          "learned encoder (condition_encoder), and joint generation has latents "
                          "alone to tell it");
    MOMUI_TRY(momui_job_length(job, NULL, -1));
    MOMUI_TRY(momui_job_draw_beats(job, &beats));
    momui_job_note_tempo(job);
    momu_status status = momui_job_sample_joint(job, &music, &dance);
    if (status == MOMU_OK)
        status = momui_decode_sound(job, music, audio);
    if (status == MOMU_OK)
        status = momui_decode_motion(job, dance, motion);
    momui_free(music);
    momui_free(dance);
    momui_free(beats);
    return status;
}
