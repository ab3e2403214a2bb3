/** @file The state of the models as every window shows it, from what the server was last seen to have. */
import { isSameModel } from '../../../shared/model-names.ts';
import type { KeptModel, ModelsState, Pull } from '../../../shared/models.ts';
import type { Model } from '../ports.ts';
import type { SettingsPort } from '../settings.ts';
import type { Choosing } from './choosing.ts';
import { contextOf, inOrder, keptModel, lastUseOf, modelOfStatus, toldApart } from './kept-models.ts';
import { offerOf, warningOf } from './offer.ts';
import { type Machine, type ModelDescription, type ShelfModel, withCards } from './shelf.ts';

export type ViewPorts = {
  model: Model;
  settings: SettingsPort;
  choosing: Choosing;
  pulls(): Pull[];
  machine: Machine | undefined;
  /** The configured model: OLLAMA_MODEL or the seed's. */
  wanted: string;
};

export type ModelsView = {
  state(): ModelsState;
  /** What the server has, as it was last seen. */
  shelf(): readonly ShelfModel[];
  /** Takes in what the server and its disk were seen to have. */
  take(shelf: ShelfModel[], disk: ModelsState['disk']): void;
  /** How long a model's context is; the same until another length is chosen, so that nothing is loaded anew. */
  contextOf(description: ModelDescription): number;
  forgetContexts(): void;
  /** This machine's memory, where the models use it. */
  machine(): Machine | undefined;
};

export function createModelsView({ model, settings, choosing, pulls, machine, wanted }: ViewPorts): ModelsView {
  const contexts = new Map<string, number>();
  let seen: ShelfModel[] = [];
  let disk: ModelsState['disk'];

  const graphics = () => model.shelf?.graphics?.();
  const own = () => (model.shelf?.place() === 'elsewhere' ? undefined : machine);
  const here = () => {
    const found = own();
    return found && withCards(found, graphics());
  };
  const contextFor = (description: ModelDescription): number => {
    const before = contexts.get(description.name);
    if (before !== undefined) return before;
    const loaded = seen.find(({ name }) => name === description.name)?.loaded;
    const said = settings.now().model.contextTokens ?? undefined;
    const tokens = contextOf({ ...description, ...(loaded ? { loaded } : {}) }, { said, machine: here() });
    contexts.set(description.name, tokens);
    return tokens;
  };
  const listed = (): KeptModel[] => {
    const { usedAt } = choosing.kept();
    const models = model.shelf ? seen : modelOfStatus(model.status());
    return toldApart(inOrder(models.map((one) => keptModel(one, contextFor(one), here(), lastUseOf(one.name, usedAt)))));
  };
  const offerFor = (models: KeptModel[], answering: KeptModel | undefined) =>
    settings.told().locked['model.name'] === undefined
      ? offerOf({
          models,
          answering,
          wanted,
          choices: choosing.kept(),
          pulls: pulls(),
          canPull: model.shelf !== undefined,
          none: models.length === 0 && model.status().state === 'absent',
        })
      : undefined;

  return {
    shelf: () => seen,
    machine: here,
    contextOf: contextFor,
    forgetContexts: () => contexts.clear(),
    take(shelf, space) {
      seen = shelf;
      disk = space;
    },
    state() {
      const models = listed();
      const status = model.status();
      const answering = models.find(({ name }) => isSameModel(name, model.defaultModel()));
      const offer = offerFor(models, answering);
      const cards = graphics();
      const warning = warningOf(answering, here(), cards);
      const memory = own()?.memory();
      return {
        models,
        answering: answering?.name ?? model.defaultModel(),
        contextTokens: answering?.memory?.contextTokens ?? status.contextTokens ?? 0,
        byCharacter: choosing.kept().byCharacter,
        place: model.shelf?.place() ?? (status.engine === 'embedded' ? 'built-in' : 'none'),
        canPull: model.shelf !== undefined,
        canImport: model.shelf?.files() !== undefined,
        ...(memory ? { memory: { ...memory, ...(cards ? { graphics: cards } : {}) } } : {}),
        ...(disk ? { disk } : {}),
        ...(offer ? { offer } : {}),
        ...(warning ? { warning } : {}),
      };
    },
  };
}
