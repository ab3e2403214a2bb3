/** @file `npm run serve`: the engine alone, its two lines on stdout and its log on stderr. `--demo`: with scripted replies, in a window. */
import { ensureBuilt } from './lib/build.mjs';
import { ended, forwardSignals, stoppedCode } from './lib/children.mjs';
import { runDemo } from './lib/demo.mjs';
import { startHeadless } from './lib/headless.mjs';
import { ensureInstalled, whyInstall } from './lib/install.mjs';
import { demandNode } from './lib/node.mjs';
import { complain, plainError, say, textOf } from './lib/words.mjs';

const isDemo = process.argv.includes('--demo');

async function serve() {
  const missing = whyInstall();
  if (missing)
    throw plainError(
      `Nothing was started, for the packages are not those of package-lock.json (${missing}); run npm ci and then this command again.`,
    );
  await ensureBuilt(() => {});
  return ended(startHeadless(process.env, ['ignore', 'inherit', 'inherit']));
}

async function demo() {
  await ensureInstalled(say);
  await ensureBuilt(say);
  return runDemo();
}

/** Nothing but JSON lines goes to stderr, where other programs read it. */
function tellFailure(error) {
  if (isDemo) return complain(textOf(error));
  complain(JSON.stringify({ ts: new Date().toISOString(), level: 'ERROR', event: 'serve-failed', message: textOf(error) }));
}

demandNode();
forwardSignals();
try {
  process.exitCode = await (isDemo ? demo() : serve());
} catch (error) {
  if (!stoppedCode()) tellFailure(error);
  process.exitCode = stoppedCode() ?? 1;
}
process.exit();
