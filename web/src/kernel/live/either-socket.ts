import { HttpLine } from './http-line.ts';
import type { Ways } from './ways.ts';

/** A proxy that swallows the handshake, or the first frame after it, never says so. */
const OPENS_MS = 10_000;
const SPEAKS_MS = 15_000;
const GOING_AWAY = 1001;

interface Inner {
	send(data: Uint8Array): void;
	close(): void;
	readonly backlog: number;
}

/** What a provider knows as a WebSocket: a real one where it gets through, plain requests where it does not. */
export function eitherSocket(Real: typeof WebSocket, ways: Ways): typeof WebSocket {
	class EitherSocket extends EventTarget {
		static readonly CONNECTING = 0;
		static readonly OPEN = 1;
		static readonly CLOSING = 2;
		static readonly CLOSED = 3;
		readonly CONNECTING = 0;
		readonly OPEN = 1;
		readonly CLOSING = 2;
		readonly CLOSED = 3;
		readonly url: string;
		readonly way: 'socket' | 'requests';
		binaryType: BinaryType = 'arraybuffer';
		readyState = 0;
		onopen: ((event: Event) => void) | null = null;
		onmessage: ((event: MessageEvent) => void) | null = null;
		onerror: ((event: Event) => void) | null = null;
		onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null;
		readonly #inner: Inner;
		#timer: ReturnType<typeof setTimeout> | undefined;

		constructor(url: string | URL) {
			super();
			this.url = String(url);
			this.way = ways.blocked ? 'requests' : 'socket';
			this.#inner = this.way === 'socket' ? this.#socket() : this.#requests();
		}

		#socket(): Inner {
			const socket = new Real(this.url);
			socket.binaryType = 'arraybuffer';
			let spoke = false;
			const failed = (): void => {
				if (!spoke) ways.socketFailed();
				spoke = true;
				this.#end(1006, 'no WebSocket gets through');
				socket.close();
			};
			this.#timer = setTimeout(failed, OPENS_MS);
			socket.onopen = () => {
				clearTimeout(this.#timer);
				this.#timer = setTimeout(failed, SPEAKS_MS);
				this.#opened();
			};
			socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
				if (!spoke) ways.socketWorks();
				spoke = true;
				clearTimeout(this.#timer);
				this.#heard(data);
			};
			socket.onerror = () => {
				this.#erred();
			};
			socket.onclose = ({ code, reason }) => {
				// A server that says why it closes has got through; some proxies open the line themselves and then close it.
				if (!spoke && code >= 4000) ways.socketWorks();
				else if (!spoke) ways.socketFailed();
				spoke = true;
				this.#end(code, reason);
			};
			return {
				send: (data) => {
					socket.send(data as Uint8Array<ArrayBuffer>);
				},
				close: () => {
					// Closed by this page before it opened: that says nothing about the way.
					spoke = true;
					socket.close();
				},
				get backlog() {
					return socket.bufferedAmount;
				}
			};
		}

		#requests(): Inner {
			const line = new HttpLine(new URL(this.url), {
				opened: () => {
					this.#opened();
					this.#lookLater();
				},
				message: (data) => {
					this.#heard(data.slice().buffer);
				},
				closed: ({ code, reason }) => {
					if (code < 4000) ways.requestsFailed();
					if (this.readyState === 0) this.#erred();
					this.#end(code, reason);
				}
			});
			return line;
		}

		/** Does a WebSocket get through by now? Then this line ends and the provider comes back over one. */
		#lookLater(): void {
			this.#timer = setTimeout(() => {
				const look = new Real(this.url);
				const over = setTimeout(() => {
					look.close();
				}, OPENS_MS);
				look.onmessage = () => {
					clearTimeout(over);
					look.onclose = null;
					look.close();
					ways.socketWorks();
					if (this.readyState !== 1) return;
					this.#inner.close();
					this.#end(GOING_AWAY, 'a WebSocket gets through again');
				};
				look.onclose = () => {
					clearTimeout(over);
					if (this.readyState === 1) this.#lookLater();
				};
			}, ways.nextLook());
		}

		#opened(): void {
			if (this.readyState !== 0) return;
			this.readyState = 1;
			this.onopen?.(new Event('open'));
		}
		#heard(data: ArrayBuffer): void {
			if (this.readyState !== 1) return;
			const event = new MessageEvent('message', { data });
			this.dispatchEvent(event);
			this.onmessage?.(event);
		}
		#erred(): void {
			this.onerror?.(new Event('error'));
		}
		#end(code: number, reason: string): void {
			clearTimeout(this.#timer);
			if (this.readyState === 3) return;
			this.readyState = 3;
			this.onclose?.({ code, reason });
		}

		get bufferedAmount(): number {
			return this.#inner.backlog;
		}
		send(data: Uint8Array): void {
			this.#inner.send(data);
		}
		close(): void {
			clearTimeout(this.#timer);
			if (this.readyState === 3) return;
			this.readyState = 2;
			this.#inner.close();
			// Whatever the other side does: for this page it is over.
			this.#end(1000, '');
		}
	}
	return EitherSocket as unknown as typeof WebSocket;
}
