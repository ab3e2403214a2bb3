/** @file How the person's mood moves the sampling numbers. */
import { useServices, useWindow } from '../shell/services.ts';
import { Group, Row, Section, Toggle } from './rows.tsx';

export function ToneSection() {
  const { actions } = useServices();
  const on = useWindow((state) => state.told?.settings.tone.on ?? true);
  return (
    <Section
      title="Tone"
      words="A glad message makes replies freer, a sad one steadier. Neutral ones use exactly the numbers that are set."
    >
      <Group>
        <Row label="Follow my mood" words="Off: every reply uses the same numbers.">
          <Toggle label="Follow my mood" on={on} onChange={(next) => actions.preferences.change({ tone: { on: next } })} />
        </Row>
      </Group>
    </Section>
  );
}
