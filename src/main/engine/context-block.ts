/** @file The block above the person's words: everything volatile, each kind under a tag of its own, so that it can be told apart later. */
import type { SectionName } from '../../shared/conversation.ts';
import { type FenceTag, fence } from './fence.ts';

/** Which part of the prompt stands under which tag, in the order in which they are put. */
const tagOf = { memory: 'memory', lore: 'lore', now: 'now', note: 'note', 'post-history': 'about' } as const satisfies Partial<
  Record<SectionName, FenceTag>
>;
type ContextName = keyof typeof tagOf;
export type ContextPart = { name: ContextName; text: string };

const names = Object.keys(tagOf) as ContextName[];

/** The parts as one block; empty ones leave nothing behind. */
export function contextBlock(parts: readonly ContextPart[]): string {
  return names
    .flatMap((name) => parts.filter((part) => part.name === name && part.text !== ''))
    .map(({ name, text }) => fence(tagOf[name], text))
    .join('\n');
}

const blocks = new RegExp(`<(${Object.values(tagOf).join('|')})>\\n[\\s\\S]*?\\n</\\1>`, 'g');

/** The parts of a block as it was sent, tags and all: none of our tags can stand inside another (see fence.ts). */
export function splitContext(block: string): ContextPart[] {
  return [...block.matchAll(blocks)].flatMap(([text, tag]) => {
    const name = names.find((each) => tagOf[each] === tag);
    return name === undefined ? [] : [{ name, text }];
  });
}
