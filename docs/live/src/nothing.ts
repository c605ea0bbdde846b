/** In the place of modules whose code this page never runs; vite.config.ts says which. */
export default undefined;
