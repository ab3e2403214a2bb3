/** @file Gathers the licences of the npm packages that are bundled into the program: `out/notices/packages.txt`, which the packer lays beside it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages, noticesOf } from './lib/package-notices.ts';

const root = join(import.meta.dirname, '..');
const packages = bundledPackages(root);
const text = noticesOf(packages);
const folder = join(root, 'out', 'notices');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'packages.txt'), text);
console.log(`notices: ${packages.length} packages, ${Math.round(text.length / 1024)} KiB in out/notices/packages.txt`);
