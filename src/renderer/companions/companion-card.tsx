/** @file One companion in the library: a press talks, a menu does the rest. */
import { Copy, Download, Ellipsis, Pencil, RotateCcw, Trash2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { type ExportFormat, exportFormats, type LibraryEntry } from '../../shared/characters.ts';
import { Landscape } from '../conversation/avatar.tsx';
import { listTime } from '../conversation/when.ts';
import { focusWriting } from '../shell/keyboard.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { showPage } from '../shell/view.ts';
import { companionOf } from '../state/window-state.ts';
import { hueOf, usePicture } from './face.tsx';

const formatWords: Readonly<Record<ExportFormat, string>> = { png: 'Save as PNG card', json: 'Save as JSON', charx: 'Save as CHARX' };

function CardMenu({ entry }: { entry: LibraryEntry }) {
  const { cards } = useServices().actions;
  const isSarah = entry.source === 'built-in';
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="tool small companion-more" aria-label={`More for ${entry.name}`} title="More">
        <Ellipsis aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4} collisionPadding={8}>
          <DropdownMenu.Item onSelect={() => cards.edit(entry.id)}>
            <Pencil aria-hidden />
            Edit
          </DropdownMenu.Item>
          <DropdownMenu.Item onSelect={() => void cards.duplicate(entry.id)}>
            <Copy aria-hidden />
            Duplicate
          </DropdownMenu.Item>
          {exportFormats.map((format) => (
            <DropdownMenu.Item key={format} onSelect={() => void cards.exportAs(entry.id, format)}>
              <Download aria-hidden />
              {formatWords[format]}
            </DropdownMenu.Item>
          ))}
          {isSarah && entry.edited && (
            <DropdownMenu.Item onSelect={() => void cards.remove(entry)}>
              <RotateCcw aria-hidden />
              As she came
            </DropdownMenu.Item>
          )}
          {!isSarah && (
            <DropdownMenu.Item className="danger" onSelect={() => void cards.remove(entry)}>
              <Trash2 aria-hidden />
              Delete
            </DropdownMenu.Item>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function conversationsOf({ conversations, lastTalkedAt }: LibraryEntry, now: number): string[] {
  if (conversations === 0 || lastTalkedAt === undefined) return ['Never opened'];
  return [listTime(lastTalkedAt, now), `${conversations} ${conversations === 1 ? 'conversation' : 'conversations'}`];
}

export function CompanionCard({ entry, now }: { entry: LibraryEntry; now: number }) {
  const { actions, view } = useServices();
  const current = useWindow((state) => companionOf(state)?.id === entry.id);
  const picture = usePicture(entry);
  const talk = () => {
    actions.shelf.talkWith(entry.id);
    showPage(view, 'conversation');
    focusWriting();
  };
  return (
    <article className="companion-card" data-current={current || undefined} style={hueOf(entry)}>
      <button type="button" className="companion-open" onClick={talk}>
        <span className="companion-art">{picture ? <img src={picture} alt="" /> : <Landscape />}</span>
        <b className="companion-title clip">{entry.name}</b>
        {entry.firstMessage && <q className="companion-quote">{entry.firstMessage.slice(0, 200)}</q>}
        <span className="companion-foot">
          {current && <span className="card-chip">Talking now</span>}
          {conversationsOf(entry, now)
            .slice(current ? -1 : 0)
            .map((words) => (
              <span key={words} className="clip">
                {words}
              </span>
            ))}
        </span>
      </button>
      <CardMenu entry={entry} />
    </article>
  );
}
