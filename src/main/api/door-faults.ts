/** @file Why a door could not be opened, in words. */
import { Fault } from '../../shared/faults.ts';

/** The system's error as a fault; one that is a fault already stays it. */
export function openingFault(error: unknown, port: number): Fault {
  if (error instanceof Fault) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return new Fault('port-taken', sentenceOf(code, port), { cause: error });
}

function sentenceOf(code: unknown, port: number): string {
  if (code === 'EADDRINUSE')
    return `Another program uses port ${port}, so no program can come in here; choose another port, or close that program and try again.`;
  if (code === 'EACCES') return `This system does not let the program use port ${port}; no program can come in; choose one above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return 'SERVICE_HOST is no address of this computer, so no program can come in; change it and start again.';
  return `Port ${port} could not be opened, so no program can come in; choose another one and try again.`;
}
