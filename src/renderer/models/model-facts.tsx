/** @file Everything about one model: its full name, what each length of context takes, its licence, its template. */
import { useEffect, useState } from 'react';
import type { WireFault } from '../../shared/faults.ts';
import type { KeptModel, ModelDetails } from '../../shared/models.ts';
import { useServices } from '../shell/services.ts';
import { Disclosure } from '../states/disclosure.tsx';
import { bytes } from '../states/progress.ts';
import { RawWords } from '../states/raw-words.tsx';
import { contextWords, fitWords } from './model-words.ts';

function Needs({ needs }: { needs: ModelDetails['needs'] }) {
  if (needs.length === 0) return null;
  return (
    <table className="model-needs">
      <caption>Memory by length of context</caption>
      <thead>
        <tr>
          <th scope="col">Context</th>
          <th scope="col">For the context</th>
          <th scope="col">In all</th>
          <th scope="col">Here</th>
        </tr>
      </thead>
      <tbody>
        {needs.map((need) => (
          <tr key={need.contextTokens}>
            <td>{contextWords(need.contextTokens)}</td>
            <td>{need.context === undefined ? 'not known' : bytes(need.context)}</td>
            <td>{bytes(need.total)}</td>
            <td>{need.fits === 'yes' ? 'fits' : fitWords[need.fits].toLowerCase() || 'not known'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Text({ title, text }: { title: string; text: string | undefined }) {
  if (!text) return null;
  return (
    <Disclosure title={title}>
      <pre>{text}</pre>
    </Disclosure>
  );
}

export function ModelFacts({ model }: { model: KeptModel }) {
  const { actions } = useServices();
  const [told, setTold] = useState<ModelDetails | WireFault>();
  useEffect(() => {
    let shown = true;
    void actions.models.show(model.name).then((found) => shown && setTold(found));
    return () => {
      shown = false;
    };
  }, [actions, model.name]);
  const fault = told && 'code' in told ? told : undefined;
  const details = told && 'code' in told ? undefined : told;
  return (
    <div className="model-facts">
      <p>
        <code>{model.name}</code>
        {details?.digest && <code title={details.digest}>{details.digest.slice(0, 12)}</code>}
      </p>
      {fault && (
        <p role="alert" data-kind="no">
          {fault.message}
        </p>
      )}
      {fault && <RawWords fault={fault} />}
      {details?.frees !== undefined && <p>Removing it gives back {bytes(details.frees)}.</p>}
      {details && <Needs needs={details.needs} />}
      <Text title="Licence" text={details?.licence} />
      {details && !details.licence && <p>Its files hold no licence; where it came from tells it.</p>}
      <Text title="Parameters" text={details?.parameters} />
      <Text title="Template" text={details?.template} />
    </div>
  );
}
