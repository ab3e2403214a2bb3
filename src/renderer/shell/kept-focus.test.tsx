import { act } from 'react';
import { afterEach, expect, it } from 'vitest';
import { type Drawn, draw } from '../../../test/kit/page/draw.tsx';
import { useKeptFocus } from './kept-focus.ts';

let drawn: Drawn | undefined;
afterEach(() => drawn?.remove());

function Window({ rows, wordless }: { rows: readonly string[]; wordless?: string }) {
  useKeptFocus();
  return (
    <ul>
      {rows.map((row) => (
        <li key={row}>
          {row !== wordless && <button type="button">{row}</button>}
          <button type="button">Forget {row}</button>
        </li>
      ))}
    </ul>
  );
}

const here = () => document.activeElement?.textContent;

it('[W81] the keyboard goes to the row that moves up, at the end to the one above, and stays in a row that changes', async () => {
  drawn = await draw(<Window rows={['a', 'b', 'c']} />);
  const { place, again } = drawn;
  const forget = (at: number) => act(async () => place.querySelectorAll('li')[at]?.querySelectorAll('button')[1]?.focus());
  await forget(1);
  expect(here()).toBe('Forget b');
  await again(<Window rows={['a', 'c']} />);
  await expect.poll(here).toBe('c');
  await forget(1);
  await again(<Window rows={['a']} />);
  await expect.poll(here).toBe('a');
  await again(<Window rows={['a']} wordless="a" />);
  await expect.poll(here).toBe('Forget a');
});
