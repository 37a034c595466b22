/* The three jobs from an input to a result: encode, condition, sample, decode. */
#include "generate/job.h"

static momu_status fit_beats_to_motion(momui_job *job, const momui_motion *motion) {
    const double *times;
    size_t count;
    if (!momui_job_fits_beats(job))
        return MOMU_OK;
    MOMUI_TRY(momui_job_kinematic_beats(job, motion, &times, &count));
    return momui_job_fit_beats(job, times, count);
}

momu_status momui_generate_music(momui_job *job, const momui_motion *motion, momui_audio **made) {
    float *condition = NULL, *latent = NULL;
    momu_status status = MOMU_OK;
    MOMUI_TRY(momui_job_length(job, "the motion", momui_motion_seconds(motion)));
    MOMUI_TRY(momui_condition_on_motion(job, motion, &condition));
    MOMUI_TRY_GOTO(momui_job_track_dance_beats(job, motion), status, done);
    MOMUI_TRY_GOTO(fit_beats_to_motion(job, motion), status, done);
    momui_job_note_tempo(job);
    /* by the tempo, too */
    MOMUI_TRY_GOTO(momui_job_classify_genre(job, condition), status, done);
    MOMUI_TRY_GOTO(momui_job_sample(job, MOMUI_SIDE_MUSIC, condition, &latent), status, done);
    MOMUI_TRY_GOTO(momui_decode_sound(job, latent, made), status, done);
done:
    momui_free(condition);
    momui_free(latent);
    return status;
}

static momu_status fit_beats_to_audio(momui_job *job, const momui_audio *audio) {
    momui_beats found = {0};
    if (!momui_job_fits_beats(job))
        return MOMU_OK;
    MOMUI_TRY(momui_job_classic_beats(job, audio, &found));
    momu_status status = momui_job_fit_beats(job, found.times, found.count);
    momui_beats_release(&found);
    return status;
}

momu_status momui_generate_motion(momui_job *job, const momui_audio *audio, momui_motion **made) {
    float *condition = NULL, *latent = NULL;
    momu_status status = MOMU_OK;
    MOMUI_TRY(momui_job_length(job, "the sound", momui_audio_seconds(audio)));
    MOMUI_TRY(momui_condition_on_sound(job, audio, &condition));
    MOMUI_TRY_GOTO(momui_job_track_music_beats(job, condition), status, done);
    MOMUI_TRY_GOTO(fit_beats_to_audio(job, audio), status, done);
    momui_job_note_tempo(job);
    MOMUI_TRY_GOTO(momui_job_sample(job, MOMUI_SIDE_MOTION, condition, &latent), status, done);
    MOMUI_TRY_GOTO(momui_decode_motion(job, latent, made), status, done);
done:
    momui_free(condition);
    momui_free(latent);
    return status;
}

momu_status momui_generate_joint(momui_job *job, momui_audio **audio, momui_motion **motion) {
    float *music = NULL, *dance = NULL;
    momu_status status = MOMU_OK;
    if (job->bundle->to_music_encoder || job->bundle->to_motion_encoder)
        return momui_fail(job->error, MOMU_ERROR_UNSUPPORTED,
                          "this model cannot make both at once: a transformer's condition passes a "
                          "learned encoder (condition_encoder), and joint generation has latents "
                          "alone to condition on");
    MOMUI_TRY(momui_job_length(job, NULL, -1));
    MOMUI_TRY(momui_job_draw_beats(job));
    momui_job_note_tempo(job);
    MOMUI_TRY(momui_job_sample_joint(job, &music, &dance));
    MOMUI_TRY_GOTO(momui_decode_sound(job, music, audio), status, done);
    MOMUI_TRY_GOTO(momui_decode_motion(job, dance, motion), status, done);
done:
    momui_free(music);
    momui_free(dance);
    return status;
}
