/** @file Writing a companion, or changing one: every text of the card with what it costs, the picture, the colour, the lore. */
import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CardEdit, CardText } from '../../shared/characters.ts';
import type { ShownCompanion } from '../actions/cards.ts';
import { PageFrame } from '../pages/page-frame.tsx';
import { useServices } from '../shell/services.ts';
import { leave } from '../shell/view.ts';
import { ChoicesEditor } from './choices-editor.tsx';
import { type Counts, emptyDraft, sameDraft, useCounts, withItem, withoutItem } from './draft.ts';
import { EditorSection, ListField, TextField } from './editor-fields.tsx';
import { type Chosen, Side } from './editor-side.tsx';
import { LoreEditor } from './lore-editor.tsx';
import { useModelChoice } from './model-choice.tsx';
import { UnsavedDialog, useUnsaved } from './unsaved.tsx';

type OnText = (part: Partial<CardText>) => void;

function Greetings({ text, counts, onText }: { text: CardText; counts: Counts | undefined; onText: OnText }) {
  const { alternateGreetings: others } = text;
  return (
    <EditorSection title="Greetings" words="How a conversation begins. You choose among them before anything is said.">
      <TextField
        label="First words"
        rows={3}
        voice
        value={text.firstMessage}
        tokens={counts?.firstMessage}
        onChange={(firstMessage) => onText({ firstMessage })}
      />
      {others.map((greeting, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: greetings have no other name.
        <div key={index} className="editor-removable">
          <TextField
            label={`Another beginning, ${index + 1}`}
            rows={2}
            voice
            value={greeting}
            tokens={counts?.alternateGreetings[index]}
            onChange={(next) => onText({ alternateGreetings: withItem(others, index, next) })}
          />
          <button
            type="button"
            className="tool small"
            aria-label={`Remove beginning ${index + 1}`}
            title="Remove"
            onClick={() => onText({ alternateGreetings: withoutItem(others, index) })}
          >
            <Trash2 aria-hidden />
          </button>
        </div>
      ))}
      <button type="button" className="button" onClick={() => onText({ alternateGreetings: [...others, ''] })}>
        <Plus aria-hidden />
        Add another
      </button>
    </EditorSection>
  );
}

function Texts({ text, counts, onText }: { text: CardText; counts: Counts | undefined; onText: OnText }) {
  return (
    <>
      <EditorSection title="Who it is">
        <div className="editor-pair">
          <TextField label="Name" value={text.name} most={100} onChange={(name) => onText({ name })} />
          <TextField
            label="Called"
            hint="Where it is not the name."
            value={text.nickname}
            most={100}
            onChange={(nickname) => onText({ nickname })}
          />
        </div>
        <TextField
          label="Description"
          rows={6}
          voice
          value={text.description}
          tokens={counts?.description}
          onChange={(description) => onText({ description })}
        />
        <TextField
          label="Personality"
          rows={3}
          voice
          value={text.personality}
          tokens={counts?.personality}
          onChange={(personality) => onText({ personality })}
        />
        <TextField
          label="Scenario"
          hint="Where you are. Empty: here and now."
          rows={2}
          voice
          value={text.scenario}
          tokens={counts?.scenario}
          onChange={(scenario) => onText({ scenario })}
        />
      </EditorSection>
      <Greetings text={text} counts={counts} onText={onText} />
      <EditorSection title="How it speaks">
        <TextField
          label="System prompt"
          hint="Goes below the app’s own first message. It cannot replace it."
          rows={5}
          value={text.systemPrompt}
          tokens={counts?.systemPrompt}
          onChange={(systemPrompt) => onText({ systemPrompt })}
        />
        <TextField
          label="Examples"
          hint="Begin each with <START>; {{user}} is you and {{char}} the companion."
          rows={5}
          value={text.messageExamples}
          tokens={counts?.messageExamples}
          onChange={(messageExamples) => onText({ messageExamples })}
        />
        <TextField
          label="After the conversation"
          hint="Repeated at the end of every prompt, so it steers more than anything else."
          rows={2}
          value={text.postHistory}
          tokens={counts?.postHistory}
          onChange={(postHistory) => onText({ postHistory })}
        />
      </EditorSection>
    </>
  );
}

function Notes({ text, onText }: { text: CardText; onText: OnText }) {
  return (
    <EditorSection title="For others" words="Goes into exported cards, and never into the prompt.">
      <ListField label="Tags" values={text.tags} onChange={(tags) => onText({ tags })} />
      <TextField label="Notes" rows={3} value={text.creatorNotes} onChange={(creatorNotes) => onText({ creatorNotes })} />
      <div className="editor-pair">
        <TextField label="Made by" value={text.creator} most={100} onChange={(creator) => onText({ creator })} />
        <TextField label="Version" value={text.characterVersion} most={100} onChange={(characterVersion) => onText({ characterVersion })} />
      </div>
    </EditorSection>
  );
}

/** Beginnings that nobody wrote are none. */
function tidy(draft: CardEdit): CardEdit {
  const { text } = draft;
  const alternateGreetings = text.alternateGreetings.filter((greeting) => greeting.trim() !== '');
  return { ...draft, text: { ...text, name: text.name.trim(), alternateGreetings } };
}

/** The companion that is edited; null while it is fetched. A new one is there at once. */
function useDraft(id: string | undefined) {
  const { cards } = useServices().actions;
  const [shown, setShown] = useState<ShownCompanion>();
  const [draft, setDraft] = useState<CardEdit | null>(id === undefined ? emptyDraft : null);
  const [first, setFirst] = useState(draft);
  useEffect(() => {
    if (id === undefined) return;
    void cards.show(id).then((found) => {
      if (!found) return cards.closeEditor();
      setShown(found);
      const there = { text: found.text, accent: found.character.accent, options: found.character.options };
      setFirst(there);
      setDraft(there);
    });
  }, [cards, id]);
  return { shown, draft, setDraft, changed: !sameDraft(first, draft) };
}

export function Editor({ id }: { id: string | undefined }) {
  const { actions, notices, view } = useServices();
  const { cards } = actions;
  const { shown, draft, setDraft, changed } = useDraft(id);
  const [chosen, setChosen] = useState<Chosen>();
  const [saving, setSaving] = useState(false);
  const counts = useCounts(draft?.text ?? emptyDraft.text);
  const model = useModelChoice(id);
  useUnsaved(changed || chosen !== undefined || model.changed);
  const title = id === undefined ? 'A new companion' : `Edit ${shown?.character.name ?? ''}`;
  if (!draft) return <PageFrame title={title}>{null}</PageFrame>;
  const onText: OnText = (part) => setDraft({ ...draft, text: { ...draft.text, ...part } });
  const save = async (): Promise<boolean> => {
    const edit = tidy(draft);
    if (edit.text.name === '') {
      notices.show({ text: 'A companion needs a name; nothing was lost, so write one and save again.', kind: 'trouble' });
      return false;
    }
    setSaving(true);
    const kept = await cards.save(id, edit, chosen === undefined ? undefined : (chosen?.blob ?? null));
    setSaving(false);
    if (kept === undefined) return false;
    model.keep(kept);
    cards.closeEditor();
    return true;
  };
  const side = (
    <>
      <button type="button" className="button ghost" onClick={() => leave(view, cards.closeEditor)}>
        Cancel
      </button>
      <button type="button" className="button primary" disabled={saving} onClick={() => void save()}>
        Save
      </button>
    </>
  );
  return (
    <PageFrame title={title} side={side}>
      <UnsavedDialog name={draft.text.name || 'this companion'} save={save} drop={cards.closeEditor} />
      <div className="companion-editor">
        <Side
          draft={draft}
          shown={shown}
          chosen={chosen}
          counts={counts}
          onAccent={(accent) => setDraft({ ...draft, accent })}
          onPicture={setChosen}
        />
        <div className="editor-body">
          <Texts text={draft.text} counts={counts} onText={onText} />
          <LoreEditor text={draft.text} tokens={counts?.lore} onChange={onText} />
          <ChoicesEditor
            options={draft.options}
            name={draft.text.name}
            model={model}
            onChange={(options) => setDraft({ ...draft, options })}
          />
          <Notes text={draft.text} onText={onText} />
        </div>
      </div>
    </PageFrame>
  );
}
