#!/bin/sh
# Stands between Persona Engine and its own Ollama. When the program lets go of this script's input, however it
# ends, the server and its runner end with it; when the server ends, its runner does.
#
# Usage: warden.sh PAUSE SECONDS PROGRAM [ARGUMENT...]    as the leader of a process group, which is ended as a whole.
# Input: the line "stop" asks the server to end. The end of the input ends it: after PAUSE, in which a server whose
# caller is gone writes down how far its downloads are, it is asked to, and SECONDS later made to.
# Errors: "persona-warden server PID" and "persona-warden ended STATUS", among the server's own lines.
pause=$1
seconds=$2
shift 2
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
echo "persona-warden server $server" >&2
(
  while read -r order <&3; do
    [ "$order" = stop ] && kill -TERM "$server"
  done
  sleep "$pause"
  kill -TERM "$server"
  sleep "$seconds"
  # "$$" is the group: where this script leads none, there is no such group and nothing is hit.
  kill -s KILL -- "-$$"
) >/dev/null 2>&1 &
wait "$server"
echo "persona-warden ended $?" >&2
kill -s KILL -- "-$$"
