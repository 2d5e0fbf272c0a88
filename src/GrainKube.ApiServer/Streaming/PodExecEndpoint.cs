using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;

namespace GrainKube.ApiServer.Streaming;

/// <summary><c>pods/NAME/exec</c>: a command in a running container.</summary>
internal sealed class PodExecEndpoint(ContainerStreams streams) : IStreamEndpoint
{
    public GroupResource Resource => new("", "pods");
    public string Subresource => "exec";

    public Task InvokeAsync(ResourceCall call) => streams.RunAsync(call, needsCommand: true);
}
