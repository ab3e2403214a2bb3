/** @file How long the context is and what that costs, and companions with a model of their own. */
import { isSameModel } from '../../shared/model-names.ts';
import type { KeptModel, ModelsState } from '../../shared/models.ts';
import { Group, Row, useLock } from '../settings/rows.tsx';
import { useServices, useWindow } from '../shell/services.ts';
import { bytes } from '../states/progress.ts';
import { contextWords, DEFAULT_WORDS, labelOf } from './model-words.ts';

const LENGTHS = [2_048, 4_096, 8_192, 16_384, 32_768, 65_536, 131_072];

/** "16k, 2.1 GB": the length and what the context alone takes of memory. */
function lengthWords(tokens: number, model: KeptModel | undefined): string {
  const perToken = model?.contextBytesPerToken;
  return perToken === undefined ? contextWords(tokens) : `${contextWords(tokens)}, ${bytes(perToken * tokens)}`;
}

function ContextRow({ models }: { models: ModelsState }) {
  const { actions } = useServices();
  const chosen = useWindow((state) => state.told?.settings.model.contextTokens ?? null);
  const locked = useWindow((state) => state.told?.locked['model.contextTokens'] !== undefined);
  const answering = models.models.find(({ name }) => name === models.answering);
  const longest = answering?.contextTokens ?? LENGTHS.at(-1) ?? 0;
  const lengths = LENGTHS.filter((tokens) => tokens <= longest || tokens === chosen);
  if (chosen !== null && !lengths.includes(chosen)) lengths.push(chosen);
  const now = models.contextTokens > 0 ? ` It is ${contextWords(models.contextTokens)} now.` : '';
  return (
    <Row
      label="Length of context"
      words={`How much of a conversation the model has before it at once.${now} Another length loads the model anew, and it reads the conversation again.`}
      path="model.contextTokens"
    >
      <select
        className="field model-select"
        aria-label="Length of context"
        disabled={locked}
        value={chosen === null ? '' : String(chosen)}
        onChange={(event) =>
          actions.preferences.change({ model: { contextTokens: event.target.value === '' ? null : Number(event.target.value) } })
        }
      >
        <option value="">As memory allows</option>
        {lengths.map((tokens) => (
          <option key={tokens} value={tokens}>
            {lengthWords(tokens, answering)}
          </option>
        ))}
      </select>
    </Row>
  );
}

/** The rows above offer the same; here it is looked for beside the companions' own. */
function DefaultRow({ models }: { models: ModelsState }) {
  const { actions } = useServices();
  const locked = useLock('model.name') !== undefined;
  const now = models.models.find(({ name }) => isSameModel(name, models.answering));
  const choices = models.models.filter((model) => model.converses || model === now);
  if (choices.length < 2 && now) return <Row label="Default model" words={now.label} path="model.name" />;
  return (
    <Row label="Default model" words={DEFAULT_WORDS} path="model.name">
      <select
        className="field model-select"
        aria-label="Default model"
        disabled={locked}
        value={now?.name ?? models.answering}
        onChange={(event) => actions.models.choose(event.target.value, {})}
      >
        {!now && <option value={models.answering}>{labelOf(models, models.answering) || 'None yet'}</option>}
        {choices.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
    </Row>
  );
}

function CompanionRows({ models }: { models: ModelsState }) {
  const { actions } = useServices();
  const characters = useWindow((state) => state.characters);
  const talking = models.models.filter(({ converses }) => converses);
  return characters.map(({ id, name }) => (
    <Row key={id} label={name} words="In every conversation with this companion that names no model itself.">
      <select
        className="field model-select"
        aria-label={`Model of ${name}`}
        value={models.byCharacter[id] ?? ''}
        onChange={(event) => actions.models.choose(event.target.value === '' ? null : event.target.value, { characterId: id })}
      >
        <option value="">The default</option>
        {talking.map((model) => (
          <option key={model.name} value={model.name}>
            {model.label}
          </option>
        ))}
      </select>
    </Row>
  ));
}

export function ModelChoices({ models }: { models: ModelsState }) {
  const several = models.models.filter(({ converses }) => converses).length > 1;
  return (
    <>
      <Group title="How it is used">
        <DefaultRow models={models} />
        <ContextRow models={models} />
      </Group>
      {several && (
        <Group title="Companions">
          <CompanionRows models={models} />
        </Group>
      )}
    </>
  );
}
