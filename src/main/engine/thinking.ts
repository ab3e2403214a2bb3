/** @file Whether and how long a companion thinks before she answers, and how a model is brought to answer without. */
import type { ThinkingChoice } from '../../shared/character.ts';
import { SHORT_THOUGHT_TOKENS, THOUGHT_SHARE, THOUGHT_TOKENS } from '../../shared/thinking-limits.ts';
import type { ModelDescription } from './models/shelf.ts';
import type { Generation } from './ports.ts';
import type { AfterMessage } from './prompt.ts';

export type Thinking = {
  /** What native models are asked for; undefined leaves it to the model. */
  think: boolean | undefined;
  /** The model's template may open a thought without a tag. */
  opensThought: boolean;
  /** Said in the block above the person's words; empty where nothing is. */
  words: string;
  /** Put below the person's words, where the model goes on from it. */
  after: AfterMessage[];
};

const AT_ONCE = 'Answer at once, without thinking first.';
/** A thought that is over: a model that goes on from here has nothing left to think. */
const NO_THOUGHT = '<think>\n\n</think>\n\n';

/** What the companion chose, else what the person set for all. */
export function thinkingChoice(own: ThinkingChoice, generation: Pick<Generation, 'thinking'>): ThinkingChoice {
  return own === 'model' ? (generation.thinking ?? 'model') : own;
}

/** By name: the R1 family thinks in tags and does worse with examples. */
export const isR1 = (description: Pick<ModelDescription, 'name'>) => /(?:^|[^a-z0-9])r1(?:[^a-z0-9]|$)/i.test(description.name);

/** Thoughts come in tags among the words. */
const thinksInTags = (description: ModelDescription) => !description.thinking && (isR1(description) || description.opensThought === true);

/**
 * Whether the reply begins inside a thought, so that nothing of it can be told before the thought is over. What the model's template
 * says counts; where nobody knows it, the R1 family is taken to, as its own templates open one.
 */
export const beginsInThought = (description: ModelDescription): boolean => thinksInTags(description) && (description.opensThought ?? true);

/**
 * A model with native thoughts is told by its switch. The R1 family may think in spite of it (Ollama 0.30 and later do not hand the
 * switch to its template), so it is told in words too; where a message of the assistant is gone on with, a thought that is over
 * stands there in their place. Other models have no thoughts to forbid.
 */
export function thinkingFor(description: ModelDescription, choice: ThinkingChoice): Thinking {
  const opensThought = beginsInThought(description);
  const wanted = choice === 'model' ? undefined : choice !== 'off';
  const think = description.thinking ? wanted : undefined;
  if (choice !== 'off') return { think, opensThought, words: '', after: [] };
  if (!isR1(description) && !opensThought) return { think, opensThought, words: '', after: [] };
  if (thinksInTags(description) && description.continues) {
    return { think, opensThought: false, words: '', after: [{ role: 'assistant', content: NO_THOUGHT }] };
  }
  return { think, opensThought, words: AT_ONCE, after: [] };
}

/** After so many tokens a thought is ended and the answer asked for. */
export function thoughtLimit(choice: ThinkingChoice, generation: Pick<Generation, 'thoughtTokens'>, replyTokens: number): number {
  const most = choice === 'short' ? SHORT_THOUGHT_TOKENS : (generation.thoughtTokens ?? THOUGHT_TOKENS);
  return Math.min(most, Math.floor(replyTokens * THOUGHT_SHARE));
}

/** About how many tokens a piece of a thought is: four letters each, and one for each sign of scripts that have no letters. */
export function thoughtTokens(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum += text.charCodeAt(index) < 0x2e80 ? 0.25 : 1;
  return sum;
}
