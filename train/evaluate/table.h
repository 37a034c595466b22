/* Tables of scores, and their output as Markdown, CSV and JSON. */
#ifndef MOMUI_TRAIN_EVALUATE_TABLE_H
#define MOMUI_TRAIN_EVALUATE_TABLE_H

#include "base/stream.h"
#include "train/metrics/interval.h"

enum { MOMUI_TABLE_COLUMNS = 14, MOMUI_TABLE_NOTES = 16 };

typedef enum momui_cell_kind {
    MOMUI_CELL_NONE,
    MOMUI_CELL_NUMBER,
    MOMUI_CELL_INTERVAL
} momui_cell_kind;

typedef struct momui_cell {
    momui_cell_kind kind;
    int decimals;
    momui_interval value;
    bool chance; /* no better than chance: Markdown marks the value */
} momui_cell;
/* What is not finite becomes none: no table shows NaN. */
momui_cell momui_cell_number(double value, int decimals);
momui_cell momui_cell_interval(momui_interval value, double scale, int decimals);

typedef struct momui_table_row {
    char name[96];
    momui_cell cells[MOMUI_TABLE_COLUMNS];
} momui_table_row;

typedef struct momui_table {
    char key[48], title[240];
    int columns;
    const char *heads[MOMUI_TABLE_COLUMNS]; /* not owned */
    momui_table_row *rows;
    size_t count;
    char notes[MOMUI_TABLE_NOTES][320];
    int note_count;
} momui_table;

typedef struct momui_tables {
    momui_memory *memory;
    momui_table *items;
    size_t count;
    bool failed; /* out of memory: looked at in the end */
} momui_tables;

/* heads end with NULL. The pointer lasts until the next table is begun; NULL when out of memory,
 * and then the functions below do nothing. */
momui_table *momui_table_begin(momui_tables *tables, const char *key, const char *const *heads,
                               const char *title, ...) MOMUI_PRINTF(4, 5);
/* A row of empty cells; NULL when out of memory. */
momui_table_row *momui_table_add(momui_tables *tables, const char *name, ...) MOMUI_PRINTF(2, 3);
void momui_table_note(momui_tables *tables, const char *note, ...) MOMUI_PRINTF(2, 3);
void momui_tables_release(momui_tables *tables);

/* Markdown for people; CSV with a line a number (table, row, column, value, low, high); JSON. */
void momui_tables_markdown(const momui_tables *tables, momui_writer *out);
void momui_tables_csv(const momui_tables *tables, momui_writer *out);
void momui_tables_json(const momui_tables *tables, momui_writer *out);

/* A column of a table whose rows' names begin with a number, drawn over that number as SVG:
 * intervals as bars; `level` as a dashed line (NaN: none). */
void momui_table_chart(const momui_table *table, int column, double level, const char *across,
                       momui_writer *out);

#endif
