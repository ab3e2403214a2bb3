/** @file What a person does with models: see them, fetch, import, remove, choose. */
import type { WireFault } from '../../shared/faults.ts';
import type { ModelDetails, ModelPreview } from '../../shared/models.ts';
import type { Answer } from '../client.ts';
import { labelOf } from '../models/model-words.ts';
import { bytes } from '../states/progress.ts';
import { complain, type Ground } from './ground.ts';

/** Whose model is chosen: everybody's where neither is named. */
export type ChoiceTarget = { conversationId?: string; characterId?: string };

export type ModelKeeping = {
  /** Asks for what there is; what comes is in the window's state. */
  load(): void;
  /** Size and licence of a model that could be fetched. */
  lookUp(model: string): Promise<ModelPreview | WireFault>;
  show(model: string): Promise<ModelDetails | WireFault>;
  /** Begins a download or goes on with one. */
  pull(model: string): void;
  pause(model: string): void;
  cancel(model: string): void;
  remove(model: string, label: string): void;
  /** Undefined where it was taken. */
  importFile(path: string): Promise<WireFault | undefined>;
  /** Lets the person choose a file in the system's dialog. Undefined where it was taken, or none was chosen. */
  chooseFile(): Promise<WireFault | undefined>;
  /** A model file that was dropped on the window. */
  importDropped(file: File): void;
  choose(model: string | null, whose: ChoiceTarget): void;
  putOfferAway(): void;
};

const faultOf = (answer: Answer): WireFault =>
  answer.type === 'command-failed' ? answer.fault : { code: 'internal', message: 'Nothing was answered; try again.', retryable: true };

export function createModelKeeping(ground: Ground): ModelKeeping {
  const { client, notices, store } = ground;
  const ask = async (wish: Parameters<typeof client.ask>[0]) => {
    const answer = await client.ask(wish);
    if (answer.type === 'command-failed') complain(ground, answer.fault.message);
    return answer;
  };
  const remove = async (model: string, label: string) => {
    const answer = await ask({ type: 'remove-model', model });
    if (answer.type !== 'model-removed') return;
    notices.show({ text: `${label} is removed; ${bytes(answer.freedBytes)} are free again.`, kind: 'done' });
  };
  const choose = async (model: string | null, whose: ChoiceTarget) => {
    const answer = await ask({ type: 'choose-model', model, for: whose });
    const forAll = whose.conversationId === undefined && whose.characterId === undefined;
    if (answer.type === 'command-failed' || model === null || !forAll) return;
    notices.show({ text: `${labelOf(store.api.getState().models, model)} is the default model now.`, kind: 'done' });
  };
  return {
    load: () => void client.ask({ type: 'list-models' }),
    async lookUp(model) {
      const answer = await client.ask({ type: 'look-up-model', model });
      if (answer.type === 'model-looked-up') return answer.preview;
      return faultOf(answer);
    },
    async show(model) {
      const answer = await client.ask({ type: 'show-model', model });
      return answer.type === 'model-shown' ? answer.details : faultOf(answer);
    },
    pull: (model) => void ask({ type: 'pull-model', model }),
    pause: (model) => void ask({ type: 'pause-pull', model }),
    cancel: (model) => void ask({ type: 'cancel-pull', model }),
    remove: (model, label) => void remove(model, label),
    async importFile(path) {
      const answer = await client.ask({ type: 'import-gguf', path });
      return answer.type === 'command-failed' ? answer.fault : undefined;
    },
    async chooseFile() {
      const answer = await client.ask({ type: 'choose-gguf' });
      return answer.type === 'command-failed' ? answer.fault : undefined;
    },
    importDropped: (file) => void ask({ type: 'import-gguf', file }),
    choose: (model, whose) => void choose(model, whose),
    putOfferAway: () => void ask({ type: 'put-offer-away' }),
  };
}
