#!/bin/sh
# Runs a command of the image as an unprivileged user, with the settings of the one secret file.
# The file belongs to whoever made it, so it is read before root's rights are given up.
set -eu
set -a
. /run/secrets/guanxi
set +a
exec setpriv --reuid=guanxi --regid=guanxi --init-groups --inh-caps=-all "$@"
