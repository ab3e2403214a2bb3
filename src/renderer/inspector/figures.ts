/** @file The inspector's figures: groups of sections, shares of a bar, times in words. */
import type { SectionName } from '../../shared/conversation.ts';
import type { ExplainedSection, Explanation } from '../../shared/inspection.ts';

export const groups = [
  { name: 'who', title: 'Who speaks', of: ['mandate', 'world-before', 'persona', 'person', 'world', 'examples', 'greeting'] },
  { name: 'recalled', title: 'What is recalled', of: ['memory', 'summary', 'lore'] },
  { name: 'said', title: 'What was said', of: ['history', 'message', 'continued'] },
  { name: 'now', title: 'For this reply', of: ['now', 'note', 'post-history', 'context'] },
] as const satisfies readonly { name: string; title: string; of: readonly SectionName[] }[];

export type GroupName = (typeof groups)[number]['name'];

export function groupOf(id: SectionName): GroupName {
  return groups.find(({ of }) => (of as readonly SectionName[]).includes(id))?.name ?? 'now';
}

export type Slice = { id: string; group: GroupName; from: number; share: number };

/** The sections as parts of the whole context, 0 to 1, in the order in which they were sent. */
export function slices(sections: readonly ExplainedSection[], contextTokens: number): Slice[] {
  let from = 0;
  return sections
    .filter(({ tokens, position }) => tokens > 0 && position !== undefined)
    .map(({ id, tokens }) => {
      const share = Math.min(1 - from, tokens / Math.max(1, contextTokens));
      const slice = { id, group: groupOf(id), from, share };
      from += share;
      return slice;
    });
}

export const whole = (count: number) => Math.round(count).toLocaleString('en');

/** "12 ms", "1.05 s". */
export function lasting(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** The rows under "Time", in the order in which things happened. */
export function timeRows({ timings, usage }: Explanation): { label: string; value: string; ms: number }[] {
  const { queueMs = 0, loadMs = 0, promptMs, replyMs } = timings;
  const read = usage?.evaluatedTokens ?? usage?.promptTokens;
  return [
    { label: 'Waited', value: lasting(queueMs), ms: queueMs },
    { label: 'Loading', value: loadMs < 50 ? 'already loaded' : lasting(loadMs), ms: loadMs },
    ...(promptMs === undefined
      ? []
      : [{ label: 'Reading', value: `${lasting(promptMs)}${read === undefined ? '' : `, ${whole(read)} tokens`}`, ms: promptMs }]),
    ...(replyMs === undefined
      ? []
      : [{ label: 'Writing', value: `${lasting(replyMs)}${usage ? `, ${whole(usage.replyTokens)} tokens` : ''}`, ms: replyMs }]),
  ];
}
