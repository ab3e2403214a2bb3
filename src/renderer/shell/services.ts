/** @file What every part of the window may use. */
import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { Actions } from '../actions/actions.ts';
import type { Keepsakes } from '../actions/ground.ts';
import type { Notices } from '../state/notices.ts';
import type { WindowStore } from '../state/store.ts';
import type { WindowState } from '../state/window-state.ts';
import type { View } from './view.ts';

export type Services = {
  store: WindowStore;
  actions: Actions;
  notices: Notices;
  view: View;
  keepsakes: Keepsakes;
};

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error('Drawn outside the window.');
  return services;
}

/** A part of the window's state; drawn anew only when that part changes. */
export function useWindow<Part>(select: (state: WindowState) => Part): Part {
  return useStore(useServices().store.api, select);
}
