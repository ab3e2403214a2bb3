#!/bin/sh
# How the service and everything it depends on are:  sh examples/health.sh
# PERSONA_URL names the service; where it demands its token, PERSONA_TOKEN is it. Ends with an error where it is unhealthy.
set -eu
exec curl --silent --show-error --fail-with-body "${PERSONA_URL:-http://127.0.0.1:8000}/health" \
  ${PERSONA_TOKEN:+--header "Authorization: Bearer $PERSONA_TOKEN"}
