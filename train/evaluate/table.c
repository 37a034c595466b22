#include "train/evaluate/table.h"

#include "io/json/json.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

momui_cell momui_cell_number(double value, int decimals) {
    if (!isfinite(value))
        return (momui_cell){0};
    return (momui_cell){MOMUI_CELL_NUMBER, decimals, {value, value, value}, false};
}

momui_cell momui_cell_interval(momui_interval value, double scale, int decimals) {
    if (!isfinite(value.value) || !isfinite(value.low) || !isfinite(value.high))
        return (momui_cell){0};
    return (momui_cell){MOMUI_CELL_INTERVAL,
                        decimals,
                        {value.value * scale, value.low * scale, value.high * scale},
                        false};
}

/* ---- building ---- */

static momui_table *last(const momui_tables *tables) {
    return tables->count > 0 && !tables->failed ? &tables->items[tables->count - 1] : NULL;
}

momui_table *momui_table_begin(momui_tables *tables, const char *key, const char *const *heads,
                               const char *title, ...) {
    momui_table *grown =
        momui_realloc(tables->memory, tables->items, tables->count + 1, sizeof *tables->items);
    tables->failed = tables->failed || !grown;
    if (!grown)
        return NULL;
    tables->items = grown;
    momui_table *table = &grown[tables->count++];
    memset(table, 0, sizeof *table);
    snprintf(table->key, sizeof table->key, "%s", key);
    while (table->columns < MOMUI_TABLE_COLUMNS && heads[table->columns]) {
        table->heads[table->columns] = heads[table->columns];
        table->columns++;
    }
    va_list arguments;
    va_start(arguments, title);
    vsnprintf(table->title, sizeof table->title, title, arguments);
    va_end(arguments);
    return table;
}

momui_table_row *momui_table_add(momui_tables *tables, const char *name, ...) {
    momui_table *table = last(tables);
    if (!table)
        return NULL;
    momui_table_row *grown =
        momui_realloc(tables->memory, table->rows, table->count + 1, sizeof *grown);
    tables->failed = tables->failed || !grown;
    if (!grown)
        return NULL;
    table->rows = grown;
    momui_table_row *row = &grown[table->count++];
    memset(row, 0, sizeof *row);
    va_list arguments;
    va_start(arguments, name);
    vsnprintf(row->name, sizeof row->name, name, arguments);
    va_end(arguments);
    return row;
}

void momui_table_note(momui_tables *tables, const char *note, ...) {
    momui_table *table = last(tables);
    if (!table || table->note_count >= MOMUI_TABLE_NOTES)
        return;
    va_list arguments;
    va_start(arguments, note);
    vsnprintf(table->notes[table->note_count++], sizeof *table->notes, note, arguments);
    va_end(arguments);
}

void momui_tables_release(momui_tables *tables) {
    for (size_t i = 0; i < tables->count; i++)
        momui_free(tables->items[i].rows);
    momui_free(tables->items);
    *tables = (momui_tables){.memory = tables->memory};
}

/* ---- Markdown ---- */

static void write_cell(momui_writer *out, const momui_cell *cell) {
    if (cell->kind == MOMUI_CELL_NONE) {
        momui_write_text(out, "-");
        return;
    }
    momui_write_fixed(out, cell->value.value, cell->decimals);
    if (cell->kind == MOMUI_CELL_NUMBER)
        return;
    momui_write_text(out, " (");
    momui_write_fixed(out, cell->value.low, cell->decimals);
    momui_write_text(out, "..");
    momui_write_fixed(out, cell->value.high, cell->decimals);
    momui_write_text(out, cell->chance ? "), no better than chance" : ")");
}

static void markdown(const momui_table *t, momui_writer *out) {
    momui_write_text(out, "### ");
    momui_write_text(out, t->title);
    momui_write_text(out, "\n\n| |");
    for (int c = 0; c < t->columns; c++) {
        momui_write_text(out, " ");
        momui_write_text(out, t->heads[c]);
        momui_write_text(out, " |");
    }
    momui_write_text(out, "\n|---|");
    for (int c = 0; c < t->columns; c++)
        momui_write_text(out, "---|");
    momui_write_text(out, "\n");
    for (size_t r = 0; r < t->count; r++) {
        momui_write_text(out, "| ");
        momui_write_text(out, t->rows[r].name);
        momui_write_text(out, " |");
        for (int c = 0; c < t->columns; c++) {
            momui_write_text(out, " ");
            write_cell(out, &t->rows[r].cells[c]);
            momui_write_text(out, " |");
        }
        momui_write_text(out, "\n");
    }
    for (int n = 0; n < t->note_count; n++) {
        momui_write_text(out, "\n");
        momui_write_text(out, t->notes[n]);
        momui_write_text(out, "\n");
    }
    momui_write_text(out, "\n");
}

void momui_tables_markdown(const momui_tables *tables, momui_writer *out) {
    for (size_t i = 0; i < tables->count; i++)
        markdown(&tables->items[i], out);
}

/* ---- CSV and JSON ---- */

static void write_number(momui_writer *out, double value) {
    char text[40];
    snprintf(text, sizeof text, "%.9g", value);
    momui_write_text(out, text);
}

static void quoted(momui_writer *out, const char *text) {
    momui_write_text(out, "\"");
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            momui_write_text(out, "\"");
        momui_write(out, p, 1);
    }
    momui_write_text(out, "\"");
}

void momui_tables_csv(const momui_tables *tables, momui_writer *out) {
    momui_write_text(out, "table,row,column,value,low,high\n");
    for (size_t i = 0; i < tables->count; i++)
        for (size_t r = 0; r < tables->items[i].count; r++)
            for (int c = 0; c < tables->items[i].columns; c++) {
                const momui_table *t = &tables->items[i];
                const momui_cell *cell = &t->rows[r].cells[c];
                if (cell->kind == MOMUI_CELL_NONE)
                    continue;
                quoted(out, t->key);
                momui_write_text(out, ",");
                quoted(out, t->rows[r].name);
                momui_write_text(out, ",");
                quoted(out, t->heads[c]);
                double values[] = {cell->value.value, cell->value.low, cell->value.high};
                for (int k = 0; k < (cell->kind == MOMUI_CELL_INTERVAL ? 3 : 1); k++) {
                    momui_write_text(out, ",");
                    write_number(out, values[k]);
                }
                momui_write_text(out, cell->kind == MOMUI_CELL_INTERVAL ? "\n" : ",,\n");
            }
}

static void json_cell(momui_writer *out, const momui_cell *cell) {
    if (cell->kind == MOMUI_CELL_NONE) {
        momui_write_text(out, "null");
        return;
    }
    momui_write_text(out, "[");
    write_number(out, cell->value.value);
    if (cell->kind == MOMUI_CELL_INTERVAL) {
        momui_write_text(out, ",");
        write_number(out, cell->value.low);
        momui_write_text(out, ",");
        write_number(out, cell->value.high);
    }
    momui_write_text(out, "]");
}

static void json_table(const momui_table *t, momui_writer *out) {
    momui_write_text(out, "{\"key\":");
    momui_json_write_string(out, t->key);
    momui_write_text(out, ",\"title\":");
    momui_json_write_string(out, t->title);
    momui_write_text(out, ",\"columns\":[");
    for (int c = 0; c < t->columns; c++) {
        momui_write_text(out, c ? "," : "");
        momui_json_write_string(out, t->heads[c]);
    }
    momui_write_text(out, "],\"rows\":[");
    for (size_t r = 0; r < t->count; r++) {
        momui_write_text(out, r ? ",\n {\"name\":" : "\n {\"name\":");
        momui_json_write_string(out, t->rows[r].name);
        momui_write_text(out, ",\"values\":[");
        for (int c = 0; c < t->columns; c++) {
            momui_write_text(out, c ? "," : "");
            json_cell(out, &t->rows[r].cells[c]);
        }
        momui_write_text(out, "]}");
    }
    momui_write_text(out, "],\"notes\":[");
    for (int n = 0; n < t->note_count; n++) {
        momui_write_text(out, n ? "," : "");
        momui_json_write_string(out, t->notes[n]);
    }
    momui_write_text(out, "]}");
}

void momui_tables_json(const momui_tables *tables, momui_writer *out) {
    momui_write_text(out, "{\"tables\":[");
    for (size_t i = 0; i < tables->count; i++) {
        momui_write_text(out, i ? ",\n" : "\n");
        json_table(&tables->items[i], out);
    }
    momui_write_text(out, "]}\n");
}
