/** @file One model that is here: what it is, whether it answers, and what can be done with it. */
import { ChevronDown, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import type { KeptModel } from '../../shared/models.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { bytes } from '../states/progress.ts';
import { ModelFacts } from './model-facts.tsx';
import { DEFAULT_WORDS, factsOf, fitWords, loadedWords, needWords, usedWords } from './model-words.ts';

/** Asked once: what is removed has to be downloaded again. */
function Removal({ model, onKeep }: { model: KeptModel; onKeep: () => void }) {
  const { actions } = useServices();
  return (
    <div className="model-ask" role="alert">
      <span>
        Remove {model.label}? That gives back {model.sizeBytes === undefined ? 'its room' : bytes(model.sizeBytes)}; to have it again, it
        must come again.
      </span>
      <div className="model-deeds">
        <button type="button" className="button danger" onClick={() => actions.models.remove(model.name, model.label)}>
          Remove
        </button>
        {/* biome-ignore lint/a11y/noAutofocus: the safe choice has the keyboard first */}
        <button type="button" className="button" autoFocus onClick={onKeep}>
          Keep
        </button>
      </div>
    </div>
  );
}

function Badge({ model, byDefault }: { model: KeptModel; byDefault: boolean }) {
  if (byDefault)
    return (
      <span className="model-badge" data-kind="use">
        {model.loaded ? 'Default, loaded' : 'Default'}
      </span>
    );
  if (model.loaded) return <span className="model-badge">Loaded</span>;
  return null;
}

export function ModelRow({ model, byDefault }: { model: KeptModel; byDefault: boolean }) {
  const { actions } = useServices();
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const details = useRef<HTMLButtonElement>(null);
  const makeDefault = () => {
    actions.models.choose(model.name, {});
    // The button goes with the deed; the keyboard stays in its row.
    details.current?.focus();
  };
  const locked = useWindow((state) => state.told?.locked['model.name']);
  const canRemove = useWindow((state) => state.models?.place !== 'built-in' && state.models?.place !== 'none');
  const fit = model.memory && !model.loaded ? fitWords[model.memory.fits] : '';
  return (
    <li className="setting model-row">
      <div className="setting-words">
        <b>{model.label}</b>
        <span>{factsOf(model)}</span>
        {byDefault && <span>{DEFAULT_WORDS}</span>}
        <span className="model-small">
          {model.loaded ? loadedWords(model.loaded) : model.memory && needWords(model.memory)}{' '}
          {(model.lastUsedAt !== undefined || !model.loaded) && usedWords(model.lastUsedAt, Date.now())}
        </span>
      </div>
      {fit && (
        <span className="model-badge" data-kind={model.memory?.fits}>
          {fit}
        </span>
      )}
      <Badge model={model} byDefault={byDefault} />
      {!byDefault && model.converses && !locked && (
        <button
          type="button"
          className="button"
          aria-label={`Make ${model.label} the default`}
          title="It then answers unless a companion or a conversation has its own"
          onClick={makeDefault}
        >
          Make default
        </button>
      )}
      <span className="model-tools">
        <button
          ref={details}
          type="button"
          className="tool"
          aria-label={`Details of ${model.label}`}
          title="Details"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <ChevronDown aria-hidden />
        </button>
        {canRemove && (
          <button type="button" className="tool" aria-label={`Remove ${model.label}`} title="Remove" onClick={() => setAsking(true)}>
            <Trash2 aria-hidden />
          </button>
        )}
      </span>
      {asking && <Removal model={model} onKeep={() => setAsking(false)} />}
      {open && <ModelFacts model={model} />}
    </li>
  );
}
