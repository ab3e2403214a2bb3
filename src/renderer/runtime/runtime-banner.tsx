/** @file Ollama above the writing box: offered while a small model answers, and how its download goes while people talk. */
import { CircleAlert, Download as DownloadIcon, Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { useServices, useWindow } from '../shell/services.ts';
import { showPage } from '../shell/view.ts';
import { companionOf } from '../state/window-state.ts';
import { Banner } from '../states/banner.tsx';
import { Download } from '../states/download.tsx';
import { installTitle, isUnderWay, sizeWords } from './runtime-words.ts';
import { useRuntime } from './use-runtime.ts';

/** Where the tab's storage holds that the offer was put away. */
const AWAY_KEY = 'runtime-offer-away';

/** `talks`: a small model answers meanwhile. */
function Offer({ talks }: { talks: boolean }) {
  const { actions, view, keepsakes } = useServices();
  const name = useWindow((state) => companionOf(state)?.name ?? 'Your companion');
  const offer = useWindow((state) => state.runtime?.install.offer);
  const why = useWindow((state) => (state.model?.fault?.code === 'engine-missing' ? state.model.fault.message : ''));
  const [away, setAway] = useState(() => keepsakes.getItem(AWAY_KEY) !== null);
  if ((away && talks) || !offer) return null;
  const putAway = () => {
    keepsakes.setItem(AWAY_KEY, '1');
    setAway(true);
  };
  return (
    <Banner
      tone={talks ? 'info' : 'warn'}
      icon={<DownloadIcon aria-hidden />}
      title={talks ? `${name} speaks with a small starter model` : `${name} needs Ollama to answer`}
      words={
        talks
          ? `Ollama runs larger ones, on this computer too. ${sizeWords(offer)}.`
          : `${why} Ollama is a free program that runs language models on this computer. ${sizeWords(offer)}.`.trim()
      }
      deeds={
        <>
          <button type="button" className="button" onClick={() => showPage(view, 'settings', 'model')}>
            Look at it
          </button>
          {talks ? (
            <button type="button" className="button ghost" onClick={putAway}>
              Not now
            </button>
          ) : (
            why !== '' && (
              <button type="button" className="button ghost" onClick={actions.retryEngine}>
                Try again
              </button>
            )
          )}
        </>
      }
    />
  );
}

/** Nothing where Ollama is there, or is not this program's to install. */
export function RuntimeBanner() {
  const { actions, view } = useServices();
  const install = useRuntime()?.install;
  const starter = useWindow((state) => state.model?.engine === 'embedded' && state.model.starter && state.model.state === 'ready');
  const nobody = useWindow((state) => state.model?.engine !== 'ollama' && ['failed', 'absent'].includes(state.model?.state ?? ''));
  if (!install) return null;
  if (install.state === 'offered') return starter || nobody ? <Offer talks={starter} /> : null;
  const held = install.state === 'paused';
  if (install.state === 'failed')
    return (
      <Banner
        tone="warn"
        icon={<CircleAlert aria-hidden />}
        title={installTitle(install)}
        words={install.reason}
        fault={install.fault}
        deeds={
          <>
            <button type="button" className="button" onClick={() => actions.runtime.install()}>
              Try again
            </button>
            <button type="button" className="button ghost" onClick={() => showPage(view, 'settings', 'model')}>
              Settings
            </button>
          </>
        }
      />
    );
  if (!held && !isUnderWay(install)) return null;
  const { progress, reason } = install;
  return (
    <Banner
      tone="info"
      icon={<DownloadIcon aria-hidden />}
      title={installTitle(install)}
      words={
        progress && install.state !== 'unpacking' ? (
          <Download progress={{ label: reason, ...progress }} large={false} speed={progress.bytesPerSecond ?? null} />
        ) : (
          reason
        )
      }
      deeds={
        held ? (
          <button type="button" className="button" onClick={() => actions.runtime.install()}>
            <Play aria-hidden />
            Go on
          </button>
        ) : (
          <button type="button" className="button" onClick={actions.runtime.pause}>
            <Pause aria-hidden />
            Pause
          </button>
        )
      }
    />
  );
}
