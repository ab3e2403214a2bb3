/** @file Single questions to a model server, each through a client of its own. */
import { Ollama } from 'ollama/browser';
import type { z } from 'zod';
import type { LoadedModel } from '../../../shared/models.ts';
import { strangeAnswerFault } from './faults.ts';
import type { InstalledModel } from './names.ts';
import { installedModels, loadedModels, psShape, showShape, tagsShape, versionShape } from './shapes.ts';
import type { CallOptions, Transport } from './transport.ts';

export type Asked = Pick<CallOptions, 'signal' | 'silenceMs'>;

export type Server = {
  /** Named in sentences: the address without a password. */
  label: string;
  version(asked: Asked): Promise<string>;
  installed(asked: Asked): Promise<InstalledModel[]>;
  /** Full names of the models in memory; one that is being loaded is not among them. */
  running(asked: Asked): Promise<string[]>;
  /** The same, with what each takes. */
  loaded(asked: Asked): Promise<ReadonlyMap<string, LoadedModel>>;
  show(model: string, asked: Asked): Promise<z.infer<typeof showShape>>;
  /** A client for one request, and the way to end that request. Close it in every case. */
  open(options: CallOptions): { client: Ollama; call: ReturnType<Transport['call']> };
};

/** The address apart from the password in it, which goes into a header and into no sentence. */
export function readAddress(baseUrl: string): { address: string; label: string; headers: Record<string, string> } {
  const url = new URL(baseUrl);
  const secret = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  const address = url.href.replace(/\/+$/, '');
  return { address, label: address, headers: secret === ':' ? {} : { Authorization: `Basic ${Buffer.from(secret).toString('base64')}` } };
}

export function createServer(transport: Transport, baseUrl: string): Server {
  const { address, label, headers } = readAddress(baseUrl);
  const make = () => {
    const way: { fetch: typeof fetch } = { fetch };
    return { way, client: new Ollama({ host: address, headers, fetch: (input, init) => way.fetch(input, init) }) };
  };
  /** Made while nobody waits for it: when the request before has ended. */
  let spare: ReturnType<typeof make> | undefined;
  const open = (options: CallOptions) => {
    const { way, client } = spare ?? make();
    spare = undefined;
    const { end, ...call } = transport.call(options);
    way.fetch = call.fetch;
    const endAll = () => {
      end();
      spare ??= make();
    };
    return { client, call: { ...call, end: endAll } };
  };
  const once = async <Shape extends z.ZodType>(
    asked: Asked,
    model: string,
    shape: Shape,
    question: (client: Ollama) => Promise<unknown>,
  ): Promise<z.infer<Shape>> => {
    const { client, call } = open({ ...asked, model, stream: false, mayRepeat: true });
    try {
      const answer = shape.safeParse(await question(client));
      if (!answer.success) throw strangeAnswerFault(label, answer.error);
      return answer.data;
    } catch (error) {
      // An answer without a word is no JSON either.
      throw error instanceof SyntaxError ? strangeAnswerFault(label, error) : error;
    } finally {
      call.end();
    }
  };
  return {
    label,
    open,
    version: async (asked) => (await once(asked, '', versionShape, (client) => client.version())).version,
    installed: async (asked) => installedModels(await once(asked, '', tagsShape, (client) => client.list())),
    running: async (asked) => {
      const { models } = await once(asked, '', psShape, (client) => client.ps());
      return (models ?? []).map((model) => model.name);
    },
    loaded: async (asked) => loadedModels(await once(asked, '', psShape, (client) => client.ps())),
    show: (model, asked) => once(asked, model, showShape, (client) => client.show({ model })),
  };
}
