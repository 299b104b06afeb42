import type { Server } from 'node:http';

export async function attachSync(_server: Server, _originAllowed: (origin: string | undefined) => boolean): Promise<{ close(): Promise<void> }> {
	return { close: async () => undefined };
}
