/** @file A conversation begins: with the character's greeting, where one is asked for. */
import type { Character } from '../../shared/character.ts';
import type { Conversation } from '../../shared/conversation.ts';
import { asFault } from '../../shared/faults.ts';
import { CHARACTER_GRACE_MS } from '../../shared/limits.ts';
import type { Engine } from './contract.ts';
import { greetingText, personFor, scopeOf } from './persona.ts';
import type { Characters, Clock, FoundCharacter, Ids, Log, Store } from './ports.ts';
import type { SettingsPort } from './settings.ts';

type BeginningPorts = {
  store: Store;
  characters: Characters;
  clock: Clock;
  ids: Ids;
  log: Log;
  settings: Pick<SettingsPort, 'now'>;
  /** Throws where the program is closing. */
  open(): void;
  changed(conversationId: string): void;
};

/** The character, or undefined where it takes longer; rejects where it is known in time that there is none. */
async function withinGrace(found: Promise<FoundCharacter>, { clock, log }: BeginningPorts): Promise<Character | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const cancel = clock.after(CHARACTER_GRACE_MS, () => resolve(undefined));
  const late = found.then(({ character }) => character);
  late.catch((error: unknown) => log.debug('character-late', { code: asFault(error).code }));
  return Promise.race([late, promise]).finally(cancel);
}

export function createBeginning(ports: BeginningPorts): Engine['createConversation'] {
  const { store, characters, clock, ids, settings, open, changed } = ports;
  return async ({ userId, characterId, greeting }) => {
    open();
    const found = characters.find(characterId, AbortSignal.timeout(5_000));
    // Only a greeting needs the card itself; a slow answer holds up the turn, once, and not its conversation too.
    const character = greeting ? (await found).character : await withinGrace(found, ports);
    const now = clock.now();
    const made: Conversation = { id: ids.next(), userId, characterId, title: '', titled: false, createdAt: now, updatedAt: now };
    const scope = character && scopeOf(character, personFor(character, settings.now()), made.id);
    const words = greeting && scope ? greetingText(character.firstMessage, scope) : '';
    store.createConversation(made, words === '' ? undefined : { id: ids.next(), text: words });
    changed(made.id);
    return made;
  };
}
