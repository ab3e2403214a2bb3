/** @file The session's handlers for models: listing, fetching, importing, removing, choosing. */
import type { Command } from '../../shared/commands.ts';
import type { ClientEvent } from '../../shared/events.ts';
import { asFault, Fault } from '../../shared/faults.ts';
import type { Engine } from '../engine/contract.ts';
import type { Wire } from './wire.ts';

type ModelCommandType =
  | 'list-models'
  | 'show-model'
  | 'look-up-model'
  | 'pull-model'
  | 'pause-pull'
  | 'resume-pull'
  | 'cancel-pull'
  | 'remove-model'
  | 'import-gguf'
  | 'choose-gguf'
  | 'choose-model'
  | 'put-offer-away';

type ModelHandlers = { [Type in ModelCommandType]: (command: Extract<Command, { type: Type }>) => void | Promise<void> };

/** What the server was last seen to have is shown where it cannot be asked now. */
async function seen({ models }: Engine) {
  try {
    return await models.refresh();
  } catch (error) {
    if (asFault(error).code === 'internal') throw error;
    return models.state();
  }
}

export type ModelHandlerPorts = {
  engine: Engine;
  send: (event: ClientEvent) => void;
  isOwner: boolean;
  chooseModelFile: Wire['chooseModelFile'];
};

const noDialog = () =>
  new Fault('bad-request', 'Only the desktop window can show a dialog for files; nothing was changed, so give the file’s path.');

/** Only who owns the window, or knows the token, has a file of this machine read: it is the one command that names a path. */
export function modelHandlers({ engine, send, isOwner, chooseModelFile }: ModelHandlerPorts): ModelHandlers {
  const { models } = engine;
  const done = (requestId: string) => send({ type: 'command-done', requestId });
  return {
    'list-models': async ({ requestId }) => send({ type: 'models-listed', requestId, state: await seen(engine), pulls: models.pulls() }),
    'show-model': async ({ requestId, model }) => send({ type: 'model-shown', requestId, details: await models.show(model) }),
    'look-up-model': async ({ requestId, model }) => send({ type: 'model-looked-up', requestId, preview: await models.lookUp(model) }),
    'pull-model': ({ requestId, model }) => {
      models.pull(model);
      done(requestId);
    },
    'pause-pull': ({ requestId, model }) => {
      models.pause(model);
      done(requestId);
    },
    'resume-pull': ({ requestId, model }) => {
      models.pull(model);
      done(requestId);
    },
    'cancel-pull': async ({ requestId, model }) => {
      await models.cancel(model);
      done(requestId);
    },
    'remove-model': async ({ requestId, model }) => {
      const freedBytes = await models.remove(model);
      send({ type: 'model-removed', requestId, model, freedBytes });
    },
    'import-gguf': async ({ requestId, path }) => {
      if (!isOwner)
        throw new Fault('forbidden', 'Only the window, or a program that shows the access token, may add a file; nothing was changed.');
      await models.importFile(path);
      done(requestId);
    },
    'choose-gguf': async ({ requestId }) => {
      if (!chooseModelFile) throw noDialog();
      const path = await chooseModelFile();
      if (path !== undefined) await models.importFile(path);
      send({ type: 'gguf-chosen', requestId, chosen: path !== undefined });
    },
    'choose-model': ({ requestId, model, for: whose }) => {
      const { conversationId, characterId } = whose;
      const name = model ?? undefined;
      if (conversationId !== undefined && characterId !== undefined) {
        throw new Fault(
          'bad-request',
          'A model is chosen for a conversation or for a companion, not for both at once; nothing was changed.',
        );
      }
      if (conversationId === undefined) models.choose(name, characterId);
      else engine.chooseModel(conversationId, name);
      done(requestId);
    },
    'put-offer-away': ({ requestId }) => {
      models.putOfferAway();
      done(requestId);
    },
  };
}
