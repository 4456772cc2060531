#!/usr/bin/env bash
# Stops a publish whose package name on npm belongs to another repository.
#
#   dev/scripts/check-npm-name.sh <owner/repository on GitHub> [folder of the package, default: .]
#
# Exit code 0: the name is free, or its newest version names this repository. 1: it is somebody
# else's, or the registry could not say.
set -euo pipefail

ours="https://github.com/${1:?Give the repository as owner/name}"
name=$(node -p 'require(require("node:path").resolve(process.argv[1], "package.json")).name' "${2:-.}")

# With --json, npm prints its error as JSON to stdout as well.
if ! found=$(npm view "$name" repository.url --json 2> /dev/null); then
	if grep -q '"code": *"E404"' <<< "$found"; then
		echo "$name is free on npm."
		exit 0
	fi
	echo "npm could not say whom $name belongs to, so nothing is published:" >&2
	echo "$found" >&2
	exit 1
fi

# npm writes git+https://github.com/owner/name.git, and people write git@, ssh:// and github:.
theirs=$(sed -E 's#^"|"$##g; s#^git\+##; s#^(ssh://)?git@github\.com[:/]#https://github.com/#; s#^github:#https://github.com/#; s#^git://#https://#; s#(\.git)?/?$##' <<< "$found")
if [[ ${theirs,,} == "${ours,,}" ]]; then
	echo "$name is published from this repository."
	exit 0
fi
echo "$name on npm belongs to ${theirs:-a package without a repository}, not to $ours. Nothing is published." >&2
exit 1
