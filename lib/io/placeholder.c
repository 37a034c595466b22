typedef int momui_io_not_empty; /* removed with this subject's first file */
