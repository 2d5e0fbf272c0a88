using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Writes.Parts;

/// <summary>A write that is about to be committed, as an <see cref="ITransactionPart"/> sees it.</summary>
public sealed record CommitRequest
{
    public required WriteVerb Verb { get; init; }
    public required ResourceDefinition Resource { get; init; }
    public required ObjectKey Key { get; init; }

    /// <summary>Empty for the object itself.</summary>
    public required string Subresource { get; init; }
    public required UserInfo User { get; init; }

    /// <summary>The time of the write, cut to whole seconds.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Nothing will be committed: fields may be filled and errors found, nothing else.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The object after the write, valid and without <c>resourceVersion</c>; null where it is removed.</summary>
    public required JsonObject? Next { get; init; }

    /// <summary>The object before; null where it is created. Believed, and compared by the commit. Not to be changed.</summary>
    public required JsonObject? Current { get; init; }

    /// <summary>1 at first; more where a compare of a part has failed before: then what parts remember is old.</summary>
    public required int Attempt { get; init; }
}
