/** @file Ollama on its way: how far, how fast, how long; paused, called off, failed and tried again. */
import { CircleAlert, Pause, Play, RotateCw, X } from 'lucide-react';
import type { RuntimeInstall } from '../../shared/runtime.ts';
import { useServices } from '../shell/services.ts';
import { Banner } from '../states/banner.tsx';
import { Download } from '../states/download.tsx';
import { isUnderWay } from './runtime-words.ts';

function Deeds({ install }: { install: RuntimeInstall }) {
  const { actions } = useServices();
  const { pause, cancel } = actions.runtime;
  return (
    <div className="runtime-deeds">
      {isUnderWay(install) ? (
        <button type="button" className="button" onClick={pause}>
          <Pause aria-hidden />
          Pause
        </button>
      ) : (
        <button type="button" className="button" onClick={() => actions.runtime.install()}>
          <Play aria-hidden />
          Go on
        </button>
      )}
      <button type="button" className="button ghost" onClick={cancel}>
        <X aria-hidden />
        Cancel
      </button>
    </div>
  );
}

/** What happened, what was kept, what to do. */
export function RuntimeFailure({
  install,
  title = 'Ollama could not be installed',
  primary = false,
}: {
  install: RuntimeInstall;
  title?: string;
  /** Trying again is the one thing to do in this view. */
  primary?: boolean;
}) {
  const { actions } = useServices();
  const { fault, progress, reason } = install;
  return (
    <Banner
      tone="warn"
      icon={<CircleAlert aria-hidden />}
      title={title}
      words={fault?.message ?? reason}
      fault={fault}
      deeds={
        <>
          <button type="button" className={primary ? 'button primary' : 'button'} onClick={() => actions.runtime.install()}>
            <RotateCw aria-hidden />
            Try again
          </button>
          {progress && (
            <button type="button" className="button ghost" onClick={actions.runtime.cancel}>
              Remove what came
            </button>
          )}
        </>
      }
    />
  );
}

export function RuntimeProgress({ install, large }: { install: RuntimeInstall; large: boolean }) {
  const { progress, reason, state } = install;
  const { bytesPerSecond } = progress ?? {};
  // Unpacked is only a part of what is there: a share of it would promise too much.
  const { totalBytes: _, ...open } = progress ?? { doneBytes: 0 };
  const shown = state === 'unpacking' ? open : progress;
  return (
    <div className="runtime-progress" data-held={state === 'paused' || undefined}>
      {shown ? (
        <Download progress={{ label: reason, ...shown }} large={large} speed={bytesPerSecond ?? null} />
      ) : (
        <p className="stage">
          <i className="spinner" />
          {reason}
        </p>
      )}
      <Deeds install={install} />
    </div>
  );
}
