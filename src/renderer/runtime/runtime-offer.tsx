/** @file What would be fetched and where to, before anything is: size, place, hash, licences, parts for graphics cards. */
import { useState } from 'react';
import type { GraphicsPart, RuntimeOffer as Offer } from '../../shared/runtime.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { companionOf } from '../state/window-state.ts';
import { Disclosure } from '../states/disclosure.tsx';
import { bytes } from '../states/progress.ts';
import { GraphicsChoice } from './graphics-parts.tsx';
import { hostOf, sizeWords } from './runtime-words.ts';

function Licences() {
  const licences = useWindow((state) => state.licences);
  if (licences.length === 0) return null;
  return (
    <Disclosure title={`Licences: ${licences.map(({ of, name }) => `${of} (${name})`).join(', ')}`}>
      {licences.map(({ of, text }) => (
        <pre key={of}>{`${of}\n\n${text}`}</pre>
      ))}
    </Disclosure>
  );
}

function Size({ offer }: { offer: Offer }) {
  const { actions } = useServices();
  const [asking, setAsking] = useState(false);
  const ask = () => {
    setAsking(true);
    void actions.runtime.lookUp().finally(() => setAsking(false));
  };
  return (
    <>
      {sizeWords(offer)}
      {offer.bytes === undefined && (
        <button type="button" className="button ghost small" disabled={asking} onClick={ask}>
          {asking ? 'Asking' : 'Ask how large it is'}
        </button>
      )}
    </>
  );
}

function ThenModel({ model, on, onChange }: { model: NonNullable<Offer['model']>; on: boolean; onChange: (on: boolean) => void }) {
  const name = useWindow((state) => companionOf(state)?.name ?? 'your companion');
  const size = model.bytes === undefined ? '' : `, ${bytes(model.bytes)}`;
  return (
    <label className="runtime-tick runtime-then">
      <input type="checkbox" checked={on} onChange={() => onChange(!on)} />
      <span>
        Then get the model that was meant for {name}: {model.label}
        {size}. {model.licence ? `Licence: ${model.licence}.` : 'Its licence is not known here: look it up first, under Settings, Model.'}
      </span>
    </label>
  );
}

/** `primary`: the one thing to do in this view. */
export function RuntimeOffer({ offer, primary }: { offer: Offer; primary: boolean }) {
  const { actions } = useServices();
  const [graphics, setGraphics] = useState<readonly GraphicsPart[]>([]);
  // What comes under a licence that nobody has seen yet comes on the person's own word alone.
  const [thenModel, setThenModel] = useState(offer.model?.licence !== undefined && offer.theirModels === undefined);
  return (
    <div className="runtime-offer">
      <dl>
        <dt>Size</dt>
        <dd>
          <Size offer={offer} />
        </dd>
        <dt>From</dt>
        <dd>
          {hostOf(offer.address)}, <code>{offer.file}</code>
        </dd>
        <dt>To</dt>
        <dd>
          <code>{offer.folder}</code>
        </dd>
        <dt>Checked</dt>
        <dd>{offer.hash.words}</dd>
      </dl>
      <Licences />
      <GraphicsChoice offer={offer} chosen={graphics} onChoose={setGraphics} />
      {offer.theirModels && (
        <p className="runtime-theirs">
          {offer.theirModels.folder} holds {offer.theirModels.models === 1 ? '1 model' : `${offer.theirModels.models} models`} of an Ollama
          of yours. Once Ollama is here they can be shared, under Settings, Model, so that none is downloaded twice.
        </p>
      )}
      {offer.model && <ThenModel model={offer.model} on={thenModel} onChange={setThenModel} />}
      <button
        type="button"
        className={primary ? 'button primary' : 'button'}
        onClick={() => actions.runtime.install(graphics, offer.model !== undefined && thenModel)}
      >
        Install Ollama {offer.version}
      </button>
    </div>
  );
}
