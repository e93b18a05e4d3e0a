import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";

const largest = 400 * 1024 * 1024;

/**
 * Serves a provider to the engine, which reads the port from the first line of standard output, and speaks gRPC to it.
 * It ends this process when it is through.
 */
export async function serveProvider(provider: grpc.UntypedServiceImplementation): Promise<void> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": largest,
    "grpc.max_send_message_length": largest,
  });
  server.addService(ResourceProviderService, provider);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  process.stdout.write(`${port}\n`);
}
