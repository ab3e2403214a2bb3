/** @file A picture that the person put in the place of the card's own: it is the one that leaves with the card. */
import { assetsOf, dataOf, embeddedPath, mainIconAt } from './document.ts';
import type { KeptCard } from './export-card.ts';
import { fieldOf, type Json, listOf, objectOf, textOf } from './loose.ts';

/** The specification's own words for "the picture of this file". */
const ofTheFile = { type: 'icon', uri: 'ccdefault:', name: 'main', ext: 'png' };

/** `picture` is what is shown now. The card's main icon points to the picture of the file, whatever it pointed to. */
export function withOwnPicture(card: KeptCard, picture: Uint8Array): KeptCard {
  const data = dataOf(card.document);
  const assets = assetsOf(card.document);
  const at = mainIconAt(assets);
  const path = embeddedPath(assets[at]?.uri ?? '');
  const isShared = assets.some(({ uri }, index) => index !== at && embeddedPath(uri) === path);
  const listed = listOf(fieldOf(data, 'assets')).map((asset, index): Json => {
    if (index !== at) return asset as Json;
    return { ...objectOf(asset), ...ofTheFile, name: textOf(fieldOf(asset, 'name')) || 'main' };
  });
  return {
    ...card,
    document: { ...card.document, data: { ...data, assets: at < 0 ? [...listed, ofTheFile] : listed } },
    text: undefined,
    changed: true,
    assets: new Map([...card.assets].filter(([file]) => file !== path || isShared)),
    picture,
    ownPicture: true,
  };
}
