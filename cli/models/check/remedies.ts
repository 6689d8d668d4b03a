/** What may be wrong with a model, and what can be done about it: one sentence each, without its full stop. */
export const remedies = {
  'file-missing': 'Name an ONNX file, or a folder with one and its manifest.json',
  'file-ambiguous': 'Name one of the files, or put a manifest.json beside it that does',
  'file-unreadable': 'Export the model again, and copy the whole file',
  'weights-beside':
    'Copy these files along with it, or export into one file (torch.onnx.export with external_data=False)',
  'manifest-missing': 'Save the proposal below as manifest.json beside the file, and correct it',
  'head-unknown': 'Look in docs/own-model.md which outputs each head reads, and write the manifest by hand',
  'picture-unreadable': 'Name a picture that ffmpeg reads, such as a JPEG or PNG, and install ffmpeg',
  'input-differs': 'Correct the input of the manifest, or export the model with this input',
  'output-differs': 'Correct the outputs of the manifest, or export the model with these outputs',
  'type-unsupported': 'Export the model with float32 (or int32 for the input)',
  'labels-differ': 'Give the manifest one label for each class, in the order of the training',
  'head-differs': 'Choose the head that reads these outputs; docs/own-model.md says what each of them reads',
  'run-failed': 'Look at the message of the inference library, and run the model in Python to compare',
  'output-malformed':
    'Look for a division by zero or a logarithm of nothing, and for weights that grew without limit in the training',
  'output-constant': 'Look whether the trained weights were loaded before the export',
  'output-ignores-picture':
    'Look whether the trained weights were loaded, and whether the input reaches the output',
  'scores-not-probabilities':
    'End the exported model with a sigmoid (softmax where classes exclude one another): it gives logits',
  'boxes-outside':
    'Compare the boxes with what the head reads: YOLOX is exported without --decode_in_inference, and boxes are in the units that docs/own-model.md says',
  'boxes-tiny': 'Give boxes in pixels of the input: these look like fractions',
  'nothing-found': 'Take a picture that shows what the model was trained for, or lower the threshold',
  'normalisation-differs': 'Set these in the input of the manifest, if the training did so too',
} as const satisfies Record<string, string>;

/** Stable, for programs. */
export type ProblemCode = keyof typeof remedies;
