/** @file The settings: one section at a time, its name beside it. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { PageFrame } from '../pages/page-frame.tsx';
import { useServices, useWindow } from '../shell/services.ts';
import { sections } from './sections.ts';

export function SettingsPage() {
  const { view, actions } = useServices();
  const section = useStore(view, (state) => state.section);
  const connection = useWindow((state) => state.connection);
  const shown = sections.find(({ name }) => name === section) ?? sections[0];
  useEffect(() => {
    if (connection === 'open') actions.preferences.load();
  }, [actions, connection]);
  return (
    <PageFrame title="Settings">
      <div className="settings">
        <nav className="settings-nav" aria-label="Sections">
          {sections.map(({ name, label, Icon }) => (
            <button
              key={name}
              type="button"
              className="page-link"
              aria-current={name === shown?.name ? 'true' : undefined}
              onClick={() => view.setState({ section: name })}
            >
              <Icon aria-hidden />
              {label}
            </button>
          ))}
        </nav>
        <div className="settings-body">{shown && <shown.Section />}</div>
      </div>
    </PageFrame>
  );
}
