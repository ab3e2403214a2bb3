/** @file Keeps data from posing as structure: exact special tokens of known model families, and our own tags, are broken with a U+200B. */

/** Control tokens of the chat templates of Llama 2-4, Qwen and other ChatML, Mistral, Gemma, Phi, DeepSeek, Command R and gpt-oss. */
const specialTokens = [
  '<|im_start|>',
  '<|im_end|>',
  '<|im_sep|>',
  '<|endoftext|>',
  '<|begin_of_text|>',
  '<|end_of_text|>',
  '<|start_header_id|>',
  '<|end_header_id|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '<|python_tag|>',
  '<|header_start|>',
  '<|header_end|>',
  '<|eot|>',
  '[INST]',
  '[/INST]',
  '<<SYS>>',
  '<</SYS>>',
  '[SYSTEM_PROMPT]',
  '[/SYSTEM_PROMPT]',
  '<s>',
  '</s>',
  '<unk>',
  '<pad>',
  '<bos>',
  '<eos>',
  '<start_of_turn>',
  '<end_of_turn>',
  '<|system|>',
  '<|user|>',
  '<|assistant|>',
  '<|end|>',
  '<|start|>',
  '<|channel|>',
  '<|message|>',
  '<|return|>',
  '<|call|>',
  '<｜begin▁of▁sentence｜>',
  '<｜end▁of▁sentence｜>',
  '<｜User｜>',
  '<｜Assistant｜>',
  '<|START_OF_TURN_TOKEN|>',
  '<|END_OF_TURN_TOKEN|>',
  '<|SYSTEM_TOKEN|>',
  '<|USER_TOKEN|>',
  '<|CHATBOT_TOKEN|>',
  '<BOS_TOKEN>',
  '<EOS_TOKEN>',
  '<|fim_prefix|>',
  '<|fim_middle|>',
  '<|fim_suffix|>',
  '<|vision_start|>',
  '<|vision_end|>',
  '<|object_ref_start|>',
  '<|object_ref_end|>',
  '<|image|>',
  '<|finetune_right_pad_id|>',
  '<|image_start|>',
  '<|image_end|>',
  '<|placeholder1|>',
  '<|tool|>',
  '<|tool_call|>',
  '<|tool_response|>',
  '<tool_call>',
  '</tool_call>',
  '<tool_response>',
  '</tool_response>',
  '<start_of_image>',
  '<end_of_image>',
  '[TOOL_CALLS]',
  '[TOOL_RESULTS]',
  '[/TOOL_RESULTS]',
  '[AVAILABLE_TOOLS]',
  '[/AVAILABLE_TOOLS]',
  '[IMG]',
  '<｜tool▁calls▁begin｜>',
  '<｜tool▁calls▁end｜>',
  '<｜tool▁call▁begin｜>',
  '<｜tool▁call▁end｜>',
  '<｜tool▁outputs▁begin｜>',
  '<｜tool▁outputs▁end｜>',
  '<｜tool▁sep｜>',
  '<｜fim▁begin｜>',
  '<｜fim▁hole｜>',
  '<｜fim▁end｜>',
  '<｜▁pad▁｜>',
];
/** Whole rows of tokens that are kept for later: Llama 3 and 4, Gemma, Mistral. */
const reservedTokens = [String.raw`<\|reserved_[a-z_]*\d+\|>`, String.raw`<unused\d+>`, String.raw`\[control_\d+\]`];
/** Under which data stands; the mandate says what they are. */
export const fenceTags = ['about', 'memory', 'lore', 'now', 'note'] as const;
export type FenceTag = (typeof fenceTags)[number];
const ownTags = fenceTags.flatMap((tag) => [`<${tag}>`, `</${tag}>`]);

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const pattern = new RegExp([...[...specialTokens, ...ownTags].map(escaped), ...reservedTokens].join('|'), 'g');

/** Text of a card, a memory or a person, unable to open or close a role; everything else stays byte for byte. */
export function defuse(text: string): string {
  // Whatever is broken begins with one of these, which few messages hold.
  if (!text.includes('<') && !text.includes('[')) return text;
  return text.replace(pattern, (token) => `${token[0]}\u200B${token.slice(1)}`);
}

/** Data under one of our own tags, as the mandate announces it. */
export function fence(tag: FenceTag, text: string): string {
  return `<${tag}>\n${defuse(text)}\n</${tag}>`;
}
