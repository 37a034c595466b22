typedef int momui_models_not_empty; /* removed with this subject's first file */
