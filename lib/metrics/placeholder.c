typedef int momui_metrics_not_empty; /* removed with this subject's first file */
