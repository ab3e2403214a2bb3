/** @file The picture of the first minutes: evening over hills, and a few words of the companion. */
import { useId } from 'react';

const ridges = [
  'M0 430c70-46 150-42 236 4s150 36 204-4v470H0z',
  'M0 508c80-44 168-18 250 18s140 18 190-12v400H0z',
  'M0 574c92-32 176-4 262 18s132 4 178-22v340H0z',
  'M0 640c100-26 210-6 300 12s104-2 140-14v270H0z',
  'M0 742c120-26 250-20 440-4v180H0z',
] as const;
const stars = [
  [72, 96],
  [240, 64],
  [366, 92],
  [146, 176],
  [402, 214],
  [48, 258],
] as const;

export function Scene({ words }: { words: string }) {
  const sky = useId();
  return (
    <div className="scene">
      <div className="scene-picture">
        <svg viewBox="0 0 440 900" preserveAspectRatio="xMidYMax slice" aria-hidden role="presentation">
          <linearGradient id={sky} x1="0" y1="0" x2="0" y2="1">
            <stop className="dusk-high" offset="0" />
            <stop className="dusk-low" offset=".55" />
          </linearGradient>
          <rect width="440" height="900" fill={`url(#${sky})`} />
          {stars.map(([x, y]) => (
            <circle key={x} className="star" cx={x} cy={y} r="1.8" />
          ))}
          <circle className="sun" cx="282" cy="330" r="62" />
          {ridges.map((path, index) => (
            <path key={path} className={`ridge-${index + 1}`} d={path} />
          ))}
        </svg>
      </div>
      <p>{words}</p>
    </div>
  );
}
