/* Progress and cancelling: the caller's callback and the context's flag, looked at together. */
#include "generate/job.h"

int32_t momui_job_progress(void *user, const char *stage, uint64_t done, uint64_t total) {
    momui_job *job = user;
    if (atomic_load(&job->context->cancel))
        return MOMU_CANCEL;
    if (job->quiet || !job->options.progress)
        return MOMU_CONTINUE;
    int32_t answer = job->options.progress(job->options.progress_user, stage, done, total);
    if (answer == MOMU_CONTINUE)
        return MOMU_CONTINUE;
    if (answer != MOMU_CANCEL)
        job->progress_broken = true;
    return MOMU_CANCEL;
}

momu_status momui_job_report(momui_job *job, const char *stage, uint64_t done, uint64_t total) {
    if (momui_job_progress(job, stage, done, total) == MOMU_CONTINUE)
        return MOMU_OK;
    return momui_fail(job->error, MOMU_ERROR_CANCELLED, "cancelled while %s (%llu of %llu)", stage,
                      (unsigned long long)done, (unsigned long long)total);
}

static momu_status report(void *user, const char *stage, uint64_t done, uint64_t total) {
    return momui_job_report(user, stage, done, total);
}

momui_run momui_job_run(momui_job *job) {
    return (momui_run){.config = job->config,
                       .arena = job->context->arena,
                       .pool = job->context->pool,
                       .error = job->error,
                       .report = report,
                       .user = job};
}
