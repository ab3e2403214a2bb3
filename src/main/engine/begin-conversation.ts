/** @file A conversation begins: with one of the character's greetings, where one is asked for. */
import type { Character } from '../../shared/character.ts';
import type { Conversation } from '../../shared/conversation.ts';
import { asFault, Fault } from '../../shared/faults.ts';
import { CHARACTER_GRACE_MS } from '../../shared/limits.ts';
import type { Engine } from './contract.ts';
import { greetingTexts, personFor, scopeOf } from './persona.ts';
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

const taken = () =>
  new Fault('bad-request', 'Another conversation has this id already; nothing was changed, so begin the new one with an id of its own.');

export function createBeginning(ports: BeginningPorts): { create: Engine['createConversation']; greetings: Engine['greetings'] } {
  const { store, characters, clock, ids, settings, open, changed } = ports;
  const find = (characterId: string) => characters.find(characterId, AbortSignal.timeout(5_000));
  /** What is shown before and what is stored are one text: both hang on the conversation's id. */
  const textsOf = (character: Character, conversationId: string) =>
    greetingTexts(character, scopeOf(character, personFor(character, settings.now()), conversationId));
  return {
    async greetings(characterId, conversationId) {
      return textsOf((await find(characterId)).character, conversationId);
    },
    async create({ userId, characterId, greeting, conversationId = ids.next() }) {
      open();
      const there = store.conversation(conversationId);
      if (there?.userId === userId && there.characterId === characterId) return there;
      if (there) throw taken();
      const found = find(characterId);
      // Only a greeting needs the card itself; a slow answer holds up the turn, once, and not its conversation too.
      const character = greeting === undefined ? await withinGrace(found, ports) : (await found).character;
      const now = clock.now();
      const made: Conversation = { id: conversationId, userId, characterId, title: '', titled: false, createdAt: now, updatedAt: now };
      const texts = greeting === undefined || !character ? [] : textsOf(character, conversationId);
      const words = texts[greeting ?? 0] ?? texts[0];
      store.createConversation(made, words === undefined ? undefined : { id: ids.next(), text: words });
      changed(made.id);
      return made;
    },
  };
}
