/** @file Whether the person asked the system for less motion. */
import { useEffect, useState } from 'react';

const query = () => matchMedia('(prefers-reduced-motion: reduce)');

/** Asked once and heard from then on: to ask in every frame would cost more than the answer is worth. */
export function useStillness(): boolean {
  const [still, setStill] = useState(() => query().matches);
  useEffect(() => {
    const asked = query();
    const changed = () => setStill(asked.matches);
    asked.addEventListener('change', changed);
    return () => asked.removeEventListener('change', changed);
  }, []);
  return still;
}
