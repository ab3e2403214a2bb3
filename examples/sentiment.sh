#!/bin/sh
# The mood of a text:  sh examples/sentiment.sh
# PERSONA_URL names the service; where it demands its token, PERSONA_TOKEN is it.
set -eu
exec curl --silent --show-error --fail-with-body "${PERSONA_URL:-http://127.0.0.1:8000}/api/sentiment" \
  ${PERSONA_TOKEN:+--header "Authorization: Bearer $PERSONA_TOKEN"} \
  --header 'Content-Type: application/json' \
  --data '{"text": "I'"'"'m really excited about this!"}'
