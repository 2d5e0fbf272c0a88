using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;

namespace GrainKube.Etcd.Watches;

/// <summary>etcd's <c>Watch</c>, whose answers are read as a <see cref="WatchMessage"/>.</summary>
internal static class WatchMethod
{
    public static Method<WatchRequest, WatchMessage> Taking(WrittenValues written) => new(
        MethodType.DuplexStreaming,
        "etcdserverpb.Watch",
        "Watch",
        Marshallers.Create<WatchRequest>(static request => request.ToByteArray(), WatchRequest.Parser.ParseFrom),
        Marshallers.Create<WatchMessage>(
            static (_, _) => throw new NotSupportedException("Only etcd sends these"),
            context => WatchMessage.Read(context.PayloadAsReadOnlySequence(), written)));
}
