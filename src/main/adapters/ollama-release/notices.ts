/** @file The licences of what an Ollama release holds; its archives carry none, so they are laid beside what is unpacked. */
import notices from '../../../../resources/notices/runtime.json' with { type: 'json' };
import type { Notice } from './place.ts';

export const releaseNotices: readonly Notice[] = notices;
