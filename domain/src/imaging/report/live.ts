/** The report being written: two sections, each a named root (Y.XmlFragment). A measurement stands in it as an atom naming its id, never as a number. */
export const REPORT_KIND = 'report';
export const REPORT_VERSION = 1;
export const REPORT_ROOTS = ['findings', 'impression'] as const;
export type ReportRoot = (typeof REPORT_ROOTS)[number];
/** the inline node: `<measurement measurement="<id>"/>` */
export const MEASUREMENT_NODE = 'measurement';
