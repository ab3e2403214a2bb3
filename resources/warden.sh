#!/bin/sh
# Stands between Persona Engine and its own Ollama. When the program lets go of this script's input, however it
# ends, the server and its runner end with it; when the server ends, its runner does.
#
# Usage: warden.sh SECONDS PROGRAM [ARGUMENT...]    as the leader of a process group, which is ended as a whole.
# Input: the line "stop" asks the server to end; the end of the input ends it, by force after SECONDS.
# Errors: "persona-warden server PID" and "persona-warden ended STATUS", among the server's own lines.
seconds=$1
shift
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
echo "persona-warden server $server" >&2
(
  while read -r order <&3; do
    [ "$order" = stop ] && kill -TERM "$server"
  done
  kill -TERM "$server"
  sleep "$seconds"
  # "$$" is the group: where this script leads none, there is no such group and nothing is hit.
  kill -s KILL -- "-$$"
) >/dev/null 2>&1 &
wait "$server"
echo "persona-warden ended $?" >&2
kill -s KILL -- "-$$"
