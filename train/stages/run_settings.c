/* The settings of a run: checks the caller's options, takes the task's defaults, and merges options
 * and a checkpoint's settings when a run resumes. */
#include "train/stages/run_task.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Removes the temporary files of runs that were killed; their names end in the process's number. */
static void sweep_parts(const char *folder) {
    static const char MARK[] = ".part-";
    DIR *directory = opendir(folder);
    if (!directory)
        return;
    for (struct dirent *entry; (entry = readdir(directory));) {
        char path[1400], *end;
        const char *mark = strstr(entry->d_name, MARK);
        long process = mark ? strtol(mark + sizeof MARK - 1, &end, 10) : 0;
        if (process <= 0 || *end || kill((pid_t)process, 0) == 0 || errno != ESRCH)
            continue;
        snprintf(path, sizeof path, "%.1000s/%.300s", folder, entry->d_name);
        remove(path);
    }
    closedir(directory);
}

momu_status momui_run_options_check(const momui_train_options *o, momu_error *error) {
    if (!o->data || !o->out || strlen(o->out) > 900)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "training needs a folder of pairs and a folder to write to, of at most "
                          "900 bytes");
    if (o->steps < 0 || !(o->minutes >= 0 && o->minutes <= 1e6) || o->batch < 0 || o->batch > 4096)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "steps and minutes must not be negative, a batch has at most 4096 clips");
    if (!(o->seconds >= 0 && o->seconds <= 3600) || !(o->rate >= 0 && o->rate <= 1))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "the crop must be 0 to 3600 s and the learning rate 0 to 1");
    if (!(o->infonce <= 1e6) || !(o->gan <= 1e6) || !(o->gan_start <= 1))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "the weights of InfoNCE and discriminator are at most 1e6, and the "
                          "discriminator begins within the run");
    if (o->threads < 0 || o->threads > 256)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "threads: found %d; expected 1 to 256",
                          o->threads);
    if (mkdir(o->out, 0777) != 0 && errno != EEXIST)
        return momui_fail(error, MOMU_ERROR_IO, "%s: the folder could not be made: %s", o->out,
                          strerror(errno));
    sweep_parts(o->out);
    return MOMU_OK;
}

void momui_run_settings_begin(momui_trainer *trainer, double minutes) {
    const momui_train_options *o = trainer->options;
    const momui_network_task *task = trainer->task;
    momui_settings *s = &trainer->settings;
    *s = (momui_settings){.seed = o->seed, .steps = o->steps, .minutes = minutes};
    if (s->steps == 0 && s->minutes <= 0)
        s->steps = task->steps;
    s->batch = o->batch > 0 ? o->batch : task->batch;
    s->rate = o->rate > 0 ? o->rate : task->rate;
    s->seconds = o->seconds > 0 ? o->seconds : task->seconds;
    s->infonce = o->infonce < 0 ? 0 : o->infonce > 0 ? o->infonce : MOMUI_INFONCE_WEIGHT;
    s->infonce = o->decoder_only ? 0 : s->infonce;
    s->gan = o->gan < 0 ? 0 : o->gan > 0 ? o->gan : task->gan;
    s->gan_start = o->gan_start < 0 ? 0 : o->gan_start > 0 ? o->gan_start : MOMUI_GAN_START;
    if ((task->network == MOMUI_TRAIN_NET_TO_MUSIC || task->network == MOMUI_TRAIN_NET_TO_MOTION) &&
        o->seconds <= 0)
        s->seconds = trainer->bundle->config.window_seconds;
}

/* Options that the caller sets again win over the checkpoint's. */
void momui_run_settings_resume(momui_trainer *trainer, const momui_settings *saved,
                               double minutes) {
    const momui_train_options *o = trainer->options;
    momui_settings *s = &trainer->settings;
    *s = *saved;
    if (o->steps > 0)
        s->steps = o->steps;
    if (o->minutes > 0)
        s->minutes = minutes;
    if (o->batch > 0)
        s->batch = o->batch;
    if (o->rate > 0)
        s->rate = o->rate;
    if (o->seconds > 0)
        s->seconds = o->seconds;
    if (o->infonce != 0)
        s->infonce = fmax(0, o->infonce);
    if (o->decoder_only)
        s->infonce = 0;
    if (o->gan != 0)
        s->gan = fmax(0, o->gan);
    if (o->gan_start != 0)
        s->gan_start = fmax(0, o->gan_start);
}
