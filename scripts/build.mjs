/** @file `npm run build`: out/ from the sources, in one step; nothing where it is of these sources already. */
import { ensureBuilt } from './lib/build.mjs';
import { forwardSignals } from './lib/children.mjs';
import { complain, say, textOf } from './lib/words.mjs';

forwardSignals();
try {
  if (!(await ensureBuilt(say))) say('Program: out/ is of these sources already.');
} catch (error) {
  complain(textOf(error));
  process.exitCode = 1;
}
process.exit();
