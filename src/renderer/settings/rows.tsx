/** @file What a section of the settings is made of: its heading, groups of rows, and one setting in each row. */
import { Lock } from 'lucide-react';
import { Switch } from 'radix-ui';
import type { ReactNode } from 'react';
import { useWindow } from '../shell/services.ts';

export function Section({ title, words, children }: { title: string; words: string; children?: ReactNode }) {
  return (
    <section className="setting-section" aria-label={title}>
      <h2>{title}</h2>
      <p>{words}</p>
      {children}
    </section>
  );
}

export function Group({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <>
      {title && <h3 className="setting-group-title">{title}</h3>}
      <div className="setting-group">{children}</div>
    </>
  );
}

/** The variable of the environment that fixes a setting, by its path such as "generation.temperature". */
export function useLock(path: string | undefined): string | undefined {
  return useWindow((state) => (path === undefined ? undefined : state.told?.locked[path]));
}

type RowParts = {
  label: string;
  words?: ReactNode;
  /** Of the setting, such as "api.port". */
  path?: string;
  /** What fixes it, where that is not a setting's own lock. */
  fixedBy?: string | undefined;
  children?: ReactNode;
};

/** One setting: its name, what it does, its control; a lock names what fixes it. */
export function Row({ label, words, path, fixedBy, children }: RowParts) {
  const locked = useLock(path);
  const lock = fixedBy ?? locked;
  return (
    <div className="setting">
      <div className="setting-words">
        <b>{label}</b>
        {words && <span>{words}</span>}
      </div>
      {lock && (
        <span className="setting-lock" title={`Fixed by ${lock}.`}>
          <Lock aria-hidden />
          set by <code>{lock}</code>
        </span>
      )}
      {children}
    </div>
  );
}

export function Toggle({
  label,
  on,
  disabled = false,
  onChange,
}: {
  label: string;
  on: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <Switch.Root className="switch" aria-label={label} checked={on} disabled={disabled} onCheckedChange={onChange}>
      <Switch.Thumb />
    </Switch.Root>
  );
}

/** One of a few: what is chosen is filled in. */
export function Segments<Value extends string>({
  label,
  value,
  choices,
  onChoose,
}: {
  label: string;
  value: Value;
  choices: readonly { value: Value; words: ReactNode }[];
  onChoose: (value: Value) => void;
}) {
  return (
    <fieldset className="segments">
      <legend className="only-read">{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} data-on={choice.value === value || undefined}>
          <input type="radio" className="only-read" name={label} checked={choice.value === value} onChange={() => onChoose(choice.value)} />
          {choice.words}
        </label>
      ))}
    </fieldset>
  );
}
