/** @file What a person has set, on a real disk. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainSettings } from '../../../../test/kit/fixed-settings.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { createSettings } from './settings-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'persona-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = () => join(folder, 'settings.json');
const open = (locked = {}) => createSettings({ folder, defaults: plainSettings, locked, log: silentLog });

describe('settings on disk', () => {
  it('[F6] are there again, for their owner alone, without the defaults', () => {
    open().change({ tone: { on: false }, person: { name: 'Mara' } });
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({ tone: { on: false }, person: { name: 'Mara' } });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(open().now()).toEqual({ ...plainSettings, tone: { ...plainSettings.tone, on: false }, person: { name: 'Mara', about: '' } });
  });

  it('[F6] keep what another version wrote, and a section can be put back', () => {
    writeFileSync(file(), JSON.stringify({ later: { x: 1 }, tone: { on: false, curve: 3 } }));
    const settings = open();
    settings.change({ person: { about: 'Bakes.' } });
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({
      later: { x: 1 },
      tone: { on: false, curve: 3 },
      person: { about: 'Bakes.' },
    });
    settings.reset('tone');
    expect(settings.now().tone.on).toBe(true);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({ later: { x: 1 }, person: { about: 'Bakes.' } });
  });

  it('[F7] cannot be set over the environment', () => {
    writeFileSync(file(), JSON.stringify({ generation: { temperature: 1.5, topP: 0.5 } }));
    const settings = open({ 'generation.temperature': 'DEFAULT_TEMPERATURE' });
    expect(settings.now().generation).toEqual({ ...plainSettings.generation, topP: 0.5 });
    expect(() => settings.change({ generation: { temperature: 1 } })).toThrow(/DEFAULT_TEMPERATURE/);
    expect(settings.now().generation.temperature).toBe(0.7);
  });

  it('[F8] that are no JSON are set aside', () => {
    writeFileSync(file(), '{"tone":');
    expect(open().now()).toEqual(plainSettings);
    expect(readFileSync(`${file()}.damaged`, 'utf8')).toBe('{"tone":');
  });

  it('[F8] with a wrong value leave that one to its default and stay as they lie there', () => {
    const text = JSON.stringify({ generation: { temperature: 9, topP: 0.4 }, __proto__: { polluted: true }, person: 'nobody' });
    writeFileSync(file(), text);
    expect(open().now()).toEqual({ ...plainSettings, generation: { ...plainSettings.generation, topP: 0.4 } });
    expect(readFileSync(file(), 'utf8')).toBe(text);
    expect(existsSync(`${file()}.damaged`)).toBe(false);
  });

  it('[F9] tell every change once', () => {
    const settings = open();
    const heard: boolean[] = [];
    const off = settings.onChange((told) => heard.push(told.settings.tone.on));
    settings.change({ tone: { on: false } });
    off();
    settings.change({ tone: { on: true } });
    expect(heard).toEqual([false]);
  });
});
