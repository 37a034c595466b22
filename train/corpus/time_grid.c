#include "train/corpus/time_grid.h"

void momui_grid_release(momui_grid *grid) {
    momui_free(grid->beats);
    momui_free(grid->sections);
    *grid = (momui_grid){0};
}
