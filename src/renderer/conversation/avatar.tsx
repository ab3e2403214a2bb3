/** @file A companion's face: the picture, or a sun over hills in the companion's own hue until there is one. */
import { memo, useId } from 'react';
import type { CharacterSummary } from '../../shared/character.ts';
import { hueOf, usePicture } from '../companions/face.tsx';
import { useWindow } from '../shell/services.ts';
import { companionOf } from '../state/window-state.ts';

const hills = [
  'M0 118c30-24 58-20 92-2s70 18 108-12v96H0z',
  'M0 148c38-22 76-10 110 2s60 8 90-8v58H0z',
  'M0 176c50-16 110-12 200-2v26H0z',
] as const;

/** A sun over hills; whoever draws it sets the hue. */
export function Landscape() {
  const sky = useId();
  return (
    <svg viewBox="0 0 200 200" preserveAspectRatio="xMidYMid slice" role="presentation">
      <linearGradient id={sky} x1="0" y1="0" x2="0" y2="1">
        <stop className="sky-high" offset="0" />
        <stop className="sky-low" offset="1" />
      </linearGradient>
      <rect width="200" height="200" fill={`url(#${sky})`} />
      <circle className="sun" cx="124" cy="82" r="38" />
      {hills.map((path, index) => (
        <path key={path} className={`hill-${index + 1}`} d={path} />
      ))}
    </svg>
  );
}

/** Drawn only: the name stands beside it. Without a companion it is the one that is talked with. */
export const Avatar = memo(function Avatar({ size = 'm', of }: { size?: 's' | 'm' | 'l'; of?: CharacterSummary }) {
  const current = useWindow(companionOf);
  const companion = of ?? current;
  const picture = usePicture(companion);
  return (
    <span className={`avatar avatar-${size}`} style={companion && hueOf(companion)} aria-hidden>
      {picture ? <img src={picture} alt="" /> : <Landscape />}
    </span>
  );
});
