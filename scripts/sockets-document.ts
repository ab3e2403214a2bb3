/** @file Writes docs/sockets.md anew from the schemas. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { socketsDocument } from '../test/kit/sockets-document.ts';

writeFileSync(resolve(import.meta.dirname, '../docs/sockets.md'), socketsDocument());
