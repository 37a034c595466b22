"""embed.py OUT FILE...: a C file in which FILE page.js is `const unsigned char momui_page_js[]`, with its length beside it."""
import re
import sys

out = ['/* Made by embed.py from the files of tools/view/page. */', '#include "tools/view/page_files.h"', '']
for name in sys.argv[2:]:
    symbol = "momui_" + re.sub(r"\W", "_", re.split(r"[/\\]", name)[-1])
    data = open(name, "rb").read()
    rows = [", ".join(str(byte) for byte in data[i:i + 24]) for i in range(0, len(data), 24)]
    out += [f"const unsigned char {symbol}[] = {{", ",\n".join(rows), "};", f"const size_t {symbol}_size = sizeof {symbol};", ""]
with open(sys.argv[1], "w", encoding="ascii") as file:
    file.write("\n".join(out))
