using Docker.DotNet.Models;

namespace GrainKube.Docker.Images;

/// <summary>Keeps the first error of a stream of progress: the engine has answered 200 by then, and the client library does not throw.</summary>
internal sealed class EngineProgress : IProgress<JSONMessage>
{
    public string? Error { get; private set; }

    public void Report(JSONMessage value)
    {
        if (value.ErrorMessage is { Length: > 0 } || value.Error is not null)
        {
            Error ??= value.Error?.Message is { Length: > 0 } message ? message : value.ErrorMessage;
        }
    }
}
