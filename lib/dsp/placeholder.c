typedef int momui_dsp_not_empty; /* removed with this subject's first file */
