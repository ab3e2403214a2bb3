import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandSchema } from '../src/shared/commands.ts';
import { eventSchema } from '../src/shared/events.ts';
import { socketsDocument } from './kit/sockets-document.ts';

const onDisk = readFileSync(join(import.meta.dirname, '../docs/sockets.md'), 'utf8');
const headings = (text: string) => [...text.matchAll(/^#### (.+)$/gm)].map((match) => match[1]);

describe('docs/sockets.md', () => {
  it('[Q18] is what the schemas make today; else: npm run node -- scripts/sockets-document.ts', () => {
    expect(onDisk).toBe(socketsDocument());
  });

  it('[Q18] names every command, every event and every frame, with its limits', () => {
    const types = [...commandSchema.options, ...eventSchema.options].map(({ shape }) => shape.type.value);
    expect(headings(onDisk)).toEqual(['message', 'stop', 'status', 'token', 'complete', 'error', ...types]);
    expect(onDisk).toContain('| `character_id` | string (`^[A-Za-z0-9_.:@-]{1,128}$`) | else `"default"` |');
    expect(onDisk).toContain('| `userMessage` | [Message](#message) | always |');
  });
});
