/** @file The sections of the settings, in the order in which they are named. */
import { Bookmark, Cpu, Info, Keyboard, type LucideIcon, Paintbrush, Plug, SlidersHorizontal, Spline, UserRound } from 'lucide-react';
import type { ComponentType } from 'react';
import { AboutSection } from './about-section.tsx';
import { ApiSection } from './api-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { GenerationSection } from './generation-section.tsx';
import { MemorySection } from './memory-section.tsx';
import { ModelSection } from './model-section.tsx';
import { ShortcutsSection } from './shortcuts-section.tsx';
import { ToneSection } from './tone-section.tsx';
import { YouSection } from './you-section.tsx';

type SectionEntry = { name: string; label: string; Icon: LucideIcon; Section: ComponentType };

export const sections: readonly SectionEntry[] = [
  { name: 'model', label: 'Model', Icon: Cpu, Section: ModelSection },
  { name: 'you', label: 'You', Icon: UserRound, Section: YouSection },
  { name: 'memory', label: 'Memory', Icon: Bookmark, Section: MemorySection },
  { name: 'generation', label: 'Generation', Icon: SlidersHorizontal, Section: GenerationSection },
  { name: 'tone', label: 'Tone', Icon: Spline, Section: ToneSection },
  { name: 'api', label: 'Local API', Icon: Plug, Section: ApiSection },
  { name: 'appearance', label: 'Appearance', Icon: Paintbrush, Section: AppearanceSection },
  { name: 'shortcuts', label: 'Shortcuts', Icon: Keyboard, Section: ShortcutsSection },
  { name: 'about', label: 'About', Icon: Info, Section: AboutSection },
];
