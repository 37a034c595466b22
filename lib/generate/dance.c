/* The dance of a job: the input, or the result that the report looks at. Encoding, the beat
 * tracker, the fit of a beat grid and the report read the same frames of it, so they are made once.
 */
#include "generate/job.h"

#include "motion/rhythm.h"

void momui_job_forget_dance(momui_job *job) {
    momui_motion_free(job->cached.clocked);
    momui_free(job->cached.rhythm);
    momui_free(job->cached.beats);
    job->cached = (momui_job_dance){0};
}

momu_status momui_job_clocked(momui_job *job, const momui_motion *motion,
                              const momui_motion **clocked) {
    momui_job_dance *dance = &job->cached;
    if (dance->motion != motion) {
        momui_job_forget_dance(job);
        MOMUI_TRY(momui_motion_on_clock(job->memory, job->config->layout, motion,
                                        momui_feature_rate(job->config), job->frames,
                                        &dance->clocked, &dance->filled, job->error));
        dance->motion = motion;
    }
    *clocked = dance->clocked;
    return MOMU_OK;
}

momu_status momui_job_rhythm(momui_job *job, const momui_motion *motion, const float **rhythm) {
    const momui_motion *clocked;
    MOMUI_TRY(momui_job_clocked(job, motion, &clocked));
    if (!job->cached.rhythm)
        MOMUI_TRY(momui_rhythm_rows(job->memory, clocked, &job->cached.rhythm, job->error));
    *rhythm = job->cached.rhythm;
    return MOMU_OK;
}

momu_status momui_job_kinematic_beats(momui_job *job, const momui_motion *motion,
                                      const double **times, size_t *count) {
    momui_job_dance *dance = &job->cached;
    const float *rhythm;
    const momui_motion *clocked;
    MOMUI_TRY(momui_job_clocked(job, motion, &clocked));
    if (!dance->beats && clocked->fps != MOMUI_MOTION_RATE) { /* another clock than the rhythm's */
        MOMUI_TRY(momui_kinematic_beats(job->memory, clocked, false, &dance->beats,
                                        &dance->beat_count, job->error));
    } else if (!dance->beats) {
        MOMUI_TRY(momui_job_rhythm(job, motion, &rhythm));
        MOMUI_TRY(momui_rhythm_beats(job->memory, rhythm, job->frames, &dance->beats,
                                     &dance->beat_count, job->error));
    }
    *times = dance->beats;
    *count = dance->beat_count;
    return MOMU_OK;
}
