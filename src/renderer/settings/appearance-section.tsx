/** @file The look of the window. */
import { chooseTheme, type Theme, useTheme } from '../shell/theme.ts';
import { Group, Row, Section, Segments } from './rows.tsx';

const looks: readonly { value: Theme; words: string }[] = [
  { value: 'light', words: 'Light' },
  { value: 'dark', words: 'Dark' },
  { value: 'system', words: 'As the system' },
];

export function AppearanceSection() {
  const theme = useTheme();
  return (
    <Section title="Appearance" words="The room takes its tint from whoever you are talking to.">
      <Group>
        <Row label="Theme">
          <Segments label="Theme" value={theme} choices={looks} onChoose={chooseTheme} />
        </Row>
      </Group>
    </Section>
  );
}
