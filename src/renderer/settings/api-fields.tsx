/** @file The port, and the web pages that may come in. */
import { X } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { useServices } from '../shell/services.ts';
import { originIn } from './api-words.ts';
import { KeptField } from './kept-field.tsx';
import { Row, useLock } from './rows.tsx';

const LARGEST_PORT = 65_535;

const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= LARGEST_PORT;

export function PortRow({ port, fixed }: { port: number; fixed: boolean }) {
  const { actions } = useServices();
  const lock = useLock('api.port');
  return (
    <Row label="Port" words="If another program uses it, nothing opens and you are told." path="api.port">
      <KeptField
        label="Port"
        kept={String(port)}
        keep={(text) => actions.preferences.change({ api: { port: Number(text) } })}
        allowed={isPort}
        most={5}
        disabled={fixed || lock !== undefined}
        kind="port"
      />
    </Row>
  );
}

export function OriginsRow({ origins, requireToken }: { origins: readonly string[]; requireToken: boolean }) {
  const { actions } = useServices();
  const lock = useLock('api.origins');
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const problem = useId();
  const change = (next: string[]) => actions.preferences.change({ api: { origins: next } });
  const add = (event: FormEvent) => {
    event.preventDefault();
    const origin = originIn(typed);
    setWrong(origin === undefined);
    if (origin === undefined) return;
    setTyped('');
    if (!origins.includes(origin)) change([...origins, origin]);
  };
  return (
    <Row
      label="Web pages that may connect"
      words={`None by default. A page in this list ${requireToken ? 'needs the token as well' : 'needs no token'}.`}
      path="api.origins"
    >
      <div className="origins">
        {origins.map((origin) => (
          <span key={origin} className="chip">
            {origin}
            {lock === undefined && (
              <button
                type="button"
                className="tool tiny"
                aria-label={`Take ${origin} off the list`}
                onClick={() => change(origins.filter((one) => one !== origin))}
              >
                <X aria-hidden />
              </button>
            )}
          </span>
        ))}
        {lock === undefined && (
          <form onSubmit={add}>
            <input
              className="field"
              aria-label="Add a web page"
              placeholder="http://localhost:5173"
              value={typed}
              aria-invalid={wrong || undefined}
              aria-describedby={wrong ? problem : undefined}
              onChange={(event) => setTyped(event.target.value)}
            />
            <button type="submit" className="button">
              Add
            </button>
          </form>
        )}
        {wrong && (
          <span id={problem} className="setting-wrong" role="alert">
            That is no address of a web page; write it as http://localhost:5173.
          </span>
        )}
      </div>
    </Row>
  );
}
