import type { Event, WardId } from '../../../kernel/index.ts';
import type { LiveKind, Projection, Served } from '../../../kernel/server/module.ts';
import { maySeeWard } from '../../../organization/index.ts';
import { wardRules } from '../../../organization/server.ts';
import { wardBoard } from '../live.ts';
import { wardBoardView } from './view.ts';

/** Every event of those contexts names the wards it is felt in. */
function wardsOf(event: Event): readonly WardId[] {
	const { ward, wards } = event as Event & { readonly ward?: WardId; readonly wards?: readonly WardId[] };
	return [...new Set([...(ward === undefined ? [] : [ward]), ...(wards ?? [])])];
}
const felt = /^(inpatient|nursing|clinical-record)\.|^patient\.registry\.corrected$/u;

const projection: Projection = {
	kind: wardBoard.kind,
	// A moved patient changes names alike, counters and two beds at once: the view is read whole, and only what differs is written.
	affected: (event) => (felt.test(event.type) ? wardsOf(event).map((id) => ({ id, keys: '*' as const })) : []),
	view: (handle, id, _, now) => wardBoardView(handle, id as WardId, now)
};

const live: LiveKind = {
	kind: wardBoard.kind,
	mode: 'projection',
	version: wardBoard.version,
	async admit(handle, actor, id) {
		const ward = await wardRules(handle, id as WardId);
		if (ward?.organization !== actor.organization || !maySeeWard(actor, id as WardId)) return null;
		return { mode: 'projection', patient: null, writes: [], sealed: false, generation: 0 };
	}
};

export const served: Served = { id: 'inpatient.ward-board', projections: [projection], live: [live] };
