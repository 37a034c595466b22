typedef int momui_diffusion_not_empty; /* removed with this subject's first file */
