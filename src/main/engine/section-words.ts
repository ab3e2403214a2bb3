/** @file What each part of a prompt is called, and where it comes from, in a person's words. */
import type { SectionName } from '../../shared/conversation.ts';

type Words = { title: string; source: string };

export const sectionWords: Record<SectionName, Words> = {
  mandate: {
    title: 'Ground rules',
    source: 'Fixed text of this program, the same for every character; nothing can change or displace it.',
  },
  persona: { title: 'The character', source: 'The character’s card: description, personality, scenario and system prompt.' },
  person: { title: 'You', source: 'What you wrote about yourself in the settings.' },
  'world-before': { title: 'The world, above the character', source: 'Lorebook entries that are always there.' },
  world: { title: 'The world', source: 'Lorebook entries that are always there.' },
  examples: { title: 'Example dialogue', source: 'The character’s card; the first to go when space is short.' },
  greeting: { title: 'The first words', source: 'The greeting with which this conversation began.' },
  summary: { title: 'Summary of what came before', source: 'Written by the model itself about messages that do not fit any more.' },
  history: { title: 'The conversation so far', source: 'The messages of this conversation, without thoughts.' },
  memory: { title: 'Recalled memories', source: 'What was recalled for your message from earlier conversations and notes.' },
  lore: { title: 'Lore', source: 'Lorebook entries whose keys were mentioned.' },
  now: { title: 'The moment', source: 'The clock of this computer, and how your words sound.' },
  note: { title: 'Notes for this reply', source: 'The author’s note and what you asked of this reply.' },
  'post-history': { title: 'Last words of the card', source: 'The character’s card: post-history instructions.' },
  context: { title: 'Above your words', source: 'Memories, the moment and the card’s last words.' },
  message: { title: 'Your words', source: 'What you wrote, unaltered.' },
  continued: { title: 'The reply so far', source: 'What was written before, so that the reply could go on from there.' },
};
