using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;

namespace GrainKube.ApiServer.Streaming;

/// <summary>A subresource whose answer is a stream of bytes.</summary>
internal interface IStreamEndpoint
{
    GroupResource Resource { get; }

    string Subresource { get; }

    Task InvokeAsync(ResourceCall call);
}
