typedef int momui_nn_not_empty; /* removed with this subject's first file */
