/* Limits that all readers of motion share. */
#ifndef MOMUI_IO_MOTION_LIMITS_H
#define MOMUI_IO_MOTION_LIMITS_H

#include "motion/motion.h"

#define MOMUI_MOTION_FILE_MAX (UINT64_C(1) << 30) /* bytes */
#define MOMUI_MOTION_MAX_CELLS (INT64_C(1) << 27) /* joints x frames */
#define MOMUI_MIN_FPS 1.0
#define MOMUI_MAX_FPS 1000.0

/* Refuses sizes that no ordinary file has; `name` begins the sentence. */
momu_status momui_check_motion_size(const char *name, int64_t joints, int64_t frames,
                                    momu_error *error);
/* Refuses rates outside 1..1000. */
momu_status momui_check_fps(const char *name, double fps, momu_error *error);
/* Rates written with few digits (0.0083333 s) become the whole number they mean. */
double momui_snap_fps(double fps);

#endif
