/** @file More of the page of memories: what is shown besides, and the file in which they travel. */
import { CalendarDays, Download, History, type LucideIcon, Pause, Pin, Play, Upload, Users } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useRef } from 'react';
import type { CharacterSummary } from '../../shared/character.ts';
import { useLock } from '../settings/rows.tsx';
import { useServices, useWindow } from '../shell/services.ts';

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

/** Hands the person a file, as any download. */
function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

export function MemoryMenu({ companion, Icon }: { companion: CharacterSummary; Icon: LucideIcon }) {
  const { actions } = useServices();
  const filter = useWindow((state) => state.memory.filter);
  const file = useRef<HTMLInputElement>(null);
  const on = useWindow((state) => state.told?.settings.memory.on ?? true);
  const locked = useLock('memory.on') !== undefined;
  const sharing = useWindow((state) => state.told?.settings.memory.shared ?? false);
  const { pinned, shared, superseded, since, ...rest } = filter;
  const toggle = (next: typeof filter) => actions.memory.narrow(next);
  const with_ = (more: typeof filter) => ({
    ...rest,
    ...(pinned ? { pinned } : {}),
    ...(shared ? { shared } : {}),
    ...(superseded ? { superseded } : {}),
    ...(since === undefined ? {} : { since }),
    ...more,
  });
  const without = (name: 'pinned' | 'shared' | 'superseded' | 'since') => {
    const next = with_({});
    delete next[name];
    return next;
  };
  const exportAll = async () => {
    const text = await actions.memory.exportAll(companion.id);
    if (text !== undefined) save(`${companion.name} remembers.json`, text);
  };
  const importAll = async (chosen: File | undefined) => {
    if (chosen) await actions.memory.importAll(companion.id, chosen);
  };
  return (
    <>
      <input
        ref={file}
        type="file"
        accept=".json,application/json"
        hidden
        onChange={(event) => {
          void importAll(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="tool" aria-label="More" title="More">
          <Icon aria-hidden />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu" align="end" sideOffset={4} collisionPadding={8}>
            <DropdownMenu.CheckboxItem
              checked={pinned === true}
              onCheckedChange={(on) => toggle(on ? with_({ pinned: true }) : without('pinned'))}
            >
              <Pin aria-hidden />
              Only pinned
            </DropdownMenu.CheckboxItem>
            {sharing && (
              <DropdownMenu.CheckboxItem
                checked={shared === true}
                onCheckedChange={(on) => toggle(on ? with_({ shared: true }) : without('shared'))}
              >
                <Users aria-hidden />
                Only shared
              </DropdownMenu.CheckboxItem>
            )}
            <DropdownMenu.CheckboxItem
              checked={since !== undefined}
              onCheckedChange={(on) => toggle(on ? with_({ since: Date.now() - WEEK_MS }) : without('since'))}
            >
              <CalendarDays aria-hidden />
              Only of the last week
            </DropdownMenu.CheckboxItem>
            <DropdownMenu.CheckboxItem
              checked={superseded === true}
              onCheckedChange={(on) => toggle(on ? with_({ superseded: true }) : without('superseded'))}
            >
              <History aria-hidden />
              Also what is no longer true
            </DropdownMenu.CheckboxItem>
            <DropdownMenu.Separator />
            {!locked && (
              <DropdownMenu.Item onSelect={() => actions.preferences.change({ memory: { on: !on } })}>
                {on ? <Pause aria-hidden /> : <Play aria-hidden />}
                {on ? 'Turn memory off' : 'Turn memory on'}
              </DropdownMenu.Item>
            )}
            <DropdownMenu.Item onSelect={() => void exportAll()}>
              <Download aria-hidden />
              Export as a file
            </DropdownMenu.Item>
            <DropdownMenu.Item onSelect={() => file.current?.click()}>
              <Upload aria-hidden />
              Import a file
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </>
  );
}
