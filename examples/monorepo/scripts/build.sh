#!/usr/bin/env bash
# Both services, as they are deployed to the test harbour: scripts/build.sh [tag]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

registry=registry.example.com/harbour
tag=${1:-dev}

# A laptop has the token in a file, a runner in its environment.
: "${PACKAGES_TOKEN:=$(cat "${XDG_CONFIG_HOME:-$HOME/.config}/harbour/token")}"

for service in web api; do
	echo "== $service"
	docker build --build-arg BASE="$registry/base:$tag" \
		--build-arg "PACKAGES_TOKEN=$PACKAGES_TOKEN" \
		--build-arg TIDES_FEED \
		-t "$registry/$service:$tag" "services/$service"   # web has no use for the tides
done
