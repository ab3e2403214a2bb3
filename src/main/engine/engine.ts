/** @file The persona engine: conversations and turns behind one door, through ports alone. */
import type { Conversation } from '../../shared/conversation.ts';
import { Fault } from '../../shared/faults.ts';
import { PAGE_MESSAGES } from '../../shared/limits.ts';
import { createAnswers } from './answers.ts';
import { createBackground } from './background.ts';
import { createBeginning } from './begin-conversation.ts';
import { createBroadcast } from './broadcast.ts';
import type { Library } from './cards/library-port.ts';
import { createNoLibrary } from './cards/no-library.ts';
import type { Engine, HouseEvent } from './contract.ts';
import { createCounted } from './counted.ts';
import { createDeleting } from './deleting.ts';
import type { DoorPort } from './door.ts';
import { explainReply } from './explain.ts';
import { createLookAhead } from './look-ahead.ts';
import { createHouseMemory } from './memory/house-memory.ts';
import type { NoteStore } from './memory/note-store.ts';
import { withPinned } from './memory/pinned.ts';
import type { MemoryIndex } from './memory-port.ts';
import { createModels, type ModelsPorts } from './models/models.ts';
import { scoreText } from './mood/vader.ts';
import { createNoDoor } from './no-door.ts';
import { createNoRuntime } from './no-runtime.ts';
import { createPaths } from './path-above.ts';
import type { TurnPorts } from './prepare-turn.ts';
import type { Runtime } from './runtime.ts';
import type { SettingsPort } from './settings.ts';
import { createSteering, refuseWhileWriting } from './steering.ts';
import { createSummaries } from './summaries.ts';
import { createEstimates } from './tokens.ts';
import { createTurns } from './turns.ts';
import { createWarmUp } from './warm-up.ts';

export type EnginePorts = Omit<TurnPorts, 'settings' | 'models'> & {
  settings: SettingsPort;
  /** What only the models are looked after with; absent parts are done without. */
  keeping?: Pick<ModelsPorts, 'registry' | 'machine' | 'wanted'>;
  /** What is remembered, and what recall looks through. */
  notes: NoteStore;
  index: MemoryIndex;
  /** Hears that a turn is on disk, with whatever it put into the outbox. */
  finished?(): void;
  /** Absent where there is no Ollama to look after. */
  runtime?: Runtime;
  /** Absent where no other program can come in. */
  door?: DoorPort;
  /** Absent where no companions are kept. */
  library?: Library;
};

const gone = () =>
  new Fault('conversation-not-found', 'This conversation is not here; nothing was changed, so choose another one or begin a new one.');

export function createEngine(given: EnginePorts): Engine {
  const { store, characters, clock, ids, model, log, notes, index } = given;
  const ports = { ...given, memory: withPinned(given.memory, notes, () => given.settings.now().memory) };
  const house = createBroadcast<HouseEvent>(log);
  const offStatus = model.onStatus((status) => house.send({ type: 'model-changed', model: status }));
  const runtime = ports.runtime ?? createNoRuntime('There is no Ollama to install here.');
  const library = ports.library ?? createNoLibrary(characters, { clock, ids });
  const offLibrary = library.onChange((all) => house.send({ type: 'characters-changed', characters: all }));
  const offRuntime = runtime.onStatus((status) => house.send({ type: 'runtime-changed', runtime: status }));
  const { settings } = ports;
  const offSettings = settings.onChange((told) => {
    memory.switched(told.settings.memory.on);
    house.send({ type: 'settings-changed', ...told });
  });
  const door = ports.door ?? createNoDoor();
  const offDoor = door.onStatus((status) => house.send({ type: 'door-changed', door: status }));
  const models = createModels({ wanted: model.defaultModel(), ...ports.keeping, model, store, settings, clock, log });
  const offModels = [
    models.onState((state) => house.send({ type: 'models-changed', state })),
    models.onPulls((pulls) => house.send({ type: 'pulls-changed', pulls })),
  ];
  let closing = false;

  const conversation = (id: string): Conversation => {
    const found = store.conversation(id);
    if (!found) throw gone();
    return found;
  };
  const changed = (id: string) => {
    const found = store.conversation(id);
    if (found) house.send({ type: 'conversation-changed', conversation: found });
    ports.finished?.();
    if (!found || turns.live(id)) return;
    memory.learnt(id);
    lookAhead.to(id);
  };
  const rerouted = (conversationId: string) => house.send({ type: 'conversation-rerouted', conversationId });
  const paths = createPaths(store);
  const estimates = createEstimates();
  const shared = { ...ports, models, paths, estimates, counted: createCounted(estimates), summaryDue: (id: string) => summaries.due(id) };
  const turns = createTurns({ ...shared, changed, rerouted, ended: () => background.stir() });
  const steering = createSteering({ store, ids, clock, turns, changed, rerouted });
  const warmUp = createWarmUp(shared, ports.library);
  const lookAhead = createLookAhead({ ...shared, notes, busy: () => turns.busy() });
  const answers = createAnswers(shared);
  const forgot = () => {
    paths.forget();
    background.stir();
  };
  const memory = createHouseMemory({
    ...{ notes, store, index, clock, ids, log },
    send: (event) => house.send(event),
    enabled: () => settings.now().memory.on,
    busy: () => turns.busy(),
    forgot,
    makeWay: () => background.stir(),
    offer: (task) => background.offer(task),
  });
  const background = createBackground(shared, () => turns.busy() || answers.busy() || memory.isForgetting());
  const summaries = createSummaries(shared, background);
  /** Whatever nobody waits for makes way for a person. */
  const makeWay = () => {
    warmUp.cancel();
    background.stir();
  };
  const answer: Engine['answer'] = async function* (question, signal) {
    makeWay();
    yield* answers.begin(question, signal);
    background.stir();
  };
  const open = () => {
    if (closing) throw new Fault('shutting-down', 'The program is closing; what was written is kept, and this message was not taken.');
  };
  /** Before a turn: nothing new while closing, and the model has something better to do than to warm up. */
  const begins = (conversationId: string) => {
    open();
    conversation(conversationId);
    makeWay();
  };
  const send = (event: HouseEvent) => house.send(event);
  const deleting = createDeleting({ store, library, memory, turns, door, clock, log, forgot, send, changed });
  const { create, greetings } = createBeginning({ store, characters, clock, ids, log, settings, open, changed });

  return {
    characters: () => characters.list(),
    modelStatus: () => model.status(),
    retryModel: () => model.retry(),
    runtime,
    models,
    chooseModel(conversationId, name) {
      conversation(conversationId);
      const chosen = store.setConversationModel(conversationId, name === undefined ? undefined : models.installedName(name));
      changed(conversationId);
      return chosen;
    },
    library: { ...library, ...deleting.companions },
    settings,
    door,
    memories: memory.memories,
    score: scoreText,
    createConversation: create,
    greetings,
    conversationOf: async (userId, characterId) => store.latestConversation(userId, characterId) ?? create({ userId, characterId }),
    conversation,
    listConversations: (options) => store.listConversations(options),
    renameConversation(id, title) {
      conversation(id);
      const renamed = store.renameConversation(id, title, true, clock.now());
      changed(id);
      return renamed;
    },
    deleteConversation(id, memories) {
      conversation(id);
      return deleting.deleteConversation(id, memories);
    },
    restoreConversation: deleting.restoreConversation,
    explainReply(messageId) {
      const reply = store.message(messageId);
      if (reply) conversation(reply.conversationId);
      return explainReply({ store, notes, ids }, reply);
    },
    loadMessages(conversationId, before) {
      conversation(conversationId);
      return store.page(conversationId, PAGE_MESSAGES, before);
    },
    chooseMessage(conversationId, messageId) {
      conversation(conversationId);
      refuseWhileWriting(turns, conversationId);
      store.chooseMessage(conversationId, messageId);
      rerouted(conversationId);
    },
    attach(conversationId, listener) {
      const found = conversation(conversationId);
      const detach = turns.hear(conversationId, listener);
      const page = store.page(conversationId, PAGE_MESSAGES);
      const begun = turns.live(conversationId);
      // One that is not in the store yet is told of when it is.
      const live = begun && store.message(begun.replyId) ? begun : undefined;
      // A long one costs more; who opened it reads first.
      if (page.before === null) lookAhead.now(conversationId);
      else lookAhead.to(conversationId);
      const onward = live ? undefined : store.onward(conversationId);
      return { snapshot: { conversation: found, ...page, live, waiting: turns.waiting(conversationId), onward }, detach };
    },
    follow(conversationId, listener) {
      conversation(conversationId);
      return turns.hear(conversationId, listener);
    },
    listeners: (conversationId) => turns.listeners(conversationId),
    onHouseEvent: (listener) => house.add(listener),
    startTurn({ conversationId, ...turn }) {
      begins(conversationId);
      turns.start({ ...turn, conversationId, user: { id: ids.next() } });
    },
    retryTurn({ turnId, conversationId, userMessageId, wish }) {
      begins(conversationId);
      const message = store.message(userMessageId);
      if (message?.conversationId !== conversationId || message.role !== 'user') {
        throw new Fault('turn-not-found', 'That message is not in this conversation; nothing was changed.');
      }
      const wished = wish ? { wish, reply: { origin: wish, text: '', thinking: '' } } : {};
      turns.start({ turnId, conversationId, text: message.text, user: { existingId: userMessageId }, ...wished });
    },
    steering: {
      ...steering,
      continueReply(turn) {
        begins(turn.conversationId);
        steering.continueReply(turn);
      },
      edit(version) {
        begins(version.conversationId);
        steering.edit(version);
      },
    },
    stopTurn(turnId) {
      if (!turns.stop(turnId)) throw new Fault('turn-not-found', 'That reply is already finished; there was nothing to stop.');
    },
    answer(question, signal) {
      open();
      return answer(question, signal);
    },
    async close() {
      closing = true;
      for (const off of [offStatus, offRuntime, offLibrary, offSettings, offDoor, ...offModels]) off();
      library.close();
      warmUp.close();
      lookAhead.close();
      background.close();
      answers.close();
      await Promise.all([turns.close(), models.close(), deleting.close()]);
      await memory.close();
    },
  };
}
