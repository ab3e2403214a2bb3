/** @file What is dropped on the window or pasted into it, wherever one is: a card is looked at, a model file is added. */
import { FileText } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CardFile } from '../actions/cards.ts';
import { useServices } from './services.ts';
import { showPage } from './view.ts';

const isFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;

/** Text that can only be meant as a card; a person's own JSON in the writing box stays theirs. */
const looksLikeCard = (text: string) => /^\s*\{/.test(text) && /"(?:chara_card_v[23]|first_mes|char_persona)"/.test(text);

const isModel = (file: File) => /\.gguf$/i.test(file.name);

export function FileDrop() {
  const { actions, view, notices } = useServices();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const take = (files: readonly CardFile[]) => {
      showPage(view, 'companions');
      actions.cards.look(files);
    };
    const takeModel = (file: File) => {
      showPage(view, 'settings', 'model');
      if (window.companion) return actions.models.importDropped(file);
      const text = 'A browser does not say where a file lies; give its path under Add a GGUF file.';
      return notices.show({ text, kind: 'trouble' });
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
      const files = [...(event.dataTransfer?.files ?? [])];
      const model = files.find(isModel);
      if (model) takeModel(model);
      else if (files.length > 0) take(files.map((file) => ({ file, name: file.name })));
    };
    const pasted = (event: ClipboardEvent) => {
      const [file] = event.clipboardData?.files ?? [];
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const inField = event.target instanceof Element && event.target.closest('input, textarea') !== null;
      if (file) take([{ file, name: file.name || 'pasted card' }]);
      else if (!inField && looksLikeCard(text)) take([{ file: new Blob([text]), name: 'pasted card' }]);
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
  }, [actions, view, notices]);
  if (!over) return null;
  return (
    <div className="file-drop" aria-hidden>
      <span>
        <FileText />
        Drop a card to look inside before anything is added, or a GGUF file to add the model.
      </span>
    </div>
  );
}
