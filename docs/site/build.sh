#!/usr/bin/env bash
# Builds the pages as one static site in dist/site; a link or an anchor that leads nowhere breaks it. Zensical, the generator, is
# installed on first use.
set -euo pipefail
cd "$(dirname "$0")/../.."
cache=node_modules/.cache/site
python=$cache/python pages=$cache/pages
if ! cmp -s docs/site/requirements.txt "$python/installed"; then
  python3 -m venv --clear "$python"
  "$python/bin/pip" install --quiet --disable-pip-version-check -r docs/site/requirements.txt
  cp docs/site/requirements.txt "$python/installed"
fi
rm -rf "$pages" dist/site
mkdir -p "$pages"
# Pages, and whatever they lead to, laid out as in the repository.
git ls-files --cached --others --exclude-standard -- '*.md' LICENSE action.yml template.yaml samconfig.toml .github \
  .pre-commit-hooks.yaml deploy docs events ':!docs/site' ':!.github/*TEMPLATE*' | sort -u |
  tar --create --files-from=- | tar --extract --directory="$pages"
# The generator leaves out what begins with a dot.
mv "$pages/.github" "$pages/github"
mv "$pages/.pre-commit-hooks.yaml" "$pages/pre-commit-hooks.yaml"
find "$pages" -name '*.md' -exec sed -i -E 's#\]\(((\.\./)*)\.(github/|pre-commit-hooks)#](\1\3#g' {} +
# It writes below its configuration alone.
cp docs/site/mkdocs.yml "$cache/"
"$python/bin/zensical" build --clean --strict --config-file "$cache/mkdocs.yml" 2>&1 | sed 's/\x1b\[[0-9;]*m//g'
mkdir -p dist
mv "$cache/site" dist/site
# Each page is there, and something to search in.
written=$(find "$pages" -name '*.md' | wc -l)
built=$(find dist/site -name '*.html' ! -name 404.html | wc -l)
[ "$built" -eq "$written" ] && [ -s dist/site/search.json ]
echo "$built pages in dist/site, every link and anchor leads somewhere"
