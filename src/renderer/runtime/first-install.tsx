/** @file The first minutes where Ollama is missing: one button, and everything that is worth knowing before it is pressed. */
import type { RuntimeInstall } from '../../shared/runtime.ts';
import type { ModelStatus } from '../../shared/status.ts';
import { useServices } from '../shell/services.ts';
import { Disclosure } from '../states/disclosure.tsx';
import { amount } from '../states/progress.ts';
import { RuntimeOffer } from './runtime-offer.tsx';
import { RuntimeFailure, RuntimeProgress } from './runtime-progress.tsx';
import { installTitle } from './runtime-words.ts';

/** Why nothing answers without it, one step away. */
function Tried({ model }: { model: ModelStatus }) {
  const { actions } = useServices();
  return (
    <Disclosure title="What was tried before">
      <p>{model.fault?.message ?? model.reason}</p>
      <button type="button" className="button" onClick={actions.retryEngine}>
        Try that again
      </button>
    </Disclosure>
  );
}

/** What came is worth more than a word of comfort. */
function failedWords({ progress }: RuntimeInstall): string {
  return progress && progress.doneBytes > 0
    ? `${amount({ label: '', ...progress })} have come and stay on your disk, even if you close the program.`
    : 'Nothing on this computer was changed.';
}

export function FirstInstall({ install, model, name }: { install: RuntimeInstall; model: ModelStatus; name: string }) {
  const { state, offer } = install;
  if (state === 'offered' && offer)
    return (
      <>
        <h1>One thing before {name} can wake up</h1>
        <p className="lead">
          Ollama is a free program that runs language models on this computer. It goes into a folder of this program alone, and nothing else
          is changed. A first small model follows by itself.
        </p>
        <RuntimeOffer offer={offer} primary />
        <Tried model={model} />
      </>
    );
  return (
    <>
      <h1>{installTitle(install)}</h1>
      <p className="lead">
        {state === 'failed'
          ? failedWords(install)
          : `Then a first small model follows by itself, and ${name} can talk. Closing the program loses nothing.`}
      </p>
      {state === 'failed' ? (
        <RuntimeFailure install={install} title="What happened" primary />
      ) : (
        <RuntimeProgress install={install} large />
      )}
    </>
  );
}
