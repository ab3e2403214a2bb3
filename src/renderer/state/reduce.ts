/** @file What each event makes of the window's state. */
import type { ClientEvent, TurnEvent } from '../../shared/events.ts';
import type { FaultCode } from '../../shared/faults.ts';
import { dropConversation, takeConversation, takeList } from './conversation-list.ts';
import { takeMemory } from './memory-shelf.ts';
import { addPage, attachThread, stepThread } from './thread.ts';
import type { Outgoing, WindowState } from './window-state.ts';

const storeFaults: readonly FaultCode[] = ['store-full', 'store-failed'];

/** The state after one event; `at` is the time it came, in ms since 1970. */
export function reduceEvent(state: WindowState, event: ClientEvent, at: number): WindowState {
  switch (event.type) {
    case 'session-opened': {
      const { service, version, characters, model } = event;
      // A new session hears nothing of the conversation until it is attached again.
      const thread = state.thread && { ...state.thread, stale: true };
      return { ...state, connection: 'open', wasOpen: true, service, version, characters, model, thread };
    }
    case 'model-changed':
      return { ...state, model: event.model };
    case 'models-listed':
      return { ...state, models: event.state, pulls: event.pulls };
    case 'models-changed':
      return { ...state, models: event.state };
    case 'pulls-changed':
      return { ...state, pulls: event.pulls };
    case 'conversations-listed':
      return { ...state, list: takeList(state.list, event) };
    case 'conversation-changed':
      return changeConversation(state, event.conversation);
    case 'conversation-deleted':
      return deleteConversation(state, event.conversationId);
    case 'conversation-attached':
      return attach(state, event, at);
    case 'messages-loaded':
      return state.thread?.conversation.id === event.conversationId && state.thread.before !== null
        ? { ...state, thread: addPage(state.thread, event) }
        : state;
    case 'conversation-rerouted':
      return state.thread?.conversation.id === event.conversationId ? { ...state, thread: { ...state.thread, stale: true } } : state;
    case 'command-failed':
      return storeFaults.includes(event.fault.code) ? { ...state, trouble: event.fault } : state;
    case 'settings-shown':
    case 'settings-changed': {
      const { settings, defaults, locked } = event;
      return { ...state, told: { settings, defaults, locked } };
    }
    case 'door-shown':
    case 'door-changed':
      return { ...state, door: event.door };
    case 'runtime-shown':
      return { ...state, runtime: event.runtime, licences: event.licences };
    case 'runtime-changed':
      return { ...state, runtime: event.runtime };
    case 'characters-changed':
      return { ...state, characters: event.characters };
    case 'characters-listed':
      return { ...state, companions: event.characters };
    case 'memories-listed':
    case 'memory-shown':
    case 'memory-changed':
    case 'memory-forgotten':
    case 'memory-kept':
    case 'memory-gone':
    case 'memories-changed':
      return { ...state, memory: takeMemory(state.memory, event) };
    case 'command-done':
    // A token is for the moment it is shown.
    case 'token-shown':
    // A companion, its files and its preview belong to the view that asks for them.
    case 'character-shown':
    case 'greetings-listed':
    case 'character-saved':
    case 'character-deleted':
    case 'card-previewed':
    case 'upload-begun':
    case 'download-ready':
    case 'download-read':
    case 'tokens-counted':
    case 'runtime-log-read':
    case 'model-shown':
    case 'model-looked-up':
    case 'model-removed':
    case 'gguf-chosen':
    case 'reply-explained':
    case 'memories-exported':
    case 'memories-imported':
      return state;
    default:
      return stepTurn(state, event, at);
  }
}

function changeConversation(state: WindowState, conversation: NonNullable<WindowState['thread']>['conversation']): WindowState {
  const list = takeConversation(state.list, conversation);
  return state.thread?.conversation.id === conversation.id
    ? { ...state, list, thread: { ...state.thread, conversation } }
    : { ...state, list };
}

function deleteConversation(state: WindowState, id: string): WindowState {
  const outgoing = state.outgoing.filter((message) => message.conversationId !== id);
  const next = { ...state, list: dropConversation(state.list, id), outgoing };
  return state.openId === id ? { ...next, openId: null, thread: null } : next;
}

function attach(state: WindowState, event: Extract<ClientEvent, { type: 'conversation-attached' }>, at: number): WindowState {
  if (event.conversation.id !== state.openId) return state;
  const taken = new Set([...event.messages, ...event.waiting, ...(event.live ? [event.live] : [])].map((item) => item.turnId));
  return {
    ...state,
    thread: attachThread(state.thread, event, at),
    outgoing: state.outgoing.filter((message) => !taken.has(message.turnId)),
  };
}

function stepTurn(state: WindowState, event: TurnEvent, at: number): WindowState {
  const thread = state.thread && stepThread(state.thread, event, at);
  if (event.type === 'turn-accepted') {
    return { ...state, thread, outgoing: state.outgoing.filter((message) => message.turnId !== event.turnId) };
  }
  if (event.type !== 'turn-ended') return thread === state.thread ? state : { ...state, thread };
  const fault = event.fault;
  const trouble = fault && storeFaults.includes(fault.code) ? fault : state.trouble;
  const outgoing = event.message || !fault ? state.outgoing : withFault(state.outgoing, event.turnId, fault);
  return { ...state, thread, trouble, outgoing };
}

/** A message that could not be put on disk stays with the person, with the reason beside it. */
export function withFault(outgoing: readonly Outgoing[], turnId: string, fault: NonNullable<Outgoing['fault']>): readonly Outgoing[] {
  return outgoing.map((message) => (message.turnId === turnId ? { ...message, fault } : message));
}
