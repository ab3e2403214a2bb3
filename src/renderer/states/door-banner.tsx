/** @file Says that other programs were to come in and cannot: nobody looks for that in the settings. */
import { Plug } from 'lucide-react';
import { useEffect } from 'react';
import { useServices, useWindow } from '../shell/services.ts';
import { showPage } from '../shell/view.ts';
import { Banner } from './banner.tsx';

/** Mounted anew with every connection, and asks then. */
export function DoorBanner() {
  const { actions, view } = useServices();
  const reason = useWindow((state) => (state.door?.state === 'failed' ? state.door.reason : undefined));
  useEffect(() => actions.door.peek(), [actions]);
  if (reason === undefined) return null;
  return (
    <Banner
      tone="warn"
      icon={<Plug aria-hidden />}
      title="Other programs cannot come in"
      words={reason}
      deeds={
        <>
          <button type="button" className="button" onClick={actions.door.retry}>
            Try again
          </button>
          <button type="button" className="button ghost" onClick={() => showPage(view, 'settings', 'api')}>
            Settings
          </button>
        </>
      }
    />
  );
}
