/** @file What a person chooses for one companion: how it thinks, how far moods move it, who the person is for it. */
import type { CharacterOptions } from '../../shared/character.ts';
import { Segments } from '../settings/rows.tsx';
import { EditorSection, NumberField, TextField, Tick } from './editor-fields.tsx';
import { type ModelChoice, ModelField } from './model-choice.tsx';

const thinking = [
  { value: 'model', words: 'As the model does' },
  { value: 'on', words: 'Always' },
  { value: 'short', words: 'Briefly' },
  { value: 'off', words: 'Never' },
] as const;

export function ChoicesEditor({
  options,
  name,
  model,
  onChange,
}: {
  options: CharacterOptions;
  name: string;
  model: ModelChoice;
  onChange: (options: CharacterOptions) => void;
}) {
  const { tone, person } = options;
  const limit = (part: { lowest?: number | undefined; highest?: number | undefined }) => {
    const { lowest, highest } = { lowest: tone.lowest, highest: tone.highest, ...part };
    const limits = { ...(lowest === undefined ? {} : { lowest }), ...(highest === undefined ? {} : { highest }) };
    onChange({ ...options, tone: { enabled: tone.enabled, ...limits } });
  };
  const be = (part: Partial<NonNullable<CharacterOptions['person']>>) => {
    const next = { name: '', about: '', ...person, ...part };
    const { person: _, ...rest } = options;
    onChange(next.name === '' && next.about === '' ? rest : { ...rest, person: next });
  };
  return (
    <EditorSection title="With you" words="Yours, and never in a card that you export.">
      <div className="editor-field">
        <span className="editor-caption">Thinks before it speaks</span>
        <Segments
          label="Thinks before it speaks"
          value={options.thinking}
          choices={thinking}
          onChoose={(value) => onChange({ ...options, thinking: value })}
        />
        <p className="card-note">Where the model can. Thinking makes answers slower, and some of them better.</p>
      </div>
      <div className="editor-row">
        <Tick
          label="Follows your mood"
          checked={tone.enabled}
          onChange={(enabled) => onChange({ ...options, tone: { ...tone, enabled } })}
        />
        {tone.enabled && (
          <NumberField
            label="Temperature at least"
            placeholder="the model’s"
            max={2}
            step={0.05}
            value={tone.lowest}
            onChange={(lowest) => limit({ lowest })}
          />
        )}
        {tone.enabled && (
          <NumberField
            label="At most"
            placeholder="the model’s"
            max={2}
            step={0.05}
            value={tone.highest}
            onChange={(highest) => limit({ highest })}
          />
        )}
      </div>
      <TextField
        label={`Your name for ${name || 'this companion'}`}
        hint="Empty: the one in the settings."
        value={person?.name ?? ''}
        most={100}
        onChange={(value) => be({ name: value })}
      />
      <TextField label="A few words about you" rows={3} value={person?.about ?? ''} most={2_000} onChange={(about) => be({ about })} />
      <ModelField {...model} />
    </EditorSection>
  );
}
