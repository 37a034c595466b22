#include "train/corpus/music/soundfont.h"

#include "base/stream.h"

#include <string.h>

static const momui_soundfont_licence SOUNDFONTS[] = {
    {"MuseScore_General_Lite.sf3", "MuseScore General Lite", "MIT",
     "MuseScore General, Copyright 2018-2021 S. Christian Collins; Fluid (R3) Mono GM, Copyright "
     "2014-2017 Michael Cowgill; Fluid (R3) GM, Copyright 2000-2002, 2008 Frank Wen"},
    {"MuseScore_General_Full.sf2", "MuseScore General", "MIT",
     "MuseScore General, Copyright 2018-2021 S. Christian Collins; Fluid (R3) Mono GM, Copyright "
     "2014-2017 Michael Cowgill; Fluid (R3) GM, Copyright 2000-2002, 2008 Frank Wen"},
    {"MuseScore_General.sf3", "MuseScore General", "MIT",
     "MuseScore General, Copyright 2018-2021 S. Christian Collins; Fluid (R3) Mono GM, Copyright "
     "2014-2017 Michael Cowgill; Fluid (R3) GM, Copyright 2000-2002, 2008 Frank Wen"},
    {"FluidR3_GM.sf2", "Fluid (R3) General MIDI", "MIT",
     "Fluid (R3) GM, Copyright 2000-2002, 2008 Frank Wen"},
    {"FluidR3_GS.sf2", "Fluid (R3) General MIDI, GS part", "MIT",
     "Fluid (R3) GM, Copyright 2000-2002, 2008 Frank Wen"},
};

const momui_soundfont_licence *momui_soundfont_licence_of(const char *file) {
    for (size_t i = 0; i < sizeof SOUNDFONTS / sizeof *SOUNDFONTS; i++)
        if (strcmp(SOUNDFONTS[i].file, file) == 0)
            return &SOUNDFONTS[i];
    return NULL;
}

momu_status momui_soundfont_check(momui_memory *memory, const char *path, momu_error *error) {
    momui_bytes bytes;
    momu_status status =
        momui_bytes_from_path(memory, path, true, UINT64_C(1) << 32, &bytes, error);
    if (status == MOMU_ERROR_NOT_FOUND)
        return momui_fail(error, status,
                          "%s: no soundfont there; install Debian's package "
                          "musescore-general-soundfont-small, or name another soundfont "
                          "(fluid-soundfont-gm has one)",
                          path);
    if (status != MOMU_OK)
        return status;
    bool good = bytes.size > 12 && memcmp(bytes.data, "RIFF", 4) == 0 &&
                memcmp(bytes.data + 8, "sfbk", 4) == 0;
    momui_bytes_release(&bytes);
    if (!good)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: expected a soundfont (RIFF of type sfbk)",
                          path);
    return MOMU_OK;
}
