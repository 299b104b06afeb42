import { sha256 } from '@oslojs/crypto/sha2';
import { encodeHexLowerCase } from '@oslojs/encoding';
import * as Y from 'yjs';
import type { AcceptedMeasurement } from '../reading/reading.ts';
import { MEASUREMENT_NODE, REPORT_ROOTS, type ReportRoot } from './live.ts';

/**
 * What a signature covers: both sections as plain JSON and every measurement they quote with its frozen value. The signer's browser and the
 * writer make it by these same functions, so an equal hash means an equal screen.
 */
export type ContentNode =
	| { readonly t: string; readonly a?: Readonly<Record<string, string>>; readonly c?: readonly ContentNode[] }
	| { readonly x: string; readonly m?: Readonly<Record<string, unknown>> };

export interface QuotedMeasurement {
	readonly id: string;
	readonly label: string;
	readonly value: number;
	readonly unit: string;
	readonly sopUid: string;
	readonly frame: number;
}

export interface ReportContent {
	readonly findings: readonly ContentNode[];
	readonly impression: readonly ContentNode[];
	readonly measurements: readonly QuotedMeasurement[];
}

/** `quoted` lists the ids in reading order; `missing` those that are unknown or withdrawn, which forbid a signature. */
export interface ReadReport {
	readonly content: ReportContent;
	readonly missing: readonly string[];
	readonly empty: boolean;
}

interface Delta {
	readonly insert?: unknown;
	readonly attributes?: Record<string, unknown>;
}

function nodesOf(children: readonly unknown[], quoted: string[]): ContentNode[] {
	return children.flatMap((child): ContentNode[] => {
		if (child instanceof Y.XmlText) {
			return (child.toDelta() as Delta[]).map(({ insert, attributes }) => {
				const text = typeof insert === 'string' ? insert : '';
				return attributes === undefined || Object.keys(attributes).length === 0 ? { x: text } : { x: text, m: attributes };
			});
		}
		if (!(child instanceof Y.XmlElement)) return [];
		const attributes = Object.fromEntries(
			Object.entries(child.getAttributes() as Record<string, unknown>)
				.filter(([, value]) => value !== null && value !== undefined)
				.map(([key, value]) => [key, String(value)])
		);
		if (child.nodeName === MEASUREMENT_NODE && attributes.measurement !== undefined) quoted.push(attributes.measurement);
		const inner = nodesOf(child.toArray(), quoted);
		return [{ t: child.nodeName, ...(Object.keys(attributes).length > 0 ? { a: attributes } : {}), ...(inner.length > 0 ? { c: inner } : {}) }];
	});
}

const hasWords = (nodes: readonly ContentNode[]): boolean =>
	nodes.some((node) => ('x' in node ? node.x.trim() !== '' : node.t === MEASUREMENT_NODE || hasWords(node.c ?? [])));

export function readReport(doc: Y.Doc, measurements: readonly AcceptedMeasurement[]): ReadReport {
	const quoted: string[] = [];
	const section = (root: ReportRoot): ContentNode[] => nodesOf(doc.getXmlFragment(root).toArray(), quoted);
	const [findings, impression] = REPORT_ROOTS.map(section) as [ContentNode[], ContentNode[]];
	const known = new Map(measurements.filter((each) => !each.withdrawn).map((each) => [each.measurement as string, each]));
	const ids = [...new Set(quoted)];
	const frozen = ids.flatMap((id) => {
		const found = known.get(id);
		return found === undefined ? [] : [{ id, label: found.label, value: found.value, unit: found.unit, sopUid: found.sopUid, frame: found.frame }];
	});
	return {
		content: { findings, impression, measurements: frozen },
		missing: ids.filter((id) => !known.has(id)),
		empty: !hasWords(findings) || !hasWords(impression)
	};
}

/** Keys sorted at every level, no spaces: one text for one content. */
export function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (typeof value === 'object' && value !== null) {
		const entries = Object.entries(value)
			.filter(([, inner]) => inner !== undefined)
			.sort(([a], [b]) => (a < b ? -1 : 1));
		return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
	}
	return JSON.stringify(value);
}

export const hashOf = (content: unknown): string => encodeHexLowerCase(sha256(new TextEncoder().encode(canonical(content))));

/** The words of a section, paragraph by paragraph, measurements written out with their frozen value. */
export function plainText(nodes: readonly ContentNode[], measurements: readonly QuotedMeasurement[]): string {
	const inline = (node: ContentNode): string => {
		if ('x' in node) return node.x;
		if (node.t === MEASUREMENT_NODE) {
			const quoted = measurements.find((each) => each.id === node.a?.measurement);
			return quoted === undefined ? '—' : `${quoted.value.toFixed(1)} ${quoted.unit}`;
		}
		return (node.c ?? []).map(inline).join('');
	};
	return nodes.map(inline).join('\n');
}
