/** @file Beside the editor: the picture, the colour of the room, what the whole card costs. */
import { ImagePlus, Trash2 } from 'lucide-react';
import type { CardEdit } from '../../shared/characters.ts';
import type { ShownCompanion } from '../actions/cards.ts';
import { Landscape } from '../conversation/avatar.tsx';
import { useServices } from '../shell/services.ts';
import type { Counts } from './draft.ts';
import { hueOf, usePicture } from './face.tsx';
import { useFileChoice } from './file-choice.tsx';
import { redraw } from './redraw.ts';

/** undefined: as it was. null: none. */
export type Chosen = { blob: Blob; address: string } | null | undefined;

export function Side({
  draft,
  shown,
  chosen,
  counts,
  onAccent,
  onPicture,
}: {
  draft: CardEdit;
  shown: ShownCompanion | undefined;
  chosen: Chosen;
  counts: Counts | undefined;
  onAccent: (accent: CardEdit['accent']) => void;
  onPicture: (picture: Chosen) => void;
}) {
  const { notices } = useServices();
  const kept = usePicture(shown && { id: shown.character.id, ...pictureOf(shown) });
  const address = chosen === undefined ? kept : chosen?.address;
  const file = useFileChoice('image/*', ([picked]) => {
    void redraw(picked).then((blob) => {
      if (blob) onPicture({ blob, address: URL.createObjectURL(blob) });
      else notices.show({ text: 'This picture cannot be read; the old one stays, so choose another one.', kind: 'trouble' });
    });
  });
  const always =
    counts && counts.description + counts.personality + counts.scenario + counts.systemPrompt + counts.postHistory + counts.constantLore;
  return (
    <aside className="editor-side" style={hueOf(draft)}>
      {file.field}
      <span className="import-art">{address ? <img src={address} alt="" /> : <Landscape />}</span>
      <div className="editor-row">
        <button type="button" className="button small" onClick={file.choose}>
          <ImagePlus aria-hidden />
          {address ? 'Change picture' : 'Add a picture'}
        </button>
        {address && (
          <button
            type="button"
            className="tool small"
            aria-label="Remove the picture"
            title="Remove the picture"
            onClick={() => onPicture(null)}
          >
            <Trash2 aria-hidden />
          </button>
        )}
      </div>
      <label className="editor-hue">
        <span>Colour of the room</span>
        <input
          type="range"
          min={0}
          max={360}
          value={draft.accent.hue}
          onChange={(event) => onAccent({ ...draft.accent, hue: event.target.valueAsNumber })}
        />
      </label>
      <label className="editor-hue plain">
        <span>Strength of it</span>
        <input
          type="range"
          min={0}
          max={0.14}
          step={0.005}
          value={draft.accent.chroma}
          onChange={(event) => onAccent({ ...draft.accent, chroma: event.target.valueAsNumber })}
        />
      </label>
      {always !== undefined && (
        <dl className="card-figures" aria-live="polite">
          <dt>Always in prompt</dt>
          <dd>{always} tokens</dd>
          <dt>Examples</dt>
          <dd>{counts?.messageExamples ?? 0}</dd>
          <dt>Lorebook</dt>
          <dd>{counts?.lore ?? 0}</dd>
        </dl>
      )}
    </aside>
  );
}

const pictureOf = ({ avatar }: { avatar?: string | undefined }) => (avatar === undefined ? {} : { avatar });
