/* The loss over the steps as an SVG: the training loss, its moving mean, and the validation points.
 */
#include "base/extremes.h"
#include "train/stages/trainer.h"

#include <math.h>

enum { WIDTH = 900, HEIGHT = 460, LEFT = 70, RIGHT = 20, TOP = 50, BOTTOM = 45 };

typedef struct frame {
    double steps, low, high; /* natural logarithms of the loss */
} frame;

static double across(const frame *f, int64_t step) {
    return LEFT + (WIDTH - LEFT - RIGHT) * (double)step / fmax(f->steps, 1);
}

static double down(const frame *f, double loss) {
    double share = (f->high - log(loss)) / fmax(f->high - f->low, 1e-9);
    return TOP + (HEIGHT - TOP - BOTTOM) * fmin(fmax(share, 0), 1);
}

static frame frame_of(const momui_log *rows) {
    frame f = {1, INFINITY, -INFINITY};
    for (size_t i = 0; i < rows->count; i++) {
        const momui_log_row *row = &rows->rows[i];
        const double values[] = {row->loss, row->validation};
        f.steps = momui_max(f.steps, (double)row->step);
        for (int v = 0; v < 2; v++)
            if (isfinite(values[v]) && values[v] > 0) {
                f.low = momui_min(f.low, log(values[v]));
                f.high = momui_max(f.high, log(values[v]));
            }
    }
    if (!(f.low <= f.high))
        f.low = 0, f.high = 1;
    f.low -= 0.05;
    f.high += 0.05;
    return f;
}

static void attribute(momui_writer *out, const char *text, double value) {
    momui_write_text(out, text);
    momui_write_fixed(out, value, 1);
}

static void label(momui_writer *out, double x, double y, const char *anchor, double value,
                  int decimals) {
    attribute(out, "<text x=\"", x);
    attribute(out, "\" y=\"", y);
    momui_write_text(out, "\" text-anchor=\"");
    momui_write_text(out, anchor);
    momui_write_text(out, "\">");
    momui_write_fixed(out, value, decimals);
    momui_write_text(out, "</text>\n");
}

static void rule(momui_writer *out, double x1, double y1, double x2, double y2) {
    attribute(out, "<line stroke=\"#ddd\" x1=\"", x1);
    attribute(out, "\" y1=\"", y1);
    attribute(out, "\" x2=\"", x2);
    attribute(out, "\" y2=\"", y2);
    momui_write_text(out, "\"/>\n");
}

static void axes(const frame *f, momui_writer *out) {
    for (int i = 0; i <= 5; i++) {
        double loss = exp(f->low + (f->high - f->low) * i / 5.0), y = down(f, loss);
        rule(out, LEFT, y, WIDTH - RIGHT, y);
        label(out, LEFT - 8, y + 4, "end", loss, loss < 0.1 ? 4 : loss < 10 ? 3 : 1);
        int64_t step = (int64_t)(f->steps * i / 5.0);
        rule(out, across(f, step), TOP, across(f, step), HEIGHT - BOTTOM);
        label(out, across(f, step), HEIGHT - BOTTOM + 18, "middle", (double)step, 0);
    }
}

/* mode 0: the rows; 1: their moving mean; 2: validation */
static void line(const momui_log *rows, const frame *f, int mode, const char *style,
                 momui_writer *out) {
    momui_write_text(out, "<polyline fill=\"none\" ");
    momui_write_text(out, style);
    momui_write_text(out, " points=\"");
    double mean = NAN;
    size_t stride = rows->count / 3000 + 1; /* a picture needs no more points than that */
    for (size_t i = 0; i < rows->count; i++) {
        const momui_log_row *row = &rows->rows[i];
        double value = mode == 2 ? row->validation : row->loss;
        if (!isfinite(value) || value <= 0)
            continue;
        mean = isnan(mean) ? value : 0.95 * mean + 0.05 * value;
        if (mode != 2 && i % stride != 0)
            continue;
        attribute(out, "", across(f, row->step));
        attribute(out, ",", down(f, mode == 1 ? mean : value));
        momui_write_text(out, " ");
    }
    momui_write_text(out, "\"/>\n");
}

momu_status momui_log_plot(const momui_log *rows, momu_error *error) {
    frame f = frame_of(rows);
    momui_writer out;
    momui_writer_init(&out, rows->memory);
    momui_write_text(&out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"460\" "
                           "font-family=\"sans-serif\" font-size=\"12\">\n"
                           "<rect width=\"900\" height=\"460\" fill=\"white\"/>\n"
                           "<text x=\"70\" y=\"28\" font-size=\"15\">loss of ");
    momui_write_text(&out, rows->task->name);
    momui_write_text(&out, " over steps, logarithmic: <tspan fill=\"#2266bb\">training</tspan>, "
                           "<tspan fill=\"#cc4411\">validation</tspan></text>\n");
    axes(&f, &out);
    line(rows, &f, 0, "stroke=\"#bcd0ea\"", &out);
    line(rows, &f, 1, "stroke=\"#2266bb\" stroke-width=\"1.8\"", &out);
    line(rows, &f, 2, "stroke=\"#cc4411\" stroke-width=\"1.8\"", &out);
    momui_write_text(&out, "</svg>\n");
    momu_status status = out.failed ? momui_fail_memory(error, "the plot")
                                    : momui_write_file(rows->plot, out.data, out.size, error);
    momui_writer_release(&out);
    return status;
}
