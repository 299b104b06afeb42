/** A card's place on the screen; only its centre counts. */
export interface Place<K> {
	readonly key: K;
	readonly x: number;
	readonly y: number;
}
export type Direction = 'left' | 'right' | 'up' | 'down';
export const DIRECTIONS: Readonly<Record<string, Direction>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

const SAME_ROW_PX = 24;

/**
 * Where an arrow key leads: to the next card in reading order sideways, to the nearest card of the next row up or down.
 * Works on places, not on columns, so it is right at every window width. Null: there is nothing that way.
 */
export function neighbour<K>(places: readonly Place<K>[], from: K, direction: Direction): K | null {
	const here = places.find((place) => place.key === from);
	if (here === undefined) return places[0]?.key ?? null;
	if (direction === 'left' || direction === 'right') {
		const order = places.toSorted((a, b) => (Math.abs(a.y - b.y) < SAME_ROW_PX ? a.x - b.x : a.y - b.y));
		return order[order.findIndex((place) => place.key === from) + (direction === 'right' ? 1 : -1)]?.key ?? null;
	}
	const sign = direction === 'down' ? 1 : -1;
	const beyond = places.filter((place) => (place.y - here.y) * sign > SAME_ROW_PX);
	if (beyond.length === 0) return null;
	const row = sign * Math.min(...beyond.map((place) => place.y * sign));
	const inRow = beyond.filter((place) => Math.abs(place.y - row) < SAME_ROW_PX);
	return inRow.toSorted((a, b) => Math.abs(a.x - here.x) - Math.abs(b.x - here.x))[0]?.key ?? null;
}
