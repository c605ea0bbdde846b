/** Version of the packages that the page was built from. */
declare const INFNET_VERSION: string;

declare module 'infnet:report-viewer' {
  /** The script of the report's viewer. */
  const script: string;
  export default script;
}

declare module 'infnet:report.css' {}
