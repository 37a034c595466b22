typedef int momui_train_not_empty; /* removed with this subject's first file */
