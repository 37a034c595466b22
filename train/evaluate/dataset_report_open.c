/* Reads a dataset for its report: lists its pairs, and one thread reads each pair once, whole. */
#include "train/evaluate/dataset_report_pair.h"

#include "train/datasets/dataset.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    MOST_TRAINING = 2400, /* windows of 6 s in the training part */
    SHORT_IN_PAIR = 8,    /* windows a pair */
    MOST_SHORT = 6000,    /* windows of 2 s in all */
};

static const char *const HELD_OUT[] = {"05_06", "05_13", "05_19"};
static const char *const SPLITS[MOMUI_REPORT_SPLITS] = {"train", "validation", "test"};

static void read_task(void *user, size_t task, int worker) {
    (void)worker;
    const momui_report_reading *r = user;
    momui_reported_pair_read(r, r->done + task);
}

static momu_status add_listed(const char *folder, const momui_listing *list, bool is_take,
                              int split, momui_reported_pair **pairs, size_t *count,
                              momu_error *error) {
    momui_reported_pair *grown =
        momui_realloc(list->memory, *pairs, *count + list->count, sizeof **pairs);
    if (!grown)
        return momui_fail_memory(error, "the list of pairs");
    *pairs = grown;
    for (size_t i = 0; i < list->count; i++) {
        const momui_listed *from = &list->items[i];
        momui_reported_pair *to = &grown[*count];
        if (!from->motion || (!is_take && (!from->music || !from->annotations)))
            continue;
        *to =
            (momui_reported_pair){.split = split < 0 ? i % 10 == 9 ? MOMUI_REPORT_TEST : 0 : split};
        snprintf(to->stem, sizeof to->stem, "%s", from->stem);
        snprintf(to->path, sizeof to->path, "%s/%s", folder, from->stem);
        snprintf(to->motion, sizeof to->motion, "%s", from->motion);
        snprintf(to->music, sizeof to->music, "%s", from->music ? from->music : "");
        for (size_t k = 0; is_take && k < sizeof HELD_OUT / sizeof *HELD_OUT; k++)
            to->held_out = to->held_out || strcmp(to->stem, HELD_OUT[k]) == 0;
        ++*count;
    }
    return MOMU_OK;
}

static momu_status list_folder(momui_memory *memory, const char *folder, bool is_take, int split,
                               momui_reported_pair **pairs, size_t *count, momu_error *error) {
    momui_listing list;
    MOMUI_TRY(momui_list_pairs(memory, folder, &list, error));
    momu_status status = add_listed(folder, &list, is_take, split, pairs, count, error);
    momui_listing_release(&list);
    return status;
}

static momu_status list_pairs(momui_dataset_report *dataset, const char *folder,
                              momu_error *error) {
    char path[1024];
    for (int split = 0; split < MOMUI_REPORT_SPLITS; split++) {
        snprintf(path, sizeof path, "%s/%s", folder, SPLITS[split]);
        momu_status status = list_folder(dataset->memory, path, false, split, &dataset->pairs,
                                         &dataset->pair_count, error);
        if (status != MOMU_OK && status != MOMU_ERROR_NOT_FOUND)
            return status;
    }
    if (dataset->pair_count == 0)
        MOMUI_TRY(list_folder(dataset->memory, folder, false, -1, &dataset->pairs,
                              &dataset->pair_count, error));
    return dataset->pair_count > 0
               ? MOMU_OK
               : momui_fail(error, MOMU_ERROR_NOT_FOUND,
                            "%s: no pairs (sound, motion and .json of one name) in it", folder);
}

/* Where a folder has takes of the dancer who dances, the others (who walk) are left out. */
static void keep_dances(momui_dataset_report *dataset) {
    size_t kept = 0;
    bool any = false;
    for (size_t i = 0; i < dataset->take_count; i++)
        any = any || strncmp(dataset->takes[i].stem, "05_", 3) == 0;
    for (size_t i = 0; any && i < dataset->take_count; i++)
        if (strncmp(dataset->takes[i].stem, "05_", 3) == 0)
            dataset->takes[kept++] = dataset->takes[i];
    dataset->take_count = any ? kept : dataset->take_count;
}

static void drop_broken(const momui_dataset_report_options *options, momui_dataset_report *dataset,
                        momui_reported_pair *pairs, size_t *count) {
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (pairs[i].status == MOMU_OK) {
            pairs[kept++] = pairs[i];
            continue;
        }
        dataset->broken++;
        if (options->broken) {
            char text[1400];
            snprintf(text, sizeof text, "%s: %s", pairs[i].path, pairs[i].error.message);
            options->broken(options->user, text);
        }
        momui_reported_pair_release(&pairs[i]);
    }
    *count = kept;
}

static void read_all(const momui_dataset_report_options *options, momui_report_reading *r) {
    enum { AT_ONCE = 32 };
    momui_dataset_report *dataset = r->dataset;
    size_t training = 0, all = dataset->pair_count + dataset->take_count;
    for (size_t i = 0; i < dataset->pair_count; i++)
        training += dataset->pairs[i].split == MOMUI_REPORT_TRAIN;
    r->long_in_training = (int32_t)fmax(1, fmin(12, MOST_TRAINING / fmax(1, (double)training)));
    r->short_in_pair =
        (int32_t)fmax(2, fmin(SHORT_IN_PAIR, MOST_SHORT / (double)dataset->pair_count));
    for (r->done = 0; r->done < all; r->done += AT_ONCE) {
        if (options->progress)
            options->progress(options->user, r->done, all);
        momui_pool_run(dataset->pool, all - r->done < AT_ONCE ? all - r->done : AT_ONCE, read_task,
                       r);
    }
    if (options->progress)
        options->progress(options->user, all, all);
    drop_broken(options, dataset, dataset->pairs, &dataset->pair_count);
    drop_broken(options, dataset, dataset->takes, &dataset->take_count);
}

momu_status momui_dataset_report_open(momui_memory *memory,
                                      const momui_dataset_report_options *options,
                                      momui_dataset_report *dataset, momu_error *error) {
    momui_report_reading r = {.options = options, .dataset = dataset};
    *dataset = (momui_dataset_report){.memory = memory, .seed = options->seed};
    momu_status status;
    MOMUI_TRY_GOTO(momui_pool_create(memory, options->threads > 0 ? options->threads : 1,
                                     &dataset->pool, error),
                   status, done);
    MOMUI_TRY_GOTO(list_pairs(dataset, options->folder, error), status, done);
    if (options->mocap)
        MOMUI_TRY_GOTO(list_folder(memory, options->mocap, true, 0, &dataset->takes,
                                   &dataset->take_count, error),
                       status, done);
    keep_dances(dataset);
    read_all(options, &r);
    if (dataset->pair_count == 0)
        MOMUI_TRY_GOTO(
            momui_fail(error, MOMU_ERROR_FORMAT, "%s: every pair is broken", options->folder),
            status, done);
done:
    if (status != MOMU_OK)
        momui_dataset_report_close(dataset);
    return status;
}

void momui_dataset_report_close(momui_dataset_report *dataset) {
    for (size_t i = 0; i < dataset->pair_count; i++)
        momui_reported_pair_release(&dataset->pairs[i]);
    for (size_t i = 0; i < dataset->take_count; i++)
        momui_reported_pair_release(&dataset->takes[i]);
    momui_free(dataset->pairs);
    momui_free(dataset->takes);
    momui_pool_destroy(dataset->pool);
    *dataset = (momui_dataset_report){0};
}
