namespace GrainKube.Linearizability.Tests.History;

/// <summary>One call of one client, as the client saw it. Times are of one clock.</summary>
/// <param name="Kind">What was asked.</param>
/// <param name="Key">Of which object; empty for a list.</param>
/// <param name="Start">Before the request was sent.</param>
/// <param name="End">After its answer was read.</param>
/// <param name="Outcome">What the answer said.</param>
internal sealed record Operation(OperationKind Kind, string Key, long Start, long End, Outcome Outcome)
{
    /// <summary>The value that a write wanted to write; no two writes want the same.</summary>
    public string Value { get; init; } = "";

    /// <summary>The revision that an update or a delete was made for; 0 for any.</summary>
    public long Expected { get; init; }

    /// <summary>Revision of what was written or read; of a list, its own. 0 where the answer told none.</summary>
    public long Revision { get; init; }

    /// <summary>What a read found: value and revision by key. A read of one object that is absent finds nothing.</summary>
    public IReadOnlyDictionary<string, ItemVersion> Found { get; init; } = new Dictionary<string, ItemVersion>();

    public override string ToString() =>
        $"{Kind} {Key} [{Start}..{End}] {Outcome}{(Value.Length > 0 ? $" value={Value}" : "")}{(Expected > 0 ? $" for={Expected}" : "")}{(Revision > 0 ? $" at={Revision}" : "")}"
        + string.Concat(Found.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $" {f.Key}={f.Value.Value}@{f.Value.Revision}"));
}

internal enum OperationKind
{
    Create,
    Update,
    Patch,
    Delete,
    Get,
    List,
}

internal enum Outcome
{
    /// <summary>It happened.</summary>
    Done,

    /// <summary>It did not: there is no such object.</summary>
    NotFound,

    /// <summary>It did not: there is such an object already.</summary>
    AlreadyExists,

    /// <summary>It did not: the object is not at the revision expected.</summary>
    Conflict,

    /// <summary>It may or may not have happened.</summary>
    Unknown,
}
