/* The log of a task: OUT/log-TASK.csv, one row every few steps; a resumed run goes on behind its
 * checkpoint. */
#include "train/stages/trainer.h"

#include "base/numbers.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static int term_count(const momui_network_task *task) {
    int count = 0;
    while (task->terms[count])
        count++;
    return count;
}

static momu_status keep(momui_log *log, const momui_log_row *row, momu_error *error) {
    if (log->count == log->capacity) {
        size_t capacity = log->capacity ? 2 * log->capacity : 256;
        momui_log_row *rows = momui_realloc(log->memory, log->rows, capacity, sizeof *rows);
        if (!rows)
            return momui_fail_memory(error, "the log");
        log->rows = rows;
        log->capacity = capacity;
    }
    log->rows[log->count++] = *row;
    return MOMU_OK;
}

static void write_head(const momui_log *log, momui_writer *out) {
    momui_write_text(out, "step,seconds,rate,norm,loss,validation");
    for (int i = 0; log->task->terms[i]; i++) {
        momui_write_text(out, ",");
        momui_write_text(out, log->task->terms[i]);
    }
    momui_write_text(out, "\n");
}

static void write_row(const momui_log *log, const momui_log_row *row, momui_writer *out) {
    const double values[] = {row->elapsed, row->rate, row->norm, row->loss, row->validation};
    static const int DECIMALS[] = {3, 9, 6, 6, 6};
    momui_write_fixed(out, (double)row->step, 0);
    for (int i = 0; i < 5; i++) {
        momui_write_text(out, ",");
        if (isfinite(values[i]))
            momui_write_fixed(out, values[i], DECIMALS[i]);
    }
    for (int i = 0; log->task->terms[i]; i++) {
        momui_write_text(out, ",");
        momui_write_fixed(out, row->terms[i], 6);
    }
    momui_write_text(out, "\n");
}

/* A field of the CSV; an empty one is NaN. False at the end of the line. */
static bool read_field(const char **at, const char *end, double *value) {
    if (*at >= end)
        return false;
    const char *stop = memchr(*at, ',', (size_t)(end - *at));
    stop = stop ? stop : end;
    const char *next;
    if (!momui_parse_double(*at, stop, value, &next) || next != stop)
        *value = NAN;
    *at = stop < end ? stop + 1 : end;
    return true;
}

static bool read_row(const momui_log *log, const char *line, const char *end, momui_log_row *row) {
    double fields[6 + MOMUI_MAX_TERMS] = {0};
    int wanted = 6 + term_count(log->task), count = 0;
    while (count < wanted && read_field(&line, end, &fields[count]))
        count++;
    if (count != wanted || !isfinite(fields[0]) || fabs(fields[0]) > 9e15)
        return false;
    *row = (momui_log_row){(int64_t)fields[0], fields[1], fields[2], fields[3],
                           fields[4],          fields[5], {0}};
    memcpy(row->terms, fields + 6, (size_t)(wanted - 6) * sizeof *fields);
    return true;
}

/* Rows up to `step` of an earlier run. A log that cannot be read does not stop the run. */
static momu_status read_back(momui_log *log, int64_t step, momu_error *error) {
    momui_bytes bytes = {0};
    if (step == 0 ||
        momui_bytes_from_path(log->memory, log->path, false, 1 << 28, &bytes, NULL) != MOMU_OK)
        return MOMU_OK;
    const char *at = (const char *)bytes.data, *end = at + bytes.size;
    momu_status status = MOMU_OK;
    while (status == MOMU_OK && at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        momui_log_row row;
        if (stop && read_row(log, at, stop, &row) && row.step <= step)
            status = keep(log, &row, error);
        at = stop ? stop + 1 : end;
    }
    momui_bytes_release(&bytes);
    return status;
}

momu_status momui_log_open(momui_log *log, momui_memory *memory, const char *folder,
                           const momui_network_task *task, int64_t step, momu_error *error) {
    *log = (momui_log){.memory = memory, .task = task};
    snprintf(log->path, sizeof log->path, "%s/log-%s.csv", folder, task->name);
    snprintf(log->plot, sizeof log->plot, "%s/loss-%s.svg", folder, task->name);
    MOMUI_TRY(read_back(log, step, error));
    momui_writer out;
    momui_writer_init(&out, memory);
    write_head(log, &out);
    for (size_t i = 0; i < log->count; i++)
        write_row(log, &log->rows[i], &out);
    momu_status status = out.failed ? momui_fail_memory(error, "the log")
                                    : momui_write_file(log->path, out.data, out.size, error);
    momui_writer_release(&out);
    return status;
}

momu_status momui_log_add(momui_log *log, const momui_log_row *row, momu_error *error) {
    MOMUI_TRY(keep(log, row, error));
    momui_writer out;
    momui_writer_init(&out, log->memory);
    write_row(log, row, &out);
    FILE *file = out.failed ? NULL : fopen(log->path, "ab");
    bool whole = file && fwrite(out.data, 1, out.size, file) == out.size;
    if (file && fclose(file) != 0)
        whole = false;
    momui_writer_release(&out);
    return whole ? MOMU_OK
                 : momui_fail(error, MOMU_ERROR_IO, "%s: the log could not be written: %s",
                              log->path, strerror(errno));
}

void momui_log_release(momui_log *log) {
    momui_free(log->rows);
    *log = (momui_log){0};
}
