/** Channels of U-Net, U-Net++ and Attention-UNet at each resolution, before the multiplier. */
export const UNET_CHANNELS = [32, 64, 128, 256, 512] as const;

/** Names of the two convolutions of a "VGG block" and of their norms. */
export const VGG_BLOCK_NAMES = ['conv1', 'bn1', 'conv2', 'bn2'] as const;
