using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;

namespace GrainKube.ApiServer.Streaming;

/// <summary><c>pods/NAME/attach</c>: the streams of a container's main process.</summary>
internal sealed class PodAttachEndpoint(ContainerStreams streams) : IStreamEndpoint
{
    public GroupResource Resource => new("", "pods");
    public string Subresource => "attach";

    public Task InvokeAsync(ResourceCall call) => streams.RunAsync(call, needsCommand: false);
}
