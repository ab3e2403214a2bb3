/** @file What this program is. */
import { useWindow } from '../shell/services.ts';
import { Group, Row, Section } from './rows.tsx';

export function AboutSection() {
  const version = useWindow((state) => state.version);
  return (
    <Section title="About" words="Runs on your computer, for one person. No account, no statistics, no look for updates.">
      <Group>
        <Row label={`Persona Engine ${version}`} words="Free software under the MIT licence." />
      </Group>
    </Section>
  );
}
