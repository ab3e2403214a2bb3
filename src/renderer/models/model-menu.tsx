/** @file Which model answers in this conversation, and another one in its place: in the strip, where its name stands. */
import { Cpu, Settings2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { isSameModel } from '../../shared/model-names.ts';
import type { ModelsState } from '../../shared/models.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { showPage } from '../shell/view.ts';
import { lastReport } from '../strip/figures.ts';
import { labelOf, rereadWords } from './model-words.ts';

/** What stands above the conversation's own choice: its companion's, else the default. */
function usual(models: ModelsState, characterId: string | undefined): string {
  return (characterId === undefined ? undefined : models.byCharacter[characterId]) ?? models.answering;
}

function Choices({ models }: { models: ModelsState }) {
  const { actions } = useServices();
  const conversation = useWindow((state) => state.thread?.conversation);
  const prompt = useWindow((state) => lastReport(state.thread?.messages ?? [])?.usage?.promptTokens);
  const locked = useWindow((state) => state.told?.locked['model.name'] !== undefined);
  const own = conversation?.model;
  const byDefault = usual(models, conversation?.characterId);
  const choose = (value: string) => {
    if (conversation) actions.models.choose(value === '' ? null : value, { conversationId: conversation.id });
    else actions.models.choose(value === '' ? null : value, {});
  };
  const talking = models.models.filter(({ converses }) => converses);
  const now = conversation ? (own ?? '') : models.answering;
  return (
    <>
      <DropdownMenu.Label className="menu-label">
        {conversation ? 'Answers in this conversation' : 'Answers in new conversations'}
      </DropdownMenu.Label>
      <DropdownMenu.RadioGroup value={talking.find(({ name }) => isSameModel(name, now))?.name ?? now} onValueChange={choose}>
        {conversation && <DropdownMenu.RadioItem value="">As usual: {labelOf(models, byDefault)}</DropdownMenu.RadioItem>}
        {talking.map(({ name, label }) => (
          <DropdownMenu.RadioItem key={name} value={name} disabled={!conversation && locked}>
            {label}
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
      <p className="menu-note">{rereadWords(conversation ? prompt : undefined)}</p>
    </>
  );
}

export function ModelMenu({ title, children }: { title: string; children: ReactNode }) {
  const { view, actions } = useServices();
  const models = useWindow((state) => state.models);
  /** Which engine answers, and no other. */
  const why = useWindow((state) => state.model?.choice?.because);
  return (
    <DropdownMenu.Root modal={false} onOpenChange={(open) => open && actions.models.load()}>
      <DropdownMenu.Trigger className="model strip-model" title={title}>
        <Cpu aria-hidden />
        {children}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu model-menu" align="start" side="top" sideOffset={6} collisionPadding={8}>
          {models && models.models.length > 0 && <Choices models={models} />}
          {why && <p className="menu-note">{why}</p>}
          <DropdownMenu.Separator className="menu-line" />
          <DropdownMenu.Item onSelect={() => showPage(view, 'settings', 'model')}>
            <Settings2 aria-hidden />
            Models and engine
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
