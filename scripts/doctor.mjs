/** @file `npm run doctor`: what is here, what is missing and what to do, in words; exit code 0 where a conversation is possible now. */
import { existsSync, readFileSync } from 'node:fs';
import { checkoutFindings, dataFindings, missing, nodeFindings, note, ok, testFindings, windowFindings } from './lib/findings.mjs';
import { modelFindings } from './lib/findings-model.mjs';
import { whyInstall } from './lib/install.mjs';
import { demandNode, engineNode } from './lib/node.mjs';
import { at, settings } from './lib/project.mjs';
import { run, tail } from './lib/run.mjs';
import { say } from './lib/words.mjs';

const marks = { ok: '  ok       ', note: '  note     ', missing: '  TO DO    ' };
const secrets = new Set(['API_TOKEN']);

async function settingFindings(environment) {
  const known = [...readFileSync(at('.env.example'), 'utf8').matchAll(/^# ?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
  const set = known.filter((name) => environment[name]?.trim());
  const from = existsSync(at('.env')) ? 'the environment and .env' : 'the environment (there is no .env)';
  const shown = set.map((name) => `${name}=${secrets.has(name) ? '(not shown)' : withoutPassword(environment[name])}`).join(', ');
  return [note(`Set in ${from}: ${shown || 'nothing; every default holds'}.`), ...(await wrongSettings())];
}

/** Addresses may carry one. */
function withoutPassword(value) {
  return value.replace(/\/\/[^/@]*@/, '//(not shown)@');
}

/** Read by the program's own rules, which need its packages. */
async function wrongSettings() {
  const node = engineNode();
  if (!node || whyInstall()) return [note('Values are checked once the packages are installed.')];
  const { code, output } = await run(node, [at('scripts', 'lib', 'check-settings.ts')]);
  if (code !== 0) return [missing(`The settings could not be read: ${tail(output, 5)}`)];
  const problems = JSON.parse(output);
  return problems.length === 0 ? [ok('Every value is allowed.')] : problems.map(({ sentence }) => missing(sentence));
}

demandNode();
const environment = settings();
const sections = {
  Node: await nodeFindings(),
  'This checkout': checkoutFindings(),
  Settings: await settingFindings(environment),
  'Data folder': dataFindings(environment),
  Model: await modelFindings(environment),
  Window: windowFindings(),
  Tests: testFindings(),
};
for (const [title, findings] of Object.entries(sections)) {
  say([title, ...findings.map(({ kind, text }) => marks[kind] + text)].join('\n'));
}
const open = Object.values(sections)
  .flat()
  .filter(({ kind }) => kind === 'missing').length;
const end = `Not yet: ${open === 1 ? 'one thing above is' : `${open} things above are`} to be done first; each says how.`;
say(open === 0 ? '\nA conversation is possible: npm start.' : `\n${end}`);
process.exit(open === 0 ? 0 : 1);
