/** @file The system's own choice of a file, behind a button of ours. */
import { useRef } from 'react';

/** Opens the system's own choice of a file. */
export function useFileChoice(accept: string, onFile: (file: File) => void) {
  const input = useRef<HTMLInputElement>(null);
  const field = (
    <input
      ref={input}
      type="file"
      accept={accept}
      hidden
      aria-hidden
      tabIndex={-1}
      onChange={(event) => {
        const [file] = event.target.files ?? [];
        event.target.value = '';
        if (file) onFile(file);
      }}
    />
  );
  return { field, choose: () => input.current?.click() };
}
