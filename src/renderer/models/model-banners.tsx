/** @file What is said of models above the writing box: one that could come, comes, or has come, and one that is too large. */
import { Download as DownloadIcon, Gauge, Sparkles } from 'lucide-react';
import { useServices, useWindow } from '../shell/services.ts';
import { showPage } from '../shell/view.ts';
import { companionOf } from '../state/window-state.ts';
import { Banner } from '../states/banner.tsx';
import { bytes } from '../states/progress.ts';
import { lastReport } from '../strip/figures.ts';
import { contextWords, pullWords, rereadWords } from './model-words.ts';
import { PullBar, PullDeeds } from './pull-row.tsx';

function OfferBanner() {
  const { actions } = useServices();
  const offer = useWindow((state) => state.models?.offer);
  const name = useWindow((state) => companionOf(state)?.name ?? 'Your companion');
  const prompt = useWindow((state) => lastReport(state.thread?.messages ?? [])?.usage?.promptTokens);
  const talks = useWindow((state) => (state.models?.models.length ?? 0) > 0);
  // No model runs in the demonstration, so none is to be put in its place.
  const scripted = useWindow((state) => state.model?.engine === 'scripted');
  if (!offer || scripted) return null;
  const later = (
    <button type="button" className="button ghost" onClick={actions.models.putOfferAway}>
      Not now
    </button>
  );
  if (offer.kind === 'ready') {
    return (
      <Banner
        tone="info"
        icon={<Sparkles aria-hidden />}
        title={`${offer.label} is ready`}
        words={`${name} can go on with it. ${rereadWords(prompt)}`}
        deeds={
          <>
            <button type="button" className="button" onClick={() => actions.models.choose(offer.model, {})}>
              Go on with it
            </button>
            {later}
          </>
        }
      />
    );
  }
  const size = offer.bytes === undefined ? '' : ` It is ${bytes(offer.bytes)}.`;
  const licence = offer.licence ? ` Licence: ${offer.licence}.` : '';
  return (
    <Banner
      tone="info"
      icon={<DownloadIcon aria-hidden />}
      title={talks ? `${name} talks with a small starter model` : `${offer.label} can be fetched`}
      words={
        talks
          ? `The one that was meant is ${offer.label}.${size}${licence} You can go on talking while it comes.`
          : `${size}${licence}`.trim()
      }
      deeds={
        <>
          <button type="button" className="button" onClick={() => actions.models.pull(offer.model)}>
            Download it
          </button>
          {later}
        </>
      }
    />
  );
}

function PullBanner() {
  const { view } = useServices();
  const pull = useWindow((state) => state.pulls.find(({ state: now }) => now !== 'paused' && now !== 'waiting' && now !== 'done'));
  const others = useWindow((state) => state.pulls.length - 1);
  if (!pull) return null;
  const failed = pull.state === 'failed';
  return (
    <Banner
      tone={failed ? 'warn' : 'info'}
      icon={<DownloadIcon aria-hidden />}
      title={failed ? `${pull.label} could not be fetched` : `Getting ${pull.label}`}
      words={
        <>
          {!failed && <PullBar pull={pull} />}
          {pullWords(pull)}
        </>
      }
      fault={failed ? pull.fault : undefined}
      deeds={
        <>
          <PullDeeds pull={pull} />
          {others > 0 && (
            <button type="button" className="button ghost" onClick={() => showPage(view, 'settings', 'model')}>
              {others} more
            </button>
          )}
        </>
      }
    />
  );
}

function MemoryBanner() {
  const { view, actions } = useServices();
  const warning = useWindow((state) => state.models?.warning);
  const locked = useWindow((state) => state.told?.locked['model.contextTokens'] !== undefined);
  if (!warning) return null;
  const shorter = warning.fittingContextTokens;
  return (
    <Banner
      tone="warn"
      icon={<Gauge aria-hidden />}
      title="The model needs more memory than is free"
      words={`${warning.words} Nothing is loaded yet; it may fail or make this computer slow.`}
      deeds={
        <>
          {shorter !== undefined && !locked && (
            <button type="button" className="button" onClick={() => actions.preferences.change({ model: { contextTokens: shorter } })}>
              Use {contextWords(shorter)}
            </button>
          )}
          <button type="button" className="button ghost" onClick={() => showPage(view, 'settings', 'model')}>
            Choose another
          </button>
        </>
      }
    />
  );
}

export function ModelBanners() {
  return (
    <>
      <MemoryBanner />
      <OfferBanner />
      <PullBanner />
    </>
  );
}
