/** @file Draws a part of the page into a document, for unit tests. */
import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';

declare global {
  // What React reads to know that a test waits for its effects.
  var IS_REACT_ACT_ENVIRONMENT: boolean | undefined;
}

export type Drawn = {
  place: HTMLElement;
  again(node: ReactNode): Promise<void>;
  remove(): Promise<void>;
};

export async function draw(node: ReactNode): Promise<Drawn> {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  const place = document.createElement('div');
  document.body.append(place);
  const root = createRoot(place);
  const again = async (next: ReactNode) => {
    await act(async () => root.render(next));
  };
  await again(node);
  const remove = async () => {
    await act(async () => root.unmount());
    place.remove();
  };
  return { place, again, remove };
}
