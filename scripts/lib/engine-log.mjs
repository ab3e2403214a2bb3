/** @file The engine's log lines: all of them to a file, those that a person waits for or should know of as sentences. */
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { complain, drawProgress, say } from './words.mjs';

/** Largest log file in bytes before it is turned over: some weeks of ordinary use. */
const FILE_BYTES = 2 * 1024 * 1024;
const grave = new Set(['ERROR', 'CRITICAL']);

/** Appends to `logs/start.log` of the data folder, which only its owner can read; the file's path is in `path`. */
export function openLogFile(dataFolder) {
  const folder = join(dataFolder, 'logs');
  const path = join(folder, 'start.log');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (existsSync(path) && statSync(path).size > FILE_BYTES) renameSync(path, join(folder, 'start.1.log'));
  return { path, write: (line) => appendFileSync(path, `${line}\n`, { mode: 0o600 }) };
}

/** Calls back with each line of a stream, the last one also where it has no end. */
export function eachLine(stream, onLine) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest) onLine(rest);
  });
}

/** Turns log lines into what a person reads; the same state is told once. */
export function createTeller() {
  let told = '';
  const tellStatus = ({ state, reason, progress }) => {
    if (progress) return drawProgress(progress);
    // The end of the program, which whoever asked for it knows of.
    if (state === 'stopped') return;
    const sentence = reason || `The model is ${state}.`;
    if (sentence === told) return;
    told = sentence;
    (state === 'failed' ? complain : say)(`Model: ${sentence}`);
  };
  return (line) => {
    const entry = parse(line);
    if (!entry) return;
    if (entry.event === 'model-status') tellStatus(entry);
    else if (grave.has(entry.level)) complain(sentenceOf(entry));
    else if (entry.level === 'WARNING' && told !== sentenceOf(entry)) say(`Note: ${sentenceOf(entry)}`);
  };
}

/** A log line as an object; undefined for anything else, such as what Node itself prints. */
export function parse(line) {
  try {
    const entry = JSON.parse(line);
    return entry && typeof entry === 'object' ? entry : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The engine's own sentence where a line has one, else what it names. */
function sentenceOf({ event, message, notice, reason, code }) {
  const said = message ?? notice;
  if (said) return said;
  const why = reason ?? code;
  // A reason may be a word of the system's or a whole sentence of ours.
  if (/\s.*\.$/.test(why ?? '')) return why;
  return `${String(event).replaceAll('-', ' ')}${why ? ` (${why})` : ''}; the log says more.`;
}
