/** @file Cards that are dropped on the window or pasted into it: looked at, wherever one is. */
import { FileText } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useServices } from '../shell/services.ts';
import { showPage } from '../shell/view.ts';

const isFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;

/** Text that can only be meant as a card; a person's own JSON in the writing box stays theirs. */
const looksLikeCard = (text: string) => /^\s*\{/.test(text) && /"(?:chara_card_v[23]|first_mes|char_persona)"/.test(text);

export function CardDrop() {
  const { actions, view } = useServices();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const take = (file: Blob, name: string) => {
      showPage(view, 'companions');
      actions.cards.look(file, name);
    };
    const dragged = (event: DragEvent) => {
      if (!isFile(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const left = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const dropped = (event: DragEvent) => {
      if (!isFile(event)) return;
      event.preventDefault();
      setOver(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file) take(file, file.name);
    };
    const pasted = (event: ClipboardEvent) => {
      const [file] = event.clipboardData?.files ?? [];
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const inField = event.target instanceof Element && event.target.closest('input, textarea') !== null;
      if (file) take(file, file.name || 'pasted card');
      else if (!inField && looksLikeCard(text)) take(new Blob([text]), 'pasted card');
      else return;
      event.preventDefault();
    };
    window.addEventListener('dragover', dragged);
    window.addEventListener('dragleave', left);
    window.addEventListener('drop', dropped);
    window.addEventListener('paste', pasted);
    return () => {
      window.removeEventListener('dragover', dragged);
      window.removeEventListener('dragleave', left);
      window.removeEventListener('drop', dropped);
      window.removeEventListener('paste', pasted);
    };
  }, [actions, view]);
  if (!over) return null;
  return (
    <div className="card-drop" aria-hidden>
      <span>
        <FileText />
        Drop to look inside. Nothing is added yet.
      </span>
    </div>
  );
}
