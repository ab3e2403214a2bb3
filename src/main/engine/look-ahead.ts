/** @file What the next turn of a conversation will stand on, looked up while nobody waits for it. */
import type { Conversation } from '../../shared/conversation.ts';
import { LOOK_AHEAD_MS, PATHS_KEPT } from '../../shared/limits.ts';
import type { NoteStore } from './memory/note-store.ts';
import { memoryQuery, memoryTokens } from './memory/query.ts';
import type { PathAbove, Paths } from './path-above.ts';
import type { Surroundings } from './ports.ts';
import type { TurnPorts } from './prepare-turn.ts';
import { generationOf } from './settings.ts';
import { tokenFactorKey } from './tokens.ts';
import { MOOD_MEMORY } from './tone.ts';
import { loreKey } from './turn-sources.ts';

export type LookAhead = {
  /** After a turn, or when somebody opens a long conversation: in a while. */
  to(conversationId: string): void;
  /** When somebody opens a conversation that is not long: at once, for it takes half a millisecond. */
  now(conversationId: string): void;
  close(): void;
};

type Ports = Pick<TurnPorts, 'store' | 'clock' | 'settings' | 'model' | 'models' | 'log'> & {
  paths: Paths;
  notes: Pick<NoteStore, 'pinned'>;
  busy(): boolean;
};

/** What a message below `parentId` has above it. */
export function standing({ store, paths }: Pick<Ports, 'store' | 'paths'>, conversationId: string, parentId: string | null) {
  const above: Surroundings = store.surroundings(parentId, MOOD_MEMORY);
  const path: PathAbove = paths.above(conversationId, parentId);
  return { above, path };
}

/** Reads what a turn reads; the store and the paths keep it at hand until something is written. */
function look(ports: Ports, { id: conversationId, userId, characterId, model: own }: Conversation): void {
  const { store, settings, models, model, notes, clock } = ports;
  const { above, path } = standing(ports, conversationId, store.pathEnd(conversationId));
  const now = clock.now();
  const tokens = memoryTokens(generationOf(settings.now()));
  memoryQuery(path, { userId, characterId, conversationId, message: '', now, tokens, anchorId: above.anchor?.id, messageId: undefined });
  store.latestConversation(userId, characterId);
  store.summaries(conversationId);
  store.value(loreKey(conversationId));
  store.value(tokenFactorKey(models?.modelFor({ characterId, model: own }) ?? model.defaultModel()));
  notes.pinned({ userId, characterId }, settings.now().memory.shared);
}

/** Nothing is looked up while a turn runs: it would only hold that one up, and be of no use when it ends. */
export function createLookAhead(ports: Ports): LookAhead {
  const wanted = new Set<string>();
  let cancel: (() => void) | undefined;
  const now = (conversationId: string) => {
    try {
      const conversation = ports.busy() ? undefined : ports.store.conversation(conversationId);
      if (conversation) look(ports, conversation);
    } catch (error) {
      // The turn itself finds out, and says so.
      ports.log.debug('look-ahead-failed', { cause: error });
    }
  };
  const lookAtAll = () => {
    cancel = undefined;
    const ids = [...wanted].slice(-PATHS_KEPT);
    wanted.clear();
    ids.forEach(now);
  };
  return {
    to(conversationId) {
      wanted.delete(conversationId);
      wanted.add(conversationId);
      cancel ??= ports.clock.after(LOOK_AHEAD_MS, lookAtAll);
    },
    now,
    close: () => cancel?.(),
  };
}
