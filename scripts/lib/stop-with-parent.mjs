/** @file Loaded into the engine before its own program: it stops in good order when the script that started it was killed. */
import { onParentGone } from './parent.mjs';

onParentGone(() => process.kill(process.pid, 'SIGTERM'));
