/** @file What the inspector says of something recalled: how likely it was meant, what it cost, whether it reads otherwise by now. */
import type { ExplainedRecall } from '../../shared/inspection.ts';
import { whole } from './figures.ts';

/** Undefined where no likelihood was worked out: pinned ones always go along, another service has measures of its own. */
export function sureWords({ score, source }: ExplainedRecall): string | undefined {
  if (source === undefined || score === undefined || score >= 1) return undefined;
  return `${Math.min(99, Math.round(score * 100))} % likely to be meant`;
}

export function costWords({ tokens, above }: ExplainedRecall): string {
  const cost = tokens === 1 ? 'one token' : `${whole(tokens)} tokens`;
  return above ? `told with an earlier message, whose ${cost} are still sent` : cost;
}

/** Undefined where it still reads as it was told. */
export function nowWords({ memory, source }: ExplainedRecall): string | undefined {
  if (memory === undefined || source === undefined) return undefined;
  if (memory.supersededAt !== undefined) return 'No longer true: something newer has taken its place.';
  return memory.edited && memory.learnedAt > source.at ? `Now in your wording: ${memory.text}` : undefined;
}
