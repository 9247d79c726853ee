#!/usr/bin/env bash
# Runs rejoinder in a CI job.
#
# Reads: COMMAND (build, check), ARGS (words as a shell would split them at blanks), STRICT, ANNOTATIONS, BASE_URL. The program
# itself writes annotations to stdout, the summary to GITHUB_STEP_SUMMARY, and errors, warnings, public, files-written,
# files-removed and pages-changed to GITHUB_OUTPUT; this script adds digest.
set -euo pipefail
command="${COMMAND:-build}"
case "$command" in
  build | check) ;;
  *) echo "::error title=rejoinder::\`command\` is build or check, not '$command'" && exit 2 ;;
esac
read -r -a args <<<"${ARGS:-}"
if [ "${STRICT:-false}" = true ]; then args+=(--strict); fi
if [ -n "${BASE_URL:-}" ]; then args+=(--base-url "${BASE_URL%/}/"); fi

outputs="$(mktemp)"
trap 'rm -f "$outputs"' EXIT
status=0
# Without annotations the same lines stand in the log, as words.
show=(cat)
if [ "${ANNOTATIONS:-true}" != true ]; then show=(sed -E 's/^::(error|warning|notice) ([^:]*)::/\1: \2: /'); fi
GITHUB_OUTPUT="$outputs" rejoinder "$command" --format github "${args[@]}" | "${show[@]}" || status="${PIPESTATUS[0]}"
cat "$outputs" >>"${GITHUB_OUTPUT:-/dev/null}"

public="$(sed -n 's/^public=//p' "$outputs" | tail -n 1)"
if [ "$status" = 0 ] && [ -n "$public" ]; then
  # The list of all files with their digests, so its own digest stands for the whole site.
  digest="$(sha256sum "${public%/}/.rejoinder.json" | cut -d ' ' -f 1)"
  echo "digest=$digest" >>"${GITHUB_OUTPUT:-/dev/null}"
  echo "Built $public: $(sed -n 's/^pages-changed=//p' "$outputs" | tail -n 1) pages changed, sha256 of its list $digest"
fi
exit "$status"
