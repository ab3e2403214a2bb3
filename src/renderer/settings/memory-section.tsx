/** @file Whether anything is remembered, where it lies, and the way to the page where it can be changed. */
import { useServices, useWindow } from '../shell/services.ts';
import { showPage } from '../shell/view.ts';
import { Group, Row, Section, Toggle } from './rows.tsx';

export function MemorySection() {
  const { actions, view } = useServices();
  const on = useWindow((state) => state.told?.settings.memory.on ?? true);
  const shared = useWindow((state) => state.told?.settings.memory.shared ?? false);
  return (
    <Section
      title="Memory"
      words="What your companions note of what you tell them, and recall when it helps. All of it stays on this disk."
    >
      <Group>
        <Row label="Remember" path="memory.on" words="Off: nothing is learnt and nothing is recalled. What is there is kept.">
          <Toggle label="Remember" on={on} onChange={(next) => actions.preferences.change({ memory: { on: next } })} />
        </Row>
        <Row
          label="Share among companions"
          path="memory.shared"
          words="Off: no companion reads what you told another. On: all of them know what you pinned, and the notes that you share one by one."
        >
          <Toggle
            label="Share among companions"
            on={shared}
            onChange={(next) => actions.preferences.change({ memory: { shared: next } })}
          />
        </Row>
        <Row label="What is remembered" words="Every note with the sentence it came from: search, change, pin, forget, export.">
          <button type="button" className="button" onClick={() => showPage(view, 'memory')}>
            Open
          </button>
        </Row>
        <Row
          label="Where it lies"
          words="Messages, notes and summaries: conversations.db in the data folder, and its backups. The index for recall: in memory only. Nothing is encrypted by this program."
        />
      </Group>
    </Section>
  );
}
