/** @file Models that are not there: what a door asks of them is counted, and nothing is done. */
import type { Engine } from '../../src/main/engine/contract.ts';
import { Fault } from '../../src/shared/faults.ts';
import type { ModelsState } from '../../src/shared/models.ts';

export const noModels: ModelsState = {
  models: [],
  answering: 'fake',
  contextTokens: 8_192,
  byCharacter: {},
  place: 'none',
  canPull: false,
  canImport: false,
};

export function createFakeModels(reach: () => void): Engine['models'] {
  const refuse = (): never => {
    reach();
    throw new Fault('bad-request', 'There is nothing to look after here; nothing was changed.');
  };
  const refuseLater = async () => refuse();
  return {
    state: () => noModels,
    pulls: () => [],
    refresh: async () => {
      reach();
      return noModels;
    },
    show: refuseLater,
    lookUp: refuseLater,
    pull: refuse,
    pause: refuse,
    cancel: refuseLater,
    remove: refuseLater,
    importFile: refuseLater,
    choose: refuse,
    putOfferAway: reach,
  };
}
