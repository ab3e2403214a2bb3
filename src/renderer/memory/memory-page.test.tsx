import { act } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { type Drawn, draw } from '../../../test/kit/page/draw.tsx';
import type { Memory } from '../../shared/memories.ts';
import { Dialog } from '../shell/dialog.tsx';
import { type Services, ServicesContext } from '../shell/services.ts';
import { createView } from '../shell/view.ts';
import { firstState, type WindowState } from '../state/window-state.ts';
import { MemoryPage } from './memory-page.tsx';
import { foundWords, originWords } from './memory-words.ts';

let drawn: Drawn | undefined;
afterEach(() => drawn?.remove());

const memory = (id: string, text: string): Memory => ({
  ...{ id, characterId: 'sarah', kind: 'you', text, origin: 'words', confidence: 1, pinned: false, edited: false },
  ...{ learnedAt: 1, saidAt: 1, replaced: 0 },
});
const [boat, tin] = [memory('boat', 'You have a boat.'), memory('tin', 'You keep a tin.')];
const counts = { notes: 7, summaries: 1, superseded: 2, pinned: 1 };
const sarah = { id: 'sarah', name: 'Sarah', accent: { hue: 352, chroma: 0.1 }, firstMessage: '' };

async function show(shelf: Partial<WindowState['memory']> = {}) {
  const api = createStore<WindowState>(() => ({
    ...firstState,
    connection: 'open',
    characters: [sarah],
    memory: { ...firstState.memory, filter: { characterId: 'sarah' }, items: [boat, tin], found: 2, counts, ...shelf },
  }));
  const set = (part: Partial<WindowState['memory']>) => api.setState((now) => ({ ...now, memory: { ...now.memory, ...part } }));
  const put = (part: Partial<WindowState['memory']>) => act(async () => set(part));
  const narrow = vi.fn();
  const deeds = { narrow, refresh: vi.fn(), close: () => set({ open: null }), change: vi.fn(), add: async () => true };
  const actions = { memory: deeds, preferences: { load: vi.fn(), change: vi.fn() } };
  drawn = await draw(
    <ServicesContext value={{ store: { api }, view: createView(), actions } as unknown as Services}>
      <MemoryPage />
    </ServicesContext>,
  );
  return { place: drawn.place, put, narrow };
}

const press = (key: string) =>
  act(async () => {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  });
const here = () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent;

it('[W82] what narrows the list stands above it in words, and goes with one press', async () => {
  expect(foundWords({ query: 'a', pinned: true, superseded: true }, 3, counts)).toBe('3 of 10, only pinned, with what is no longer true.');
  expect(foundWords({ since: 1, shared: true }, 3, counts)).toBe('3 of 8, only shared, only of the last week.');
  const { place, put, narrow } = await show();
  const told = () => place.querySelector('.memory-found [role="status"]')?.textContent;
  expect(told()).toBe('');
  await put({ filter: { characterId: 'sarah', pinned: true }, found: 0, items: [] });
  expect(told()).toBe('0 of 8, only pinned.');
  await act(async () => place.querySelector<HTMLButtonElement>('.memory-found button')?.click());
  expect(narrow).toHaveBeenLastCalledWith({ characterId: 'sarah' });
  expect(here()).toBe('Search what is remembered');
});

it('[ME51] what came from a file says so, whatever the file calls it', () => {
  expect(originWords({ ...boat, origin: 'import', edited: true })).toBe('from a file');
  expect(originWords({ ...boat, origin: 'import', kind: 'summary' })).toBe('from a file');
  expect(originWords({ ...boat, origin: 'words', edited: true })).toBe('in your wording');
});

it('[W83] an opened memory has the keyboard, and Esc puts it away and goes back to its row', async () => {
  const { place, put } = await show();
  place.querySelectorAll<HTMLButtonElement>('.memory-open')[1]?.focus();
  await put({ open: { memory: tin, sources: [], history: [], usedAt: [] } });
  expect(here()).toBe('About this memory');
  await press('Escape');
  expect(place.querySelector('.memory-detail')).toBeNull();
  expect(here()).toContain('You keep a tin.');
});

it('[W81] a form gives the keyboard back to what opened it, written or not', async () => {
  const { place } = await show();
  const edit = place.querySelector<HTMLButtonElement>('[aria-label="Edit: You have a boat."]');
  await act(async () => edit?.click());
  expect(here()).toBe('What is remembered');
  await press('Escape');
  expect(here()).toBe('Edit: You have a boat.');
  await act(async () => [...place.querySelectorAll('button')].find((one) => one.textContent === 'Tell Sarah something')?.click());
  expect(here()).toBe('Something for Sarah to remember');
  await press('Escape');
  expect(here()).toBe('Tell Sarah something');
});

it('[W84] every button of a memory says which one it is about', async () => {
  const { place } = await show();
  const names = [...place.querySelectorAll('.memory')].map((row) =>
    [...row.querySelectorAll('.tool')].map((one) => one.getAttribute('aria-label')),
  );
  expect(names).toEqual([
    ['Pin: You have a boat.', 'Edit: You have a boat.', 'Forget: You have a boat.'],
    ['Pin: You keep a tin.', 'Edit: You keep a tin.', 'Forget: You keep a tin.'],
  ]);
});

it('[W84] a question is named by its title and described by its words, not by its deeds', async () => {
  const safe = (
    <button type="button" data-safe>
      Keep it
    </button>
  );
  drawn = await draw(
    <Dialog title="Forget this?" onClose={() => undefined} deeds={safe}>
      <p>It can be undone.</p>
    </Dialog>,
  );
  const dialog = drawn.place.querySelector('dialog');
  const text = (name: string) => document.getElementById(dialog?.getAttribute(name) ?? '')?.textContent;
  expect([text('aria-labelledby'), text('aria-describedby')]).toEqual(['Forget this?', 'It can be undone.']);
  expect(here()).toBe('Keep it');
});
