/** @file One part of a card in a preview: its title, its words, what they cost. */
import { type ReactNode, useState } from 'react';
import type { Importing } from '../actions/cards.ts';

export type Preview = Extract<Importing, { step: 'preview' }>;
const LONG = 420;

export function Words({ text, plain = false }: { text: string; plain?: boolean }) {
  const [whole, setWhole] = useState(false);
  const long = text.length > LONG;
  const shown = long && !whole ? `${text.slice(0, LONG).trimEnd()}…` : text;
  return (
    <div className={plain ? 'card-plain' : 'card-voice'}>
      {shown}{' '}
      {long && (
        <button type="button" className="link" onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : 'Show all'}
        </button>
      )}
    </div>
  );
}

export function Part({
  title,
  chip,
  tokens,
  note,
  children,
}: {
  title: string;
  chip?: ReactNode;
  tokens?: number | undefined;
  note?: string;
  children: ReactNode;
}) {
  return (
    <section className="card-part">
      <header>
        <h3>{title}</h3>
        {chip}
        <span className="grow" />
        {tokens !== undefined && <span className="card-tokens">{tokens} tokens</span>}
      </header>
      {children}
      {note && <p className="card-note">{note}</p>}
    </section>
  );
}
