/** @file The system's own choice of a file, behind a button of ours. */
import { useRef } from 'react';

/** Opens the system's own choice of files; of one alone where `several` is not said. */
export function useFileChoice(accept: string, onFiles: (files: readonly [File, ...File[]]) => void, several = false) {
  const input = useRef<HTMLInputElement>(null);
  const field = (
    <input
      ref={input}
      type="file"
      accept={accept}
      multiple={several}
      hidden
      aria-hidden
      tabIndex={-1}
      onChange={(event) => {
        const [first, ...others] = event.target.files ?? [];
        event.target.value = '';
        if (first) onFiles([first, ...others]);
      }}
    />
  );
  return { field, choose: () => input.current?.click() };
}
