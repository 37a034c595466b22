/* A film of a view, by the program ffmpeg. */
#ifndef MOMU_TOOLS_FILM_H
#define MOMU_TOOLS_FILM_H

#include "view_inputs.h"

int momu_film(const momu_view_arguments *arguments, const momui_view *view);

#endif
