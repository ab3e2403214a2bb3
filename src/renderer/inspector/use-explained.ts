/** @file The explanation of a reply as it comes: undefined until then; asked again when another reply is shown. */
import { useEffect, useState } from 'react';
import type { Explained } from '../actions/inspect.ts';
import { useServices } from '../shell/services.ts';

export function useExplained(messageId: string | null): Explained | undefined {
  const { actions } = useServices();
  const [known, setKnown] = useState<{ id: string; explained: Explained }>();
  useEffect(() => {
    if (messageId === null) return;
    let wanted = true;
    void actions.inspect.explain(messageId).then((explained) => {
      if (wanted) setKnown({ id: messageId, explained });
    });
    return () => {
      wanted = false;
    };
  }, [actions, messageId]);
  return known?.id === messageId ? known?.explained : undefined;
}
