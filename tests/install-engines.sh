#!/bin/sh
# Installs the engines that the tests drive. Without root or apt it says so and leaves: the tests then skip, one line each.
set -eu
wanted=""
need() { # need COMMAND-OR-FILE PACKAGE
    command -v "$1" >/dev/null 2>&1 || [ -n "$(ls $1 2>/dev/null)" ] || wanted="$wanted $2"
}
need "/usr/lib/postgresql/*/bin/postgres" postgresql
need redis-server redis-server
need nginx nginx-light
need chromium chromium
[ -z "$wanted" ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Not installed:$wanted (needs root and apt-get); tests that need them are skipped." >&2
    exit 0
fi
echo "Installing$wanted" >&2
export DEBIAN_FRONTEND=noninteractive
# The engines are started by the tests themselves: no package may start a service.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
trap 'rm -f /usr/sbin/policy-rc.d' EXIT
apt-get update -qq
apt-get install -y -qq --no-install-recommends $wanted fonts-liberation >/dev/null
