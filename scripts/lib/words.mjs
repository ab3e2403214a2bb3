/** @file What a person reads in the terminal: sentences, and a bar where something is being fetched. */

const BAR_CELLS = 24;
const MIB = 1024 * 1024;

/** One sentence on stdout; a bar that is being drawn is ended first. */
export function say(text) {
  endBar();
  process.stdout.write(`${text}\n`);
}

/** One sentence on stderr, for what went wrong. */
export function complain(text) {
  endBar();
  process.stderr.write(`${text}\n`);
}

const bar = { open: false, label: '', tenth: -1 };

/** Draws how far something is: in place on a terminal, a line for every tenth elsewhere. */
export function drawProgress({ label, doneBytes, totalBytes }) {
  const share = totalBytes ? Math.min(1, doneBytes / totalBytes) : undefined;
  if (!process.stdout.isTTY) return drawTenths(label, share);
  const cells = share === undefined ? '' : `[${'#'.repeat(Math.round(share * BAR_CELLS)).padEnd(BAR_CELLS)}] `;
  process.stdout.write(`\r\u001b[K${label}  ${cells}${amount(doneBytes, totalBytes)}`);
  bar.open = true;
}

function drawTenths(label, share) {
  if (bar.label !== label) Object.assign(bar, { label, tenth: -1 });
  const tenth = share === undefined ? 0 : Math.floor(share * 10);
  if (tenth <= bar.tenth) return;
  bar.tenth = tenth;
  process.stdout.write(share === undefined ? `${label} …\n` : `${label}  ${tenth * 10} %\n`);
}

function amount(doneBytes, totalBytes) {
  const done = (doneBytes / MIB).toFixed(1);
  return totalBytes ? `${done} of ${(totalBytes / MIB).toFixed(1)} MiB` : `${done} MiB`;
}

function endBar() {
  if (bar.open) process.stdout.write('\n');
  bar.open = false;
}

/** "0.4 s", "21 s", "2 min 5 s". */
export function duration(ms) {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** An error whose message is the whole sentence for a person; any other one is a mistake of ours and shows where. */
export function plainError(sentence) {
  return Object.assign(new Error(sentence), { isPlain: true });
}

/** What is shown of an error that ends a script. */
export function textOf(error) {
  return error.isPlain ? error.message : error.stack;
}
