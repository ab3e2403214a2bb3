/** @file The graphics cards that an Ollama found, as it tells them in its log at every start. */
import type { GraphicsCard } from '../../../shared/models.ts';

/** discover/types.go: one line for each card, or one for the processor where there is none. */
const compute = /msg="inference compute"(.*)$/;
/** format/bytes.go, HumanBytes2. */
const units: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };

function fieldOf(fields: string, name: string): string {
  const [, quoted, bare] = new RegExp(` ${name}=(?:"([^"]*)"|(\\S*))`).exec(fields) ?? [];
  return quoted ?? bare ?? '';
}

function bytesOf(text: string): number | undefined {
  const [, number, unit = ''] = /^([\d.]+) ?([KMGT]?i?B)$/.exec(text) ?? [];
  const factor = units[unit];
  return number === undefined || factor === undefined ? undefined : Math.round(Number(number) * factor);
}

/** What shares the machine's own memory (Metal, a card inside the processor) has none of its own to add. */
function cardOf(fields: string): GraphicsCard | undefined {
  if (/^(cpu|metal)$/i.test(fieldOf(fields, 'library')) || fieldOf(fields, 'type') === 'iGPU') return undefined;
  const [totalBytes, freeBytes] = ['total', 'available'].map((name) => bytesOf(fieldOf(fields, name)));
  if (totalBytes === undefined || freeBytes === undefined) return undefined;
  const name = fieldOf(fields, 'description') || fieldOf(fields, 'name') || 'graphics card';
  return { name: name.slice(0, 80), totalBytes, freeBytes };
}

export type GraphicsWatch = {
  hear(line: string): void;
  /** Forgets what an earlier run told. */
  begin(): void;
  /** Undefined where it has not told yet; empty where it found none with memory of its own. */
  now(): GraphicsCard[] | undefined;
};

export function createGraphicsWatch(): GraphicsWatch {
  let cards: GraphicsCard[] | undefined;
  return {
    begin() {
      cards = undefined;
    },
    hear(line) {
      const fields = compute.exec(line)?.[1];
      if (fields === undefined) return;
      const card = cardOf(fields);
      cards = [...(cards ?? []), ...(card ? [card] : [])];
    },
    now: () => cards,
  };
}
