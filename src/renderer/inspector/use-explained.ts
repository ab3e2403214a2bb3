/** @file The explanation of a reply as it comes: undefined until then; asked again when another reply is shown, or what is remembered changes. */
import { useEffect, useState } from 'react';
import type { Explained } from '../actions/inspect.ts';
import { useServices, useWindow } from '../shell/services.ts';

export function useExplained(messageId: string | null): Explained | undefined {
  const { actions } = useServices();
  const changes = useWindow((state) => state.memory.changes);
  const [known, setKnown] = useState<{ id: string; explained: Explained }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change asks anew
  useEffect(() => {
    if (messageId === null) return;
    let wanted = true;
    void actions.inspect.explain(messageId).then((explained) => {
      if (wanted) setKnown({ id: messageId, explained });
    });
    return () => {
      wanted = false;
    };
  }, [actions, messageId, changes]);
  return known?.id === messageId ? known?.explained : undefined;
}
