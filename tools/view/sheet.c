/* The sheet: rows of some seconds, each with its dancers above the spectrogram of the song. */
#include "tools/view/scene.h"

#include "tools/draw/pictures.h"
#include "tools/draw/png.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MARGIN = 14, RULER = 18, MEL = 84, GAP = 16, MOST_ROWS = 60 };

static const momui_color BACK = {255, 255, 255}, INK = {70, 76, 84}, LINE = {214, 217, 222},
                         WHITE = {255, 255, 255}, HIT = {38, 166, 100}, MISS = {222, 60, 56};

typedef struct sheet {
    momui_canvas canvas;
    const momui_scene *scene;
    double from, to, row_seconds;
    int32_t rows, dancer, row_height; /* pixels */
} sheet;

/* ---- numbers, by strokes ---- */

/* Seven strokes: top, upper left and right, middle, lower left and right, bottom. */
static void draw_digit(momui_canvas *canvas, double x, double y, double size, int digit) {
    static const char *const STROKES[10] = {"1110111", "0010010", "1011101", "1011011", "0111010",
                                            "1101011", "1101111", "1010010", "1111111", "1111011"};
    static const double ENDS[7][4] = {{0, 0, 1, 0}, {0, 0, 0, 1}, {1, 0, 1, 1}, {0, 1, 1, 1},
                                      {0, 1, 0, 2}, {1, 1, 1, 2}, {0, 2, 1, 2}};
    for (int i = 0; i < 7; i++)
        if (STROKES[digit][i] == '1')
            momui_canvas_line(canvas, x + ENDS[i][0] * size * 0.8, y + ENDS[i][1] * size,
                              x + ENDS[i][2] * size * 0.8, y + ENDS[i][3] * size, 1.3, INK);
}

static double number_width(double size, int64_t value) {
    int digits = 1;
    while (value /= 10)
        digits++;
    return 1.7 * size * digits;
}

static void draw_number(momui_canvas *canvas, double x, double y, double size, int64_t value) {
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    for (const char *p = text; *p; p++, x += 1.7 * size)
        if (*p >= '0' && *p <= '9')
            draw_digit(canvas, x, y, size, *p - '0');
}

/* ---- one row ---- */

static double column(const sheet *s, double seconds, double row_start) {
    return MARGIN + (seconds - row_start) / s->row_seconds * (s->canvas.width - 2 * MARGIN);
}

static void draw_ruler(sheet *s, double start, double end, int32_t top) {
    int64_t step = s->row_seconds > 30 ? 5 : 1;
    for (int64_t second = (int64_t)ceil(start - 1e-9); (double)second <= end; second++) {
        if (second % step)
            continue;
        double x = column(s, (double)second, start);
        momui_canvas_line(&s->canvas, x, top + RULER - 5, x, top + RULER, 1, INK);
        if (x + 4 + number_width(5, second) <= s->canvas.width)
            draw_number(&s->canvas, x + 4, top + 2, 5, second);
    }
}

/* As many moments of the dance as fit side by side. */
static void draw_dancers(sheet *s, const momui_motion *motion, double start, double end,
                         int32_t top) {
    double spacing = s->dancer * 0.52;
    int count = (int)((s->canvas.width - 2 * MARGIN) / spacing);
    for (int i = 0; i < count; i++) {
        double seconds = start + (i + 0.5) / count * s->row_seconds;
        int64_t frame = (int64_t)(seconds * motion->fps);
        if (seconds >= end || frame >= motion->frames)
            break;
        momui_draw_dancer(&s->canvas, column(s, seconds, start), top + s->dancer - 4,
                          s->dancer * 0.95, motion, frame);
    }
    momui_canvas_line(&s->canvas, MARGIN, top + s->dancer, column(s, end, start), top + s->dancer,
                      1, LINE);
}

static void draw_sound(sheet *s, double start, double end, int32_t top) {
    const momui_scene *scene = s->scene;
    int64_t from = (int64_t)(start * 62.5), to = (int64_t)(end * 62.5);
    to = to < scene->mel_frames ? to : scene->mel_frames;
    if (from >= to)
        return;
    double right = column(s, (double)to / 62.5, start);
    momui_draw_mel(&s->canvas, MARGIN, top, (int32_t)(right - MARGIN), MEL, scene->mel + from * 80,
                   to - from, 80);
    for (size_t i = 0; i < scene->music.count; i++) {
        double beat = scene->music.times[i], x = column(s, beat, start);
        if (beat >= start && beat < end)
            momui_canvas_line(&s->canvas, x, top, x, top + MEL / 3.0, 1.6, WHITE);
    }
}

/* Beats of the dance: at the dancers' feet and over the spectrogram. */
static void draw_beats(sheet *s, const momui_scene_dance *dance, double start, double end,
                       int32_t top, int32_t bottom) {
    for (size_t i = 0; i < dance->beat_count; i++) {
        double beat = dance->beats[i], x = column(s, beat, start);
        if (beat < start || beat >= end)
            continue;
        bool known = s->scene->music.count > 0;
        momui_canvas_line(&s->canvas, x, top, x, bottom, 1.6,
                          !known           ? INK
                          : dance->hits[i] ? HIT
                                           : MISS);
    }
}

static void draw_row(sheet *s, int32_t row, int32_t top) {
    double start = s->from + row * s->row_seconds, end = fmin(s->to, start + s->row_seconds);
    const momui_scene *scene = s->scene;
    int dances = scene->view->dance_count;
    draw_ruler(s, start, end, top);
    top += RULER;
    for (int i = 0; i < dances; i++, top += s->dancer) {
        draw_dancers(s, scene->dances[i].motion, start, end, top);
        draw_beats(s, &scene->dances[i], start, end, top + s->dancer - 12, top + s->dancer + 4);
    }
    top += 6;
    if (scene->view->song)
        draw_sound(s, start, end, top);
    for (int i = 0; i < dances && scene->view->song; i++)
        draw_beats(s, &scene->dances[i], start, end, top + MEL * (2 + i) / 4, top + MEL);
}

/* ---- the sheet ---- */

static momu_status plan(sheet *s, const momui_sheet_options *options, momu_error *error) {
    const momui_scene *scene = s->scene;
    s->from = options->from;
    s->to = options->to > 0 ? fmin(options->to, scene->seconds) : scene->seconds;
    s->row_seconds = options->row_seconds > 0 ? options->row_seconds : 8;
    if (!(s->from >= 0 && s->from < s->to))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "from %g to %g s: there is nothing of what lasts %g s", s->from, s->to,
                          scene->seconds);
    double rows = ceil((s->to - s->from) / s->row_seconds - 1e-9);
    if (rows > MOST_ROWS)
        return momui_fail(error, MOMU_ERROR_LIMIT,
                          "%g s make %g rows of %g s; at most %d: choose a span", s->to - s->from,
                          rows, s->row_seconds, MOST_ROWS);
    s->rows = (int32_t)rows;
    s->dancer = options->width / 9 < 170 ? options->width / 9 : 170;
    s->row_height =
        RULER + scene->view->dance_count * s->dancer + 6 + (scene->view->song ? MEL : 0) + GAP;
    return MOMU_OK;
}

momu_status momui_sheet_make(momui_memory *memory, const momui_view *view,
                             const momui_sheet_options *options, momui_writer *out,
                             momu_error *error) {
    momui_scene scene;
    MOMUI_TRY(momui_scene_open(memory, view, &scene, error));
    sheet s = {.scene = &scene};
    momu_status status = plan(&s, options, error);
    if (status == MOMU_OK)
        status = momui_canvas_open(memory, options->width, 2 * MARGIN + s.rows * s.row_height - GAP,
                                   BACK, &s.canvas, error);
    if (status == MOMU_OK) {
        for (int32_t row = 0; row < s.rows; row++)
            draw_row(&s, row, MARGIN + row * s.row_height);
        status = momui_png_make(memory, s.canvas.rgb, s.canvas.width, s.canvas.height, out, error);
    }
    momui_canvas_release(&s.canvas);
    momui_scene_close(&scene);
    return status;
}

momu_status momui_sheet_write(momui_memory *memory, const momui_view *view,
                              const momui_sheet_options *options, const char *path,
                              momu_error *error) {
    momui_writer out;
    momui_writer_init(&out, memory);
    momu_status status = momui_sheet_make(memory, view, options, &out, error);
    if (status == MOMU_OK)
        status = momui_write_file(path, out.data, out.size, error);
    momui_writer_release(&out);
    return status;
}
