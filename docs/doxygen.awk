# The headers' plain comments, as doxygen wants them: one before a declaration tells of it and of those that follow without a blank
# line between, one behind a member or an enumerator of that, the first of a file of the file.

function declares(line) {
    return line ~ /^(MOMU_API|#define MOMU_|typedef|    [a-z_].*;|    MOMU_[A-Z_0-9]+ =|momu_motion_)/
}

NR == 1 {
    sub(/^\/\* momu\//, "/** @file momu/")
    sub(/\.h - /, ".h\n * ")
    print
    filing = !/\*\//
    next
}
filing {
    gsub(/#include/, "\\#include")
    print
    if (/\*\//)
        filing = 0
    next
}
# a comment of its own
/^ *\/\* / {
    sub(/\/\* /, "/** ")
    said = $0
    open = !/\*\//
    while (open && (getline line) > 0) {
        said = said "\n" line
        open = line !~ /\*\//
    }
    print said
    fresh = 1
    next
}
/^ *$/ {
    said = ""
    print
    next
}
# a comment behind
/[;,0-9u)"] *\/\* / && declares($0) {
    at = match($0, /\/\* /)
    behind = "/**< " substr($0, at + 3)
    print substr($0, 1, at - 1) behind
    while (behind !~ /\*\// && (getline line) > 0) {
        print line
        behind = line
    }
    said = behind ~ /^\/\*\*< .*\*\// ? behind : said
    sub(/^\/\*\*< /, "/** ", said)
    fresh = 0
    next
}
{
    if (declares($0) && !fresh && said != "" && !inside)
        print said
    inside = declares($0) && !/[;]$/ && !/^#/ && !/,$/ && /\($|,$/
    fresh = 0
    print
}
