using GrainKube.ApiMachinery.Admission;

namespace GrainKube.Objects.Writes.Outside;

/// <summary>What a write would come to, as outside admission is shown it. Nothing of it is remembered by the grain.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.PreparedWrite")]
public sealed record PreparedWrite
{
    /// <summary>An update or apply of an absent object is a create.</summary>
    [Id(0)] public required AdmissionOperation Operation { get; init; }

    /// <summary>Revision of what is stored; 0 where nothing is.</summary>
    [Id(1)] public required long Revision { get; init; }

    /// <summary>The object in the storage version, or the body of a subresource that has a kind of its own (a Scale, a Binding); null on delete.</summary>
    [Id(2)] public byte[]? Object { get; init; }

    /// <summary>What is stored, in the same kind; null where there is nothing.</summary>
    [Id(3)] public byte[]? Old { get; init; }

    /// <summary>The options of the operation.</summary>
    [Id(4)] public required byte[] Options { get; init; }
}
