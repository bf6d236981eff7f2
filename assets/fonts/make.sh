#!/bin/sh
# Makes the font files of this folder from their packages. Needs npm, python3 and the network.
# Run it in an empty folder: sh /path/to/assets/fonts/make.sh LUCIDE_TTF [icons]
# LUCIDE_TTF is `lucide.ttf` in the sources of the crate lucide-icons.
set -eu
out=$(cd "$(dirname "$0")" && pwd)
lucide=$1

python3 -m venv tools
tools/bin/pip install -q fonttools==4.68.0 brotli==1.2.1
# Only the icons have to be cut anew when one more is used.
tools/bin/pyftsubset "$lucide" --unicodes-file="$out/icons.txt" --output-file="$out/lucide-subset.ttf"
if [ "${2:-}" = icons ]; then exit; fi

tools/bin/pip download -q --no-deps -d . fontpkg-jetbrains-mono==2.211
npm pack --silent pretendard@1.3.9 twemoji-colr-font@15.0.3
mkdir -p pretendard twemoji mono
tar xzf pretendard-*.tgz -C pretendard --strip-components 1
tar xzf twemoji-*.tgz -C twemoji --strip-components 1
python3 -m zipfile -e fontpkg_jetbrains_mono-*.whl mono

# All Hangul syllables, compatibility jamo, kana, Latin, Greek, Cyrillic, punctuation, arrows, shapes.
letters="U+0020-036F,U+0370-052F,U+1E00-1EFF,U+2000-206F,U+2070-209F,U+20A0-20CF,U+2100-214F,U+2150-218F,U+2190-21FF"
letters="$letters,U+2200-22FF,U+2300-23FF,U+2460-24FF,U+2500-25FF,U+3000-30FF,U+3131-318E,U+3200-32FF"
letters="$letters,U+AC00-D7A3,U+FF00-FFEF"
for weight in Regular SemiBold; do
    tools/bin/pyftsubset "pretendard/dist/public/static/Pretendard-$weight.otf" --unicodes="$letters" \
        --layout-features=kern,mark,mkmk,ccmp,locl --no-hinting --output-file="sans-$weight.otf"
done

# Without its ligatures this is the NL variant: in a diff `!=` has to be two signs.
tools/bin/fonttools varLib.instancer "mono/fontpkg_jetbrains_mono/files/JetBrainsMono[wght].ttf" wght=400 -q -o mono.ttf
tools/bin/pyftsubset mono.ttf --unicodes='*' --layout-features=mark,mkmk,ccmp --output-file=mono-nl.ttf

# "Pretendard" is a reserved font name: what is made from it has to be called otherwise.
tools/bin/python - "$out" <<'PY'
import sys
from fontTools.ttLib import TTFont

out = sys.argv[1]

def renamed(source, target, family, style):
    font = TTFont(source)
    font.flavor = None
    for record in font["name"].names:
        names = {1: family, 4: f"{family} {style}", 6: f"{family}-{style}".replace(" ", ""), 16: family, 3: f"{family} {style}"}
        if record.nameID in names:
            record.string = names[record.nameID]
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [f"{family}-{style}".replace(" ", "")]
        top = cff.topDictIndex[0]
        top.FullName = f"{family} {style}"
        top.FamilyName = family
    font.save(f"{out}/{target}")

renamed("sans-Regular.otf", "AnyonSans-Regular.otf", "Anyon Sans", "Regular")
renamed("sans-SemiBold.otf", "AnyonSans-SemiBold.otf", "Anyon Sans", "SemiBold")
renamed("mono-nl.ttf", "JetBrainsMonoNL-Regular.ttf", "JetBrains Mono NL", "Regular")
renamed("twemoji/twemoji.woff2", "Twemoji-COLR.ttf", "Twemoji COLR", "Regular")
PY

cp pretendard/dist/LICENSE.txt "$out/AnyonSans-LICENSE.txt"
cp twemoji/LICENSE "$out/Twemoji-LICENSE.txt"
cp mono/fontpkg_jetbrains_mono/LICENSE "$out/JetBrainsMono-LICENSE.txt"
