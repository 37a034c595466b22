typedef int momui_api_not_empty; /* removed with this subject's first file */
