/** @file The first minutes: no conversation yet, and no model to have one with. */
import { CircleAlert, Download as DownloadIcon, ShieldCheck } from 'lucide-react';
import type { RuntimeInstall } from '../../shared/runtime.ts';
import type { ModelStatus } from '../../shared/status.ts';
import { FirstInstall } from '../runtime/first-install.tsx';
import { useRuntime } from '../runtime/use-runtime.ts';
import { NoticeList } from '../shell/notices.tsx';
import { useServices, useWindow } from '../shell/services.ts';
import { ThemeMenu } from '../shell/theme-menu.tsx';
import { companionOf } from '../state/window-state.ts';
import { Banner } from './banner.tsx';
import { Download } from './download.tsx';
import { bytes } from './progress.ts';
import { Scene } from './scene.tsx';

function WhatLeaves() {
  return (
    <div className="what-leaves">
      <ShieldCheck aria-hidden />
      <p>
        <b>What leaves this computer: the request for these files.</b> The host sees your network address, as with any download.
        Conversations are never sent along. They are plain files in your own folder, not encrypted by this program, so anyone who can open
        your account can read them.
      </p>
    </div>
  );
}

function Getting({ model, name }: { model: ModelStatus; name: string }) {
  return (
    <>
      <h1>Getting {name}’s model</h1>
      <p className="lead">{model.label || model.reason}</p>
      {model.progress ? (
        <Download progress={model.progress} large />
      ) : (
        <p className="stage">
          <i className="spinner" />
          {model.reason || 'Looking for what is there already'}
        </p>
      )}
      <WhatLeaves />
    </>
  );
}

/** Everything is here; nothing is asked of anybody any more. */
function Waking({ model, name }: { model: ModelStatus; name: string }) {
  return (
    <>
      <h1>{name} is waking up</h1>
      <p className="lead">Everything that is needed is on this computer now. The first start takes a little longer.</p>
      <p className="stage">
        <i className="spinner" />
        {model.reason}
      </p>
    </>
  );
}

function Missing({ model, name }: { model: ModelStatus; name: string }) {
  const { actions } = useServices();
  const retry = (
    <button type="button" className="button primary" onClick={actions.retryEngine}>
      Try again
    </button>
  );
  const offer = useWindow((state) => (state.models?.offer?.kind === 'missing' ? state.models.offer : undefined));
  return (
    <>
      <h1>{model.state === 'failed' ? `${name} cannot be woken` : `${name} has no model yet`}</h1>
      <p className="lead">A companion needs a language model to think with. Nothing else is missing.</p>
      <Banner
        tone="warn"
        icon={<CircleAlert aria-hidden />}
        title="What happened"
        words={model.fault?.message ?? model.reason}
        fault={model.fault}
        deeds={retry}
      />
      {offer && (
        <Banner
          tone="info"
          icon={<DownloadIcon aria-hidden />}
          title={offer.label}
          words={`${offer.bytes === undefined ? 'It can be fetched now.' : `${bytes(offer.bytes)} to download.`}${offer.licence ? ` Licence: ${offer.licence}.` : ''}`}
          deeds={
            <button type="button" className="button" onClick={() => actions.models.pull(offer.model)}>
              Download it
            </button>
          }
        />
      )}
    </>
  );
}

/** Only what is true: a model that is fetched to this computer needs nobody afterwards. */
function sceneWords(model: ModelStatus, fetches: boolean): string {
  if (model.state === 'starting') return 'I live on this computer. One moment, I am waking up.';
  if (model.state !== 'installing' && !fetches) return 'I live on this computer. One thing is missing before I can wake up.';
  return 'I live on this computer. There is one thing to fetch before I wake up. After that I need nobody’s server.';
}

function Work({ model, name, install }: { model: ModelStatus; name: string; install: RuntimeInstall | undefined }) {
  if (model.state === 'installing') return <Getting model={model} name={name} />;
  if (!install) return model.state === 'starting' ? <Waking model={model} name={name} /> : <Missing model={model} name={name} />;
  return (
    <>
      <FirstInstall install={install} model={model} name={name} />
      <WhatLeaves />
    </>
  );
}

export function FirstRun({ model }: { model: ModelStatus }) {
  const name = useWindow((state) => companionOf(state)?.name ?? 'Your companion');
  const install = useRuntime()?.install;
  const lacksOllama = install && install.state !== 'not-offered' && install.state !== 'installed';
  return (
    <main className="first-run">
      <Scene words={sceneWords(model, lacksOllama === true && install.state !== 'failed')} />
      <div className="first-run-work">
        <div className="first-run-panel" aria-live="polite">
          <Work model={model} name={name} install={lacksOllama ? install : undefined} />
        </div>
        <div className="first-run-look">
          <ThemeMenu />
        </div>
      </div>
      <NoticeList />
    </main>
  );
}
