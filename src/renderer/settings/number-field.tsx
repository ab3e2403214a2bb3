/** @file A number that can be set: taken when it is whole and allowed, given back as it was when it is not. */
import { type ReactNode, useEffect, useState } from 'react';
import { Row, useLock } from './rows.tsx';

type Parts = {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  disabled?: boolean;
  onChange: (value: number) => void;
};

export function NumberField({ label, value, min, max, step, disabled = false, onChange }: Parts) {
  const [typed, setTyped] = useState(String(value));
  useEffect(() => setTyped(String(value)), [value]);
  const number = Number(typed);
  const wrong = typed.trim() === '' || !Number.isFinite(number) || number < min || number > max;
  const end = () => {
    if (wrong) setTyped(String(value));
    else if (number !== value) onChange(number);
  };
  return (
    <input
      type="number"
      className="field number-field"
      aria-label={label}
      aria-invalid={wrong || undefined}
      title={`${min} to ${max}`}
      value={typed}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={end}
      onKeyDown={(event) => event.key === 'Enter' && end()}
    />
  );
}

/** A setting that is a number, by its path such as "generation.temperature"; what fixes it is said. */
export function NumberRow({ words, path, ...field }: Omit<Parts, 'disabled'> & { words: ReactNode; path: string }) {
  const lock = useLock(path);
  return (
    <Row label={field.label} words={words} path={path}>
      <NumberField {...field} disabled={lock !== undefined} />
    </Row>
  );
}
