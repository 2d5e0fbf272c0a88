using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;

namespace GrainKube.Objects.Writes;

/// <summary>What a write comes to before it is committed.</summary>
internal sealed record PlannedWrite
{
    public required PlannedAction Action { get; init; }

    /// <summary>The object after the write, in the storage version and without <c>resourceVersion</c>; for a removal its last state.</summary>
    public required JsonObject Next { get; init; }

    /// <summary>HTTP status of the answer.</summary>
    public int Code { get; init; } = 200;

    /// <summary>The trace context to store with the object.</summary>
    public string? TraceParent { get; init; }

    /// <summary>When the write of that context was.</summary>
    public DateTimeOffset? TracedAt { get; init; }

    /// <summary>Answers in place of the object.</summary>
    public Status? Status { get; init; }
}

/// <summary>What happens to the key in the store.</summary>
internal enum PlannedAction
{
    Put,
    Remove,

    /// <summary>Nothing: the object is as it should be.</summary>
    Nothing,
}
