using System.Diagnostics;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;

namespace GrainKube.Objects;

/// <summary>The activities of this project.</summary>
public static class ObjectsTelemetry
{
    /// <summary>Name of the activity source, for the set-up of tracing.</summary>
    public const string SourceName = "GrainKube.Objects";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The turn of an object's grain; null while nobody listens.</summary>
    internal static Activity? StartWrite(ObjectKey key, WriteRequest request)
    {
        // A write whose cause is not recorded is not recorded either. The request's own context counts, not what the call brought along: between the two lies only transport.
        if (!Source.HasListeners() || !ActivityContext.TryParse(request.TraceParent, null, isRemote: true, out var parent))
        {
            return null;
        }

        var activity = Source.StartActivity($"{request.Verb.ToString().ToLowerInvariant()} {key.Resource}", ActivityKind.Internal, parent);
        activity?.SetTag("k8s.object", key.ToString()).SetTag("k8s.subresource", request.Subresource);
        return activity;
    }
}
