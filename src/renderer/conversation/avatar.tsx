/** @file A companion's face until she has a picture: a sun over hills, in her own hue. */
import { memo, useId } from 'react';

const hills = [
  'M0 118c30-24 58-20 92-2s70 18 108-12v96H0z',
  'M0 148c38-22 76-10 110 2s60 8 90-8v58H0z',
  'M0 176c50-16 110-12 200-2v26H0z',
] as const;

/** Drawn only: the name stands beside it. */
export const Avatar = memo(function Avatar({ size = 'm' }: { size?: 's' | 'm' | 'l' }) {
  const sky = useId();
  return (
    <span className={`avatar avatar-${size}`} aria-hidden>
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
    </span>
  );
});
