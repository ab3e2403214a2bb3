/** @file Which npm packages end up in the program, and what their licences say. */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type BundledPackage = { name: string; version: string; licence: string; texts: string[]; home: string };
type Manifest = {
  name?: string;
  version?: string;
  license?: unknown;
  licenses?: unknown;
  dependencies?: Record<string, string>;
  homepage?: string;
};

const imports = /(?:^import\s+|^.*\bfrom\s+|\bimport\()['"]([@a-z][\w@/.:-]*)['"]/gm;
/** Electron brings its own notices; Node's modules are part of it. */
const notBundled = /^(node:|electron$)/;
const licenceFile = /^(licen[cs]e|copying|notice)/i;

const nameIn = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Every source of the program itself; tests are not part of it. */
function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const isSource = entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name);
    if (isSource) yield readFileSync(join(entry.parentPath, entry.name), 'utf8');
  }
}

/** The packages that the sources name, and all that those depend on, by name: a few more than the bundler keeps, and none fewer. */
export function bundledPackages(root: string): BundledPackage[] {
  const found = new Map<string, BundledPackage>();
  const visit = (name: string, from: string): void => {
    const folder = folderOf(name, from);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const key = `${name}@${manifest.version}`;
    if (found.has(key)) return;
    found.set(key, {
      name,
      version: manifest.version ?? '',
      licence: licenceOf(manifest),
      texts: licenceTexts(folder),
      home: manifest.homepage ?? '',
    });
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      if (!dependency.startsWith('@types/')) visit(dependency, folder);
    }
  };
  for (const source of sources(join(root, 'src'))) {
    for (const [, specifier = ''] of source.matchAll(imports)) if (!notBundled.test(specifier)) visit(nameIn(specifier), root);
  }
  return [...found.values()].sort((a, b) => `${a.name}@${a.version}`.localeCompare(`${b.name}@${b.version}`, 'en'));
}

/** As Node looks for a package: beside whoever asks, and then upwards. */
function folderOf(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return realpathSync(place);
    if (dirname(folder) === folder) throw new Error(`The package ${name} is not installed; run npm ci and try again.`);
  }
}

function licenceOf({ license, licenses }: Manifest): string {
  if (typeof license === 'string') return license;
  const listed = [license, ...(Array.isArray(licenses) ? licenses : [])];
  return listed.flatMap((one) => (typeof one === 'object' && one !== null && 'type' in one ? [String(one.type)] : [])).join(' OR ');
}

function licenceTexts(folder: string): string[] {
  const files = readdirSync(folder).filter((file) => licenceFile.test(file) && !/\.(js|ts|json|map)$/.test(file));
  return files.sort().map((file) => readFileSync(join(folder, file), 'utf8').replace(/\r\n/g, '\n').trim());
}

/** Each text once, above it the packages that carry it. Throws where a package says nothing at all of its licence. */
export function noticesOf(packages: readonly BundledPackage[]): string {
  const silent = packages.filter(({ licence, texts }) => licence === '' && texts.length === 0).map(({ name }) => name);
  if (silent.length > 0) throw new Error(`These packages say nothing of their licence: ${silent.join(', ')}.`);
  const byText = new Map<string, BundledPackage[]>();
  for (const each of packages) {
    const text = each.texts.join('\n\n') || `${each.licence}. The package carries no further text${each.home ? `; see ${each.home}` : ''}.`;
    byText.set(text, [...(byText.get(text) ?? []), each]);
  }
  const parts = [...byText].map(([text, carriers]) => `${carriers.map(titleOf).join('\n')}\n\n${text}\n`);
  return `Persona Engine contains these packages, under their own licences.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

const titleOf = ({ name, version, licence }: BundledPackage): string => `${name} ${version} (${licence || 'see below'})`;
