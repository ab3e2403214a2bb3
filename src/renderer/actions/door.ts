/** @file What a person does about the door for other programs: looks, sees its token, replaces it, tries again. */
import { complain, type Ground } from './ground.ts';

export type DoorDeeds = {
  /** Asks for its state; what comes is in the window's state. */
  load(): void;
  /** The same, in silence where this window may not know. */
  peek(): void;
  retry(): void;
  /** The token; undefined where it could not be had, which was said. */
  token(): Promise<string | undefined>;
  replaceToken(): Promise<string | undefined>;
};

/** What became of those who came with the old token. */
export function replacedWords(dropped: number): string {
  if (dropped === 0) return 'The token was replaced. Nobody was connected with the old one.';
  return dropped === 1
    ? 'The token was replaced. One program was disconnected and needs the new one.'
    : `The token was replaced. ${dropped} programs were disconnected and need the new one.`;
}

export function createDoorDeeds(ground: Ground): DoorDeeds {
  const ask = async (wish: Parameters<typeof ground.client.ask>[0]) => {
    const answer = await ground.client.ask(wish);
    if (answer.type === 'command-failed') complain(ground, answer.fault.message);
    return answer;
  };
  const tokenIn = async (type: 'show-token' | 'rotate-token') => {
    const answer = await ask({ type });
    if (answer.type !== 'token-shown') return undefined;
    if (answer.dropped !== undefined) ground.notices.show({ text: replacedWords(answer.dropped), kind: 'done' });
    return answer.token;
  };
  return {
    load: () => void ask({ type: 'show-door' }),
    peek: () => void ground.client.ask({ type: 'show-door' }),
    retry: () => void ask({ type: 'retry-door' }),
    token: () => tokenIn('show-token'),
    replaceToken: () => tokenIn('rotate-token'),
  };
}
