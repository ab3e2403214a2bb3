/** @file The fields of the editor: a name, what it is for, its words, and what they cost. */
import { type ReactNode, useId, useState } from 'react';

export function EditorSection({ title, words, children }: { title: string; words?: string; children: ReactNode }) {
  return (
    <section className="editor-section" aria-label={title}>
      <h2>{title}</h2>
      {words && <p>{words}</p>}
      {children}
    </section>
  );
}

type FieldProps = {
  label: string;
  hint?: string;
  value: string;
  /** Tokens; undefined shows none. */
  tokens?: number | undefined;
  /** One line where absent. */
  rows?: number;
  voice?: boolean;
  most?: number;
  onChange: (value: string) => void;
};

export function TextField({ label, hint, value, tokens, rows, voice = false, most, onChange }: FieldProps) {
  const id = useId();
  const shared = {
    id,
    value,
    'aria-describedby': hint ? `${id}-hint` : undefined,
    ...(most === undefined ? {} : { maxLength: most }),
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  return (
    <div className="editor-field">
      <div className="editor-label">
        <label htmlFor={id}>{label}</label>
        {tokens !== undefined && value !== '' && <span className="card-tokens">{tokens} tokens</span>}
      </div>
      {rows === undefined ? (
        <input className="field" type="text" {...shared} />
      ) : (
        <textarea className="field" data-voice={voice || undefined} rows={rows} {...shared} />
      )}
      {hint && (
        <p id={`${id}-hint`} className="card-note">
          {hint}
        </p>
      )}
    </div>
  );
}

type ListProps = { label: string; hint?: string; values: readonly string[]; onChange: (values: string[]) => void };

/** A comma that belongs to a word is written `\\,`, as the specification of cards does. */
const asTyped = (values: readonly string[]) => values.map((value) => value.replaceAll(',', '\\,')).join(', ');
const asWords = (typed: string) =>
  typed
    .split(/(?<!\\),/)
    .map((word) => word.replaceAll('\\,', ',').trim())
    .filter((word) => word !== '');

/** Words with commas between them, as a list; what is typed stays as it is typed. */
export function ListField({ values, onChange, ...rest }: ListProps) {
  const [typed, setTyped] = useState(asTyped(values));
  return (
    <TextField
      {...rest}
      value={typed}
      onChange={(value) => {
        setTyped(value);
        onChange(asWords(value));
      }}
    />
  );
}

export function Tick({ label, checked, onChange }: { label: string; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className="tick">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

type NumberProps = {
  label: string;
  value: number | undefined;
  placeholder?: string;
  min?: number;
  max?: number;
  step?: number;
  onChange: (value: number | undefined) => void;
};

/** Empty means: the program's own. */
export function NumberField({ label, value, placeholder = '', min = 0, max = 1_000_000, step = 1, onChange }: NumberProps) {
  return (
    <label className="editor-number">
      <span>{label}</span>
      <input
        className="field"
        type="number"
        value={value ?? ''}
        placeholder={placeholder}
        min={min}
        max={max}
        step={step}
        onChange={(event) => {
          const number = event.target.valueAsNumber;
          onChange(Number.isFinite(number) ? Math.min(max, Math.max(min, number)) : undefined);
        }}
      />
    </label>
  );
}
