/** @file Which model a companion speaks with: chosen among those that are here, kept when the companion is. */
import { useId, useState } from 'react';
import { useServices, useWindow } from '../shell/services.ts';

export type ModelChoice = {
  /** Undefined: the one that is in use. */
  model: string | undefined;
  changed: boolean;
  choose(model: string | undefined): void;
  /** Makes it so for the companion of this id. */
  keep(characterId: string): void;
};

export function useModelChoice(id: string | undefined): ModelChoice {
  const { actions } = useServices();
  const kept = useWindow((state) => (id === undefined ? undefined : state.models?.byCharacter[id]));
  const [chosen, setChosen] = useState<{ model: string | undefined }>();
  const model = chosen ? chosen.model : kept;
  const changed = model !== kept;
  return {
    model,
    changed,
    choose: (next) => setChosen({ model: next }),
    keep: (characterId) => {
      if (changed) actions.models.choose(model ?? null, { characterId });
    },
  };
}

/** Nothing is shown where there is nothing to choose from. */
export function ModelField({ model, choose }: Pick<ModelChoice, 'model' | 'choose'>) {
  const id = useId();
  const models = useWindow((state) => state.models);
  const talking = models?.models.filter(({ converses }) => converses) ?? [];
  const isGone = model !== undefined && !talking.some(({ name }) => name === model);
  if (talking.length < 2 && model === undefined) return null;
  return (
    <div className="editor-field">
      <div className="editor-label">
        <label htmlFor={id}>Model</label>
      </div>
      <select className="field editor-select" id={id} value={model ?? ''} onChange={(event) => choose(event.target.value || undefined)}>
        <option value="">The one in use</option>
        {talking.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
        {isGone && <option value={model}>{model}, which is not here</option>}
      </select>
      <p className="card-note">In every conversation that names no model itself.</p>
    </div>
  );
}
