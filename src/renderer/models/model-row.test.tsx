import { act } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { type Drawn, draw } from '../../../test/kit/page/draw.tsx';
import type { KeptModel, ModelsState } from '../../shared/models.ts';
import { type Services, ServicesContext } from '../shell/services.ts';
import { AddModel } from './add-model.tsx';
import { ModelChoices } from './model-choices.tsx';
import { ModelRow } from './model-row.tsx';

let drawn: Drawn | undefined;
afterEach(() => drawn?.remove());

const kept = (name: string, part: Partial<KeptModel> = {}): KeptModel => ({
  ...{ name: `${name}:1b`, label: name, family: 'llama', capabilities: ['completion'], converses: true, starter: false },
  ...part,
});
const [one, other] = [kept('one'), kept('other')];
const state = { answering: 'one:1b', models: [one, other], byCharacter: {}, contextTokens: 8_192, place: 'ours' };
const models = state as unknown as ModelsState;

async function show(node: React.ReactNode, deeds: Record<string, unknown> = {}) {
  const choose = vi.fn();
  const api = createStore(() => ({ told: { locked: {}, settings: { model: {} } }, models, characters: [] }));
  const services = { store: { api }, actions: { models: { choose, ...deeds } } } as unknown as Services;
  drawn = await draw(<ServicesContext value={services}>{node}</ServicesContext>);
  return { place: drawn.place, choose };
}

it('[W79] the row of the default says so; another row says that it would become it, and keeps the keyboard', async () => {
  const { place, choose } = await show(
    <ul>
      <ModelRow model={one} byDefault />
      <ModelRow model={other} byDefault={false} />
    </ul>,
  );
  const [first, second] = place.querySelectorAll('li');
  expect(first?.textContent).toContain('Default');
  expect(first?.textContent).toContain('Answers unless a companion or a conversation has its own.');
  expect(first?.querySelector('.button')).toBeNull();
  const make = second?.querySelector<HTMLButtonElement>('.button');
  expect([make?.textContent, make?.getAttribute('aria-label')]).toEqual(['Make default', 'Make other the default']);
  make?.focus();
  await act(async () => make?.click());
  expect(choose).toHaveBeenCalledWith('other:1b', {});
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Details of other');
});

it('[W79] the default stands among the choices by its name, and another one is taken there', async () => {
  const { place, choose } = await show(<ModelChoices models={models} />);
  const choice = place.querySelector<HTMLSelectElement>('select[aria-label="Default model"]');
  expect([...(choice?.options ?? [])].map(({ text, selected }) => [text, selected])).toEqual([
    ['one', true],
    ['other', false],
  ]);
  await act(async () => {
    if (choice) choice.value = 'other:1b';
    choice?.dispatchEvent(new Event('change', { bubbles: true }));
  });
  expect(choose).toHaveBeenCalledWith('other:1b', {});
});

it('[W80] a model whose file cannot be read says so in words, and the raw ones after a line that says whose they are', async () => {
  const fault = {
    code: 'model-loading-failed',
    message: 'The file of the model is damaged.',
    retryable: true,
    detail: 'invalid file magic',
  };
  const broken = kept('broken', { capabilities: [], converses: false });
  const { place } = await show(<ModelRow model={broken} byDefault={false} />, { show: async () => fault });
  expect(place.textContent).toContain('Its file cannot be read, so it cannot talk.');
  await act(async () => place.querySelector<HTMLButtonElement>('[aria-label="Details of broken"]')?.click());
  expect(place.querySelector('[role="alert"]')?.textContent).toBe(fault.message);
  const raw = place.querySelector('.raw-words');
  expect(raw?.firstElementChild?.textContent).toBe('The model server’s own words, for whoever looks into it:');
  expect(raw?.querySelector('pre')?.textContent).toBe('invalid file magic');
});

it('[W81] the fields for another model give the keyboard back when they are put away', async () => {
  const preview = { model: 'new:1b', label: 'New', licences: [], installed: false };
  const { place } = await show(<AddModel canImport />, { lookUp: async () => preview });
  const button = (words: string) => [...place.querySelectorAll('button')].find(({ textContent }) => textContent === words);
  await act(async () => button('Add a GGUF file')?.click());
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Path of a GGUF file on this computer');
  await act(async () => button('Close')?.click());
  expect(document.activeElement?.textContent).toBe('Add a GGUF file');
  const field = place.querySelector<HTMLInputElement>('[aria-label="Name of a model to download"]');
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, 'new:1b');
  await act(async () => field?.dispatchEvent(new Event('input', { bubbles: true })));
  await act(async () => field?.form?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
  button('Not now')?.focus();
  await act(async () => button('Not now')?.click());
  expect(document.activeElement).toBe(field);
});
