/** In the place of the decoders of Zarr, a format that this page does not read. */
export default undefined;
