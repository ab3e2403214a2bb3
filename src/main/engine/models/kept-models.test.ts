/** @file The list of models as a person reads it. */
import { describe, expect, it } from 'vitest';
import { shelfModel } from '../../../../test/kit/fake-shelf.ts';
import { keptModel, toldApart } from './kept-models.ts';

describe('the list of models', () => {
  it('[MD1] two that call themselves the same are told apart by their names', () => {
    const kept = (name: string, label: string) => keptModel(shelfModel(name, { label }), 2_048, undefined, undefined);
    const models = [kept('persona/smollm2:135m', 'SmolLM2 135M'), kept('persona/mine:latest', 'SmolLM2 135M'), kept('a:1b', 'a')];
    expect(toldApart(models).map(({ label }) => label)).toEqual(['SmolLM2 135M (smollm2:135m)', 'SmolLM2 135M (mine)', 'a']);
  });
});
