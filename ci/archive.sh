#!/usr/bin/env bash
# Makes the archive of a release: the program, its manual pages and completions, README and licences.
#
#   TARGET=x86_64-unknown-linux-musl TAG=v0.1.0 ci/archive.sh   writes dist/rejoinder-0.1.0-x86_64-unknown-linux-musl.tar.gz
#
# PROGRAM names one that is there already, instead of building it.
set -euo pipefail
cd "$(dirname "$0")/.."
version="$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)"
if [ "${TAG:-v$version}" != "v$version" ]; then
  echo "the tag is $TAG, and Cargo.toml says $version" >&2
  exit 2
fi
program="${PROGRAM:-}"
if [ -z "$program" ]; then
  # All that it can do: whoever takes a release does not wait for a compiler.
  cargo build --release --locked --all-features --bin rejoinder --target "$TARGET"
  program="${CARGO_TARGET_DIR:-target}/$TARGET/release/rejoinder"
fi
dist="${DIST:-dist}"
name="rejoinder-$version-$TARGET"
rm -rf "${dist:?}/$name"
mkdir -p "$dist/$name/completions"
cp "$program" "$dist/$name/rejoinder"
cp README.md LICENSE-MIT LICENSE-APACHE docs/changelog.md "$dist/$name/"
"$program" man "$dist/$name/man" --quiet
for shell in bash elvish fish powershell zsh; do
  "$program" completions "$shell" >"$dist/$name/completions/rejoinder.$shell"
done
# The same files give the same archive, whoever packs it and when.
epoch="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}"
tar --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner -C "$dist" -cf - "$name" | gzip -9n >"$dist/$name.tar.gz"
rm -rf "${dist:?}/$name"
echo "$dist/$name.tar.gz"
