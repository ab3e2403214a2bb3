#!/bin/sh
# One turn with Sarah over plain HTTP, as server-sent events:  sh examples/turn.sh
# PERSONA_URL names the service; where it demands its token, PERSONA_TOKEN is it.
set -eu
exec curl --silent --show-error --fail-with-body --no-buffer "${PERSONA_URL:-http://127.0.0.1:8000}/api/chat" \
  ${PERSONA_TOKEN:+--header "Authorization: Bearer $PERSONA_TOKEN"} \
  --header 'Content-Type: application/json' \
  --data '{"message": "How was your day?"}'
