/** @file The keyboard goes back to what opened a form when the form is gone. */
import { type RefObject, useLayoutEffect, useRef } from 'react';

export function useReturn<Opener extends HTMLElement>(open: boolean): RefObject<Opener | null> {
  const opener = useRef<Opener>(null);
  const was = useRef(open);
  useLayoutEffect(() => {
    if (was.current && !open) opener.current?.focus();
    was.current = open;
  }, [open]);
  return opener;
}
