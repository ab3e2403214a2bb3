/** @file Entry of the page: chooses the transport, connects, draws. */
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/frame.css';
import './conversations/conversations.css';
import './conversation/conversation.css';
import './conversation/greeting.css';
import './conversation/reply.css';
import './conversation/steering.css';
import './inspector/inspector.css';
import './inspector/parts.css';
import './inspector/recall.css';
import './prose/prose.css';
import './composer/composer.css';
import './strip/strip.css';
import './settings/settings.css';
import './settings/api.css';
import './settings/you.css';
import './models/models.css';
import './runtime/runtime.css';
import './states/states.css';
import './states/first-run.css';
import './companions/companions.css';
import './companions/import.css';
import './companions/card-parts.css';
import './companions/editor.css';
import './memory/memory.css';
import './memory/memory-detail.css';
import './styles/dialog.css';
import './styles/notices.css';
import './settings/tone.css';
import './styles/preferences.css';
import { createRoot } from 'react-dom/client';
import { config } from 'zod';
import { createKeepsakes } from './keepsakes.ts';
import { App } from './shell/app.tsx';
import { ServicesContext } from './shell/services.ts';
import { pageFrames } from './state/store.ts';
import { createBridgeTransport } from './transport-bridge.ts';
import { createSocketTransport, takeToken } from './transport-socket.ts';
import { createWindow } from './window.ts';

// The page's policy forbids code made from text, which zod would otherwise try first.
config({ jitless: true });

const token = () => takeToken(window);
token();
const transport = window.companion ? createBridgeTransport(window.companion) : createSocketTransport(window.location.origin, token);
const keepsakes = window.companion ? createKeepsakes(window) : window.sessionStorage;
const { services, client } = createWindow({ transport, frames: pageFrames, keepsakes });

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <ServicesContext value={services}>
      <App />
    </ServicesContext>,
  );
}
client.start();
window.addEventListener('online', client.retryNow);
// The address printed by the program, opened where this page already is, changes only its fragment.
window.addEventListener('hashchange', () => {
  if (window.location.hash.includes('token=')) window.location.reload();
});
