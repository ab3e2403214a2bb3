/** @file How the person's mood moves the sampling numbers: the curve, its numbers, and the switch. */
import type { ToneCurve as Curve } from '../../shared/mood.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { NumberField } from './number-field.tsx';
import { Group, Row, Section, Toggle } from './rows.tsx';
import { ToneCurve } from './tone-curve.tsx';

type Field = { field: keyof Curve; label: string; min: number; max: number };

/** Two numbers in one row. */
function Pair({ label, words, fields, curve }: { label: string; words: string; fields: readonly Field[]; curve: Curve }) {
  const { actions } = useServices();
  return (
    <Row label={label} words={words}>
      <span className="number-pair">
        {fields.map(({ field, label: name, min, max }) => (
          <span className="number-named" key={field}>
            <span>{name}</span>
            <NumberField
              label={`${label}: ${name}`}
              value={curve[field]}
              min={min}
              max={max}
              step={0.05}
              onChange={(value) => actions.preferences.change({ tone: { [field]: value } })}
            />
          </span>
        ))}
      </span>
    </Row>
  );
}

const step = { min: -1, max: 1 };

export function ToneSection() {
  const { actions } = useServices();
  const told = useWindow((state) => state.told);
  const words =
    'Companions hear how you sound, not only what you say. Your own words are scored here on this computer; quotes, code and addresses are left out.';
  if (!told) return <Section title="Tone" words={words} />;
  const { tone, generation } = told.settings;
  const { on, ...curve } = tone;
  const isDefault = JSON.stringify(tone) === JSON.stringify(told.defaults.tone);
  return (
    <Section title="Tone" words={words}>
      <Group>
        <ToneCurve curve={curve} temperature={generation.temperature} topP={generation.topP} on={on} />
        <Row label="Let mood change the tone" words="Off: the steady numbers, always.">
          <Toggle label="Let mood change the tone" on={on} onChange={(next) => actions.preferences.change({ tone: { on: next } })} />
        </Row>
        <Pair
          label="Where it begins"
          words="Scores go from −1 to +1. Up to these two, nothing is moved at all."
          curve={curve}
          fields={[
            { field: 'lowBelow', label: 'low below', min: -1, max: 0 },
            { field: 'warmAbove', label: 'warm above', min: 0, max: 1 },
          ]}
        />
        <Pair
          label="When you sound warm"
          words="Added to the numbers under Generation."
          curve={curve}
          fields={[
            { field: 'warmTemperature', label: 'temperature', ...step },
            { field: 'warmTopP', label: 'top_p', ...step },
          ]}
        />
        <Pair
          label="When you sound low"
          words="Negative numbers make replies steadier."
          curve={curve}
          fields={[
            { field: 'lowTemperature', label: 'temperature', ...step },
            { field: 'lowTopP', label: 'top_p', ...step },
          ]}
        />
      </Group>
      <p className="setting-note">
        The newest message decides which way; the ones before it only how far, down to a quarter of a step. Reasoning models of the R1
        family stay between 0.50 and 0.75, and a companion may have limits of its own.
      </p>
      {!isDefault && (
        <button type="button" className="button" onClick={() => actions.preferences.reset('tone')}>
          Back to the defaults
        </button>
      )}
    </Section>
  );
}
