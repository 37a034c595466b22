/* One column of a table as a picture. */
#include "base/extremes.h"
#include "train/evaluate/table.h"

#include <math.h>
#include <stdlib.h>

enum { WIDTH = 640, HEIGHT = 380, LEFT = 60, RIGHT = 20, TOP = 46, BOTTOM = 44 };

typedef struct frame {
    double first, last, low, high;
} frame;

static double x_of(const frame *f, double value) {
    return LEFT + (WIDTH - LEFT - RIGHT) * (value - f->first) / fmax(f->last - f->first, 1e-9);
}

static double y_of(const frame *f, double value) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (f->high - value) / fmax(f->high - f->low, 1e-9);
}

static void attribute(momui_writer *out, const char *text, double value) {
    momui_write_text(out, text);
    momui_write_fixed(out, value, 1);
}

static void line(momui_writer *out, const char *style, double x1, double y1, double x2, double y2) {
    momui_write_text(out, "<line ");
    momui_write_text(out, style);
    attribute(out, " x1=\"", x1);
    attribute(out, "\" y1=\"", y1);
    attribute(out, "\" x2=\"", x2);
    attribute(out, "\" y2=\"", y2);
    momui_write_text(out, "\"/>\n");
}

static void text(momui_writer *out, double x, double y, const char *anchor) {
    attribute(out, "<text x=\"", x);
    attribute(out, "\" y=\"", y);
    momui_write_text(out, "\" text-anchor=\"");
    momui_write_text(out, anchor);
    momui_write_text(out, "\">");
}

static frame frame_of(const momui_table *t, int column, double level) {
    frame f = {INFINITY, -INFINITY, 0, isfinite(level) ? level : 0};
    for (size_t r = 0; r < t->count; r++) {
        const momui_cell *cell = &t->rows[r].cells[column];
        if (cell->kind == MOMUI_CELL_NONE)
            continue;
        f.first = momui_min(f.first, strtod(t->rows[r].name, NULL));
        f.last = momui_max(f.last, strtod(t->rows[r].name, NULL));
        f.high = momui_max(f.high, cell->value.high);
    }
    f.high = f.high > 0 ? 1.08 * f.high : 1;
    return f;
}

static void grid(const frame *f, momui_writer *out) {
    for (int i = 0; i <= 4; i++) {
        double value = f->low + (f->high - f->low) * i / 4;
        line(out, "stroke=\"#ddd\"", LEFT, y_of(f, value), WIDTH - RIGHT, y_of(f, value));
        text(out, LEFT - 6, y_of(f, value) + 4, "end");
        momui_write_fixed(out, value, 2);
        momui_write_text(out, "</text>\n");
    }
}

static void points(const frame *f, const momui_table *t, int column, momui_writer *out) {
    bool before = false;
    double last_x = 0, last_y = 0;
    for (size_t r = 0; r < t->count; r++) {
        const momui_cell *cell = &t->rows[r].cells[column];
        if (cell->kind == MOMUI_CELL_NONE)
            continue;
        double x = x_of(f, strtod(t->rows[r].name, NULL)), y = y_of(f, cell->value.value);
        line(out, "stroke=\"#79a\" stroke-width=\"2\"", x, y_of(f, cell->value.low), x,
             y_of(f, cell->value.high));
        if (before)
            line(out, "stroke=\"#136\" stroke-width=\"2\"", last_x, last_y, x, y);
        attribute(out, "<circle fill=\"#136\" r=\"4\" cx=\"", x);
        attribute(out, "\" cy=\"", y);
        momui_write_text(out, "\"/>\n");
        text(out, x, HEIGHT - BOTTOM + 18, "middle");
        momui_write_text(out, t->rows[r].name);
        momui_write_text(out, "</text>\n");
        before = true;
        last_x = x;
        last_y = y;
    }
}

void momui_table_chart(const momui_table *t, int column, double level, const char *across,
                       momui_writer *out) {
    frame f = frame_of(t, column, level);
    attribute(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"", WIDTH);
    attribute(out, "\" height=\"", HEIGHT);
    momui_write_text(out, "\" font-family=\"sans-serif\" font-size=\"12\">\n"
                          "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    text(out, LEFT, 22, "start");
    momui_write_text(out, t->title);
    momui_write_text(out, "</text>\n");
    text(out, WIDTH / 2.0, HEIGHT - 8, "middle");
    momui_write_text(out, across);
    momui_write_text(out, "</text>\n");
    grid(&f, out);
    if (isfinite(level))
        line(out, "stroke=\"#a33\" stroke-dasharray=\"6 4\"", LEFT, y_of(&f, level), WIDTH - RIGHT,
             y_of(&f, level));
    if (f.first <= f.last)
        points(&f, t, column, out);
    momui_write_text(out, "</svg>\n");
}
