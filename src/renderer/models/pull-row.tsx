/** @file One model on its way here: how far it is, and how to pause it, go on with it or call it off. */
import { Pause, Play, X } from 'lucide-react';
import type { Pull } from '../../shared/models.ts';
import { useServices } from '../shell/services.ts';
import { percent } from '../states/progress.ts';
import { pullWords } from './model-words.ts';

export function PullBar({ pull }: { pull: Pull }) {
  const { doneBytes, totalBytes, label } = pull;
  const done = percent({ label, doneBytes, ...(totalBytes === undefined ? {} : { totalBytes }) });
  const moving = pull.state === 'looking' || pull.state === 'checking';
  return (
    <svg
      className="bar thin"
      data-endless={moving || (done === undefined && pull.state === 'downloading') || undefined}
      data-still={pull.state === 'paused' || pull.state === 'failed' || undefined}
      viewBox="0 0 100 1"
      preserveAspectRatio="none"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={moving ? undefined : done}
    >
      <rect className="bar-done" width={moving ? 30 : (done ?? (pull.state === 'downloading' ? 30 : 0))} height="1" />
    </svg>
  );
}

export function PullDeeds({ pull }: { pull: Pull }) {
  const { actions } = useServices();
  const { model, label, state, kind } = pull;
  const stands = state === 'paused' || state === 'failed';
  return (
    <span className="model-tools">
      {stands && kind === 'pull' && (
        <button type="button" className="tool" aria-label={`Go on with ${label}`} title="Go on" onClick={() => actions.models.pull(model)}>
          <Play aria-hidden />
        </button>
      )}
      {!stands && kind === 'pull' && state !== 'checking' && (
        <button type="button" className="tool" aria-label={`Pause ${label}`} title="Pause" onClick={() => actions.models.pause(model)}>
          <Pause aria-hidden />
        </button>
      )}
      <button
        type="button"
        className="tool"
        aria-label={`Call off ${label}`}
        title="Call off and remove what has come"
        onClick={() => actions.models.cancel(model)}
      >
        <X aria-hidden />
      </button>
    </span>
  );
}

export function PullRow({ pull }: { pull: Pull }) {
  return (
    <li className="setting model-row">
      <div className="setting-words">
        <b>{pull.label}</b>
        <PullBar pull={pull} />
        <span data-kind={pull.state === 'failed' ? 'no' : undefined}>{pullWords(pull)}</span>
      </div>
      <PullDeeds pull={pull} />
    </li>
  );
}
