import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

export type Answer = Uint8Array | ((request: IncomingMessage, response: ServerResponse) => void);

/** A server on loopback that serves releases by version. */
export class ReleaseServer {
  readonly #server: Server;
  readonly requests: string[] = [];
  answers: Readonly<Record<string, Answer>>;

  private constructor(answers: Readonly<Record<string, Answer>>) {
    this.answers = answers;
    this.#server = createServer((request, response) => {
      this.#answer(request, response);
    });
  }

  static async start(answers: Readonly<Record<string, Answer>>): Promise<ReleaseServer> {
    const server = new ReleaseServer(answers);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/release`;
  }

  urlOf(version: string): string {
    return `${this.baseUrl}/${version}/nanos-release-linux-${version}.tar.gz`;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    this.requests.push(path);
    const version = /^\/release\/([^/]+)\/nanos-release-linux-\1\.tar\.gz$/.exec(path)?.[1] ?? '';
    const answer = Object.hasOwn(this.answers, version) ? this.answers[version] : undefined;
    if (answer === undefined) {
      response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
    } else if (answer instanceof Uint8Array) {
      response.writeHead(200, { 'content-length': answer.length }).end(answer);
    } else {
      answer(request, response);
    }
  }
}
