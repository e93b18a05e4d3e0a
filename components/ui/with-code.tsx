/** A sentence whose parts between backticks are code: what is to be typed looks like it. */
export function WithCode({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={index} className="code">
        {part}
      </code>
    ),
  );
}
