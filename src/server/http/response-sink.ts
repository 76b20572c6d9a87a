import type { NodeResponse } from "./node-response.js";

/** What a sink notifies. */
export interface SinkListener {
  /** Somebody begins to read. */
  onOpen(): void;
  /** The reader can take more. */
  onDrain(): void;
  /** The reader has left, or has got everything up to the end. */
  onClose(): void;
}

/**
 * Where a stream is written to: the body of a `Response`, or, as soon as Node has sent that response's head, the response
 * of Node itself, which saves a promise chain with every event.
 */
export class ResponseSink {
  /** The response of the host, if that is Node. */
  readonly #node: NodeResponse | null;
  readonly #listener: SinkListener;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #direct: NodeResponse | null = null;
  #end: (() => unknown) | null = null;
  /** The reader itself reads `body`, and not somebody in between who changes it, such as a compressing middleware. */
  #isReadDirectly = false;
  #isOpen = false;
  #isWanted = false;
  #isEnding = false;
  #isClosed = false;

  constructor(node: NodeResponse | null, listener: SinkListener) {
    this.#node = node;
    this.#listener = listener;
  }

  /**
   * The body of a `Response`, to be made once. Nothing happens until it is read, because a host may drop it without a word.
   */
  createBody(): ReadableStream<Uint8Array> {
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#onPull(),
        cancel: () => this.#close(),
      },
      // Nothing is read ahead: the stream has to see how much its reader can take.
      { highWaterMark: 0 },
    );
    const getReader = body.getReader.bind(body);
    // Streams that are piped on are not read by this method.
    Object.defineProperty(body, "getReader", {
      value: () => {
        this.#isReadDirectly = true;
        return getReader();
      },
    });
    return body;
  }

  /** Whether what is written now goes out, and does not wait behind what was written before. */
  get canTake(): boolean {
    if (this.#isClosed || this.#isEnding) return false;
    return this.#direct === null ? this.#isWanted : !this.#direct.writableNeedDrain;
  }

  write(bytes: Uint8Array): void {
    this.#goDirect();
    if (this.#direct !== null) {
      this.#direct.write(bytes);
      this.#direct.flush?.();
      return;
    }
    this.#isWanted = false;
    this.#controller?.enqueue(bytes);
  }

  /** Ends the response after what was written. */
  end(): void {
    if (this.#isEnding || this.#isClosed) return;
    this.#isEnding = true;
    if (this.#direct !== null) this.#end?.call(this.#direct);
    else if (this.#isWanted) this.#endBody();
  }

  /** Disconnects a reader that takes nothing. */
  cut(): void {
    if (this.#isClosed) return;
    if (this.#direct !== null) this.#direct.destroy();
    else this.#controller?.error(new StalledReaderError());
    this.#close();
  }

  #onPull(): void {
    this.#isWanted = true;
    if (this.#isEnding) this.#endBody();
    else if (this.#isOpen) this.#listener.onDrain();
    else {
      this.#isOpen = true;
      this.#listener.onOpen();
    }
  }

  /** With a read that waits and the head sent, the host has written all that it was given. */
  #goDirect(): void {
    const node = this.#node;
    if (this.#direct !== null || node === null) return;
    if (!(node.headersSent && this.#isWanted && this.#isReadDirectly)) return;
    this.#direct = node;
    node.on("drain", () => this.#listener.onDrain());
    node.on("close", () => this.#close());
    // The host no longer listens; that the response has failed shows in its close.
    node.on("error", ignore);
    // To the host the body ends here, so that nothing of it is kept for the life of the connection; the end that it then
    // calls is left out, and the response goes on.
    this.#end = skipNextEnd(node);
    this.#controller?.close();
    this.#controller = null;
  }

  #endBody(): void {
    this.#controller?.close();
    this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listener.onClose();
  }
}

/** Makes the next call of `end` do nothing. Returns what ends the response. */
function skipNextEnd(node: NodeResponse): () => unknown {
  const end = node.end;
  // Assigned and not deleted: that would make the response a slow and large object.
  node.end = () => {
    node.end = end;
    return node;
  };
  return end;
}

function ignore(): void {}

/** Errors the body of a reader that takes nothing, so that the host closes its connection. */
class StalledReaderError extends Error {
  override readonly name = "StalledReaderError";

  constructor() {
    super("The reader of a stream has taken nothing for too long.");
  }
}
