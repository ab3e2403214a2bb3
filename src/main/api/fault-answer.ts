/** @file What a fault is in HTTP. */
import { Fault, type FaultCode } from '../../shared/faults.ts';
import { type Answer, errorAnswer } from './respond.ts';

const statuses: Readonly<Record<FaultCode, number>> = {
  'bad-request': 400,
  'too-large': 413,
  'too-many-requests': 429,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'unsupported-media-type': 415,
  'conversation-not-found': 404,
  'character-not-found': 404,
  'turn-not-found': 404,
  'model-offline': 503,
  'model-missing': 503,
  'model-loading-failed': 503,
  'model-timeout': 504,
  'model-overloaded': 503,
  'model-crashed': 502,
  'model-failed': 502,
  'context-overflow': 400,
  'prompt-too-large': 400,
  'engine-missing': 503,
  'port-taken': 503,
  'download-failed': 503,
  cancelled: 503,
  'store-full': 507,
  'store-failed': 503,
  'store-in-use': 503,
  'publish-failed': 503,
  'shutting-down': 503,
  internal: 500,
};

/** A fault as an answer with its own sentence; anything else that was thrown goes on to whoever logs it. */
export function faultAnswer(error: unknown): Answer {
  if (!(error instanceof Fault)) throw error;
  const { code, message } = error.toWire();
  return errorAnswer({ status: statuses[code], code, message });
}
