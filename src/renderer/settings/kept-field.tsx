/** @file A line of text that can be set: taken when the person leaves it, given back as it was where it is not allowed. */
import { type FormEvent, useEffect, useState } from 'react';

/** What another window sets meanwhile comes in. */
export function useKept(kept: string, keep: (text: string) => void, allowed: (text: string) => boolean = () => true) {
  const [typed, setTyped] = useState(kept);
  useEffect(() => setTyped(kept), [kept]);
  const leave = () => {
    const text = typed.trim();
    if (!allowed(text)) setTyped(kept);
    else if (text !== kept) keep(text);
  };
  return { typed, setTyped, leave, wrong: !allowed(typed.trim()) };
}

type Parts = {
  label: string;
  kept: string;
  keep: (text: string) => void;
  allowed?: (text: string) => boolean;
  most: number;
  disabled: boolean;
  kind?: 'port';
};

export function KeptField({ label, kept, keep, allowed, most, disabled, kind }: Parts) {
  const { typed, setTyped, leave, wrong } = useKept(kept, keep, allowed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    leave();
  };
  return (
    <form onSubmit={submit}>
      <input
        className={kind ? `field ${kind}` : 'field'}
        aria-label={label}
        aria-invalid={wrong || undefined}
        autoComplete="off"
        inputMode={kind ? 'numeric' : undefined}
        maxLength={most}
        value={typed}
        disabled={disabled}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={leave}
      />
    </form>
  );
}
