import { Anchoring, tables, type AnchorState, type AuditHead, type Hospital, type OutsideSettings } from '@tongping/domain/kernel/server';

let running: Anchoring | null = null;

/** Where the audit head has arrived outside this machine, and since when it has not; null before the start. */
export const anchorState = (): AnchorState | null => running?.state ?? null;

/** Anchors what is written each minute, and once more at the end. */
export function keepAnchors({ writer, reader, troubles }: Hospital, settings: OutsideSettings): Anchoring {
	running = new Anchoring(settings, {
		troubles,
		anchor: async () => (await writer.task('kernel.anchor', {})) as AuditHead,
		hashAt: async (position) =>
			(
				await tables<{ audit: { position: number; hash: string } }>(reader)
					.selectFrom('audit')
					.select('hash')
					.where('position', '=', position)
					.executeTakeFirst()
			)?.hash ?? null,
		store: async (stamp) => {
			await writer.task('kernel.audit-stamp', stamp);
		}
	});
	running.start();
	// The first does not wait a minute: what happened while the server was down is outside, or missed there, at once.
	void running.once();
	return running;
}
