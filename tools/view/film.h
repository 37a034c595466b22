/* The frames of a film: dancers above the spectrogram of the song, with a playhead. */
#ifndef MOMUI_TOOLS_VIEW_FILM_H
#define MOMUI_TOOLS_VIEW_FILM_H

#include "tools/view/view.h"

typedef struct momui_film momui_film;

/* `view` must outlive the film. */
momu_status momui_film_open(momui_memory *memory, const momui_view *view, int32_t width,
                            int32_t height, momui_film **film, momu_error *error);
void momui_film_close(momui_film *film); /* NULL is allowed */
double momui_film_seconds(const momui_film *film);
/* (height, width, 3) of this moment; valid until the next. */
const uint8_t *momui_film_frame(momui_film *film, double seconds);

#endif
