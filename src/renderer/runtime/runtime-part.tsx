/** @file The engine in the settings: what answers and why, Ollama itself, whose models it uses, its log. */
import type { RuntimeModels, RuntimeServer, RuntimeStatus } from '../../shared/runtime.ts';
import { Group, Row, Toggle } from '../settings/rows.tsx';
import { useServices, useWindow } from '../shell/services.ts';
import { GraphicsChange } from './graphics-parts.tsx';
import { RuntimeLog } from './runtime-log.tsx';
import { RuntimeOffer } from './runtime-offer.tsx';
import { RuntimeFailure, RuntimeProgress } from './runtime-progress.tsx';
import { answersWords, installTitle, isUnderWay, serverDeed, serverWords } from './runtime-words.ts';
import { useRuntime } from './use-runtime.ts';

function Answers() {
  const model = useWindow((state) => state.model);
  if (!model) return null;
  return <Row label={answersWords(model)} words={model.choice?.because ?? model.reason} />;
}

function ServerButtons({ state }: { state: RuntimeServer['state'] }) {
  const { actions } = useServices();
  const deed = serverDeed(state);
  if (!deed) return null;
  const words = { stop: 'Stop', start: 'Start', again: 'Start again' }[deed];
  return (
    <button type="button" className="button" onClick={deed === 'stop' ? actions.runtime.stop : actions.runtime.start}>
      {words}
    </button>
  );
}

function Server({ server }: { server: RuntimeServer }) {
  const { words, tone } = serverWords(server.state);
  const where = server.address ? ` At ${server.address}, for this computer alone.` : '';
  return (
    <Row label="Our own Ollama" words={<span role="status">{`${server.reason}${where}`}</span>}>
      <span className="chip" data-tone={tone}>
        {words}
      </span>
      <ServerButtons state={server.state} />
    </Row>
  );
}

const count = (models: number): string => (models === 1 ? '1 model' : `${models} models`);

function Models({ models }: { models: RuntimeModels }) {
  const { actions } = useServices();
  const { folder, shared, theirs } = models;
  return (
    <>
      <Row label="Where models are kept" words={<code>{folder}</code>} />
      {(theirs || shared) && (
        <Row
          label="Share the models that you have already"
          words={
            theirs
              ? `Ollama’s own folder ${theirs.folder} has ${count(theirs.models)}; shared, none is downloaded twice. Ollama starts anew.`
              : 'The shared folder holds no models any more.'
          }
        >
          <Toggle label="Share the models that you have already" on={shared} onChange={actions.runtime.share} />
        </Row>
      )}
    </>
  );
}

function Installation({ install }: Pick<RuntimeStatus, 'install'>) {
  const { state, offer, reason, graphics = [] } = install;
  if (state === 'failed')
    return (
      <div className="runtime-block">
        <RuntimeFailure install={install} />
      </div>
    );
  if (isUnderWay(install) || state === 'paused')
    return (
      <div className="setting runtime-block">
        <div className="setting-words">
          <b>{installTitle(install)}</b>
          <RuntimeProgress install={install} large={false} />
        </div>
      </div>
    );
  if (state === 'offered' && offer)
    return (
      <div className="setting runtime-block">
        <div className="setting-words">
          <b>{installTitle(install)}</b>
          <span>{reason}</span>
          <RuntimeOffer offer={offer} primary={false} />
        </div>
      </div>
    );
  if (state !== 'installed') return <Row label="Nothing to install" words={reason} />;
  return (
    <>
      <Row label="Installed by this program" words={reason} />
      {offer && offer.graphics.length > 0 && <GraphicsChange key={graphics.join()} offer={offer} has={graphics} />}
    </>
  );
}

export function RuntimePart() {
  const runtime = useRuntime();
  if (!runtime) return null;
  const { install, server, models } = runtime;
  return (
    <Group title="Engine">
      <Answers />
      {server && <Server server={server} />}
      <Installation install={install} />
      {models && <Models models={models} />}
      {server && (
        <div className="setting">
          <RuntimeLog />
        </div>
      )}
    </Group>
  );
}
