import winkNLP, { type ItemSentence } from "wink-nlp";
import english from "wink-eng-lite-web-model";

export type Analysis = {
  sentiment: { label: "positive" | "negative" | "neutral"; score: number };
  sentences: { text: string; score: number }[];
  entities: { value: string; type: string }[];
  /** how many tokens the text has */
  tokens: number;
};

const nlp = winkNLP(english);

/** Scores nearer to 0 than this are called neutral (the usual band of lexicon-based scores). */
const neutralBand = 0.05;

/** Analyses English text. Scores run from -1 (negative) to 1 (positive). */
export function analyse(text: string): Analysis {
  const document = nlp.readDoc(text);
  const score = rounded(document.out(nlp.its.sentiment) as unknown as number);
  const sentences: Analysis["sentences"] = [];
  document.sentences().each((sentence: ItemSentence) => {
    sentences.push({
      text: sentence.out(),
      score: rounded(sentence.out(nlp.its.sentiment) as unknown as number),
    });
  });
  const entities = document.entities().out(nlp.its.detail) as unknown as Analysis["entities"];
  return {
    sentiment: { label: labelOf(score), score },
    sentences,
    entities: entities.map(({ value, type }) => ({ value, type })),
    tokens: document.tokens().length(),
  };
}

function labelOf(score: number): Analysis["sentiment"]["label"] {
  if (Math.abs(score) < neutralBand) return "neutral";
  return score > 0 ? "positive" : "negative";
}

const rounded = (score: number): number => Math.round(score * 1e4) / 1e4;
