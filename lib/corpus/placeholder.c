typedef int momui_corpus_not_empty; /* removed with this subject's first file */
