import type PDFDocument from 'pdfkit';

/** A PDF that is being drawn. */
export type Doc = InstanceType<typeof PDFDocument>;
