/** @file The reply that is explained stays in sight beside its explanation, also where the explanation goes on to another one. */
import { type RefObject, useEffect, useRef } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useStore } from 'zustand';
import { useServices } from '../shell/services.ts';
import type { Row } from './rows.ts';
import type { Stick } from './stick.ts';

/** Calls back when the rows were drawn in their new width and measured; returns the way to call it off. */
function whenMeasured(then: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(then);
  });
  return () => cancelAnimationFrame(frame);
}

export function useInspectedInSight(rows: readonly Row[], list: RefObject<VirtualizerHandle | null>, { release }: Stick): void {
  const { view } = useServices();
  const inspected = useStore(view, (state) => state.inspected);
  const known = useRef({ rows, release });
  known.current = { rows, release };
  useEffect(() => {
    const now = known.current;
    const index = now.rows.findIndex((row) => row.kind === 'reply' && row.message?.id === inspected);
    if (inspected === null || index === -1) return;
    // Following the end would take the person away from an older reply again.
    if (index < now.rows.length - 1) now.release();
    return whenMeasured(() => list.current?.scrollToIndex(index, { align: 'nearest' }));
  }, [inspected, list]);
}
