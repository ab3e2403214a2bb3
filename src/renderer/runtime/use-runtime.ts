/** @file Ollama itself, asked for as soon as a part of the window shows it. */
import { useEffect } from 'react';
import type { RuntimeStatus } from '../../shared/runtime.ts';
import { useServices, useWindow } from '../shell/services.ts';

/** Null until it was told. */
export function useRuntime(): RuntimeStatus | null {
  const { actions } = useServices();
  const connection = useWindow((state) => state.connection);
  useEffect(() => {
    if (connection === 'open') actions.runtime.load();
  }, [actions, connection]);
  return useWindow((state) => state.runtime);
}
