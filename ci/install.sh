#!/usr/bin/env bash
# Installs rejoinder for a CI job: a release, held against its checksum, or the source beside this script.
#
#   VERSION=0.1.0 ci/install.sh    a release; without VERSION, that of this checkout
#   VERSION=source ci/install.sh   built with cargo
#
# Reads: VERSION; RELEASES, the address that holds v0.1.0/SHA256SUMS; TARGET, instead of this machine's; RUNNER_TEMP.
# Writes the program's directory to GITHUB_PATH, and `program=` to GITHUB_OUTPUT.
set -euo pipefail
here="$(cd "$(dirname "$0")/.." && pwd)"
version="${VERSION:-}"
version="${version#v}"
dir="${RUNNER_TEMP:-/tmp}/rejoinder-bin"
mkdir -p "$dir"

if [ -z "$version" ]; then
  version="$(sed -n 's/^version = "\(.*\)"$/\1/p' "$here/Cargo.toml" | head -n 1)"
fi

if [ "$version" = source ]; then
  cargo build --release --locked --quiet --manifest-path "$here/Cargo.toml"
  cp "${CARGO_TARGET_DIR:-$here/target}/release/rejoinder" "$dir/rejoinder"
else
  case "$version" in
    *[!0-9A-Za-z.+-]*) echo "::error title=rejoinder::\`version\` cannot be '$version'" && exit 2 ;;
  esac
  if [ -z "${RELEASES:-}" ]; then
    echo "::error title=rejoinder::nobody knows where releases are: set \`version: source\`, or the variable RELEASES"
    exit 2
  fi
  target="${TARGET:-}"
  if [ -z "$target" ]; then
    case "$(uname -s)-$(uname -m)" in
      Linux-x86_64) target=x86_64-unknown-linux-musl ;;
      Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
      Darwin-x86_64) target=x86_64-apple-darwin ;;
      Darwin-arm64) target=aarch64-apple-darwin ;;
      *)
        echo "::error title=rejoinder::there is no release for $(uname -s) on $(uname -m): set \`version: source\`"
        exit 2
        ;;
    esac
  fi
  archive="rejoinder-$version-$target.tar.gz"
  fetch() { curl --fail --silent --show-error --location --retry 3 --proto '=https,file' --output "$dir/$1" "$RELEASES/v$version/$1"; }
  fetch SHA256SUMS
  fetch "$archive"
  # One line, so that nothing else in the file can pass for it.
  if ! (cd "$dir" && grep -F "  $archive" SHA256SUMS | sha256sum --check --strict --quiet -); then
    echo "::error title=rejoinder::$archive is not what SHA256SUMS says"
    exit 3
  fi
  tar -xzf "$dir/$archive" -C "$dir" --strip-components 1 "rejoinder-$version-$target/rejoinder"
fi

chmod 755 "$dir/rejoinder"
# What a build remembers is believed by the same program alone, told by version, size and time of its file. So the time is made of
# the digest: the same program is the same one in every job.
digest="$(sha256sum "$dir/rejoinder" | cut -c 1-7)"
touch -d "@$((16#$digest))" "$dir/rejoinder"
echo "$dir" >>"${GITHUB_PATH:-/dev/null}"
echo "program=$version-$digest" >>"${GITHUB_OUTPUT:-/dev/null}"
"$dir/rejoinder" --version
