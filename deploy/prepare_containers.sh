#!/bin/sh
# The key pair (the private half stays in a volume that only the gateway has), then databases and broker.
set -eu
python -m chassis keys /keys/signing
cp /keys/signing/actor.public.pem /keys/verifying/
export GUANXI_PUBLIC_KEY_FILE=/keys/verifying/actor.public.pem
python -m chassis migrate
exec python -m chassis seed
