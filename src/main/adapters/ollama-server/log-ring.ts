/** @file The server's log: the newest lines in memory, every line to a file. */
import { SERVER_LOG_CHARACTERS, SERVER_LOG_LINES } from '../../../shared/limits.ts';

export type LogRing = {
  add(line: string): void;
  /** Oldest first. */
  lines(): string[];
};

/** The password in an address, such as that of a proxy, which the server prints when it starts. */
const password = /\/\/[^/\s@"]*@/g;

/** `sink` gets each line with its newline; what is too long is cut. */
export function createLogRing(sink: (line: string) => void): LogRing {
  const kept: string[] = [];
  return {
    add(line) {
      const cut = line.length > SERVER_LOG_CHARACTERS ? `${line.slice(0, SERVER_LOG_CHARACTERS)}…` : line;
      const short = cut.replace(password, '//…@');
      kept.push(short);
      if (kept.length > SERVER_LOG_LINES) kept.shift();
      sink(`${short}\n`);
    },
    lines: () => [...kept],
  };
}

/** Cuts a stream of pieces into lines; one without an end is handed on in parts, so that nothing grows. */
export function createLineCutter(onLine: (line: string) => void): { add(piece: string): void; end(): void } {
  let rest = '';
  const end = () => {
    if (rest !== '') onLine(rest);
    rest = '';
  };
  return {
    add(piece) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
      if (rest.length > SERVER_LOG_CHARACTERS) end();
    },
    end,
  };
}
