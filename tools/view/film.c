#include "tools/view/film.h"
#include "tools/view/scene.h"

#include "tools/draw/pictures.h"

#include <math.h>
#include <string.h>

struct momui_film {
    momui_scene scene;
    momui_canvas still, canvas; /* what does not move, and a frame */
    int32_t strip;              /* height of the sound below */
};

static const momui_color BACK = {250, 250, 248}, FLOOR = {222, 222, 216}, HEAD = {255, 255, 255},
                         BEAT = {38, 166, 100}, MISS = {222, 60, 56};

static double column(const momui_film *film, double seconds) {
    return seconds / film->scene.seconds * film->canvas.width;
}

static void draw_still(momui_film *film) {
    const momui_scene *scene = &film->scene;
    int32_t top = film->still.height - film->strip, width = film->still.width;
    momui_canvas_rectangle(&film->still, 0, top - 3, width, 1, FLOOR);
    if (scene->mel_frames > 0)
        momui_draw_mel(&film->still, 0, top,
                       (int32_t)column(film, (double)scene->mel_frames / 62.5), film->strip,
                       scene->mel, scene->mel_frames, 80);
    for (int i = 0; i < scene->view->dance_count; i++)
        for (size_t b = 0; b < scene->dances[i].beat_count; b++) {
            double x = column(film, scene->dances[i].beats[b]);
            momui_canvas_line(&film->still, x, top + film->strip * 0.7, x, top + film->strip, 1.5,
                              scene->dances[i].hits[b] ? BEAT : MISS);
        }
}

momu_status momui_film_open(momui_memory *memory, const momui_view *view, int32_t width,
                            int32_t height, momui_film **out, momu_error *error) {
    *out = NULL;
    momui_film *film = momui_calloc(memory, 1, sizeof *film);
    if (!film)
        return momui_fail_memory(error, "a film");
    momu_status status = momui_scene_open(memory, view, &film->scene, error);
    if (status == MOMU_OK)
        status = momui_canvas_open(memory, width, height, BACK, &film->still, error);
    if (status == MOMU_OK)
        status = momui_canvas_open(memory, width, height, BACK, &film->canvas, error);
    if (status != MOMU_OK) {
        momui_film_close(film);
        return status;
    }
    film->strip = view->song ? height / 6 : 0;
    draw_still(film);
    *out = film;
    return MOMU_OK;
}

void momui_film_close(momui_film *film) {
    if (!film)
        return;
    momui_canvas_release(&film->still);
    momui_canvas_release(&film->canvas);
    momui_scene_close(&film->scene);
    momui_free(film);
}

double momui_film_seconds(const momui_film *film) {
    return film->scene.seconds;
}

const uint8_t *momui_film_frame(momui_film *film, double seconds) {
    const momui_view *view = film->scene.view;
    int32_t width = film->canvas.width, high = film->canvas.height - film->strip;
    memcpy(film->canvas.rgb, film->still.rgb, (size_t)width * (size_t)film->canvas.height * 3);
    for (int i = 0; i < view->dance_count; i++) {
        const momui_motion *motion = view->dances[i];
        int64_t frame = (int64_t)(seconds * motion->fps);
        frame = frame < motion->frames ? frame : motion->frames - 1;
        momui_draw_dancer(&film->canvas, width * (i + 0.5) / view->dance_count, high - 0.06 * high,
                          0.92 * high, motion, frame);
    }
    if (film->strip > 0) {
        double x = column(film, seconds);
        momui_canvas_line(&film->canvas, x, high, x, film->canvas.height, 2, HEAD);
    }
    return film->canvas.rgb;
}
