/* The files of tools/view/page, put into the library when it is built. */
#ifndef MOMUI_TOOLS_VIEW_PAGE_FILES_H
#define MOMUI_TOOLS_VIEW_PAGE_FILES_H

#include <stddef.h>

extern const unsigned char momui_page_html[], momui_page_css[], momui_tracks_js[],
    momui_dancer_js[], momui_keys_js[], momui_player_js[];
extern const size_t momui_page_html_size, momui_page_css_size, momui_tracks_js_size,
    momui_dancer_js_size, momui_keys_js_size, momui_player_js_size;

#endif
