/** @file The choice between light, dark and the system's own. */
import { Monitor, Moon, Sun } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { chooseTheme, type Theme, themes, useTheme } from './theme.ts';

const looks = {
  system: { words: 'As the system', Icon: Monitor },
  light: { words: 'Light', Icon: Sun },
  dark: { words: 'Dark', Icon: Moon },
} as const;

export function ThemeMenu() {
  const theme = useTheme();
  const { Icon, words } = looks[theme];
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="tool small" aria-label={`Look: ${words}`} title="Look">
        <Icon aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4} collisionPadding={8}>
          <DropdownMenu.RadioGroup value={theme} onValueChange={(value) => chooseTheme(value as Theme)}>
            {themes.map((each) => {
              const look = looks[each];
              return (
                <DropdownMenu.RadioItem key={each} value={each}>
                  <look.Icon aria-hidden />
                  {look.words}
                </DropdownMenu.RadioItem>
              );
            })}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
