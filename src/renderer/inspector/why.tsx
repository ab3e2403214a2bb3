/** @file Why a reply is as it is: what was sent and how much of it, what was left out, the tone, the time. */
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { ExplainedSection, Explanation } from '../../shared/inspection.ts';
import { moodWords } from '../conversation/mood.ts';
import { useWindow } from '../shell/services.ts';
import { companionOf } from '../state/window-state.ts';
import { groupOf, groups, lasting, slices, timeRows, whole } from './figures.ts';
import { Recall } from './recall.tsx';

/** The window as a bar: what was sent, and what is kept for the reply. */
function WindowBar({ explanation }: { explanation: Explanation }) {
  const { contextTokens, replyReserve } = explanation.sampling;
  const parts = slices(explanation.sections, contextTokens);
  const last = parts.at(-1);
  const used = last ? last.from + last.share : 0;
  const kept = Math.min(1 - used, replyReserve / Math.max(1, contextTokens));
  return (
    <svg className="window-bar" viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden>
      <rect className="bar-whole" width="1000" height="14" />
      {parts.map(({ id, group, from, share }, index) => (
        <rect
          key={id}
          className="bar-part"
          data-group={group}
          data-odd={index % 2 === 1 || undefined}
          x={from * 1_000}
          width={Math.max(2, share * 1_000 - 2)}
          height="14"
        />
      ))}
      <rect className="bar-kept" x={used * 1_000} width={kept * 1_000} height="14" />
    </svg>
  );
}

function textOf({ id, text, position }: ExplainedSection, { messages }: Explanation): string {
  if (id !== 'history' || !position) return text;
  return messages
    .slice(position.message, position.message + position.messages)
    .map(({ role, content }) => `${role}: ${content}`)
    .join('\n\n');
}

function SectionRow({ section, explanation, most }: { section: ExplainedSection; explanation: Explanation; most: number }) {
  const [open, setOpen] = useState(false);
  const text = open ? textOf(section, explanation) : '';
  return (
    <li>
      <button type="button" className="section-row" aria-expanded={open} onClick={() => setOpen(!open)}>
        <i className="swatch" data-group={groupOf(section.id)} />
        <span className="clip">{section.title}</span>
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden>
          <rect className="bar-whole" width="100" height="6" rx="3" />
          <rect
            className="bar-part"
            data-group={groupOf(section.id)}
            width={Math.max(1, (section.tokens / most) * 100)}
            height="6"
            rx="3"
          />
        </svg>
        <span className="count">{section.position ? whole(section.tokens) : 'left out'}</span>
        <ChevronRight className="turning" aria-hidden />
      </button>
      {open && (
        <div className="section-text">
          <p>
            {section.source}
            {section.position && ` It stands ${section.position.words}.`}
            {section.omitted && ` ${section.omitted}`}
          </p>
          {text !== '' && <pre>{text}</pre>}
        </div>
      )}
    </li>
  );
}

function Sections({ explanation }: { explanation: Explanation }) {
  const { sections } = explanation;
  const most = Math.max(1, ...sections.map(({ tokens }) => tokens));
  return groups.map(({ name, title }) => {
    const mine = sections.filter(({ id }) => groupOf(id) === name);
    if (mine.length === 0) return null;
    return (
      <div key={name}>
        <h4>{title}</h4>
        <ul className="sections">
          {mine.map((section) => (
            <SectionRow key={section.id} section={section} explanation={explanation} most={most} />
          ))}
        </ul>
      </div>
    );
  });
}

function LeftOut({ explanation }: { explanation: Explanation }) {
  const { warnings } = explanation;
  const absent = explanation.sections.flatMap(({ title, omitted, position }) =>
    omitted && !position ? [{ what: title, why: omitted }] : [],
  );
  const told = new Set(explanation.leftOut.map(({ why }) => why));
  const leftOut = [...explanation.leftOut, ...absent.filter(({ why }) => !told.has(why))];
  return (
    <section className="part">
      <h3>Left out</h3>
      {leftOut.length === 0 && <p className="quiet">Nothing. Everything had room.</p>}
      {leftOut.map(({ what, why }) => (
        <p key={`${what} ${why}`}>
          {what} <span className="quiet">{why}</span>
        </p>
      ))}
      {warnings.map((warning) => (
        <p key={warning}>{warning}</p>
      ))}
    </section>
  );
}

function Numbers({ rows }: { rows: readonly { label: string; value: string }[] }) {
  return (
    <dl>
      {rows.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Tone({ explanation }: { explanation: Explanation }) {
  const { sampling } = explanation;
  const { positive, neutral, negative } = sampling.mood;
  const rows = [
    { label: 'temperature', value: sampling.temperature.toFixed(2) },
    { label: 'top_p', value: sampling.topP.toFixed(2) },
    ...(sampling.replyTokens === undefined ? [] : [{ label: 'longest reply', value: `${whole(sampling.replyTokens)} tokens` }]),
    ...(sampling.think === undefined ? [] : [{ label: 'thinking', value: sampling.think ? 'asked for' : 'off' }]),
  ];
  return (
    <section>
      <h3>
        Tone
        <span className="mood" data-mood={sampling.direction} title={`positive ${positive}, neutral ${neutral}, negative ${negative}`}>
          {moodWords(sampling.direction, sampling.mood)}
        </span>
      </h3>
      <Numbers rows={rows} />
      <p className="quiet">{sampling.reason}</p>
    </section>
  );
}

function Time({ explanation }: { explanation: Explanation }) {
  return (
    <section>
      <h3>
        Time
        <span className="quiet">{lasting(explanation.timings.totalMs)} in all</span>
      </h3>
      <Numbers rows={timeRows(explanation)} />
      <p className="quiet">{explanation.model}</p>
    </section>
  );
}

export function Why({ explanation }: { explanation: Explanation }) {
  const { usage, estimatedTokens, sampling } = explanation;
  const sent = usage?.promptTokens ?? estimatedTokens;
  const name = useWindow(companionOf)?.name ?? 'your companion';
  return (
    <>
      <div className="sent-line">
        <b>
          {whole(sent)} of {whole(sampling.contextTokens)} tokens sent
        </b>
        <span className="quiet">
          <i className="swatch" data-group="kept" />
          {whole(sampling.replyReserve)} kept for the reply
        </span>
      </div>
      <WindowBar explanation={explanation} />
      <Sections explanation={explanation} />
      <Recall explanation={explanation} name={name} />
      <LeftOut explanation={explanation} />
      <div className="part pair">
        <Tone explanation={explanation} />
        <Time explanation={explanation} />
      </div>
    </>
  );
}
