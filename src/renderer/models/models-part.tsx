/** @file The models of this machine: the list, what comes, how to add one, and the room they take. */
import { useEffect } from 'react';
import { isSameModel } from '../../shared/model-names.ts';
import type { ModelsState } from '../../shared/models.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { bytes } from '../states/progress.ts';
import { AddModel } from './add-model.tsx';
import { ModelChoices } from './model-choices.tsx';
import { ModelRow } from './model-row.tsx';
import { PullRow } from './pull-row.tsx';

const places: Readonly<Record<ModelsState['place'], string>> = {
  ours: 'Models live in one folder on this disk. Only models you ask for are downloaded.',
  here: 'These are the models of the Ollama that runs on this computer. Only models you ask for are downloaded.',
  elsewhere: 'These are the models of an Ollama on another computer; what you say is read there.',
  'built-in': 'The built-in engine has one small model of its own. With Ollama you can fetch and choose others.',
  none: 'No engine runs, so there is nothing to list.',
};
export const placeWords = (models: ModelsState | null): string => (models ? places[models.place] : 'Models live on this disk.');

/** "…, 22.9 of 24.0 GB of memory on A card", or that nobody tells. */
function graphicsWords({ graphics }: NonNullable<ModelsState['memory']>): string {
  if (graphics === undefined) return '; the memory of a graphics card is not known here';
  return graphics.map(({ name, freeBytes, totalBytes }) => `, ${bytes(freeBytes)} of ${bytes(totalBytes)} on ${name}`).join('');
}

function Room({ models }: { models: ModelsState }) {
  const { disk, memory } = models;
  if (!disk)
    return memory ? (
      <p className="model-small">
        {bytes(memory.freeBytes)} of {bytes(memory.totalBytes)} of memory are free{graphicsWords(memory)}.
      </p>
    ) : null;
  const others = Math.max(0, disk.totalBytes - disk.freeBytes - disk.modelsBytes);
  const share = (part: number) => (disk.totalBytes > 0 ? (part / disk.totalBytes) * 100 : 0);
  return (
    <div className="model-room">
      <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden>
        <rect className="room-whole" width="100" height="1" />
        <rect className="room-models" width={share(disk.modelsBytes)} height="1" />
        <rect className="room-others" x={share(disk.modelsBytes)} width={share(others)} height="1" />
      </svg>
      <span>
        Models {bytes(disk.modelsBytes)} in <code>{disk.folder}</code>, {bytes(disk.freeBytes)} free on the disk
        {memory && `, ${bytes(memory.freeBytes)} of memory free${graphicsWords(memory)}`}
      </span>
    </div>
  );
}

export function ModelsPart() {
  const { actions } = useServices();
  const models = useWindow((state) => state.models);
  const pulls = useWindow((state) => state.pulls);
  const connection = useWindow((state) => state.connection);
  useEffect(() => {
    if (connection === 'open') actions.models.load();
  }, [actions, connection]);
  if (!models) return null;
  const empty = models.models.length === 0 && pulls.length === 0;
  return (
    <>
      {empty ? (
        <p className="model-small">There is no model here yet.</p>
      ) : (
        <ul className="setting-group model-list" aria-label="Models">
          {models.models.map((model) => (
            <ModelRow key={model.name} model={model} byDefault={isSameModel(model.name, models.answering)} />
          ))}
          {pulls.map((pull) => (
            <PullRow key={pull.model} pull={pull} />
          ))}
        </ul>
      )}
      {models.canPull && <AddModel canImport={models.canImport} />}
      <Room models={models} />
      {!empty && <ModelChoices models={models} />}
    </>
  );
}
