@rem package.json says "exec node ..." so that signals reach Node itself and not a shell; this gives the word to Windows, which has no such command.
@%*
