typedef int momui_motion_not_empty; /* removed with this subject's first file */
