/** @file The door for other programs: open or not, its port and token, who came in, and an example to begin with. */
import { useEffect, useState } from 'react';
import type { DoorStatus } from '../../shared/door.ts';
import type { Settings } from '../../shared/settings.ts';
import { CodeBlock } from '../prose/code-block.tsx';
import { useServices, useWindow } from '../shell/services.ts';
import { companionOf } from '../state/window-state.ts';
import { type ExampleLanguage, exampleOf } from './api-examples.ts';
import { OriginsRow, PortRow } from './api-fields.tsx';
import { TokenRow } from './api-token.tsx';
import { clientWords, visitWords } from './api-words.ts';
import { Group, Row, Section, Segments, Toggle, useLock } from './rows.tsx';

export function ApiSection() {
  const { actions } = useServices();
  const connection = useWindow((state) => state.connection);
  const door = useWindow((state) => state.door);
  const api = useWindow((state) => state.told?.settings.api);
  const name = useWindow((state) => companionOf(state)?.name ?? 'your companion');
  useEffect(() => {
    if (connection === 'open') actions.door.load();
  }, [actions, connection]);
  const where = door?.beyond ? 'SERVICE_HOST lets other machines in as well.' : 'It never listens to the network.';
  return (
    <Section title="Local API" words={`Lets programs on this computer talk to ${name}. Off until you turn it on. ${where}`}>
      {door && api && <Door door={door} api={api} />}
    </Section>
  );
}

function Door({ door, api }: { door: DoorStatus; api: Settings['api'] }) {
  return (
    <>
      <Group>
        <SwitchRow door={door} on={api.on} />
        <PortRow port={api.port} fixed={door.heldOpenBy !== undefined} />
        {door.token && <TokenRow door={door} />}
        <TokenForAllRow on={api.requireToken} />
        <OriginsRow origins={api.origins} requireToken={api.requireToken} />
      </Group>
      {door.state === 'open' && <Visitors door={door} />}
      <Example door={door} port={api.port} />
    </>
  );
}

function SwitchRow({ door, on }: { door: DoorStatus; on: boolean }) {
  const { actions } = useServices();
  const failed = door.state === 'failed';
  return (
    <Row
      label="Allow programs on this computer"
      words={<span role={failed ? 'alert' : 'status'}>{door.reason}</span>}
      fixedBy={door.heldOpenBy}
    >
      {failed && (
        <button type="button" className="button" onClick={actions.door.retry}>
          Try again
        </button>
      )}
      <Toggle
        label="Allow programs on this computer"
        on={on}
        disabled={door.heldOpenBy !== undefined}
        onChange={(next) => actions.preferences.change({ api: { on: next } })}
      />
    </Row>
  );
}

function TokenForAllRow({ on }: { on: boolean }) {
  const { actions } = useServices();
  const lock = useLock('api.requireToken');
  return (
    <Row label="Ask every program for the token" words="On: whoever is connected without it is disconnected." path="api.requireToken">
      <Toggle
        label="Ask every program for the token"
        on={on}
        disabled={lock !== undefined}
        onChange={(next) => actions.preferences.change({ api: { requireToken: next } })}
      />
    </Row>
  );
}

/** Kept in memory only, and gone when the door closes. */
function Visitors({ door }: { door: DoorStatus }) {
  const now = Date.now();
  return (
    <Group title="Who came in">
      <Row label={visitWords(door)} words="What a program asked last is shown here, kept in memory only, and written nowhere." />
      {door.clients.map((client) => (
        <Row
          key={client.name}
          label={client.name}
          words={
            <>
              {clientWords(client, now)}
              {client.asked && <q className="asked">{client.asked}</q>}
            </>
          }
        />
      ))}
    </Group>
  );
}

const languages: readonly { value: ExampleLanguage; words: string; grammar: string }[] = [
  { value: 'curl', words: 'curl', grammar: 'bash' },
  { value: 'JavaScript', words: 'JavaScript', grammar: 'javascript' },
  { value: 'Python', words: 'Python', grammar: 'python' },
];

function Example({ door, port }: { door: DoorStatus; port: number }) {
  const [language, setLanguage] = useState<ExampleLanguage>('curl');
  const model = useWindow((state) => companionOf(state)?.id ?? 'default');
  const address = door.address ?? `http://127.0.0.1:${port}`;
  const grammar = languages.find(({ value }) => value === language)?.grammar ?? '';
  return (
    <>
      <h3 className="setting-group-title">An example</h3>
      <Segments label="Language of the example" value={language} choices={languages} onChoose={setLanguage} />
      <CodeBlock text={exampleOf(language, { address, requireToken: door.requireToken, model })} language={grammar} closed />
      <p className="setting-note">
        {door.requireToken && 'The token is read from your environment, so that it does not end up in your shell history. '}
        An OpenAI client takes <code>{address}/v1</code> as its base address and the token as its key. <code>GET /openapi.json</code>{' '}
        describes the rest.
      </p>
    </>
  );
}
