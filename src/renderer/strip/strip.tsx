/** @file The status strip: what answers, how fast, how full its memory is, and how the person's words changed the reply. */
import { ArrowRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { isSameModel } from '../../shared/model-names.ts';
import type { ModelStatus } from '../../shared/status.ts';
import { thresholdsOf } from '../conversation/mood.ts';
import { RATE_EVERY_MS } from '../limits.ts';
import { ModelMenu } from '../models/model-menu.tsx';
import { labelOf } from '../models/model-words.ts';
import { useServices, useWindow } from '../shell/services.ts';
import type { LiveReply } from '../state/window-state.ts';
import {
  engineWords,
  type Fill,
  fillOf,
  firstTokenOf,
  lastReport,
  liveRate,
  rateOf,
  stateWords,
  thousands,
  toneOf,
  wholeContext,
} from './figures.ts';

/** The live reply, looked at twice a second: figures that change with every frame cannot be read. */
function useLiveNow(): { live: LiveReply | null; now: number } {
  const { store } = useServices();
  const stage = useWindow((state) => state.thread?.live?.stage);
  const turnId = useWindow((state) => state.thread?.live?.turnId);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    if (!turnId || !stage) return;
    const timer = setInterval(() => setNow(Date.now()), RATE_EVERY_MS);
    return () => clearInterval(timer);
  }, [turnId, stage]);
  return { live: store.api.getState().thread?.live ?? null, now };
}

function Meter({ fill }: { fill: Fill }) {
  const { used, of, share, near } = fill;
  return (
    <span className="context" data-near={near || undefined} title={`Context used: ${Math.round(used)} of ${of} tokens`}>
      <svg className="meter" viewBox="0 0 56 5" preserveAspectRatio="none" aria-hidden>
        <rect className="meter-whole" width="56" height="5" />
        <rect className="meter-used" width={56 * share} height="5" />
      </svg>
      {thousands(used)} of {wholeContext(of)}
      {near && ', near the end'}
    </span>
  );
}

function ToneChip() {
  const tone = useWindow(useShallow((state) => toneOf(state.thread, thresholdsOf(state))));
  return (
    <span className="mood" data-mood={tone.direction} title={tone.reason}>
      {tone.words}
      {tone.temperature && (
        <span className="mood-so">
          <ArrowRight aria-label="so temperature" />
          {tone.temperature}
        </span>
      )}
    </span>
  );
}

function Figures({ model }: { model: ModelStatus }) {
  const { live, now } = useLiveNow();
  const messages = useWindow((state) => state.thread?.messages);
  const report = lastReport(messages ?? []);
  // A model that cannot answer has no speed; what is wrong with it needs the room.
  const answers = live !== null || model.state === 'ready' || model.state === 'degraded';
  const rate = answers ? (live ? liveRate(live, now) : rateOf(report)) : undefined;
  const first = answers ? firstTokenOf(live, report) : undefined;
  const fill = fillOf(report, model);
  const engine = engineWords(model.engine);
  const models = useWindow((state) => state.models);
  const conversation = useWindow((state) => state.thread?.conversation);
  const own = conversation && (conversation.model ?? models?.byCharacter[conversation.characterId]);
  const size = models?.models.find(({ name }) => isSameModel(name, own ?? model.model))?.sizeBytes;
  const idle = live === null && model.state === 'ready' && rate !== undefined;
  return (
    <>
      <ModelMenu title={[own ?? model.model, engine, model.reason].filter(Boolean).join(' · ')}>
        <span className="clip">{own ? labelOf(models, own) : model.label || model.model || 'No model'}</span>
        {engine && <span className="engine">{engine}</span>}
      </ModelMenu>
      {!idle && <span className="doing">{stateWords(model, live, now, size)}</span>}
      {rate !== undefined && <span className="rate">{rate.toFixed(1)} tok/s</span>}
      {first !== undefined && <span className="first-token">first token {(first / 1_000).toFixed(1)} s</span>}
      {fill && <Meter fill={fill} />}
    </>
  );
}

export function Strip() {
  const model = useWindow((state) => state.model);
  if (!model) return <div className="strip" />;
  return (
    <section className="strip" aria-label="State of the model">
      <Figures model={model} />
      <span className="grow" />
      <ToneChip />
    </section>
  );
}
