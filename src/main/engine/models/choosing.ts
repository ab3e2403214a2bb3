/** @file Which model answers whom: a conversation's own, its companion's, the person's default, the program's. */
import { OFFERS_DECLINED } from '../../../shared/model-limits.ts';
import { canonicalModelName, isSameModel } from '../../../shared/model-names.ts';
import type { ModelOffer } from '../../../shared/models.ts';
import type { Clock, Model, Store } from '../ports.ts';
import type { SettingsPort } from '../settings.ts';
import { createKeptChoices, type KeptChoices } from './kept-choices.ts';

export type ChoosingPorts = { model: Model; store: Pick<Store, 'value' | 'setValue'>; settings: SettingsPort; clock: Clock };

export type Choosing = {
  kept: KeptChoices['now'];
  /** Tells the model server which one is the default now. */
  prefer(): void;
  /** Holds on to the model that answers, so that one that comes does not take its place unasked. */
  pin(answering: string): void;
  /** A model has come: it is offered, unless it answers already. */
  came(model: { model: string; label: string }): void;
  gone(model: string): void;
  /** The default where no character is named; undefined goes back to what stands above it. Throws where the environment fixes it. */
  choose(model: string | undefined, characterId: string | undefined): void;
  decline(offer: ModelOffer): void;
  /** Undefined takes the default. */
  modelFor(conversation: { characterId: string; model?: string | undefined }): string | undefined;
  noteUse(model: string): void;
};

export function createChoosing({ model, store, settings, clock }: ChoosingPorts): Choosing {
  const choices = createKeptChoices(store);
  const isFixed = () => settings.told().locked['model.name'] !== undefined;
  const prefer = () => model.prefer?.(settings.now().model.name ?? choices.now().pinned);
  const chooseDefault = (name: string | undefined) => {
    settings.change({ model: { name: name ?? null } });
    const { ready } = choices.now();
    const taken = ready && name !== undefined && isSameModel(name, ready.model);
    choices.change({ pinned: undefined, ...(taken ? { ready: undefined } : {}) });
    prefer();
  };
  return {
    kept: choices.now,
    prefer,
    pin(answering) {
      if (settings.now().model.name !== null || choices.now().pinned !== undefined) return;
      choices.change({ pinned: answering });
      prefer();
    },
    came({ model: name, label }) {
      if (!isFixed() && !isSameModel(name, model.defaultModel())) choices.change({ ready: { model: name, label } });
    },
    gone(name) {
      const { ready, pinned } = choices.now();
      if (ready && isSameModel(name, ready.model)) choices.change({ ready: undefined });
      if (pinned && isSameModel(name, pinned)) choices.change({ pinned: undefined });
      prefer();
    },
    choose(name, characterId) {
      if (characterId === undefined) return chooseDefault(name);
      const { [characterId]: _, ...others } = choices.now().byCharacter;
      choices.change({ byCharacter: name === undefined ? others : { ...others, [characterId]: name } });
    },
    decline({ kind, model: name }) {
      if (kind === 'ready') choices.change({ ready: undefined });
      choices.change({ declined: [...choices.now().declined, canonicalModelName(name)].slice(-OFFERS_DECLINED) });
    },
    modelFor: ({ characterId, model: own }) => own ?? choices.now().byCharacter[characterId],
    noteUse: (name) => choices.change({ usedAt: { ...choices.now().usedAt, [canonicalModelName(name)]: clock.now() } }, 'soon'),
  };
}
