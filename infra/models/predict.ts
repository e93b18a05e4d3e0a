/** A request for a prediction, its body already read and within the limit. */
export type PredictRequest = {
  body: Buffer;
  /** media type without parameters, lower case; one of those the server accepts */
  contentType: string;
  /** the caller accepts text/event-stream */
  wantsEvents: boolean;
  /** aborted when the caller goes away before the answer is complete */
  signal: AbortSignal;
};

export type ServerEvent = { event: string; data: unknown };

export type Prediction = { json: unknown } | { events: AsyncIterable<ServerEvent> };

/** @throws Refusal for input that the model can't take */
export type Predict = (request: PredictRequest) => Promise<Prediction>;
