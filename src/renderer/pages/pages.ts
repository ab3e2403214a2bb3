/** @file The pages beside the conversation, in the order in which the list's foot names them. */
import { Bookmark, type LucideIcon, SlidersHorizontal, Users } from 'lucide-react';
import type { ComponentType } from 'react';
import { CompanionsPage } from '../companions/companions-page.tsx';
import { MemoryPage } from '../memory/memory-page.tsx';
import { SettingsPage } from '../settings/settings-page.tsx';
import type { PageName } from '../shell/view.ts';

type PageEntry = { name: Exclude<PageName, 'conversation'>; label: string; Icon: LucideIcon; Page: ComponentType };

export const pages: readonly PageEntry[] = [
  { name: 'memory', label: 'What is remembered', Icon: Bookmark, Page: MemoryPage },
  { name: 'companions', label: 'Companions', Icon: Users, Page: CompanionsPage },
  { name: 'settings', label: 'Settings', Icon: SlidersHorizontal, Page: SettingsPage },
];

export function pageNamed(name: PageName): PageEntry | undefined {
  return pages.find((page) => page.name === name);
}
