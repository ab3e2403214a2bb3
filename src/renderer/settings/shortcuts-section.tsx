/** @file The keys that act in the window, and the switch for single letters. */
import { letLettersAct, useLetters } from '../shell/letters.ts';
import { Group, Row, Section, Toggle } from './rows.tsx';

type Key = { keys: readonly string[]; words: string };

const groups: readonly { title: string; keys: readonly Key[] }[] = [
  {
    title: 'Anywhere',
    keys: [
      { keys: ['Ctrl K'], words: 'Search' },
      { keys: ['Ctrl N'], words: 'New conversation' },
      { keys: ['Ctrl ,'], words: 'Settings' },
      { keys: ['Ctrl Z'], words: 'Take back what was just done, while its notice stands; not where you write' },
      { keys: ['F6'], words: 'Next part of the window' },
    ],
  },
  {
    title: 'Writing',
    keys: [
      { keys: ['Enter'], words: 'Send' },
      { keys: ['Shift Enter'], words: 'New line' },
      { keys: ['Esc'], words: 'Stop the reply' },
      { keys: ['Up'], words: 'Change your last message, in an empty box' },
      { keys: ['Left', 'Right'], words: 'Another greeting, before anything is said' },
    ],
  },
  {
    title: 'A message that has the keyboard',
    keys: [
      { keys: ['Alt Up', 'Alt Down'], words: 'To the message above or below' },
      { keys: ['Left', 'Right'], words: 'Other versions' },
      { keys: ['C'], words: 'Copy' },
      { keys: ['R'], words: 'Answer again' },
      { keys: ['E'], words: 'Change the words' },
      { keys: ['B'], words: 'Go on from here in another way' },
      { keys: ['W'], words: 'Why this reply' },
      { keys: ['Alt Enter'], words: 'Go on with the reply' },
      { keys: ['End'], words: 'The newest message' },
    ],
  },
];

const isMac = () => /Mac/.test(navigator.platform);
const onThisSystem = (keys: string) => (isMac() ? keys.replace('Ctrl', 'Cmd').replace('Alt', 'Option') : keys);

export function ShortcutsSection() {
  const letters = useLetters();
  return (
    <Section title="Shortcuts" words="Single letters act only while a message has the keyboard, never while you write.">
      <Group>
        <Row label="Single letters" words="Off: C, R, E, B and W do nothing in the conversation. Everything else works as before.">
          <Toggle label="Single letters" on={letters} onChange={letLettersAct} />
        </Row>
      </Group>
      {groups.map(({ title, keys }) => (
        <Group key={title} title={title}>
          {keys.map((key) => (
            <Row key={key.words} label={key.words}>
              <span className="setting-keys" data-off={(!letters && key.keys.every((each) => each.length === 1)) || undefined}>
                {key.keys.map((each) => (
                  <kbd key={each}>{onThisSystem(each)}</kbd>
                ))}
              </span>
            </Row>
          ))}
        </Group>
      ))}
    </Section>
  );
}
