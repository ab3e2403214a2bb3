/** @file How replies are made: the sampling numbers, their length, and thinking before an answer. */
import type { ThinkingChoice } from '../../shared/character.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { NumberRow } from './number-field.tsx';
import { Group, Row, Section, Segments } from './rows.tsx';

const ways: readonly { value: ThinkingChoice; words: string }[] = [
  { value: 'model', words: 'As the model does' },
  { value: 'on', words: 'On' },
  { value: 'short', words: 'Short' },
  { value: 'off', words: 'Off' },
];

export function GenerationSection() {
  const { actions } = useServices();
  const told = useWindow((state) => state.told);
  if (!told) return <Section title="Generation" words="How replies are made." />;
  const { generation } = told.settings;
  const change = (patch: Partial<typeof generation>) => actions.preferences.change({ generation: patch });
  const isDefault = JSON.stringify(generation) === JSON.stringify(told.defaults.generation);
  return (
    <Section title="Generation" words="How replies are made. A neutral message uses exactly these numbers; mood moves them from here.">
      <Group>
        <NumberRow
          label="Temperature"
          words="Higher is more surprising, lower more predictable."
          path="generation.temperature"
          value={generation.temperature}
          {...{ min: 0, max: 2, step: 0.05 }}
          onChange={(temperature) => change({ temperature })}
        />
        <NumberRow
          label="top_p"
          words="Of the likeliest words, how many come into question."
          path="generation.topP"
          value={generation.topP}
          {...{ min: 0, max: 1, step: 0.05 }}
          onChange={(topP) => change({ topP })}
        />
        <NumberRow
          label="Longest reply"
          words="In tokens, thoughts included. Less where the context leaves less."
          path="generation.maxTokens"
          value={generation.maxTokens}
          {...{ min: 1, max: 1_000_000, step: 1 }}
          onChange={(maxTokens) => change({ maxTokens: Math.round(maxTokens) })}
        />
      </Group>
      <Group title="Thinking">
        <Row label="Thinking before an answer" words="For models that can. A companion may have a choice of its own.">
          <Segments
            label="Thinking before an answer"
            value={generation.thinking}
            choices={ways}
            onChoose={(thinking) => change({ thinking })}
          />
        </Row>
        <NumberRow
          label="Longest thought"
          words="In tokens. A longer one is ended, and the answer asked for."
          path="generation.thoughtTokens"
          value={generation.thoughtTokens}
          {...{ min: 64, max: 65_536, step: 64 }}
          onChange={(thoughtTokens) => change({ thoughtTokens: Math.round(thoughtTokens) })}
        />
      </Group>
      {!isDefault && (
        <button type="button" className="button" onClick={() => actions.preferences.reset('generation')}>
          Back to the defaults
        </button>
      )}
    </Section>
  );
}
