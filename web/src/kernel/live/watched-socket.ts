/** What the ledger must hear of a socket, in the order it happens. */
export interface SocketEars {
	sending(kind: 'diff' | 'update'): void;
	heard(): void;
}

/** The two bytes before every sync frame of a y-websocket client: message type 0, then the step. */
export function sentKind(data: unknown): 'diff' | 'update' | null {
	if (!(data instanceof Uint8Array) || data[0] !== 0) return null;
	return data[1] === 1 ? 'diff' : data[1] === 2 ? 'update' : null;
}

/** A WebSocket class for y-websocket that counts exactly the frames the server acknowledges. */
export function watchedSocket(Base: typeof WebSocket, ears: SocketEars): typeof WebSocket {
	return class extends Base {
		constructor(url: string | URL, protocols?: string | string[]) {
			super(url, protocols);
			this.addEventListener('message', () => {
				ears.heard();
			});
		}

		override send(data: Parameters<WebSocket['send']>[0]): void {
			const kind = sentKind(data);
			if (kind !== null) ears.sending(kind);
			super.send(data);
		}
	};
}
