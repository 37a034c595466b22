/* momu eval FOLDER | momu eval --generated DIR --reference DIR */
#define _POSIX_C_SOURCE 200809L
#include "command.h"

#include "base/stream.h"
#include "eval_options.h"
#include "train/evaluate/evaluate.h"
#include "train/evaluate/evaluation_report.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static atomic_int cancelled;

static void interrupt(int number) {
    (void)number;
    atomic_store(&cancelled, 1);
    signal(SIGINT, SIG_DFL);
}

/* ---- progress ---- */

typedef struct view {
    momu_bar bar;
    bool quiet;
} view;

static void show_progress(void *user, size_t done, size_t total) {
    view *w = user;
    momu_bar_progress(&w->bar, "evaluating", done, total);
}

static void show_note(void *user, const char *sentence) {
    (void)user;
    fprintf(stderr, "momu eval: left out: %s\n", sentence);
}

/* ---- output ---- */

static momu_status write_out(const char *folder, const char *name, const momui_writer *text,
                             momu_error *error) {
    char path[1200];
    snprintf(path, sizeof path, "%.1000s/%s", folder, name);
    return momui_write_file(path, text->data, text->size, error);
}

static momu_status write_charts(const char *folder, const momui_tables *tables, momu_error *error) {
    static const char *const KEYS[] = {"joint-start", "joint-length"};
    static const char *const ACROSS[] = {"share of the steps' noise that is left (T)", "seconds"};
    for (size_t t = 0; t < tables->count; t++)
        for (int k = 0; k < 2; k++) {
            if (strcmp(tables->items[t].key, KEYS[k]) != 0)
                continue;
            char name[80];
            momui_writer out;
            momui_writer_init(&out, NULL);
            momui_table_chart(&tables->items[t], 1, NAN, ACROSS[k], &out);
            snprintf(name, sizeof name, "%s.svg", KEYS[k]);
            momu_status status = write_out(folder, name, &out, error);
            momui_writer_release(&out);
            if (status != MOMU_OK)
                return status;
        }
    return MOMU_OK;
}

static momu_status write_all(const char *folder, const momui_tables *tables, momu_error *error) {
    static const struct {
        const char *name;
        void (*write)(const momui_tables *, momui_writer *);
    } FORMS[] = {{"report.md", momui_tables_markdown},
                 {"report.csv", momui_tables_csv},
                 {"report.json", momui_tables_json}};
    momu_status status = MOMU_OK;
    for (size_t i = 0; status == MOMU_OK && i < sizeof FORMS / sizeof *FORMS; i++) {
        momui_writer out;
        momui_writer_init(&out, NULL);
        FORMS[i].write(tables, &out);
        status = write_out(folder, FORMS[i].name, &out, error);
        momui_writer_release(&out);
    }
    return status == MOMU_OK ? write_charts(folder, tables, error) : status;
}

static void print_all(const momu_eval_options *a, const momui_evaluation *v,
                      const momui_tables *tables) {
    momui_writer out;
    momui_writer_init(&out, NULL);
    if (a->json)
        momui_tables_json(tables, &out);
    else
        momui_tables_markdown(tables, &out);
    fwrite(out.data, 1, out.size, stdout);
    momui_writer_release(&out);
    if (!a->json)
        printf("%zu clips, %zu failed.\n", v->pairs.count, v->failed);
}

/* ---- the whole command ---- */

static momu_status report(const momu_eval_options *a, const momui_evaluation *v,
                          momu_error *error) {
    momui_tables tables = {0};
    momu_status status = momui_report_tables(v, &tables, error);
    if (status == MOMU_OK && a->tables)
        status = momui_paper_tables(v, &tables, error);
    if (status == MOMU_OK)
        print_all(a, v, &tables);
    if (status == MOMU_OK && a->output)
        status = write_all(a->output, &tables, error);
    momui_tables_release(&tables);
    return status;
}

static int run(momu_eval_options *a) {
    view w = {.quiet = a->quiet};
    momui_evaluation *v = calloc(1, sizeof *v);
    momu_error error = {0};
    if (!v)
        return momu_report("eval", MOMU_ERROR_MEMORY, "no memory", false);
    momu_bar_open(&w.bar, a->quiet);
    a->evaluate.progress = show_progress;
    a->evaluate.note = show_note;
    a->evaluate.user = &w;
    a->evaluate.cancel = &cancelled;
    signal(SIGINT, interrupt);
    momu_status status = momui_evaluate(NULL, &a->evaluate, v, &error);
    momu_bar_close(&w.bar);
    if (status == MOMU_OK)
        status = report(a, v, &error);
    momui_evaluation_release(v);
    free(v);
    return status == MOMU_OK ? MOMU_EXIT_OK : momu_report("eval", status, error.message, false);
}

int momu_cmd_eval(int argc, char **argv) {
    momu_eval_options a;
    int code = momu_eval_read_options(argc, argv, &a);
    return code >= 0 ? code : run(&a);
}
