/** @file Sets the chosen theme before the first picture is drawn; the page's own script does the rest. */
try {
  const theme = localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the system's theme is the right one.
}
