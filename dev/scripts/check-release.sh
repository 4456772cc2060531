#!/usr/bin/env bash
# Stops a release whose tag is not that of package.json's version, or is not on main.
#
#   dev/scripts/check-release.sh <tag>
set -euo pipefail

tag=${1:?Give the tag}
version=$(node -p 'require(require("node:path").resolve("package.json")).version')
if [[ $tag != "v$version" ]]; then
	echo "The tag is $tag, and package.json has the version $version. Nothing is published." >&2
	exit 1
fi
if ! git merge-base --is-ancestor HEAD refs/remotes/origin/main; then
	echo "The tag $tag is not on main. Nothing is published." >&2
	exit 1
fi
