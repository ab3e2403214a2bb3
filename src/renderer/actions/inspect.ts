/** @file Asking what a reply was made of. */
import type { WireFault } from '../../shared/faults.ts';
import type { Explanation } from '../../shared/inspection.ts';
import { unanswered } from '../client.ts';
import type { Ground } from './ground.ts';

export type Explained = { explanation: Explanation } | { fault: WireFault };

export type Inspect = { explain(messageId: string): Promise<Explained> };

export function createInspect({ client }: Ground): Inspect {
  return {
    async explain(messageId) {
      const answer = await client.ask({ type: 'explain-reply', messageId });
      if (answer.type === 'reply-explained') return { explanation: answer.explanation };
      return { fault: answer.type === 'command-failed' ? answer.fault : unanswered };
    },
  };
}
