/** @file Changes of a companion that are not kept yet: nobody leaves them behind without being asked. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { Dialog } from '../shell/dialog.tsx';
import { useServices } from '../shell/services.ts';

/** Tells the window, and the browser around it, that leaving would drop something. */
export function useUnsaved(unsaved: boolean): void {
  const { view } = useServices();
  useEffect(() => {
    if (!unsaved) return;
    view.setState({ unsaved: true });
    const ask = (event: BeforeUnloadEvent) => {
      event.preventDefault();
      // Chromium up to 118 hears only this.
      event.returnValue = true;
    };
    window.addEventListener('beforeunload', ask);
    return () => {
      view.setState({ unsaved: false, leaving: null });
      window.removeEventListener('beforeunload', ask);
    };
  }, [view, unsaved]);
}

/** `save` answers whether it is kept; `drop` puts the editor away. */
export function UnsavedDialog({ name, save, drop }: { name: string; save: () => Promise<boolean>; drop: () => void }) {
  const { view } = useServices();
  const leaving = useStore(view, (state) => state.leaving);
  if (!leaving) return null;
  const stay = () => view.setState({ leaving: null });
  const go = () => {
    view.setState({ unsaved: false, leaving: null });
    drop();
    leaving();
  };
  const keep = async () => {
    stay();
    if (await save()) go();
  };
  return (
    <Dialog
      title={`Keep what you changed in ${name}?`}
      onClose={stay}
      deeds={
        <>
          <button type="button" className="button" data-safe onClick={stay}>
            Go on writing
          </button>
          <button type="button" className="button danger" onClick={go}>
            Drop the changes
          </button>
          <button type="button" className="button" onClick={() => void keep()}>
            Save and leave
          </button>
        </>
      }
    >
      <p>It is not saved yet, and leaving drops it.</p>
    </Dialog>
  );
}
