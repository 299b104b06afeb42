import type { LiveShape, LiveXml } from '../../kernel/index.ts';

/** The report being written: two sections, each a named root (Y.XmlFragment). A measurement stands in it as an atom naming its id, never as a number. */
export const REPORT_KIND = 'report';
export const REPORT_VERSION = 1;
export const REPORT_ROOTS = ['findings', 'impression'] as const;
export type ReportRoot = (typeof REPORT_ROOTS)[number];
/** the inline node: `<measurement measurement="<id>"/>` */
export const MEASUREMENT_NODE = 'measurement';

const section: LiveXml = {
	type: 'xml',
	children: ['paragraph'],
	elements: {
		paragraph: { attributes: [], children: ['#text', 'hardBreak', MEASUREMENT_NODE] },
		hardBreak: { attributes: [], children: [] },
		[MEASUREMENT_NODE]: { attributes: ['measurement'], children: [] }
	},
	marks: [],
	bytes: 256
};
export const reportShape: LiveShape = { findings: section, impression: section };
