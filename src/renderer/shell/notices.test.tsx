import { act } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { type Drawn, draw } from '../../../test/kit/page/draw.tsx';
import { createNotices } from '../state/notices.ts';
import { useKeyboard } from './keyboard.ts';
import { NoticeList } from './notices.tsx';
import { type Services, ServicesContext } from './services.ts';

let drawn: Drawn | undefined;
afterEach(() => drawn?.remove());

function Window() {
  useKeyboard();
  return (
    <>
      <button type="button">here</button>
      <textarea />
      <NoticeList />
    </>
  );
}

const press = (on: Element | null | undefined) =>
  act(async () => on?.dispatchEvent(new KeyboardEvent('keydown', { key: 'z', ctrlKey: true, bubbles: true, cancelable: true })));

it('[W78] Ctrl Z takes the newest way back, once, and leaves a text that is written alone', async () => {
  const notices = createNotices();
  drawn = await draw(
    <ServicesContext value={{ notices } as unknown as Services}>
      <Window />
    </ServicesContext>,
  );
  const { place } = drawn;
  const [older, newer] = [vi.fn(), vi.fn()];
  await act(async () => {
    notices.show({ kind: 'done', text: 'One is deleted.', deed: { label: 'Undo', run: older } });
    notices.show({ kind: 'done', text: 'Forgotten.', deed: { label: 'Undo', run: newer } });
    notices.show({ kind: 'trouble', text: 'Something else.' });
  });
  await press(place.querySelector('textarea'));
  expect(newer).not.toHaveBeenCalled();
  await press(place.querySelector('button'));
  expect([older.mock.calls.length, newer.mock.calls.length]).toEqual([0, 1]);
  expect(place.textContent).not.toContain('Forgotten.');
  await press(place.querySelector('button'));
  await press(place.querySelector('button'));
  expect([older.mock.calls.length, newer.mock.calls.length]).toEqual([1, 1]);
});
