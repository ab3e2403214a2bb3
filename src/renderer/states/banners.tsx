/** @file Everything that may stand above the writing box: no connection, a full disk, a model that cannot answer. */
import { Cpu, Download as DownloadIcon, Gauge, HardDrive, MessageSquareQuote, Unplug } from 'lucide-react';
import { ModelBanners } from '../models/model-banners.tsx';
import { RuntimeBanner } from '../runtime/runtime-banner.tsx';
import { useServices, useWindow } from '../shell/services.ts';
import { companionOf, type WindowState } from '../state/window-state.ts';
import { Banner } from './banner.tsx';
import { DoorBanner } from './door-banner.tsx';
import { Download } from './download.tsx';

function ConnectionBanner() {
  const { actions } = useServices();
  const lost = useWindow((state) => state.wasOpen && state.connection === 'lost');
  if (!lost) return null;
  return (
    <Banner
      tone="warn"
      icon={<Unplug aria-hidden />}
      title="The connection to the program is lost"
      words="Everything said so far is kept. It is tried again by itself; if the program was closed, start it again."
      deeds={
        <button type="button" className="button" onClick={actions.reconnect}>
          Try now
        </button>
      }
    />
  );
}

function StoreBanner() {
  const { actions } = useServices();
  const trouble = useWindow((state) => state.trouble);
  // Beside a message that was given back, the same words stand already.
  const said = useWindow((state) => state.outgoing.some((message) => message.fault?.message === state.trouble?.message));
  if (!trouble || said) return null;
  return (
    <Banner
      tone="danger"
      icon={<HardDrive aria-hidden />}
      title={trouble.code === 'store-full' ? 'The disk is full' : 'The disk cannot be written'}
      words={trouble.message}
      fault={trouble}
      deeds={
        <button type="button" className="button" onClick={actions.putTroubleAway}>
          Close
        </button>
      }
    />
  );
}

function RetryEngine({ words }: { words: string }) {
  const { actions } = useServices();
  return (
    <button type="button" className="button" onClick={actions.retryEngine}>
      {words}
    </button>
  );
}

/** What is missing is on offer or on its way, and has a banner of its own that says so. */
const isMissing = ({ model, runtime }: Pick<WindowState, 'model' | 'runtime'>): boolean =>
  model?.fault?.code === 'engine-missing' && runtime !== null && !['not-offered', 'installed'].includes(runtime.install.state);

function ModelBanner() {
  const model = useWindow((state) => state.model);
  const name = useWindow((state) => companionOf(state)?.name ?? 'Your companion');
  const comes = useWindow((state) => state.pulls.length > 0);
  const missing = useWindow(isMissing);
  if (!model || missing) return null;
  const words = model.fault?.message ?? model.reason;
  switch (model.state) {
    case 'absent':
      return (
        <Banner
          tone="danger"
          icon={<DownloadIcon aria-hidden />}
          title={`${name} has no model yet`}
          words={words}
          fault={model.fault}
          deeds={<RetryEngine words="Try again" />}
        />
      );
    case 'installing':
      // A download of a model has a banner of its own, with its buttons.
      return comes ? null : (
        <Banner
          tone="info"
          icon={<DownloadIcon aria-hidden />}
          title={`Getting ${name}’s model`}
          words={model.progress ? <Download progress={model.progress} large={false} /> : words}
        />
      );
    case 'failed':
      return (
        <Banner
          tone="danger"
          icon={<Cpu aria-hidden />}
          title={`${name}’s model does not answer`}
          words={words}
          fault={model.fault}
          deeds={<RetryEngine words="Try again" />}
        />
      );
    case 'degraded':
      return (
        <Banner tone="warn" icon={<Gauge aria-hidden />} title={`${name} answers with difficulty`} words={words} fault={model.fault} />
      );
    default:
      return null;
  }
}

/** Stands as long as no model runs at all, so that nobody takes canned replies for a companion. */
export function ScriptedBanner() {
  const scripted = useWindow((state) => state.model?.engine === 'scripted');
  if (!scripted) return null;
  return (
    <p className="scripted" role="note">
      <MessageSquareQuote aria-hidden />
      Scripted replies for demonstration. No model is running.
    </p>
  );
}

export function Banners() {
  const connected = useWindow((state) => state.connection === 'open');
  return (
    <div className="banners">
      <ConnectionBanner />
      {connected && <StoreBanner />}
      {connected && <ModelBanner />}
      {connected && <ModelBanners />}
      {connected && <RuntimeBanner />}
      {connected && <DoorBanner />}
    </div>
  );
}
