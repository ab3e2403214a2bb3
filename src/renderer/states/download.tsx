/** @file A download that is going on: its bar, and the same in words. */
import { useRef } from 'react';
import type { Progress } from '../../shared/status.ts';
import { addSample, amount, percent, type Sample, speedOf, speedWords, timeLeft } from './progress.ts';

/** The speed of the last seconds, from what each drawing was given. */
function useSpeed({ doneBytes }: Progress): number | undefined {
  const samples = useRef<readonly Sample[]>([]);
  if (samples.current.at(-1)?.bytes !== doneBytes) samples.current = addSample(samples.current, { at: Date.now(), bytes: doneBytes });
  return speedOf(samples.current);
}

function Bar({ progress }: { progress: Progress }) {
  const done = percent(progress);
  return (
    <svg
      className="bar"
      data-endless={done === undefined || undefined}
      viewBox="0 0 100 1"
      preserveAspectRatio="none"
      role="progressbar"
      aria-label={progress.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={done}
    >
      <rect className="bar-done" width={done ?? 30} height="1" />
    </svg>
  );
}

/** `speed`, in bytes a second, where it is told; null where it is told that there is none. */
export function Download({ progress, large, speed: told }: { progress: Progress; large: boolean; speed?: number | null }) {
  const seen = useSpeed(progress);
  const speed = told === undefined ? seen : (told ?? undefined);
  const done = percent(progress);
  const missing = (progress.totalBytes ?? 0) - progress.doneBytes;
  return (
    <div className="download" data-large={large || undefined}>
      <div className="download-words">
        <b className="download-share">{done === undefined ? '' : `${done} %`}</b>
        <span>
          {amount(progress)}
          {speed !== undefined && <span className="speed">{speedWords(speed)}</span>}
          {speed !== undefined && missing > 0 && <b>{timeLeft(missing, speed)}</b>}
        </span>
      </div>
      <Bar progress={progress} />
      <p className="download-what">{progress.label}</p>
    </div>
  );
}
